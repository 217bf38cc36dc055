"""What rings: main quiet, files of its store altered or gone since we copied them, keys that went before their time, and much
more than usual written, read or ordered to be destroyed.

A few files are read again at each turn, round and round, so that sooner or later every one is held against ours.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.words import full_moment
from lamplit.continuity import state
from lamplit.continuity.files import Files
from lamplit.continuity.pace import count_new, unusual
from lamplit.continuity.state import Alarm
from lamplit.record.note import Verifier
from lamplit.record.store import NotInStore, Store, read_bundle, tile_reader
from lamplit.record.tiles import (
    WIDTH,
    Malformed,
    TileName,
    bundle_path,
    decode_bundle,
    leaf_hashes,
    read_path,
    split_hashes,
    subtree_root,
    tile_path,
    tiles_of,
)

Db = psycopg.Connection[Any]
QUIET_AFTER = timedelta(minutes=5)
AT_A_TURN = 16  # files that are read again
KEYS_EVERY = timedelta(hours=1)


class Watch:
    """Looks after one log that we follow. Rings with the first thing that it finds; the next turn goes on behind it."""

    def __init__(self, db: Db, source: Store, mirror: Store, log: Verifier, clock: Callable[[], datetime] = now) -> None:
        self._db, self._source, self._mirror, self._log, self._clock = db, source, mirror, log, clock
        self._files = Files(db, source, mirror, clock)
        self._round: Iterator[str] = iter(())
        self._keys_at: datetime | None = None
        self._wrong: dict[str, Alarm] = {}  # what was wrong when it was last looked at

    def step(self) -> bool:
        """Look at a few files and at the clock. Alarm when something is wrong."""
        found = [alarm for alarm in (self.quiet(), self._keys(), *self._again(), *self._pace()) if alarm is not None]
        for alarm in found:
            state.ring(self._db, alarm, self._clock())
        if found:
            raise found[0]
        return False

    def quiet(self) -> Alarm | None:
        """Return the alarm when main has not shown for five minutes that it lives."""
        seen = state.last_life(self._db)
        if seen is None or self._clock() - seen < QUIET_AFTER:
            return None
        return Alarm("quiet", f"The main system's record has been quiet since {full_moment(seen)}.", seen.isoformat().encode())

    def _keys(self) -> Alarm | None:
        if self._keys_at is not None and self._clock() - self._keys_at < KEYS_EVERY:
            return self._wrong.get("keys")
        self._keys_at = self._clock()
        _, early = self._files.let_go()
        self._wrong.pop("keys", None)
        if early:
            words = f"{len(early):,} key files went from the main system's store before their time. Ours are kept."
            self._wrong["keys"] = Alarm("keys", words, "\n".join(sorted(early)).encode())
        return self._wrong.get("keys")

    def _pace(self) -> list[Alarm]:
        """Count what happened on main since we looked, and hold it against the usual."""
        held = state.held(self._db, self._log.name)
        try:
            count_new(self._db, self._mirror, held.size if held else 0)
        except (NotInStore, Malformed) as error:
            return [Alarm("own copy", f"Our own copy is damaged: {error}. What happens on main is not counted.")]
        return unusual(self._db, self._clock())

    def _again(self) -> list[Alarm]:
        """Hold the next files against ours, and all that were wrong before."""
        for path in [path for path in self._wrong if path != "keys"] + self._next_files():
            if (alarm := self._compare(path)) is not None:
                self._wrong[path] = alarm
            else:
                self._wrong.pop(path, None)
        return [alarm for path, alarm in self._wrong.items() if path != "keys"]

    def _next_files(self) -> list[str]:
        found = [path for _, path in zip(range(AT_A_TURN), self._round, strict=False)]
        if not found:
            held = state.held(self._db, self._log.name)
            self._round = _published(held.size if held else 0)
        return found

    def _compare(self, path: str) -> Alarm | None:
        """Hold one file of main's store against ours, and first of all ours against the tree that we signed."""
        ours, theirs = self._mirror.get_many([path])[0], self._source.get_many([path])[0]
        if ours == theirs or (ours is None and self._replaced(self._mirror, path)):
            return None
        if ours is None or not self._belongs(read_path(path), ours):
            return Alarm("own copy", f"{path} in our own copy is damaged. Look at this machine's disk.", path.encode())
        if theirs is None:
            gone = Alarm("missing", f"{path} is missing in the main system's store. Ours is kept.", path.encode())
            return None if self._replaced(self._source, path) else gone
        return Alarm("altered", f"{path} in the main system's store is not what it signed. Ours is kept.", theirs)

    def _belongs(self, name: TileName, data: bytes) -> bool:
        """Whether a file of ours fits our others: a bundle and its tile, a tile and those below it."""
        read = tile_reader(self._mirror)
        try:
            if name.level is None:
                return b"".join(leaf_hashes(decode_bundle(data, name.width))) == read(0, name.n, name.width)
            if name.level == 0:
                return b"".join(leaf_hashes(read_bundle(self._mirror, name.n, name.width))) == data
            below = range(name.n * WIDTH, name.n * WIDTH + name.width)
            return b"".join(subtree_root(split_hashes(read(name.level - 1, n, WIDTH))) for n in below) == data
        except (NotInStore, Malformed):
            return False

    @staticmethod
    def _replaced(store: Store, path: str) -> bool:
        """Whether the full file stands in a store, so that the partial one may go."""
        full, partial, _ = path.partition(".p/")
        return bool(partial) and store.exists(full)


def _published(size: int) -> Iterator[str]:
    """Yield every file of a tree: bundles, each with its tile, and the tiles above them; full and partial."""
    for name in tiles_of(size):
        if name.level == 0:
            yield bundle_path(name.n, name.width)
        yield tile_path(name.level, name.n, name.width)
