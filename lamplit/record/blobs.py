"""Reading what was kept beside the record: bytes named by their SHA-256.

Keeping them is `Page.keep_blob`, and `Page.seal_blob` for what is personal.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from lamplit.basics.fact import WITHHELD, Unavailable
from lamplit.record.crypt import blob_key_id, unseal_blob
from lamplit.record.elsewhere import KNOWN
from lamplit.record.keys import PageKeys
from lamplit.record.page import SETUP

_AT_ONCE = 5_000  # blobs that are read together


def read_blob(name: str) -> bytes:
    """Return a blob by its name, or raise LookupError."""
    found = _one("SELECT bytes FROM record.blob WHERE hash = %s", name)
    if found is not None:
        return bytes(found[0])
    if KNOWN.elsewhere is None:
        raise LookupError(f"no blob {name}")
    return KNOWN.elsewhere.blob(name)


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
    found = PageKeys(_run).opening_key(blob_key_id(blob))
    if isinstance(found, Unavailable):
        return found
    *others, last = _origins(SETUP.codec.origin)
    for origin in others:
        with suppress(InvalidTag):
            return unseal_blob(found, blob, origin=origin, what=what)
    return unseal_blob(found, blob, origin=last, what=what)


def read_sealed_many(wanted: Mapping[str, str]) -> dict[str, bytes | Unavailable]:
    """Return many blobs that `Page.seal_blob` kept, name to bytes. `wanted`: name to what they are. Errors as `read_sealed`."""
    if SETUP.codec is None:
        raise RuntimeError("the record is not set up: lamplit.record.page.configure() comes first")
    found: dict[str, bytes | Unavailable] = {}
    names, origin = list(wanted), SETUP.codec.origin
    for start in range(0, len(names), _AT_ONCE):
        rows = _run("SELECT hash, bytes FROM record.blob WHERE hash = ANY(%s)", [names[start : start + _AT_ONCE]])
        blobs = {name: bytes(data) for name, data in rows}
        ids = {name: blob_key_id(blob) for name, blob in blobs.items()}
        kept = _run("SELECT id, key FROM record.key WHERE id = ANY(%s) AND key IS NOT NULL", [list(set(ids.values()))])
        keys = {key_id: AESGCM(bytes(key)) for key_id, key in kept}
        for name, blob in blobs.items():
            with suppress(KeyError, InvalidTag):
                found[name] = unseal_blob(keys[ids[name]], blob, origin=origin, what=wanted[name])
    # What is erased, elsewhere or sealed in another log is read by the longer way.
    return {name: found[name] if name in found else read_sealed(name, what) for name, what in wanted.items()}


def _origins(own: str) -> list[str]:
    """Return the logs in which a blob of ours may have been sealed, our own first."""
    others = [KNOWN.elsewhere.origin] if KNOWN.elsewhere else []
    return [own, *others, *(row[0] for row in _run("SELECT origin FROM record.source ORDER BY origin", []))]


def _run(query: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return list(cursor.fetchall())


def _one(query: str, param: str) -> tuple[Any, ...] | None:
    return next(iter(_run(query, [param])), None)
