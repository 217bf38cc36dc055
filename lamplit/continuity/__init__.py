"""The standby: it follows main's published record, keeps its own copy, folds it, and cosigns what it holds.

Its state stands in the schema `continuity` of its own database (schema/), its copy in a store of its own, the mirror.
"""
