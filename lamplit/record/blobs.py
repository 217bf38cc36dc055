"""Reading what was kept beside the record: bytes named by their SHA-256.

Keeping them is `Page.keep_blob`, and `Page.seal_blob` for what is personal.
"""

from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from lamplit.basics.fact import ERASED, WITHHELD, Unavailable
from lamplit.record.crypt import blob_key_id, unseal_blob
from lamplit.record.page import SETUP


def read_blob(name: str) -> bytes:
    """Return a blob by its name, or raise LookupError."""
    found = _one("SELECT bytes FROM record.blob WHERE hash = %s", name)
    if found is None:
        raise LookupError(f"no blob {name}")
    return bytes(found[0])


def read_sealed(name: str, what: str) -> bytes | Unavailable:
    """Return what `Page.seal_blob` kept; ERASED when its key was destroyed, WITHHELD when the key or the blob is not here.

    ValueError or cryptography.exceptions.InvalidTag when it is not what was kept.
    """
    if SETUP.codec is None:
        raise RuntimeError("the record is not set up: lamplit.record.page.configure() comes first")
    try:
        blob = read_blob(name)
    except LookupError:
        return WITHHELD
    found = _one("SELECT key FROM record.key WHERE id = %s", blob_key_id(blob))
    if found is None:
        return WITHHELD
    return ERASED if found[0] is None else unseal_blob(AESGCM(bytes(found[0])), blob, origin=SETUP.codec.origin, what=what)


def _one(query: str, param: str) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(query, [param])
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found
