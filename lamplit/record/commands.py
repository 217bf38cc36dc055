"""Commands: a double click, a retry and a form keyed twice get the first answer. One row of `record.command` each."""

import hashlib
from typing import Any, TypeVar

import msgspec

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.record.ready import kept_cursor

R = TypeVar("R")
ONE_ERASER = 7_141_002  # advisory lock: pages share it, erasing takes it alone


def claim(command: str, digest: bytes) -> bytes | None:
    """Write the command id. Returns None when it is new, or the first answer when its twin was here before."""
    with kept_cursor() as cursor:
        cursor.execute(
            "WITH shared AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(%s))"
            " INSERT INTO record.command (id, digest, recorded_at) SELECT %s, %s, %s FROM shared ON CONFLICT DO NOTHING",
            [ONE_ERASER, command, digest, now()],
        )
        if cursor.rowcount:
            return None
        cursor.execute("SELECT digest, answer FROM record.command WHERE id = %s", [command])
        there, answer = cursor.fetchone()
    if there is None:  # it came back from a store: what it asked for and what it was answered are gone
        raise Refused("record.done_before", command=command)
    if bytes(there) != digest:
        raise Refused("record.command_reused", command=command)
    return bytes(answer)


def digest_of(name: str, kwargs: dict[str, Any]) -> bytes:
    """Hash what a command asks for; not when, since a retry comes later.

    Nor where its very moment stands in it ("he came just now"), unless somebody typed that: nobody types microseconds.
    """
    content = {key: value for key, value in kwargs.items() if key not in ("at", "command")}
    said, at = msgspec.json.encode([name, content], enc_hook=str, order="sorted"), kwargs["at"]
    return hashlib.sha256(said.replace(msgspec.json.encode(at), b'"at"') if at.microsecond else said).digest()


def claim_bulk(command: str, digest: bytes) -> bool:
    """Write the command id of a batch. Returns whether it was here before, also when that was before a restore."""
    try:
        return claim(command, digest) is not None
    except Refused as refused:
        if refused.code != "record.done_before":
            raise
        return True


def first_answer(command: str, kind: type[R]) -> R | None:
    """Return what a command was answered. None: it is not there, or it came back from a store, which keeps no answers."""
    with kept_cursor() as cursor:
        cursor.execute("SELECT answer FROM record.command WHERE id = %s", [command])
        row = cursor.fetchone()
    return None if row is None or row[0] is None else msgspec.json.decode(row[0], type=kind)
