"""Lamplit: a social landlord's system that stays lit through a cyber attack."""

__version__ = "0.1.0"
