"""The files beside the log: blobs and sealed keys, copied before the entries that need them count as held."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from typing import Any

import psycopg

from lamplit.record.generations import KeyFile, key_files, read_name
from lamplit.record.index import names_between
from lamplit.record.keyfiles import KEEP
from lamplit.record.store import NotInStore, Store

ASKED_AT_A_TURN = 512
_AT_ONCE = 8
_BLOB = re.compile(r"blobs/([0-9a-f]{64})", re.ASCII)
_KEYS = re.compile(r"keys/[a-z]+/[0-9a-z-]+\.age", re.ASCII)


class Files:
    """Copies what is new in main's store. Names that are not ours are passed over."""

    def __init__(self, db: psycopg.Connection[Any], source: Store, mirror: Store, clock: Callable[[], datetime]) -> None:
        self._db, self._source, self._mirror, self._clock = db, source, mirror, clock
        self._asked = 0  # how far round our key files the watch has come, where main's cannot be listed

    def copy_new(self, start: int, end: int) -> int:
        """Copy the blobs and key files that came with entries start..end. Returns how many. A blob that is not what its name
        says is left out."""
        wanted = [path for path in self._names(start, end) if not self._mirror.exists(path)]
        count = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for at in range(0, len(wanted), 4 * _AT_ONCE):  # photos are large: few at a time
                some = wanted[at : at + 4 * _AT_ONCE]
                count += sum(map(self._keep, some, pool.map(self._fetch, some)))
        return count

    def _names(self, start: int, end: int) -> list[str]:
        """Return the names of what may be new: from main's index, or, where there is none or we begin, from a list of all."""
        if start or not self._source.can_list:
            try:
                return _worth_asking(names_between(self._source, start, end), start)
            except NotInStore:
                if not self._source.can_list:
                    raise OSError(
                        "The main system's store has no index of its photos and keys. Upgrade main: the next entry brings it."
                    ) from None
        return [*self._source.list("blobs"), *self._source.list("keys")]

    def _fetch(self, path: str) -> bytes | None:
        if _BLOB.fullmatch(path) is None and _KEYS.fullmatch(path) is None:
            return None
        try:
            return self._source.get(path)
        except NotInStore:  # its time was over
            return None

    def _keep(self, path: str, data: bytes | None) -> bool:
        blob = _BLOB.fullmatch(path)
        if data is None or (blob is not None and sha256(data).hexdigest() != blob[1]):
            return False
        self._mirror.create(path, data)
        if blob is None:
            with self._db.transaction():
                self._db.execute(
                    "INSERT INTO continuity.key_file (path, seen_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    [path, self._clock()],
                )
        return True

    def let_go(self) -> tuple[int, list[str]]:
        """Let go of key files whose time is over: main let them go, and we have had them for their whole time.

        So an erased key ends here too, and no thief's deleting at main takes a key from us. Returns how many went, and which
        files of single keys main no longer has though their time is not over.
        """
        with self._db.transaction():
            seen: dict[str, datetime] = dict(self._db.execute("SELECT path, seen_at FROM continuity.key_file").fetchall())
        ours = key_files(self._mirror)
        newest = {
            file.key_class: max(f.size for f in ours if f.key_class == file.key_class and f.whole) for file in ours if file.whole
        }
        before, gone, early = self._clock() - KEEP, 0, list[str]()
        for file in self._gone([file for file in ours if file.path in seen], lambda file: seen[file.path] < before):
            if seen[file.path] < before and file.size <= newest.get(file.key_class, -1) and not self._is_newest(file, newest):
                self._mirror.delete(file.path)
                with self._db.transaction():
                    self._db.execute("DELETE FROM continuity.key_file WHERE path = %s", [file.path])
                gone += 1
            elif seen[file.path] >= before and not file.whole:
                early.append(file.path)
        return gone, early

    def _gone(self, ours: list[KeyFile], over: Callable[[KeyFile], bool]) -> list[KeyFile]:
        """Return those of our key files that main has no more. Where main's cannot be listed, it is asked for each whose time is
        over, and for some of the others, round and round."""
        if self._source.can_list:
            theirs = {file.path for file in key_files(self._source)}
            return [file for file in ours if file.path not in theirs]
        old, others = [file for file in ours if over(file)], [file for file in ours if not over(file)]
        at = self._asked = 0 if self._asked >= len(others) else self._asked
        self._asked += ASKED_AT_A_TURN
        asked = old + others[at : at + ASKED_AT_A_TURN]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            there = pool.map(lambda file: self._source.exists(file.path), asked)
        return [file for file, is_there in zip(asked, there, strict=True) if not is_there]

    @staticmethod
    def _is_newest(file: Any, newest: dict[str, int]) -> bool:
        return bool(file.whole and file.size == newest[file.key_class])


def _worth_asking(names: list[str], start: int) -> list[str]:
    """Leave out, where we begin anew, the files of single keys that a later generation holds too: most of them are gone."""
    files = {path: file for path in names if (file := read_name(path)) is not None}
    newest: dict[str, int] = {}
    for file in files.values():
        if file.whole:
            newest[file.key_class] = max(file.size, newest.get(file.key_class, 0))
    return [
        path
        for path in dict.fromkeys(names)
        if start or path not in files or files[path].whole or files[path].size > newest.get(files[path].key_class, 0)
    ]
