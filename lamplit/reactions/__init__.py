"""What follows from a fact outside the database: letters and texts, and what time itself brings about.

Nothing here runs in a replay. What is wanted and what came of it are facts, so what is undone is a query.
"""
