"""Main takes over what a standby wrote: every entry verbatim, in order, exactly once. Nothing is decided again.

A step is one transaction: rows, keys, blobs, entries and how far we are go together. Killed anywhere, or run twice at once, it
goes on where the cursor stands, which only moves on from where it was read. The standby is known by its key, never by its word.
"""

import base64
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, NamedTuple

import psycopg
import pyrage

from lamplit.basics.ids import new_id
from lamplit.basics.who import job
from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.encode import INGESTED, Codec, Header, inside, read_header
from lamplit.record.facts import Ingested, SourceClosed
from lamplit.record.generations import key_files
from lamplit.record.keyfiles import HeldKey, read_held
from lamplit.record.keys import HeldKeys
from lamplit.record.note import NoteRejected, Verifier
from lamplit.record.page import hold_pages
from lamplit.record.store import NotInStore, Store, read_bundle
from lamplit.record.tail import Tail, keys_here
from lamplit.record.tiles import WIDTH, Frontier, Malformed, leaf_hashes
from lamplit.record.wiring import Wiring

Db = psycopg.Connection[Any]
Progress = Callable[[str, int, int], None]
BY = job("ingest")
STEP = 256  # entries of one transaction: pages wait that long
_SINCE = "SELECT bytes FROM record.entry WHERE idx >= %s ORDER BY idx"

WORKERS = ("s_", "f_")  # staff and firms: what both had to do with them is about something else


class CannotIngest(Exception):  # noqa: N818 - the sentence says why
    """Nothing of it was taken over, or nothing more than the steps that were whole."""


class Cursor(NamedTuple):
    """How far a standby's record has been taken over."""

    size: int
    root: bytes
    frontier: Frontier
    closed: bool


@dataclass
class TakenIn:
    """What was done: how many entries came, and which of their subjects main wrote about too."""

    came: int = 0
    size: int = 0
    headers: list[Header] = field(default_factory=list)


