"""What one account wrote in a span of time, and what others wrote later about the same things."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import psycopg

from lamplit.record.encode import INGESTED, SEALED_ACTOR, BadEntry, Codec, Entry, Header, read_header
from lamplit.record.keys import HeldKeys

Db = psycopg.Connection[Any]
STEP = 5_000  # entries read at a time


@dataclass(frozen=True)
class Wrote:
    """One entry of the record, read back: its number in the log, None where it waits to be sealed; its bytes and its fact."""

    number: int | None
    raw: bytes
    entry: Entry


class Line(msgspec.Struct, frozen=True):
    """One entry as a report shows it."""

    number: int | None
    id: str
    at: datetime
    recorded_at: datetime
    kind: str
    by: str
    subjects: list[str]


def line_of(wrote: Wrote) -> Line:
    e = wrote.entry
    return Line(wrote.number, e.id, e.at, e.recorded_at, e.kind, str(e.by), list(e.subjects))


def written_by(db: Db, codec: Codec, keys: HeldKeys, actor: str, since: datetime, until: datetime) -> Iterator[Wrote]:
    """Yield what an account wrote between two moments, in the record's order.

    An entry counts by when it says that it was written, or by when it was sealed: its writer chooses only the first.
    """
    name = msgspec.json.encode(actor).decode()
    marks = [f'"by":{name}'.encode(), f'"by":"{SEALED_ACTOR}"'.encode(), INGESTED]  # some kinds seal who did it
    asks = "(position(%s in bytes) > 0 OR position(%s in bytes) > 0 OR position(%s in bytes) = 1)"
    for number, raw, sealed_at in _rows(db, asks, marks):
        wrote = _read(codec, keys, number, raw)
        if wrote is None or str(wrote.entry.by) != actor:
            continue
        times = [wrote.entry.recorded_at, *([sealed_at.astimezone(UTC)] if sealed_at else [])]
        if any(since <= at <= until for at in times):
            yield wrote


def about(db: Db, subjects: Collection[str], after: int = -1) -> Iterator[tuple[int | None, bytes, Header]]:
    """Yield what anybody wrote about these subjects after entry `after`, with its number and its header, in order."""
    wanted = set(subjects)
    for number, raw, _ in _rows(db, "true", [], after + 1):
        try:
            header = read_header(raw)
        except BadEntry:
            continue
        if not wanted.isdisjoint(header.subjects):
            yield number, raw, header


def of_kinds(db: Db, kinds: Collection[str]) -> Iterator[tuple[int | None, bytes]]:
    """Yield the entries of these kinds, those too that came from another record of ours, with their numbers, in order."""
    marks = [f'{{"kind":"{kind}",'.encode() for kind in kinds]
    asks = " OR ".join(["position(%s in substring(bytes from 1 for 80)) = 1"] * (len(marks) + 1))
    for number, raw, _ in _rows(db, f"({asks})", [*marks, INGESTED]):
        yield number, raw


def _rows(db: Db, asks: str, marks: list[bytes], first: int = 0) -> Iterator[tuple[int | None, bytes, datetime | None]]:
    with db.transaction(), db.cursor(name="authored") as cursor:
        cursor.itersize = STEP
        cursor.execute(
            f"SELECT idx, bytes, sealed_at FROM record.entry WHERE idx >= %s AND {asks} ORDER BY idx",  # noqa: S608 - our own words
            [first, *marks],
        )
        yield from ((number, bytes(raw), at) for number, raw, at in cursor)
    with db.transaction():
        waiting = db.execute(
            f"SELECT bytes FROM record.intake WHERE {asks} ORDER BY id",  # noqa: S608 - the same
            marks,
        ).fetchall()
    yield from ((None, bytes(raw), None) for (raw,) in waiting)


def _read(codec: Codec, keys: HeldKeys, number: int | None, raw: bytes) -> Wrote | None:
    """Read an entry with the keys that there are. What is no entry was put there past the pages: the audit names it."""
    try:
        return Wrote(number, raw, codec.decode(raw, keys))
    except BadEntry:
        return None
