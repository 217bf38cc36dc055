"""Rules of repairs."""
