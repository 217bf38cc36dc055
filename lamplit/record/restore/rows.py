"""The record's own rows on their way back into a database. Every function works in the caller's transaction, as the owner."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import psycopg

from lamplit.record.restore.head import Head
from lamplit.record.restore.walk import Follows
from lamplit.record.store import Store

Db = psycopg.Connection[Any]
_AT_ONCE = 8  # blobs in memory at a time
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class Held(NamedTuple):
    """The log as a database has it."""

    origin: str
    vkey: str
    size: int
    root: bytes
    sealed_at: datetime


def read_held(db: Db) -> Held | None:
    """Return the head of the log in this database, None when it has none. Locks it until the transaction ends."""
    row = db.execute("SELECT origin, vkey, size, root, sealed_at FROM record.checkpoint FOR UPDATE").fetchone()
    return None if row is None else Held(row[0], row[1], row[2], bytes(row[3]), row[4])


def next_intake_ids(db: Db, count: int) -> int:
    """Set `count` ids of the intake apart, which no entry and no waiting row has. Returns the first."""
    row = db.execute(
        "SELECT greatest((SELECT last_value FROM record.intake_id_seq), (SELECT max(intake_id) FROM record.entry)) + 1"
    ).fetchone()
    assert row is not None  # noqa: S101 - it has no FROM
    db.execute("SELECT setval('record.intake_id_seq', %s)", [row[0] + count])
    return int(row[0])


class EntryRow(NamedTuple):
    """One entry as its row has it."""

    number: int
    intake_id: int
    raw: bytes
    leaf: bytes
    sealed_at: datetime


def copy_entries(db: Db, rows: Iterable[EntryRow]) -> None:
    """Add entries to the log."""
    with db.cursor().copy("COPY record.entry (idx, intake_id, bytes, leaf, sealed_at) FROM STDIN (FORMAT BINARY)") as copying:
        copying.set_types(["int8", "int8", "bytea", "bytea", "int8"])
        write = copying.write_row
        for number, intake_id, raw, leaf, sealed_at in rows:
            write((number, intake_id, raw, leaf, _since_epoch(sealed_at)))


class Commands:
    """The commands of entries that came in: of each the last intake id, and when its first entry was written."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, datetime]] = {}

    def see(self, command: str, intake_id: int, recorded_at: datetime) -> None:
        """Take one entry's command in. One that no command can be is passed over."""
        before = self._seen.get(command)
        if before is not None:
            self._seen[command] = max(before[0], intake_id), min(before[1], recorded_at)
        elif 3 <= len(command) <= 200 and "\0" not in command:
            self._seen[command] = intake_id, recorded_at

    def note(self, db: Db) -> None:
        """Note those seen for `bring_commands`, and forget them."""
        with db.cursor().copy("COPY pg_temp.arrived_command (id, intake_id, recorded_at) FROM STDIN (FORMAT BINARY)") as copying:
            copying.set_types(["text", "int8", "int8"])
            for command, (intake_id, recorded_at) in self._seen.items():
                copying.write_row((command, intake_id, _since_epoch(recorded_at)))
        self._seen.clear()


def _since_epoch(at: datetime) -> int:
    """Return a moment as PostgreSQL's own bytes have it: a whole number of microseconds."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def expect_commands(db: Db) -> None:
    """Make the table that `Commands` notes them in. It goes with the transaction."""
    db.execute("CREATE TEMPORARY TABLE arrived_command (id text, intake_id bigint, recorded_at timestamptz) ON COMMIT DROP")


def bring_commands(db: Db) -> None:
    """Write the commands of the entries that came in. What each asked for and was answered is gone: a retry is refused."""
    db.execute(
        "INSERT INTO record.command (id, digest, answer, intake_to, recorded_at)"
        " SELECT id, NULL, NULL, max(intake_id), min(recorded_at) FROM pg_temp.arrived_command GROUP BY id"
        " ON CONFLICT (id) DO NOTHING"
    )


def bring_keys(db: Db, follows: Follows, closed: set[str]) -> int:
    """Write every key that the entries name: living, destroyed or withheld. Returns how many are in no file.

    Withheld is a key of a class with files that nobody here could open.
    """
    db.execute(
        "CREATE TEMPORARY TABLE arrived_key (id text PRIMARY KEY, subject text, class text, key bytea, batch bigint, dead bigint)"
        " ON COMMIT DROP"
    )
    uses, proved, dead = follows.keys.uses, follows.keys.proved, follows.dead
    with db.cursor().copy("COPY pg_temp.arrived_key (id, subject, class, key, batch, dead) FROM STDIN") as copying:
        for key, use in uses.items():
            value = None if key in dead else proved.get(key)
            copying.write_row((key, use.subject, use.key_class, value, use.first + 1, dead.get(key)))
    for statement in _KEYS:
        db.execute(statement)
    db.execute(_WITHHELD, [list(closed)])
    row = db.execute(_LOST).fetchone()
    return int(row[0]) if row else 0


# Erased stays erased, whatever an old copy of the database still held.
_ERASE = """
UPDATE record.key k SET key = NULL, destroyed_at = e.sealed_at
FROM pg_temp.arrived_key a JOIN record.entry e ON e.idx = a.dead WHERE k.id = a.id AND k.destroyed_at IS NULL
"""
_MEND = "UPDATE record.key k SET key = a.key FROM pg_temp.arrived_key a WHERE k.id = a.id AND k.key <> a.key"
_PUBLISHED = "UPDATE record.key k SET batch = a.batch FROM pg_temp.arrived_key a WHERE k.id = a.id AND k.batch IS NULL"
_ARRIVE = """
INSERT INTO record.key (id, subject, class, key, batch, destroyed_at, former)
SELECT a.id, a.subject, a.class, a.key, a.batch, e.sealed_at, a.dead IS NULL
FROM pg_temp.arrived_key a LEFT JOIN record.entry e ON e.idx = a.dead WHERE a.key IS NOT NULL OR a.dead IS NOT NULL
ON CONFLICT (id) DO NOTHING
"""
# A subject has one key of a class to seal with: the newest, where there is none yet.
_ELECT = """
UPDATE record.key SET former = false WHERE id IN (
    SELECT DISTINCT ON (subject, class) id FROM record.key k WHERE destroyed_at IS NULL AND former AND NOT EXISTS (
        SELECT FROM record.key c WHERE c.subject = k.subject AND c.class = k.class AND c.destroyed_at IS NULL AND NOT c.former)
    ORDER BY subject, class, batch DESC)
