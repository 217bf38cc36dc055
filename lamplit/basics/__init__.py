"""Small pure words that every storey uses. No Django, no database, no network."""
