"""Bringing the whole record back into a database that is empty or old, from a published store.

Everything is read and checked before anything counts: one transaction brings in entries, keys, commands, orders to erase,
blobs and the signed head, and puts the tables that were folded meanwhile in their place. Cut off at any moment, it leaves
the database as it was, and is run again.
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from lamplit.basics.ids import new_id
from lamplit.record import swap
from lamplit.record.audit import drop
from lamplit.record.encode import BadEntry, read_header
from lamplit.record.facts import RecordRestored
from lamplit.record.keys import HeldKeys
from lamplit.record.page import hold_pages
from lamplit.record.publish import root_of_entries
from lamplit.record.rebuild import Progress, Reading, Source, quiet, rebuild
from lamplit.record.restore import rows
from lamplit.record.restore.cosigned import Cosigners, Marks
from lamplit.record.restore.head import CannotRestore, Head, newest_head
from lamplit.record.restore.keys import KeyUses, read_key_files
from lamplit.record.restore.walk import Follows, Piece, Walk
from lamplit.record.restore.wanted import Restored, Wanted, clear_the_way, look
from lamplit.record.seal import ONE_SEALER
from lamplit.record.store import bundles_nearby
from lamplit.record.tiles import leaf_hash

__all__ = ["CannotRestore", "Cosigners", "Restored", "Wanted", "newest_head", "restore"]

Db = psycopg.Connection[Any]
Tree = tuple[int, bytes]  # size and root
NEXT = "folded_next"  # where the tables are folded before they take their place
_ITS_OWN = "init:"  # commands of what `lamplit init` writes by itself
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def restore(
    db: Db,
    wanted: Wanted,
    conninfo: str,
    make_tables: Callable[[str], None],
    grant: Callable[[Db, str], None],
    *,
    processes: int = 2,
    progress: Progress = quiet,
) -> Restored:
    """Bring the record back. CannotRestore or RebuildFailed in plain words, and then nothing was changed.

    `db`: the owner's connection, in no transaction; `conninfo` opens more of them.
    """
    begun = time.monotonic()
    newest = _tree_of(newest_head(wanted.store, wanted.log))
    head, marks, unseen = look(wanted)
    drop(conninfo, NEXT)
    scratch = Path(tempfile.mkdtemp(prefix="lamplit-restore-"))
    try:
        restoring = _Restoring(db, wanted, head, marks, newest, scratch, progress)
        done = restoring.run(conninfo, make_tables, grant, processes)
    finally:
        with suppress(psycopg.Error):
            db.rollback()
        shutil.rmtree(scratch, ignore_errors=True)
        drop(conninfo, NEXT)
    done.unseen = unseen
    clear_the_way(wanted, head, done)
    done.seconds = time.monotonic() - begun
    return done


def _tree_of(head: Head | None) -> Tree | None:
    """Return what tells one tree from another: signatures are added to a note while it stays the same tree."""
    return None if head is None else (head.size, head.root)


class _Restoring:
    """One restore, in one transaction of `db`. `newest`: what the store showed when it began."""

    def __init__(
        self,
        db: Db,
        wanted: Wanted,
        head: Head,
        marks: Marks,
        newest: tuple[int, bytes] | None,
        scratch: Path,
        progress: Progress,
    ) -> None:
        self._db, self._wanted, self._head, self._marks, self._progress = db, wanted, head, marks, progress
        self._newest = newest
        self._near = bundles_nearby(wanted.store, head.size, scratch / "store")
        self._waiting: dict[bytes, list[int]] = {}  # bytes in the intake -> their ids there

    def run(
        self, conninfo: str, make_tables: Callable[[str], None], grant: Callable[[Db, str], None], processes: int
    ) -> Restored:
        self._take_the_database()
        held = rows.read_held(self._db)
        done = Restored(held.size if held else 0, self._head.size, self._head.root)
        if held is not None:
            self._fits(held)
        if done.held >= done.size:
            done.keys = bool(self._wanted.identities) and bool(rows.withheld_classes(self._db))
            done.nothing = not done.keys
            if done.nothing:
                done.withheld = rows.withheld_classes(self._db)
                return done
        else:
            self._read_intake(done.held)
        with Reading(self._source({}), processes) as reading:  # its processes verify and sort while this one brings in
            self._bring(held, done)
            source = self._source(rows.living_keys(self._db))
            built = rebuild(source, conninfo, NEXT, make_tables, processes=processes, progress=self._progress, reading=reading)
        done.rows = built.rows
        swap.Follower(self._db, NEXT, done.size, source.wiring, source.codec).finish()
        if not done.keys and _tree_of(newest_head(self._wanted.store, self._wanted.log)) != self._newest:
            raise CannotRestore("The store was written to meanwhile: another Lamplit publishes there. Stop it, then restore.")
        swap.take_over(self._db, NEXT, "folded", grant)
        return done

    def _take_the_database(self) -> None:
        for lock in (ONE_SEALER, *self._wanted.alone):
            if self._db.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock]).fetchone() != (True,):
                raise CannotRestore("Lamplit is at work on this database. Stop serve, work, seal and publish, then restore.")
        hold_pages(self._db)

    def _fits(self, held: rows.Held) -> None:
        """CannotRestore when the database holds what the store does not, or something else."""
        if held.origin != self._wanted.log.name or (held.size and held.vkey != self._wanted.log.vkey):
            raise CannotRestore(
                f"This database holds the log {held.origin} of another key. Restore into an empty one: see `lamplit destroy`."
            )
        words = (
            f"The database and the store have different histories up to entry {min(held.size, self._head.size):,}."
            " Nothing was changed. Find out which one is right."
            " To restore all the same, take an empty database: see `lamplit destroy`."
        )
        if held.size > self._head.size:
            if root_of_entries(self._db, self._head.size) != self._head.root:
                raise CannotRestore(words)
            if not rows.withheld_classes(self._db):
                raise CannotRestore(
                    f"This database holds all {self._head.size:,} entries of the store and {held.size - self._head.size:,} more."
                    " There is nothing to bring back, and nothing was changed. `lamplit publish --once` carries the rest there."
                )
        elif held.size == self._head.size and held.root != self._head.root:
            raise CannotRestore(words)
        else:
            self._marks.setdefault(held.size, []).append((held.root, words))

    def _read_intake(self, held: int) -> None:
        """Remember what waits to be sealed; what `lamplit init` put there by itself goes."""
        waiting = [(i, bytes(raw)) for i, raw in self._db.execute("SELECT id, bytes FROM record.intake ORDER BY id").fetchall()]
        commands = [_command_of(raw) for _, raw in waiting]
        if held == 0 and all(command.startswith(_ITS_OWN) for command in commands):
            self._db.execute("DELETE FROM record.intake")
            self._db.execute("DELETE FROM record.command WHERE id = ANY(%s)", [commands])
        else:
            for i, raw in waiting:
                self._waiting.setdefault(raw, []).append(i)

    def _bring(self, held: rows.Held | None, done: Restored) -> None:
        """Bring in the entries and all that follows from them, but for the tables."""
        wanted = self._wanted
        files = read_key_files(wanted.store, wanted.identities)
        for key, value in rows.living_keys(self._db).items():
            files.keys.setdefault(key, set()).add(value)
        follows = Follows(wanted.codec, KeyUses(files.keys), wanted.without)
        walk = Walk(self._near, self._head, self._marks)
        sealed_at = self._bring_entries(walk, follows, done.held, held.sealed_at if held else _LONG_AGO)
        done.lost = rows.bring_keys(self._db, follows, files.closed)
        done.withheld = rows.withheld_classes(self._db)
        if done.keys:
            return
        rows.bring_commands(self._db)
        rows.bring_erasures(self._db, follows)
        done.wrong = rows.bring_blobs(
            self._db, wanted.store, done.size, lambda count, of: self._progress("Fetching blobs", count, of)
        )
        rows.bring_head(self._db, wanted.log.name, wanted.log.vkey, self._head, bytes(walk.frontier), sealed_at)
        rows.bring_places(self._db, done.size, wanted.name, wanted.readers, wanted.at)
        self._write_down(done, sealed_at)

    def _bring_entries(self, walk: Walk, follows: Follows, held: int, sealed_at: datetime) -> datetime:
        """Read the log, hold what is here against it, add what is not. Returns when the last entry was sealed, if one knows."""
        rows.expect_commands(self._db)
        commands = rows.Commands()
        first_id = rows.next_intake_ids(self._db, max(0, self._head.size - held)) - held
        for piece in walk:
            here = min(max(held - piece.start, 0), len(piece.entries))
            if here:
                self._hold_against(piece, here)
            arrived = []
            for at, raw in enumerate(piece.entries):
                number = piece.start + at
                told = follows.see(raw, number)
                if at < here:
                    continue
                # Nobody knows when it was sealed: not before the latest that anything up to it was written.
                recorded_at = told.recorded_at if told else sealed_at
                sealed_at = max(sealed_at, min(recorded_at, self._wanted.at))
                intake_id = (self._waited(raw) if self._waiting else None) or first_id + number
                if told:
                    commands.see(told.command, intake_id, recorded_at)
                arrived.append(rows.EntryRow(number, intake_id, raw, piece.leaves[at], sealed_at))
            if arrived:
                rows.copy_entries(self._db, arrived)
                commands.note(self._db)
                waited = [row.intake_id for row in arrived if row.intake_id < first_id + held]
                self._db.execute("DELETE FROM record.intake WHERE id = ANY(%s)", [waited])
            self._progress("Reading the log", piece.start + len(piece.entries), self._head.size)
        if self._waiting:
            count = sum(map(len, self._waiting.values()))
            raise CannotRestore(
                f"{count:,} {'entries wait' if count > 1 else 'entry waits'} in this database to be sealed and not in the store."
                " Restoring would lose what it says. Nothing was changed. Keep this database, and restore into an empty one."
            )
        return sealed_at

    def _waited(self, raw: bytes) -> int | None:
        """Return the id under which an entry waits in the intake, and let it wait no more."""
        if (ids := self._waiting.get(raw)) is None:
            return None
        found = ids.pop(0)
        if not ids:
            del self._waiting[raw]
        return found

    def _hold_against(self, piece: Piece, count: int) -> None:
        """CannotRestore where the database's own entries are not those of the log."""
        found = self._db.execute(
            "SELECT bytes FROM record.entry WHERE idx >= %s AND idx < %s ORDER BY idx", [piece.start, piece.start + count]
        ).fetchall()
        if [leaf_hash(bytes(row[0])) for row in found] != piece.leaves[:count]:
            raise CannotRestore(
                f"Entries {piece.start:,} to {piece.start + count - 1:,} of this database are not those that the log signed:"
                " somebody changed them. Nothing was changed now. Restore into an empty database: see `lamplit destroy`."
            )

    def _write_down(self, done: Restored, last_at: datetime) -> None:
        """Tell the record of it: the first entry after the gap."""
        fact = RecordRestored(
            held=done.held, size=done.size, withheld=rows.withheld_classes(self._db), last_at=last_at.astimezone(UTC)
        )
        command = f"cli:restored:{done.size}:{new_id('n', self._wanted.at)}"
        raw = self._wanted.codec.encode(
            fact, HeldKeys({}, set()), id=new_id("e", self._wanted.at), at=self._wanted.at, recorded_at=self._wanted.at,
            by=str(self._wanted.by), command=command,
        )  # fmt: skip
        rows.write_down(self._db, raw, command)

    def _source(self, keys: dict[str, bytes]) -> Source:
        wanted = self._wanted
        return Source(self._near, wanted.log, wanted.codec, keys, wanted.wiring, wanted.without, self._head.note)


def _command_of(raw: bytes) -> str:
    try:
        return read_header(raw).command
    except BadEntry:
        return ""
