"""Reading a published log fast: which rows an entry touches, and folding entries into rows. No database.

Pass 1 of a rebuild verifies bundles and spills each raw entry to the partitions of its row keys; pass 2 folds one
partition at a time, in the order of the log. Both run in any number of processes and give the same bytes.
"""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec

from lamplit.record.encode import Codec, Kind, kind_named
from lamplit.record.facts import ErasureDone
from lamplit.record.keys import HeldKeys
from lamplit.record.tables import Table
from lamplit.record.wiring import Route, Wiring

PARTITIONS = 64
_LENGTH = struct.Struct(">H")


def partition_of(key: str) -> int:
    """Return the partition, 0 to 63, that a row key belongs to."""
    return crc32(key.encode()) & (PARTITIONS - 1)


class Router:
    """Says where an entry must go, from as little of it as possible."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._kinds: dict[bytes, Callable[[bytes], set[int]]] = {}
        self.erased: set[str] = set()

    def __call__(self, raw: bytes) -> set[int]:
        """Return the partitions of an entry's rows. BadEntry for a kind that this release does not know."""
        start = raw[: raw.find(b',"id":')]
        found = self._kinds.get(start)
        if found is None:
            found = self._kinds[start] = self._route(kind_named(raw))
        return found(raw)

    def _route(self, kind: Kind) -> Callable[[bytes], set[int]]:
        routes = self._wiring.routes[kind.cls]
        if kind.cls is ErasureDone:
            return self._note_erasure(kind)
        decode = slim_decoder(kind, routes)
        keyed = [route.keys for route in routes if route.how != "adds"]

        def route(raw: bytes) -> set[int]:
            entry = decode(raw)
            # A line has no row to share: it goes with the entry's first row, and alone by its own id.
            return {partition_of(key) for keys in keyed for key in keys(entry)} or {partition_of(entry.id)}

        return route

    def _note_erasure(self, kind: Kind) -> Callable[[bytes], set[int]]:
        def route(raw: bytes) -> set[int]:
            self.erased.update(kind.decode(raw).body.key_ids)
            return set()

        return route


def slim_decoder(kind: Kind, routes: tuple[Route, ...]) -> Callable[[bytes], Any]:
    """Return a decoder of the entry's id and of the fields that are row keys: the rest is skipped over."""
    names = {route.field for route in routes if route.how != "adds"}
    if None in names:
        return kind.decode
    hints = {item.name: item.type for item in msgspec.structs.fields(kind.cls)}
    body = msgspec.defstruct("keys", [(name, hints[name] | None, None) for name in sorted(filter(None, names))])
    wire = msgspec.defstruct("slim", [("id", str), ("body", body)])
    decode: Callable[[bytes], Any] = msgspec.json.Decoder(wire).decode
    return decode


class Spill:
    """Raw entries on their way from pass 1 to pass 2: one file a partition and process."""

    def __init__(self, folder: Path, worker: int) -> None:
        self._waiting: list[list[bytes]] = [[] for _ in range(PARTITIONS)]
        self._files = [open(folder / f"{p}.{worker}", "wb") for p in range(PARTITIONS)]  # noqa: SIM115 - closed below

    def add(self, partition: int, raw: bytes) -> None:
        self._waiting[partition] += (_LENGTH.pack(len(raw)), raw)

    def flush(self) -> None:
        for file, waiting in zip(self._files, self._waiting, strict=True):
            if waiting:
                file.write(b"".join(waiting))
                waiting.clear()

    def close(self) -> None:
        self.flush()
        for file in self._files:
            file.close()


def read_spilled(folder: Path, partition: int, workers: int) -> Iterator[bytes]:
    """Yield a partition's raw entries in the order of the log: each process had a later part of it than the one before."""
    for worker in range(workers):
        data = (folder / f"{partition}.{worker}").read_bytes()
        at, end = 0, len(data)
        while at < end:
            start = at + 2
            at = start + (data[at] << 8 | data[at + 1])
            yield data[start:at]


class Folder:
    """Folds entries into rows held in memory: all rows, or those of one partition."""

    def __init__(self, wiring: Wiring, codec: Codec, keys: HeldKeys, partition: int | None = None) -> None:
        self._wiring, self._codec, self._keys, self._partition = wiring, codec, keys, partition
        self.rows: dict[Table, dict[str, Any]] = {table: {} for table in wiring.tables.values()}
        self.lines: dict[Table, list[bytes]] = {table: [] for table in wiring.tables.values()}

    def fold(self, raw: bytes) -> None:
        """Fold one entry. BadEntry or ReplayStopped in plain words; nothing is skipped."""
        entry = self._codec.decode(raw, self._keys)
        routes = self._wiring.routes[type(entry.body)]
        for route in routes:
            if route.how == "adds":
                if self._partition is None or partition_of(self._home(routes, entry)) == self._partition:
                    row = route.table.row(id=entry.id)
                    route.function(row, entry.body, entry)
                    self.lines[route.table].append(route.table.pack(row))
                continue
            rows = self.rows[route.table]
            for key in route.keys(entry):
                if self._partition is None or partition_of(key) == self._partition:
                    row = rows.get(key)
                    if row is None:
                        if route.how == "changes":
                            raise ReplayStopped(f"{entry.kind} {entry.id} changes {route.table.name} {key}, which is not there")
                        row = rows[key] = route.table.row(id=key)
                    elif route.how == "makes":
                        raise ReplayStopped(f"{entry.kind} {entry.id} makes {route.table.name} {key} a second time")
                    route.function(row, entry.body, entry)

    def _home(self, routes: tuple[Route, ...], entry: Any) -> str:
        """Return the key whose partition takes the entry's lines: its first row key, as pass 1 chose, or its id.

        Pass 1 sends the entry to every partition of its keys; the line must be written in exactly one of them.
        """
        for route in routes:
            if route.how != "adds":
                for key in route.keys(entry):
                    return key
        return str(entry.id)


class ReplayStopped(Exception):  # noqa: N818 - the sentence says why
    """The log cannot be folded by this release."""
