"""How each fact of repairs changes its rows: one module a table."""