"""
_NO_MORE = "DELETE FROM record.withheld w USING record.key k WHERE k.id = w.id"
_KEYS = (_ERASE, _MEND, _PUBLISHED, _ARRIVE, _ELECT, _NO_MORE)
_WITHHELD = """
INSERT INTO record.withheld (id, subject, class, batch) SELECT id, subject, class, batch FROM pg_temp.arrived_key a
WHERE class = ANY(%s) AND NOT EXISTS (SELECT FROM record.key k WHERE k.id = a.id) ON CONFLICT (id) DO NOTHING
"""
_LOST = """
SELECT count(*) FROM pg_temp.arrived_key a WHERE NOT EXISTS (SELECT FROM record.key k WHERE k.id = a.id)
AND NOT EXISTS (SELECT FROM record.withheld w WHERE w.id = a.id)
"""


def withheld_classes(db: Db) -> list[Any]:
    """Return the classes of which keys are withheld."""
    return [row[0] for row in db.execute("SELECT DISTINCT class FROM record.withheld ORDER BY class")]


def living_keys(db: Db) -> dict[str, bytes]:
    """Return every key that is not destroyed."""
    return {i: bytes(key) for i, key in db.execute("SELECT id, key FROM record.key WHERE key IS NOT NULL").fetchall()}


def bring_erasures(db: Db, follows: Follows) -> None:
    """Say which orders to erase were carried out. The orders themselves followed their entries in."""
    db.execute("DELETE FROM record.erasure WHERE NOT id = ANY(%s)", [list(follows.orders)])  # of entries that were left out
    db.execute(
        "UPDATE record.erasure x SET done_at = e.sealed_at FROM unnest(%s::text[], %s::bigint[]) d (id, idx)"
        " JOIN record.entry e ON e.idx = d.idx WHERE x.id = d.id AND x.done_at IS NULL",
        [list(follows.done), list(follows.done.values())],
    )


def bring_blobs(db: Db, store: Store, size: int, told: Callable[[int, int], None]) -> list[str]:
    """Copy every blob of the store that the database lacks. Returns the paths whose content is not what the name says."""
    there = {row[0] for row in db.execute("SELECT hash FROM record.blob").fetchall()}
    paths = sorted(path for path in store.list("blobs") if path.removeprefix("blobs/") not in there)
    wrong = []
    for at in range(0, len(paths), _AT_ONCE):
        some = paths[at : at + _AT_ONCE]
        for path, data in zip(some, store.get_many(some), strict=True):
            name = path.removeprefix("blobs/")
            if data is None or hashlib.sha256(data).hexdigest() != name:
                wrong.append(path)
                continue
            db.execute("INSERT INTO record.blob (hash, bytes, batch) VALUES (%s, %s, %s)", [name, data, size])
        told(at + len(some), len(paths))
    return wrong


def bring_head(db: Db, origin: str, vkey: str, head: Head, frontier: bytes, sealed_at: datetime) -> None:
    """Make the signed head of the store the head of the database."""
    db.execute(
        "INSERT INTO record.checkpoint AS c (origin, vkey, size, root, frontier, note, sealed_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (one) DO UPDATE SET vkey = excluded.vkey, size = excluded.size,"
        " root = excluded.root, frontier = excluded.frontier, note = excluded.note,"
        " sealed_at = greatest(c.sealed_at, excluded.sealed_at)",
        [origin, vkey, head.size, head.root, frontier, head.note, sealed_at],
    )


def bring_places(db: Db, size: int, store: str | None, readers: Iterable[str], at: datetime) -> None:
    """Say how far the store has the log, and that nothing sealed so far is news to anybody who follows it."""
    if store is not None:
        db.execute(
            "INSERT INTO record.published (store, size, published_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (store) DO UPDATE SET size = excluded.size, published_at = excluded.published_at",
            [store, size, at],
        )
    db.execute("DELETE FROM record.reader")
    for reader in readers:
        db.execute("INSERT INTO record.reader (name, next_idx) VALUES (%s, %s)", [reader, size])


def write_down(db: Db, raw: bytes, command: str) -> None:
    """Put an entry of ours into the intake under its command."""
    row = db.execute("INSERT INTO record.intake (bytes) VALUES (%s) RETURNING id", [raw]).fetchone()
    assert row is not None  # noqa: S101 - RETURNING gives one
    db.execute(
        "INSERT INTO record.command (id, digest, answer, intake_to, recorded_at) VALUES (%s, sha256(%s), %s, %s, now())",
        [command, raw, msgspec.json.encode(None), row[0]],
    )
