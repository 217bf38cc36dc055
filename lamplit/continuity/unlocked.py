"""Main's keys, unlocked: in memory alone, and opening what the tables keep sealed when it is read.

They stand in a file of a memory disk, so that each process of the standby sees them and the end of none takes them away. A power
cut does: then a declarer unlocks again.
"""

import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyrage
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplit.basics.fact import WITHHELD, Unavailable
from lamplit.record.encode import Codec, Entry
from lamplit.record.generations import key_files
from lamplit.record.keyfiles import HeldKey, read_held
from lamplit.record.store import NotInStore, Store, read_bundle
from lamplit.record.tiles import WIDTH, Malformed

Step = Callable[[str, int, int], None]
_FILE, _HEIR = "keys", "heir"
_ENTRIES, _BUNDLES = 4_000, 64  # held ready in each process: bounds memory


class CannotUnlock(Exception):  # noqa: N818 - the sentence says why
    """The keys in our copy cannot be opened."""


def is_unlocked(memory: Path) -> bool:
    return (memory / _FILE).exists()


def unlock(mirror: Store, identity: pyrage.x25519.Identity, erased: Iterable[str], memory: Path, step: Step) -> int:
    """Open every key file of our copy into memory; keys that were destroyed stay out. Returns how many keys.

    CannotUnlock when the copy holds key files and none is for us.
    """
    memory.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = memory / f"{_FILE}.{os.getpid()}.part"
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    db = sqlite3.connect(part, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("CREATE TABLE key (id TEXT PRIMARY KEY, subject TEXT, class TEXT, key BLOB) WITHOUT ROWID")
        db.execute("BEGIN")
        for key_class, keys in _opened(mirror, identity, step):
            rows = ((key.id, key.subject, key_class, key.key) for key in keys)
            db.executemany("INSERT OR REPLACE INTO key VALUES (?, ?, ?, ?)", rows)
        db.executemany("DELETE FROM key WHERE id = ?", ((key_id,) for key_id in erased))
        db.execute("CREATE INDEX key_of ON key (subject)")
        db.execute("COMMIT")
        count = int(db.execute("SELECT count(*) FROM key").fetchone()[0])
    finally:
        db.close()
    kept = memory / _HEIR
    kept.touch(mode=0o600)
    kept.write_text(f"{identity}\n")  # for what came in sealed before
    for file in (
        kept,
        part,
    ):  # the folder's group reads them too: installed, it is our own programs'; otherwise the folder is shut
        file.chmod(0o640)
    part.replace(memory / _FILE)
    return count


def lock(memory: Path) -> None:
    """Forget the keys."""
    for name in (_FILE, _HEIR):
        (memory / name).unlink(missing_ok=True)


def _opened(mirror: Store, identity: pyrage.x25519.Identity, step: Step) -> Iterator[tuple[str, list[HeldKey]]]:
    """Yield the keys of each file that is needed and that we can open: the newest generation of a class, and what came after."""
    files = key_files(mirror)
    newest = {f.key_class: max(g.size for g in files if g.key_class == f.key_class and g.whole) for f in files if f.whole}
    wanted = [
        f
        for f in sorted(files, key=lambda f: (f.key_class, f.size, not f.whole))
        if f.size > newest.get(f.key_class, -1) or (f.whole and f.size == newest[f.key_class])
    ]
    ours = 0
    for done, file in enumerate(wanted, 1):
        with suppress(NotInStore):
            keys = read_held(mirror.get(file.path), [identity])
            ours += bool(keys)
            yield file.key_class, keys
        step("Unlocking", done, len(wanted))
    if wanted and not ours:
        raise CannotUnlock(
            "No key file of our copy is for this standby. Main must name it: `lamplit standby key` prints what to add there."
        )


class Unlocked:
    """Main's record as this process can open it (record/elsewhere.py). Locked, it opens nothing and says WITHHELD."""

    def __init__(self, mirror: Store, origin: str, memory: Path, size: Callable[[], int]) -> None:
        self._mirror, self._origin, self._memory, self._size = mirror, origin, memory, size
        self._codec = Codec(origin)
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._entries: OrderedDict[int, Entry] = OrderedDict()
        self._bundles: OrderedDict[int, list[bytes]] = OrderedDict()

    @property
    def origin(self) -> str:
        return self._origin

    def keys_of(self, subjects: Sequence[str]) -> list[tuple[str, str, str, bytes]]:
        slots = ",".join("?" * len(subjects))
        query = f"SELECT subject, class, id, key FROM key WHERE subject IN ({slots}) AND class <> 'money'"  # noqa: S608 - slots
        return [(row[0], row[1], row[2], row[3]) for row in self._ask(query, subjects)]

    def key(self, key_id: str) -> bytes | None:
        for (key,) in self._ask("SELECT key FROM key WHERE id = ?", [key_id]):
            return bytes(key)
        return None

    def opening_key(self, key_id: str) -> AESGCM | Unavailable:
        """Return the key as a keyring does (record/crypt.py)."""
        key = self.key(key_id)
        return WITHHELD if key is None else AESGCM(key)

    def sealing_key(self, subject: str, key_class: str) -> tuple[str, AESGCM]:
        raise LookupError("main's record takes nothing more")

    def value(self, at: int, part: int, field: int) -> Any:
        if not is_unlocked(self._memory):
            return WITHHELD
        try:
            raw = self._raw(at)
        except (NotInStore, Malformed, IndexError):
            return WITHHELD
        return self._codec.kind(raw).parts[part].value(self._entry(at, raw), field)

    def blob(self, name: str) -> bytes:
        try:
            return self._mirror.get(f"blobs/{name}")
        except NotInStore as error:
            raise LookupError(f"no blob {name}") from error

    def _entry(self, at: int, raw: bytes) -> Entry:
        with self._lock:
            if (found := self._entries.get(at)) is not None:
                return found
        found = self._codec.decode(raw, self)
        with self._lock:
            self._entries[at] = found
            while len(self._entries) > _ENTRIES:
                self._entries.popitem(last=False)
        return found

    def _raw(self, at: int) -> bytes:
        n, place = divmod(at, WIDTH)
        with self._lock:
            bundle = self._bundles.get(n)
        if bundle is None or place >= len(bundle):
            bundle = read_bundle(self._mirror, n, min(WIDTH, self._size() - n * WIDTH))
            with self._lock:
                self._bundles[n] = bundle
                while len(self._bundles) > _BUNDLES:
                    self._bundles.popitem(last=False)
        return bundle[place]

    def _ask(self, query: str, params: Sequence[Any]) -> list[Any]:
        """Ask the keys in memory; nothing while they are locked. A file that was unlocked anew is opened anew."""
        file = self._memory / _FILE
        try:
            seen = file.stat().st_ino
        except FileNotFoundError:
            return []
        if getattr(self._mine, "seen", None) != seen:
            self._mine.db, self._mine.seen = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True), seen
        return list(self._mine.db.execute(query, list(params)))
