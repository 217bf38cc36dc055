"""What somebody tries who holds main's store, or even the log's key: the standby rings and says what it saw, nothing is taken."""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from lamplit.cli.beside import Beside
from lamplit.config import place
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import SigningKey
from lamplit.record.store import Store, open_store
from lamplit.record.tiles import tile_path
from tests.attack.log_builder import LogBuilder, entries
from tests.drill.seeing import held, lamplit, owner_of, until

Words = list[tuple[str, str]]  # what was tried, and how it was refused
_ALARMS = "SELECT id, what, words FROM continuity.alarm WHERE id > %s ORDER BY id"


def main_lives_on(beside: Beside, near: str, key: SigningKey) -> Words:
    """Whoever holds the log's key signs for more, after two people declared."""
    note = key.sign(Checkpoint(key.name, held(beside) + 1, sha256(b"forged").digest()).format())
    before = _last(beside)
    open_store(near).replace("checkpoint", note)
    return [("main still writes after two people declared", _rings(beside, before, "main lives on"))]


def replayed(beside: Beside, folder: Path) -> Words:
    """What was taken over once is given to main again: all of it, and an old copy of it."""
    given = ["--key", beside.log_key, "--identity", str(folder / "custodian")]
    again = lamplit("ingest", "--from", str(beside.home / "store"), *given)
    first = again.stdout.strip() if again.returncode == 0 and again.stdout.startswith("0 entries") else ""
    old = folder / "old-copy"
    shutil.copytree(beside.home / "store", old)
    sizes = sorted(int(name.name) for name in (old / "checkpoints").iterdir())
    (old / "checkpoint").write_bytes((old / "checkpoints" / str(sizes[0])).read_bytes())
    stale = lamplit("ingest", "--from", str(old), *given)
    return [
        ("the standby's record was given to main twice", first),
        ("an old copy of it was given to main", _said(stale, "an old copy")),
    ]


def forged(beside: Beside, key: SigningKey, folder: Path, start: Callable[[], None]) -> Words:
    """Main's store shows what main never signed, or less than it signed; and a record that a thief of its key made anew.

    `start` starts the standby, which looks at all files in turn, the first of them first: that one is cut before it looks.
    """
    near, size = open_store(place.stores()[0]), held(beside)
    text = Checkpoint(key.name, size + 1, sha256(b"forged").digest()).format()
    other = SigningKey.from_seed(key.name, bytes(32))
    fork = key.sign(Checkpoint(key.name, size, sha256(b"forged").digest()).format())
    earlier = max(number for path in near.list("checkpoints") if (number := int(path.removeprefix("checkpoints/"))) < size)
    first = tile_path(0, 0, 256)
    tried = [
        ("a checkpoint that another key signed", "wrong key", "checkpoint", other.sign(text)),
        ("a forked log, signed with the log's own key", "forked", "checkpoint", fork),
        ("a pointer to an earlier checkpoint", "stale", "checkpoint", near.get(f"checkpoints/{earlier}")),
        ("a tile that was cut short", "altered", first, near.get(first)[:-32]),
    ]
    found = []
    for number, (what, alarm, path, data) in enumerate(reversed(tried)):
        found.append((what, _planted(beside, near, path, data, alarm, start if number == 0 else None)))
    thief = open_store(str(folder / "forged"))
    LogBuilder(thief, key).add(entries(300))
    cosigner = SigningKey.read(beside.home / "keys" / "cosigner").vkey
    checked = lamplit("log", "verify", "--store", str(folder / "forged"), "--key", key.vkey, "--cosigner", cosigner)
    return [*found, ("a whole record made with the stolen key, without the standby's signature", _said(checked, "sign"))]


def _planted(beside: Beside, store: Store, path: str, data: bytes, alarm: str, start: Callable[[], None] | None) -> str:
    """Put bytes into main's store, wait until the standby rings, and put back what was there."""
    before, right = _last(beside), store.get(path)
    store.replace(path, data)
    if start is not None:
        start()
    try:
        return _rings(beside, before, alarm)
    finally:
        store.replace(path, right)


def _last(beside: Beside) -> int:
    with owner_of(beside.home) as db:
        row = db.execute("SELECT coalesce(max(id), 0) FROM continuity.alarm").fetchone()
    return int(row[0]) if row else 0


def _rings(beside: Beside, before: int, alarm: str) -> str:
    """Return the words with which it rang; none where it did not ring within two minutes."""
    found: list[Any] = []

    def rang() -> bool:
        with owner_of(beside.home) as db:
            found[:] = [words for _, what, words in db.execute(_ALARMS, [before]).fetchall() if what == alarm]
        return bool(found)

    try:
        until(rang, f"the standby rings: {alarm}", 120)
    except TimeoutError:
        return ""
    return str(found[0])


def _said(done: Any, part: str) -> str:
    """Return the words in which a program refused; none where it did not."""
    lines = [line.strip() for line in (done.stderr + done.stdout).splitlines() if part in line]
    return lines[0] if done.returncode != 0 and lines else ""
