"""The rules of rent: pure decisions on plain values. No clock, no database, no Django. Money is whole pence."""