@dataclass(frozen=True)
class Ingest:
    """Takes over the record of one standby. `db`: the owner's connection. `log`: the key of the standby's own log."""

    db: Db
    store: Store
    log: Verifier
    wiring: Wiring
    codec: Codec
    identities: Sequence[pyrage.x25519.Identity]
    clock: Callable[[], datetime]

    def run(self, progress: Progress) -> TakenIn:
        """Take over all that the standby has published. CannotIngest in plain words."""
        checkpoint = self._checkpoint()
        cursor = self._cursor()
        if cursor.closed and checkpoint.size > cursor.size:
            raise CannotIngest(f"The record {self.log.name} was closed at {cursor.size:,} entries, and shows more. Find out why.")
        entries = self._checked(cursor, checkpoint)
        theirs = Codec(self.log.name)
        if any(b'"takeover.declared"' in raw and getattr(theirs.clear(raw).body, "drill", False) for raw in entries):
            raise CannotIngest("That was a drill. Nothing of it is taken over; `lamplit standby again` there forgets it.")
        held = self._keys()
        done = TakenIn(size=checkpoint.size, headers=[read_header(raw) for raw in entries])
        self._blobs()
        while done.came < len(entries):
            part = entries[done.came : done.came + STEP]
            with self.db.transaction():
                hold_pages(self.db)
                cursor = self._take(cursor, part, held)
            done.came += len(part)
            progress("Taking over", done.came, len(entries))
        return done

    def close(self) -> None:
        """Say that all of it is here, and take no more from it. CannotIngest when there is more."""
        checkpoint, cursor = self._checkpoint(), self._cursor()
        if cursor.size != checkpoint.size or cursor.root != checkpoint.root:
            raise CannotIngest(f"{checkpoint.size - cursor.size:,} entries of {self.log.name} are not here yet.")
        if cursor.closed:
            return
        if not self._ends():
            raise CannotIngest("The standby still writes. Run `lamplit standby close` there first: then nothing is left behind.")
        fact = SourceClosed(origin=self.log.name, size=cursor.size, root=base64.b64encode(cursor.root).decode())
        at = self.clock()
        raw = self.codec.encode(
            fact, _NONE, id=new_id("e", at), at=at, recorded_at=at, by=str(BY), command=f"ingest:{self.log.name}:closed"
        )
        with self.db.transaction():
            self.db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [raw])
            self.db.execute("UPDATE record.source SET closed_at = %s WHERE origin = %s", [at, self.log.name])

    def _ends(self) -> bool:
        """Whether the last entry says that the standby writes no more."""
        n, width = divmod(self._checkpoint().size - 1, WIDTH)
        return read_bundle(self.store, n, width + 1)[width].startswith(b'{"kind":"record.closed"')

    def size_here(self) -> int:
        """Return how many entries of it are here."""
        return self._cursor().size

    def _checkpoint(self) -> Checkpoint:
        try:
            checkpoint, _ = open_checkpoint(self.store.get("checkpoint"), self.log)
        except NotInStore as error:
            raise CannotIngest("The standby has published nothing of its own. There is nothing to take over.") from error
        except NoteRejected as error:
            raise CannotIngest(f"The standby's record is not signed by the key that you gave: {error}.") from error
        return checkpoint

    def _cursor(self) -> Cursor:
        """Return how far we are; a database that was restored counts it from its own record."""
        with self.db.transaction():
            row = self.db.execute(
                "SELECT vkey, size, root, frontier, closed_at FROM record.source WHERE origin = %s", [self.log.name]
            ).fetchone()
            if row is None:
                frontier = Frontier()
                frontier.extend(leaf_hashes([raw for origin, raw in self._ours() if origin == self.log.name]))
                self.db.execute(
                    "INSERT INTO record.source (origin, vkey, size, root, frontier) VALUES (%s, %s, %s, %s, %s)",
                    [self.log.name, self.log.vkey, frontier.size, frontier.root(), bytes(frontier)],
                )
                return Cursor(frontier.size, frontier.root(), frontier, closed=False)
        vkey, size, root, kept, closed = row
        if vkey != self.log.vkey:
            raise CannotIngest(f"{self.log.name} had another key when it was taken over first. Nothing of this one is taken.")
        return Cursor(size, bytes(root), Frontier.read(bytes(kept)), closed is not None)

    def _ours(self) -> Iterable[tuple[str, bytes]]:
        """Yield the origin and bytes of every other log's entry in our record, in its order, sealed or not."""
        mark = [INGESTED + b"%"]
        for query in ("SELECT bytes FROM record.entry WHERE bytes LIKE %s ORDER BY idx",
                      "SELECT bytes FROM record.intake WHERE bytes LIKE %s ORDER BY id"):  # fmt: skip
            for (raw,) in self.db.execute(query, mark).fetchall():
                yield inside(bytes(raw))

    def _checked(self, cursor: Cursor, checkpoint: Checkpoint) -> list[bytes]:
        """Return the new entries, each held to the root that the standby signed. CannotIngest when it is another history."""
        if checkpoint.size < cursor.size:
            raise CannotIngest(
                f"The standby's record shows {checkpoint.size:,} entries and we took over {cursor.size:,}: an old copy."
            )
        found: list[bytes] = []
        first = cursor.size // WIDTH
        try:
            for n in range(first, -(-checkpoint.size // WIDTH)):
                found += read_bundle(self.store, n, min(WIDTH, checkpoint.size - n * WIDTH))
        except (NotInStore, Malformed) as error:
            raise CannotIngest(f"A file of the standby's store is missing or damaged: {error}.") from error
        new = found[cursor.size - first * WIDTH :]
        frontier = cursor.frontier.copy()
        frontier.extend(leaf_hashes(new))
        if frontier.root() != checkpoint.root:
            raise CannotIngest(
                "The standby's entries are not those that it signed, or it is another history than the one we took over."
            )
        return new

    def _keys(self) -> dict[str, tuple[str, HeldKey]]:
        """Return the keys in the standby's store that we can open, by id: class and key."""
        held: dict[str, tuple[str, HeldKey]] = {}
        for file in key_files(self.store):
            for key in read_held(self.store.get(file.path), self.identities):
                held[key.id] = (file.key_class, key)
        return held

    def _blobs(self) -> None:
        """Bring what the entries name. What is not what its name says is left out: nothing can be made of it."""
        for path in self.store.list("blobs"):
            name = path.removeprefix("blobs/")
            with self.db.transaction():
                there = self.db.execute("SELECT 1 FROM record.blob WHERE hash = %s", [name]).fetchone()
                if there is None and sha256(data := self.store.get(path)).hexdigest() == name:
                    self.db.execute("INSERT INTO record.blob (hash, bytes) VALUES (%s, %b) ON CONFLICT DO NOTHING", [name, data])

    def _take(self, cursor: Cursor, entries: list[bytes], held: dict[str, tuple[str, HeldKey]]) -> Cursor:
        """Take over some entries in the transaction of `db`. CannotIngest when somebody was quicker."""
        at, frontier = self.clock(), cursor.frontier.copy()
        wrapped = [self._wrap(raw, index, at) for index, raw in enumerate(entries, cursor.size)]
        frontier.extend(leaf_hashes(entries))
        moved = self.db.execute(
            "UPDATE record.source SET size = %s, root = %s, frontier = %s WHERE origin = %s AND size = %s AND root = %s",
            [frontier.size, frontier.root(), bytes(frontier), self.log.name, cursor.size, cursor.root],
        )
        if moved.rowcount != 1:
            raise CannotIngest("Another program takes the same record over. It goes on; this one stops.")
        self._keep_keys(entries, held)
        Tail(self.db, "folded", self.wiring, self.codec, keys_here(self.db, self.codec)).fold(wrapped)
        self.db.execute("INSERT INTO record.intake (bytes) SELECT unnest(%s::bytea[])", [wrapped])
        commands = {read_header(raw).command for raw in entries}
        self.db.execute(
            "INSERT INTO record.command (id, recorded_at) SELECT unnest(%s::text[]), %s ON CONFLICT DO NOTHING",
            [list(commands), at],
        )
        return Cursor(frontier.size, frontier.root(), frontier, closed=False)

    def _wrap(self, raw: bytes, index: int, at: datetime) -> bytes:
        header = read_header(raw)
        fact = Ingested(
            origin=self.log.name, index=index, entry_id=header.id, about=header.subjects, entry=base64.b64encode(raw).decode()
        )
        return self.codec.encode(
            fact, _NONE, id=new_id("e", at), at=at, recorded_at=at, by=str(BY), command=f"ingest:{self.log.name}:{index}"
        )

    def _keep_keys(self, entries: list[bytes], held: dict[str, tuple[str, HeldKey]]) -> None:
        """Keep the keys that the standby made. Where we made one too, theirs only opens, and ours goes on sealing."""
        theirs = Codec(self.log.name)
        for key_id in {key for raw in entries for key in theirs.key_ids(theirs.clear(raw))} & held.keys():
            key_class, key = held[key_id]
            self.db.execute(
                "INSERT INTO record.key (id, subject, class, key, former) SELECT %(id)s, %(subject)s, %(class)s, %(key)s, EXISTS"
                " (SELECT FROM record.key WHERE subject = %(subject)s AND class = %(class)s AND destroyed_at IS NULL"
                " AND NOT former)"
                " ON CONFLICT (id) DO NOTHING",
                {"id": key.id, "subject": key.subject, "class": key_class, "key": key.key},
            )


_NONE = HeldKeys({}, set())


class Both(NamedTuple):
    """Something that main and the standby both wrote about."""

    about: str
    why: Literal["same_thing", "same_command"]
    main_kinds: list[str]
    standby_kinds: list[str]


def _contradicts_nothing(kind: str) -> bool:
    return kind in ("records.read", "on_call.rung") or kind.startswith("message.")


def clashes(db: Db, since: int, theirs: Iterable[Header]) -> list[Both]:
    """Return what main wrote about beyond `since` entries, and the standby too. A home counts if both took a report of it.

    That both looked at somebody, wrote to them or rang a person on call is no contradiction: nobody could put anything right.
    """
    ours: dict[str, set[str]] = {}
    commands: dict[str, str] = {}
    with db.transaction():
        raws = [bytes(raw) for (raw,) in db.execute(_SINCE, [since]).fetchall()]
    for raw in raws:
        if raw.startswith(INGESTED):
            continue
        header = read_header(raw)
        if _contradicts_nothing(header.kind):
            continue
        commands.setdefault(header.command, header.kind)
        for subject in header.subjects:
            ours.setdefault(subject, set()).add(header.kind)
    of_theirs: dict[str, set[str]] = {}
    found = []
    for header in theirs:
        if _contradicts_nothing(header.kind):
            continue
        if header.command in commands and header.subjects:
            found.append(Both(header.subjects[0], "same_command", [commands.pop(header.command)], [header.kind]))
        for subject in header.subjects:
            of_theirs.setdefault(subject, set()).add(header.kind)
    for subject in sorted(of_theirs.keys() & ours.keys()):
        both = ours[subject], of_theirs[subject]
        if subject.startswith(WORKERS) or (subject.startswith("h_") and not all("repair.reported" in kinds for kinds in both)):
            continue
        found.append(Both(subject, "same_thing", sorted(both[0]), sorted(both[1])))
    return found
