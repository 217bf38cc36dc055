"""Reading what was kept beside the record: bytes named by their SHA-256. Keeping them is `Page.keep_blob`."""

from django.db import connection


def read_blob(name: str) -> bytes:
    """Return a blob by its name, or raise LookupError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT bytes FROM record.blob WHERE hash = %s", [name])
        found = cursor.fetchone()
    if found is None:
        raise LookupError(f"no blob {name}")
    return bytes(found[0])
