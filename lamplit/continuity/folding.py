"""Folding main's record into our own tables, without its keys: what is personal stays sealed, marked with where it stands.

The tables and the cursor move in one transaction, so a kill leaves neither behind. A kind of fact that this release does not
know stops the folding before it, and nothing else: it is kept and cosigned like any other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import psycopg

from lamplit.continuity import state, takeover
from lamplit.continuity.state import Alarm
from lamplit.record import swap
from lamplit.record.audit import drop
from lamplit.record.encode import BadEntry, Codec
from lamplit.record.facts import ErasureDone
from lamplit.record.keys import HeldKeys, NoKeys
from lamplit.record.note import Verifier
from lamplit.record.rebuild import Progress, Rebuilt, Source, quiet, rebuild
from lamplit.record.store import NotInStore, Store, read_bundle
from lamplit.record.tail import Tail
from lamplit.record.tiles import WIDTH, Malformed
from lamplit.record.wiring import Wiring

Db = psycopg.Connection[Any]
STEP = 2_000  # entries folded in one transaction
FAR = 50_000  # entries beyond which making the tables anew is quicker than following
LIVE, NEXT = "folded", "folded_next"


@dataclass(frozen=True)
class Folding:
    """Folds one log out of our mirror. Its connections are the owner's."""

    mirror: Store
    log: Verifier
    wiring: Wiring

    def step(self, db: Db) -> bool:
        """Fold the next entries that we hold. Returns whether there are more. Alarm at a fact that we do not know."""
        held, at = state.held(db, self.log.name), state.folded_size(db)
        size = 0 if held is None else _as_far_as(db, held.size)
        if held is None or at >= size:
            return False
        end = min(size, at + STEP)
        entries, stop = self._known(self._entries(at, end, held.size), at)
        if entries:
            with db.transaction():
                moved = state.move_folded(db, at, at + len(entries))
                if moved:  # otherwise another one folds, and has come further
                    state.note_erased(db, erased_in(entries, Codec(self.log.name)))
                    Tail(db, LIVE, self.wiring, Codec(self.log.name), _no_keys).fold(entries, at)
        if stop is not None:
            raise stop
        return end < size

    def _entries(self, start: int, end: int, size: int) -> list[bytes]:
        found: list[bytes] = []
        first = start // WIDTH
        for n in range(first, -(-end // WIDTH)):
            try:
                found += read_bundle(self.mirror, n, min(WIDTH, size - n * WIDTH))
            except (NotInStore, Malformed) as error:
                raise Alarm("own copy", f"Our own copy is damaged: {error}. The tables wait before it.") from error
        return found[start - first * WIDTH : end - first * WIDTH]

    def _known(self, entries: list[bytes], start: int) -> tuple[list[bytes], Alarm | None]:
        """Return the entries up to the first that this release cannot read, and the alarm for that one."""
        codec = Codec(self.log.name)
        for at, raw in enumerate(entries):
            try:
                codec.clear(raw)
            except (BadEntry, ValueError) as error:
                words = (
                    f"Entry {start + at:,} cannot be read by this release: {error}. It is kept and cosigned;"
                    " the tables wait before it. Upgrade the standby, always before main."
                )
                return entries[:at], Alarm("unknown", words, raw)
        return entries, None

    def far_behind(self, db: Db) -> bool:
        """Whether the tables are made again more quickly than they are followed."""
        held = state.held(db, self.log.name)
        return held is not None and held.size - state.folded_size(db) > FAR

    def anew(
        self,
        conninfo: str,
        make_tables: Callable[[str], None],
        grant: Callable[[Db, str], None],
        *,
        processes: int = 2,
        progress: Progress = quiet,
    ) -> Rebuilt:
        """Make the tables anew from all that we hold, beside the live ones, and put them in their place. For a release that
        folds differently too. RebuildFailed in plain words. No thread may run: it works in forked processes."""
        with psycopg.connect(conninfo) as db:
            held, was = state.held(db, self.log.name), state.folded_size(db)
        head = held.note if held else None
        source = Source(self.mirror, self.log, Codec(self.log.name), {}, self.wiring, head=head, sealed=True)
        drop(conninfo, NEXT)
        try:
            done = rebuild(source, conninfo, NEXT, make_tables, processes=processes, progress=progress)
            with psycopg.connect(conninfo) as db:
                state.note_erased(db, done.erased)
                if not state.move_folded(db, was, done.size):
                    raise OSError("The tables were folded on meanwhile. Start again.")
                swap.take_over(db, NEXT, LIVE, grant)
        finally:
            drop(conninfo, NEXT)
        return done


def _as_far_as(db: Db, held: int) -> int:
    """Return how far the tables follow main: once taken over, no further than that, in a drill too."""
    taken = takeover.takeover(db)
    return held if taken is None or taken.size is None else taken.size


def erased_in(entries: Iterable[bytes], codec: Codec) -> set[str]:
    """Return the keys that these entries say were destroyed."""
    dead: set[str] = set()
    for raw in entries:
        if codec.kind(raw).cls is ErasureDone:
            dead.update(codec.clear(raw).body.key_ids)
    return dead


def _no_keys(_: object) -> HeldKeys:
    return NoKeys(set())
