"""What a standby remembers: the tree of each log that it cosigned, when main last lived, and what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import psycopg

from lamplit.record.note import Verifier
from lamplit.record.tiles import EMPTY_ROOT, Frontier

Db = psycopg.Connection[Any]
SAME_AGAIN = timedelta(days=1)  # an alarm that goes on is written down once in that time


class Alarm(Exception):  # noqa: N818 - it rings
    """Main's record is not as it must be. `what` names the kind, `words` say it plainly, `evidence` proves it.

    Nothing was taken over. It is tried again: main may put it right, and what was seen stays written down.
    """

    def __init__(self, what: str, words: str, evidence: bytes = b"") -> None:
        super().__init__(words)
        self.what, self.words, self.evidence = what, words, evidence


@dataclass(frozen=True)
class Held:
    """The largest tree of a log that we cosigned. `note` is its checkpoint with our cosignature; None before the first."""

    log: Verifier
    mirrored: bool
    size: int
    root: bytes
    frontier: bytes | None
    note: bytes | None
    cosigned_at: datetime | None


def start(db: Db, log: Verifier, *, mirrored: bool) -> bool:
    """Begin to cosign a log. Returns False when we do already. The owner's connection."""
    frontier = bytes(Frontier()) if mirrored else None
    done = db.execute(
        "INSERT INTO continuity.cosigned (origin, vkey, mirrored, size, root, frontier) VALUES (%s, %s, %s, 0, %s, %s)"
        " ON CONFLICT (origin) DO NOTHING",
        [log.name, log.vkey, mirrored, EMPTY_ROOT, frontier],
    )
    return bool(done.rowcount)


_HELD = "SELECT vkey, mirrored, size, root, frontier, note, cosigned_at FROM continuity.cosigned"


def held(db: Db, origin: str) -> Held | None:
    """Return what we hold of a log, or None when it is none of ours."""
    with db.transaction():
        return _held(db.execute(f"{_HELD} WHERE origin = %s", [origin]).fetchone())


def held_under(db: Db, digest: str) -> Held | None:
    """Return what we hold of the log whose origin has this SHA-256 in hex."""
    query = f"{_HELD} WHERE encode(sha256(convert_to(origin, 'UTF8')), 'hex') = %s"
    with db.transaction():
        return _held(db.execute(query, [digest]).fetchone())


def _held(row: Any) -> Held | None:
    if row is None:
        return None
    vkey, mirrored, size, root, frontier, note, at = row
    kept = None if frontier is None else bytes(frontier)
    return Held(Verifier.parse(vkey), mirrored, size, bytes(root), kept, None if note is None else bytes(note), at)


def origin_hash(origin: str) -> str:
    """Return the name under which a log's checkpoint is served (c2sp.org/tlog-witness)."""
    return sha256(origin.encode()).hexdigest()


def advance(db: Db, was: Held, to: Held) -> bool:
    """Remember a new tree, if what we hold is still `was`. Returns False when somebody was quicker; on the disk when True."""
    with db.transaction():
        db.execute("SET LOCAL synchronous_commit = on")
        columns = "size = %s, root = %s, note = %s, cosigned_at = %s" + (", frontier = %s" if to.mirrored else "")
        values = [to.size, to.root, to.note, to.cosigned_at] + ([to.frontier] if to.mirrored else [])
        done = db.execute(
            f"UPDATE continuity.cosigned SET {columns}"  # noqa: S608 - our own words
            " WHERE origin = %s AND size = %s AND root = %s AND cosigned_at IS NOT DISTINCT FROM %s",
            [*values, was.log.name, was.size, was.root, was.cosigned_at],
        )
    return done.rowcount == 1


def saw_life(db: Db, at: datetime) -> None:
    """Remember that main lived at this time."""
    with db.transaction():
        db.execute("UPDATE continuity.life SET seen_at = greatest(seen_at, %s)", [at])


def last_life(db: Db) -> datetime | None:
    with db.transaction():
        row = db.execute("SELECT seen_at FROM continuity.life").fetchone()
    return row[0] if row else None


def ring(db: Db, alarm: Alarm, at: datetime) -> bool:
    """Write an alarm down with its evidence. Returns False when the same one was written down less than a day ago."""
    with db.transaction():
        done = db.execute(
            "INSERT INTO continuity.alarm (what, words, evidence, at) SELECT %(what)s, %(words)s, %(evidence)s, %(at)s"
            " WHERE NOT EXISTS (SELECT FROM continuity.alarm WHERE what = %(what)s AND evidence = %(evidence)s"
            " AND words = %(words)s AND at > %(since)s)",
            {"what": alarm.what, "words": alarm.words, "evidence": alarm.evidence, "at": at, "since": at - SAME_AGAIN},
        )
    return done.rowcount == 1


def alarms(db: Db, most: int = 20) -> list[tuple[datetime, str, str]]:
    """Return when, what and the words of the last alarms, the newest first."""
    with db.transaction():
        rows = db.execute("SELECT at, what, words FROM continuity.alarm ORDER BY id DESC LIMIT %s", [most]).fetchall()
    return [(at, what, words) for at, what, words in rows]


def folded_size(db: Db) -> int:
    """Return how many entries the tables show."""
    with db.transaction():
        row = db.execute("SELECT size FROM continuity.folded").fetchone()
    return int(row[0]) if row else 0


def move_folded(db: Db, was: int, to: int) -> bool:
    """Say in the transaction of `db` how far the tables are folded. Returns False when somebody was quicker."""
    return db.execute("UPDATE continuity.folded SET size = %s WHERE size = %s", [to, was]).rowcount == 1


def note_erased(db: Db, key_ids: Iterable[str]) -> None:
    """Remember in the transaction of `db` keys that main destroyed."""
    with db.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO continuity.erased (key_id) VALUES (%s) ON CONFLICT DO NOTHING", [(key_id,) for key_id in key_ids]
        )


def erased(db: Db) -> set[str]:
    """Return the keys that main destroyed, as far as the tables are folded."""
    with db.transaction():
        return {row[0] for row in db.execute("SELECT key_id FROM continuity.erased")}
