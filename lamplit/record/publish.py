"""The publisher: carries the sealed log to a store, in the one order that is safe at any crash.

Keys and blobs first, then bundles and tiles (made once, read again), the index of what came, then `checkpoints/<size>`, then the
pointer `checkpoint`. Starting, going on and recovering are the same path: everything between what the store shows and what is
sealed is made again from the entries. It refuses a store that is ahead of the database or differs from it: that is the sign
of a database restored from an old copy.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.index import SPAN, index_path, write_index
from lamplit.record.keyfiles import CLASSES, HeldKey, write_delta
from lamplit.record.note import NoteRejected, Verifier, only_lines_of
from lamplit.record.store import NotInStore, Store, StoreConflict, StoreUnavailable, tile_reader
from lamplit.record.tiles import WIDTH, Frontier, bundle_path, grow_bundles, grow_tiles, tile_path

log = logging.getLogger(__name__)
ONE_PUBLISHER = 7_141_004  # advisory lock, with the store's name: held while entries are sent
STEP = 64 * WIDTH  # entries carried at a time: bounds memory; each step ends on its own, signed only at the end


class RefusesStore(Exception):  # noqa: N818 - a person has to decide
    """The store and the database do not agree. The sentence says how, and what to do."""


class Publisher:
    """Publishes one log to one store. `recipients`: age recipients of each key class."""

    def __init__(
        self,
        db: psycopg.Connection,
        store: Store,
        name: str,
        recipients: Mapping[str, list[str]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db, self._store, self._name, self._recipients, self._clock = db, store, name, recipients, clock
        self.generations: list[str] = []  # of keys, the newest: the index tells of them with the next entries
        self._at: Checkpoint | None = None  # what the store shows; None until read
        self._note = b""  # the pointer's own bytes, once known
        self._known: tuple[int, bytes] | None = None  # a size and the database's root there

    def publish_once(self) -> int:
        """Bring the store up to the last seal. Returns how many entries it gained. StoreUnavailable while another is at it."""
        log_key, size, root, note = self._sealed()
        shown = self._shown(log_key)
        self._check(shown, size, root)
        if shown is not None and shown.size == size:
            self._show_life(note)
            self._note_published(size)
            return 0
        with self._alone():
            # Another publisher may have sent more, and a disk that was not mounted for a while is another store: look again.
            self._at = None
            log_key, size, root, note = self._sealed()
            shown = self._shown(log_key)
            self._check(shown, size, root)
            start = shown.size if shown else 0
            if shown is None or start < size:
                keys = self._send_keys(start, size)
                self._send_blobs(start, size)
                self._send_log(start, size)
                write_index(self._store, start, size, [*keys, *self.generations], self._blobs)
                self._store.create(f"checkpoints/{size}", only_lines_of(note, [log_key]))
                self._store.replace("checkpoint", note)
                self._note = note
            self._at, self._known = open_checkpoint(note, log_key)[0], (size, root)
            self._note_published(size)
            tidy(self._store, start, size)
        return size - start

    def _show_life(self, note: bytes) -> None:
        """Show the log's newest sign of life, where its size is shown already."""
        if note == self._note:
            return
        with self._alone():
            if self._store.get("checkpoint") != note:
                self._store.replace("checkpoint", note)
            self._note = note

    def _sealed(self) -> tuple[Verifier, int, bytes, bytes]:
        """Return the log's key, and size, root and note of the last seal."""
        with self._db.transaction():
            row = self._db.execute("SELECT vkey, size, root, note FROM record.checkpoint").fetchone()
        if row is None:
            raise RefusesStore("This database has no log yet. Run `lamplit init`.")
        return Verifier.parse(row[0]), int(row[1]), bytes(row[2]), bytes(row[3])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one who sends to this store: of two, the slower one would move the pointer back."""
        which = [ONE_PUBLISHER, self._name]
        with self._db.transaction():
            row = self._db.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", which).fetchone()
        if row != (True,):
            raise StoreUnavailable(f"Another publisher is sending to the store {self._name}. This one waits for it to end.")
        try:
            yield
        finally:
            with suppress(psycopg.Error), self._db.transaction():  # a lost connection has let go of it
                self._db.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", which)

    def _shown(self, log_key: Verifier) -> Checkpoint | None:
        """Read the store's own pointer; rounds without anything to send go from what this publisher put there."""
        if self._at is None:
            try:
                self._at, _ = open_checkpoint(self._store.get("checkpoint"), log_key)
            except NotInStore:
                return None
        return self._at

    def _check(self, shown: Checkpoint | None, size: int, root: bytes) -> None:
        if shown is None:
            return
        if shown.size > size:
            raise RefusesStore(_behind(self._name, shown.size, size))
        if shown.root != self._root_at(shown.size, size, root):
            raise RefusesStore(
                f"The store {self._name} and this database have different histories up to entry {shown.size:,}."
                " Nothing was changed. Find out which one was tampered with before going on."
            )

    def _root_at(self, at: int, size: int, root: bytes) -> bytes:
        """Return the database's own root at an earlier size: worked out once, then known from round to round."""
        if at == size:
            return root
        if self._known is None or self._known[0] != at:
            self._known = (at, root_of_entries(self._db, at))
        return self._known[1]

    def _send_keys(self, start: int, end: int) -> list[str]:
        self._have_keys_since(start)
        keys: dict[str, list[HeldKey]] = {name: [] for name in CLASSES}
        with self._db.transaction():
            rows = self._db.execute(
                "SELECT class, id, subject, key FROM record.key WHERE batch > %s AND batch <= %s AND key IS NOT NULL ORDER BY id",
                [start or -1, end],
            ).fetchall()
        for key_class, key_id, subject, key in rows:
            keys[key_class].append(HeldKey(key_id, subject, bytes(key)))
        return write_delta(self._store, start, end, keys, self._recipients)

    def _have_keys_since(self, start: int) -> None:
        """StoreUnavailable while keys that the store lacks are not here either: nothing is published before its keys."""
        with self._db.transaction():
            rows = self._db.execute(
                "SELECT DISTINCT class FROM record.withheld WHERE batch > %s ORDER BY class", [start or -1]
            ).fetchall()
        if rows:
            classes = " and ".join(row[0] for row in rows)
            raise StoreUnavailable(
                f"The store {self._name} lacks keys of class {classes} that were not brought when the record was restored."
                " Bring them with `lamplit restore --identity FILE`."
            )

    def _blobs(self, after: int, upto: int) -> list[tuple[str, int]]:
        """Return the blobs that came between two sizes, each with the size at which it came."""
        with self._db.transaction():
            return self._db.execute(
                "SELECT hash, batch FROM record.blob WHERE batch > %s AND batch <= %s", [after or -1, upto]
            ).fetchall()

    def _send_blobs(self, start: int, end: int) -> None:
        for name, _ in self._blobs(start, end):
            with self._db.transaction():
                row = self._db.execute("SELECT bytes FROM record.blob WHERE hash = %s", [name]).fetchone()
            if row is not None:
                self._store.create(f"blobs/{name}", bytes(row[0]))

    def _send_log(self, start: int, end: int) -> None:
        """Send bundles and tiles of entries start..end, a step of full bundles at a time, and read each file again."""
        at = start
        while at < end:
            upto = min(end, (at // STEP + 1) * STEP)
            entries, leaves = self._entries(at - at % WIDTH, upto)
            head = at % WIDTH
            files = list(grow_bundles(at, entries[:head], entries[head:]))
            files += grow_tiles(at, leaves[head:], tile_reader(self._store))
            self._create_all(files)
            at = upto

    def _entries(self, start: int, end: int) -> tuple[list[bytes], list[bytes]]:
        with self._db.transaction(), self._db.cursor(binary=True) as cursor:
            cursor.execute("SELECT bytes, leaf FROM record.entry WHERE idx >= %s AND idx < %s ORDER BY idx", [start, end])
            rows = cursor.fetchall()
        if len(rows) != end - start:
            raise RefusesStore(f"Entries {start:,} to {end:,} are not all in the database: {len(rows):,} were found.")
        return [bytes(row[0]) for row in rows], [bytes(row[1]) for row in rows]

    def _create_all(self, files: list[tuple[str, bytes]]) -> None:
        def create(file: tuple[str, bytes]) -> None:
            self._store.create(*file)
            if self._store.get(file[0]) != file[1]:
                raise StoreConflict(file[0])

        if len(files) <= 4:
            for file in files:
                create(file)
            return
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(create, files))

    def _note_published(self, size: int) -> None:
        with self._db.transaction():
            self._db.execute(
                "INSERT INTO record.published (store, size, published_at) VALUES (%s, %s, %s)"
                " ON CONFLICT (store) DO UPDATE SET size = excluded.size, published_at = excluded.published_at",
                [self._name, size, self._clock()],
            )


def waiting(db: psycopg.Connection, name: str) -> int:
    """Return how many sealed entries a store has not got yet, as last seen."""
    query = "SELECT c.size - coalesce((SELECT size FROM record.published WHERE store = %s), 0) FROM record.checkpoint c"
    with db.transaction():
        row = db.execute(query, [name]).fetchone()
    return int(row[0]) if row else 0


def tidy(store: Store, start: int, end: int) -> None:
    """Remove partial files that a full one replaced between two sizes; readers fall back to the full one and cut it.

    A locked store lets them go by a rule of its own, when their time is over.
    """
    if store.locked:
        return
    if end // SPAN > start // SPAN:
        for partial in list(store.list(f"{index_path(start // SPAN)}.p")):
            store.delete(partial)
    level, low, high = 0, start, end
    while high:
        n = low // WIDTH
        if low % WIDTH and high // WIDTH > n:
            for full in [tile_path(level, n)] + ([bundle_path(n)] if level == 0 else []):
                for partial in list(store.list(f"{full}.p")):
                    store.delete(partial)
        level, low, high = level + 1, low // WIDTH, high // WIDTH


def _behind(name: str, there: int, here: int) -> str:
    return (
        f"The store {name} holds {there:,} entries and this database only {here:,}. It may have been restored"
        " from an old copy. Nothing was changed. Stop everything and run `lamplit restore`: it brings the rest back."
    )


def refuse_old_copy(db: psycopg.Connection, store: Store, name: str) -> None:
    """RefusesStore when the store has more of this log than the database: what is written now could never be published.

    A store that cannot be read says nothing: who publishes to it will see.
    """
    try:
        note = store.get("checkpoint")  # before the database is asked: it may grow meanwhile, and never shrinks
    except (NotInStore, OSError):
        return
    row = db.execute("SELECT vkey, size FROM record.checkpoint").fetchone()
    with suppress(NoteRejected):
        if row is not None and (shown := open_checkpoint(note, Verifier.parse(row[0]))[0]).size > row[1]:
            raise RefusesStore(_behind(name, shown.size, row[1]))


def root_of_entries(db: psycopg.Connection, size: int) -> bytes:
    """Return the root of the first `size` entries of the database, from their kept leaf hashes."""
    frontier = Frontier()
    with db.transaction(), db.cursor(name="leaves", binary=True) as cursor:
        cursor.itersize = 50_000
        cursor.execute("SELECT leaf FROM record.entry WHERE idx < %s ORDER BY idx", [size])
        while rows := cursor.fetchmany(50_000):
            frontier.extend([bytes(row[0]) for row in rows])
    return frontier.root()


def status(db: psycopg.Connection) -> list[dict[str, Any]]:
    """Return what each store holds, as last seen: store, size, published_at."""
    rows = db.execute("SELECT store, size, published_at FROM record.published ORDER BY store").fetchall()
    return [{"store": store, "size": size, "published_at": at} for store, size, at in rows]
