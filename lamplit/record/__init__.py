"""The tamper-evident record: facts as entries, entries in a signed log, tables made again from it.

Knows no housing word. `encode note checkpoint tiles proof verify crypt store` reach no Django and no database.
"""
