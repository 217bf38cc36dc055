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
        plan = Plan(routes)
        decode = slim_decoder(kind, plan)

        def route(raw: bytes) -> set[int]:
            entry = decode(raw)
            # A line has no row to share: it goes with the entry's first row, and alone by its own id.
            return {partition_of(key) for key in plan.places(entry)} or {partition_of(entry.id)}

        return route

    def _note_erasure(self, kind: Kind) -> Callable[[bytes], set[int]]:
        def route(raw: bytes) -> set[int]:
            self.erased.update(kind.decode(raw).body.key_ids)
            return set()

        return route


class Plan:
    """One fact's routes, sorted by where a rebuild puts their rows."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        rows = [route for route in routes if route.how != "adds"]
        self.lines = [route for route in routes if route.how == "adds"]
        self.together = {place: [r for r in rows if r.place == place] for place in dict.fromkeys(r.place for r in rows) if place}
        self.apart = [route for route in rows if route.place is None]
        one = len(self.together) == 1 and not self.apart
        self.place = next(iter(self.together), "")
        self.only = self.together[self.place] if one else None  # set when all rows stand together

    def places(self, entry: Any) -> Iterator[str]:
        """Yield what decides the partitions of an entry's rows: the first also takes its lines."""
        for place in self.together:
            if (key := getattr(entry.body, place)) is not None:
                yield key
        for route in self.apart:
            yield from route.keys(entry)


def slim_decoder(kind: Kind, plan: Plan) -> Callable[[bytes], Any]:
    """Return a decoder of the entry's id and of the fields that place it: the rest is skipped over."""
    if plan.apart:
        return kind.decode
    hints = {item.name: item.type for item in msgspec.structs.fields(kind.cls)}
    body = msgspec.defstruct("places", [(name, hints[name] | None, None) for name in sorted(plan.together)])
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
        self._codec, self._keys, self._partition = codec, keys, partition
        self._plans = {fact: Plan(routes) for fact, routes in wiring.routes.items()}
        self.rows: dict[Table, dict[str, Any]] = {table: {} for table in wiring.tables.values()}
        self.lines: dict[Table, list[bytes]] = {table: [] for table in wiring.tables.values()}

    def fold(self, raw: bytes) -> None:
        """Fold one entry. BadEntry or ReplayStopped in plain words; nothing is skipped."""
        entry = self._codec.decode(raw, self._keys)
        body = entry.body
        plan, only = self._plans[body.__class__], self._partition
        if plan.only is not None:
            # Nearly every entry: all its rows stand together, and pass 1 sent it to their partition and no other.
            for route in plan.only if getattr(body, plan.place) is not None else ():
                for row_key in route.keys(entry):
                    self._fold_row(route, row_key, entry, body)
            self._add_lines(plan, entry, body)
            return
        lines_here: bool | None = None
        for place, routes in plan.together.items():
            key = getattr(body, place)
            if key is None:
                continue
            here = only is None or partition_of(key) == only
            lines_here = here if lines_here is None else lines_here
            if here:
                for route in routes:
                    for row_key in route.keys(entry):
                        self._fold_row(route, row_key, entry, body)
        for route in plan.apart:
            for row_key in route.keys(entry):
                here = only is None or partition_of(row_key) == only
                lines_here = here if lines_here is None else lines_here
                if here:
                    self._fold_row(route, row_key, entry, body)
        if lines_here is None:
            lines_here = only is None or partition_of(entry.id) == only
        if lines_here:
            self._add_lines(plan, entry, body)

    def _add_lines(self, plan: Plan, entry: Any, body: Any) -> None:
        for route in plan.lines:
            table = route.table
            row = table.row(entry.id)
            route.function(row, body, entry)
            self.lines[table].append(table.pack(row))

    def _fold_row(self, route: Route, key: str, entry: Any, body: Any) -> None:
        rows = self.rows[route.table]
        row = rows.get(key)
        if row is None:
            if route.how == "changes":
                raise ReplayStopped(f"{entry.kind} {entry.id} changes {route.table.name} {key}, which is not there")
            row = rows[key] = route.table.row(id=key)
        elif route.how == "makes":
            raise ReplayStopped(f"{entry.kind} {entry.id} makes {route.table.name} {key} a second time")
        route.function(row, body, entry)


class ReplayStopped(Exception):  # noqa: N818 - the sentence says why
    """The log cannot be folded by this release."""
