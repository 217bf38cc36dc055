"""The sealer: numbers what was written, hashes it, signs the new size. One at a time; a second waits.

It seals the set of rows that one snapshot shows, in the order of their ids: whatever an entry relied on was visible to
its writer, so it has a smaller id and is sealed before it or with it (record format, "ordering under concurrency").
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg

from lamplit.basics.clock import now
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import SigningKey, add_line, only_lines_of, split_note
from lamplit.record.tiles import EMPTY_ROOT, Frontier, leaf_hashes

log = logging.getLogger(__name__)
BATCH = 20_000  # entries in one seal: bounds the length of the transaction
BATCH_BYTES = 64 << 20  # and their bytes: bounds memory, whatever somebody pours into the intake
ONE_SEALER = 7_141_001  # advisory lock held for as long as a sealer runs

# One statement sees one snapshot: every row that it shows up to the last one chosen is chosen.
_MOVE = """
WITH last AS (
    SELECT max(id) AS id FROM (
        SELECT id, sum(octet_length(bytes)) OVER (ORDER BY id) AS so_far
        FROM (SELECT id, bytes FROM record.intake ORDER BY id LIMIT %s) first
    ) counted WHERE so_far <= %s
), moved AS (
    DELETE FROM record.intake WHERE id <= (SELECT id FROM last) RETURNING id, bytes
)
INSERT INTO record.entry (idx, intake_id, bytes, leaf)
SELECT %s + row_number() OVER (ORDER BY id) - 1, id, bytes, sha256('\\x00'::bytea || bytes) FROM moved
"""


class CannotSeal(Exception):  # noqa: N818 - it waits and tries again
    """Sealing has to wait. The sentence says why and what to do."""


@dataclass(frozen=True)
class Sealed:
    """What one seal did: `count` entries, and the size of the log since."""

    count: int
    size: int


def start_log(db: psycopg.Connection, key: SigningKey, at: datetime) -> bool:
    """Sign the empty log. Returns False when this database has a log already; CannotSeal if it is another one's."""
    there = db.execute("SELECT vkey FROM record.checkpoint").fetchone()
    if there is not None:
        if there[0] != key.vkey:
            raise CannotSeal(f"This database holds the log of another key ({there[0].split('+')[1]}). Check LAMPLIT_HOME.")
        return False
    text = Checkpoint(key.name, 0, EMPTY_ROOT).format()
    db.execute(
        "INSERT INTO record.checkpoint (origin, vkey, size, root, frontier, note, sealed_at) VALUES (%s, %s, 0, %s, %s, %s, %s)",
        [key.name, key.vkey, EMPTY_ROOT, bytes(Frontier()), key.sign(text), at],
    )
    return True


def become_the_sealer(db: psycopg.Connection, wait: bool = True) -> bool:
    """Take the lock that one sealer holds. Waits for the other to end, or returns False at once."""
    if wait:
        db.execute("SELECT pg_advisory_lock(%s)", [ONE_SEALER])
        db.commit()
        return True
    row = db.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SEALER]).fetchone()
    db.commit()
    return bool(row and row[0])


def seal_once(db: psycopg.Connection, key: SigningKey, clock: Callable[[], datetime] = now, batch: int = BATCH) -> Sealed | None:
    """Seal what is in the intake, at most `batch` entries; None when there is nothing.

    One transaction under the checkpoint's row lock: move, read back what was written, hash that, sign, store. The
    signature is over the bytes that the database gave back: a bit that flipped on the way in is never signed as right.
    CannotSeal if the clock went back or what was read back does not hold.
    """
    with db.transaction():
        row = db.execute("SELECT origin, size, root, frontier, sealed_at FROM record.checkpoint FOR UPDATE").fetchone()
        if row is None:
            raise CannotSeal("This database has no log yet. Run `lamplit init`.")
        origin, size, root, kept, sealed_at = row
        db.execute("SET LOCAL work_mem = '192MB'")  # a batch is sorted in memory
        if not db.execute(_MOVE, [batch, BATCH_BYTES, size]).rowcount:
            return None
        at = clock().astimezone(UTC)
        if at < sealed_at:
            raise CannotSeal(
                f"This machine's clock says {at:%d %B %Y %H:%M:%S}, which is before the last seal"
                f" ({sealed_at:%d %B %Y %H:%M:%S}). Set the clock right; sealing then goes on by itself."
            )
        frontier = Frontier.read(bytes(kept))
        if frontier.size != size or frontier.root() != bytes(root):
            raise CannotSeal("The head of the log does not hold together. Stop, and verify the published log.")
        back = db.execute(
            "SELECT idx, bytes, leaf FROM record.entry WHERE idx >= %s ORDER BY idx", [size], binary=True
        ).fetchall()
        leaves = leaf_hashes([bytes(entry) for _, entry, _ in back])
        if [idx for idx, _, _ in back] != list(range(size, size + len(back))) or leaves != [bytes(leaf) for _, _, leaf in back]:
            raise CannotSeal("What was written is not what is read back. Check this machine's disk and memory before going on.")
        frontier.extend(leaves)
        new_size, new_root = frontier.size, frontier.root()
        # Keys and blobs that these entries use were committed with them or before, so this later look sees them all.
        db.execute("UPDATE record.key SET batch = %s WHERE batch IS NULL", [new_size])
        db.execute("UPDATE record.blob SET batch = %s WHERE batch IS NULL", [new_size])
        note = key.sign(Checkpoint(origin, new_size, new_root).format())
        changed = db.execute(
            "UPDATE record.checkpoint SET size = %s, root = %s, frontier = %s, note = %s, sealed_at = %s WHERE size = %s",
            [new_size, new_root, bytes(frontier), note, at, size],
        ).rowcount
        if changed != 1:
            raise CannotSeal("The head of the log moved under the sealer. Look for a second one.")
    return Sealed(len(back), new_size)


def sign_of_life(db: psycopg.Connection, key: SigningKey, clock: Callable[[], datetime] = now) -> None:
    """Sign the log's head once more, with the time: so a standby tells a log that rests from one that has died.

    The line is a cosignature by the log's own key. Whoever does not know it passes over it, as notes want it.
    """
    with db.transaction():
        row = db.execute("SELECT note FROM record.checkpoint FOR UPDATE").fetchone()
        if row is None:
            raise CannotSeal("This database has no log yet. Run `lamplit init`.")
        note = only_lines_of(bytes(row[0]), [key.verifier])
        text, _ = split_note(note)
        line = key.for_time().cosign(text, int(clock().timestamp()))
        db.execute("UPDATE record.checkpoint SET note = %s", [add_line(note, line)])
