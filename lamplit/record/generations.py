"""Generations of keys: one file a class with every key that lives now, so that older key files can go.

A key that was destroyed is in no later generation. Once a file is older than keyfiles.KEEP and a generation covers it, it
is deleted: from then on a destroyed key is nowhere. Of older generations the last of each day is kept until then.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import psycopg

from lamplit.basics.clock import now
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.keyfiles import CLASSES, KEEP, HeldKey, encrypt
from lamplit.record.note import split_note
from lamplit.record.store import NotInStore, Store

EVERY = 3600.0  # seconds between two looks
_NAME = re.compile(r"keys/([a-z]+)/(?:generation-(\d+)|(\d+)-(\d+))\.age")


class KeyFile(NamedTuple):
    """One key file: its class, the size of the log up to which it has keys, and whether it is a generation."""

    path: str
    key_class: str
    size: int
    whole: bool


class Keeper:
    """Looks after the key files of one store."""

    def __init__(
        self, db: psycopg.Connection[Any], store: Store, recipients: Mapping[str, list[str]], clock: Callable[[], datetime] = now
    ) -> None:
        self._db, self._store, self._recipients, self._clock = db, store, recipients, clock
        self._next = float("-inf")
        self.newest: list[str] = []  # the newest generation of each class

    def look_after(self) -> bool:
        """Once an hour: write a generation where a key came or went, and delete what is too old. Returns whether it looked."""
        if time.monotonic() < self._next:
            return False
        self.write_and_tidy()
        self._next = time.monotonic() + EVERY
        return True

    def write_and_tidy(self) -> None:
        """Write and delete now."""
        size = self._published()
        if not size:
            return
        there = key_files(self._store)
        withheld = self._withheld()
        self.newest = []
        for key_class in CLASSES:
            if key_class in withheld:
                continue  # a generation of what is here would let the files go that hold the rest
            of_class = [file for file in there if file.key_class == key_class]
            newest = max((file.size for file in of_class if file.whole), default=0)
            path = f"keys/{key_class}/generation-{size}.age"
            if self._changed(key_class, newest, size) and not self._store.exists(path):
                self._store.create(path, encrypt(self._live(key_class, size), self._recipients[key_class]))
                of_class.append(KeyFile(path, key_class, size, whole=True))
            self.newest += [file.path for file in sorted(of_class, key=lambda file: file.size) if file.whole][-1:]
            for path in self._too_old(of_class):
                self._store.delete(path)

    def _withheld(self) -> set[str]:
        """The classes of which a restore did not get every key."""
        with self._db.transaction():
            return {row[0] for row in self._db.execute("SELECT DISTINCT class FROM record.withheld")}

    def _published(self) -> int:
        """The size of the log as far as every key of it is in this store."""
        try:
            return Checkpoint.parse(split_note(self._store.get("checkpoint"))[0]).size
        except NotInStore:
            return 0

    def _changed(self, key_class: str, since: int, size: int) -> bool:
        """Whether a key of the class came after the size `since`, or one was destroyed since that entry was sealed."""
        row = self._one(
            "SELECT EXISTS (SELECT FROM record.key WHERE class = %s AND batch > %s AND batch <= %s)", [key_class, since, size]
        )
        if row[0] or not since:
            return bool(row[0])
        at = self._sealed_at(since)
        return bool(
            self._one("SELECT EXISTS (SELECT FROM record.key WHERE class = %s AND destroyed_at > %s)", [key_class, at])[0]
        )

    def _live(self, key_class: str, size: int) -> list[HeldKey]:
        with self._db.transaction():
            rows = self._db.execute(
                "SELECT id, subject, key FROM record.key WHERE class = %s AND batch <= %s AND key IS NOT NULL ORDER BY id",
                [key_class, size],
            ).fetchall()
        return [HeldKey(i, subject, bytes(key)) for i, subject, key in rows]

    def _too_old(self, files: Iterable[KeyFile]) -> list[str]:
        """Return the files that the newest generation covers and that are too old, or are not the last of their day."""
        listed = sorted(files, key=lambda file: file.size)
        newest = max((file.size for file in listed if file.whole), default=0)
        before = self._clock() - KEEP
        dated = [(file, self._sealed_at(file.size)) for file in listed]
        last_of_day = {at.date(): file.size for file, at in dated if file.whole}
        covered = [(file, at) for file, at in dated if file.size < newest or (file.size == newest and not file.whole)]
        return [file.path for file, at in covered if at < before or (file.whole and last_of_day[at.date()] != file.size)]

    def _sealed_at(self, size: int) -> datetime:
        """Return when the last entry of a log of that size was sealed: what an entry says of itself, its writer chose."""
        at: datetime = self._one("SELECT sealed_at FROM record.entry WHERE idx = %s", [size - 1])[0]
        return at.astimezone(UTC)

    def _one(self, query: str, params: list[Any]) -> tuple[Any, ...]:
        with self._db.transaction():
            row = self._db.execute(query, params).fetchone()
        assert row is not None  # noqa: S101 - each of these queries has a row
        return tuple(row)


def key_files(store: Store) -> list[KeyFile]:
    """Return the key files of a store. Names that are not ours are passed over."""
    return [file for path in store.list("keys") if (file := read_name(path)) is not None]


def read_name(path: str) -> KeyFile | None:
    """Return what the name of a key file says; None for any other name."""
    match = _NAME.fullmatch(path)
    if match is None:
        return None
    key_class, whole, _, upto = match.groups()
    return KeyFile(path, key_class, int(whole or upto), whole is not None)
