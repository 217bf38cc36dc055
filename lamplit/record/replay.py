"""Reading a published log fast: which rows an entry touches, and folding entries into rows. No database.

Pass 1 of a rebuild verifies bundles and spills each raw entry to the partitions of its row keys; pass 2 folds one
partition at a time, in the order of the log. Both run in any number of processes and give the same bytes.
"""

import struct
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints
from zlib import crc32

import msgspec

from lamplit.basics.fact import Fact
from lamplit.record.encode import INGESTED, Codec, Kind, inside, kind_named, kind_of
from lamplit.record.facts import ErasureDone
from lamplit.record.keys import HeldKeys, NoKeys
from lamplit.record.tables import Table
from lamplit.record.wiring import FoldFunction, Route, Wiring

FEWEST, MOST = 16, 512  # partitions; each is a file for each process
ENTRIES = 50_000  # of a partition, about: what a process holds in memory at once
_HEAD = struct.Struct(">QH")  # an entry's number and its length
_BODY = b',"body":{'
_PLAIN = (str, int, bool, datetime, date, type(None))


def partitions_for(size: int) -> int:
    """Return into how many partitions a log of that size is cut: a power of two."""
    wanted = FEWEST
    while wanted < MOST and wanted * ENTRIES < size:
        wanted *= 2
    return wanted


def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition that a row key belongs to: `<whose>.<rest>` stands with whose it is."""
    return crc32(key.partition(b".")[0]) & (partitions - 1)


def in_order_of_partitions(keys: Iterable[str]) -> list[str]:
    """Return row keys so that those of one partition stand beside each other, however many partitions there are.

    A batch that is cut from this order goes to one or two partitions in a rebuild. In any other order each of its entries would
    go to all of them, and be written out and read as many times.
    """
    places = [(_MIRRORED[partition_of(key.encode(), MOST)], key) for key in keys]
    places.sort()
    return [key for _, key in places]


# Each partition's number with its bits from last to first: the low ones decide when there are fewer partitions.
_MIRRORED = [int(f"{number:0{MOST.bit_length() - 1}b}"[::-1], 2) for number in range(MOST)]


class Router:
    """Says where an entry must go, from as little of it as possible."""

    def __init__(self, wiring: Wiring, partitions: int) -> None:
        self._wiring, self._partitions = wiring, partitions
        self._kinds: dict[bytes, Callable[[bytes], Iterable[int]]] = {}
        self.erased: set[str] = set()

    def __call__(self, raw: bytes) -> Iterable[int]:
        """Return the partitions of an entry's rows, each once. BadEntry for a kind that this release does not know."""
        start = raw[: raw.find(b',"id":')]
        if start == INGESTED:
            return self(inside(raw)[1])
        found = self._kinds.get(start)
        if found is None:
            found = self._kinds[start] = self._route(kind_named(raw))
        return found(raw)

    def _route(self, kind: Kind) -> Callable[[bytes], Iterable[int]]:
        if kind.cls is ErasureDone:
            return self._note_erasure(kind)
        plan, partitions = Plan(kind, self._wiring.routes[kind.cls]), self._partitions
        decode = slim_decoder(kind, plan)

        def route(raw: bytes) -> Iterable[int]:
            entry = decode(raw)
            # A line has no row to share: it goes with the entry's first row, and alone by its own id.
            keys = list(plan.places(entry)) or [entry.id]
            return {partition_of(key.encode(), partitions) for key in keys}

        if not plan.alone or not _stands_first(kind, plan.place):
            return route
        return _quick(plan.place, partitions, otherwise=route)

    def _note_erasure(self, kind: Kind) -> Callable[[bytes], Iterable[int]]:
        def route(raw: bytes) -> Iterable[int]:
            self.erased.update(kind.decode(raw).body.key_ids)
            return ()

        return route


def _quick(place: str, partitions: int, otherwise: Callable[[bytes], Iterable[int]]) -> Callable[[bytes], Iterable[int]]:
    """Route by cutting one field out of the bytes, a tenth of the work of reading them.

    In canonical bytes the first `"place":"` of the body is the field itself, since inside of text each quote has a backslash.
    Bytes that are not canonical may go anywhere: pass 2 refuses them.
    """
    mark = f'"{place}":"'.encode()
    length, last = len(mark), partitions - 1

    def route(raw: bytes) -> Iterable[int]:
        start = raw.find(mark, raw.find(_BODY))
        if start < 0:
            return otherwise(raw)
        start += length
        key = raw[start : raw.find(b'"', start)]
        return otherwise(raw) if b"\\" in key else (crc32(key.partition(b".")[0]) & last,)

    return route


def _stands_first(kind: Kind, place: str) -> bool:
    """Whether nothing before a field could hold a field of the same name: only plain values stand before it."""
    hints = get_type_hints(kind.cls)
    for item in msgspec.structs.fields(kind.cls):
        if item.name == place:
            return True
        if item.name not in kind.personal and not _is_plain(hints[item.name]):
            return False
    return False


def _is_plain(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType):
        return all(map(_is_plain, get_args(hint)))
    return hint in _PLAIN or get_origin(hint) is Literal or (isinstance(hint, type) and issubclass(hint, Enum))


class Plan:
    """One fact's routes, sorted by where a rebuild puts their rows."""

    def __init__(self, kind: Kind, routes: tuple[Route, ...]) -> None:
        self.rows = [route for route in routes if route.how != "adds" or route.items]
        self.lines = [route for route in routes if route.how == "adds" and not route.items]
        self.together = {
            place: [r for r in self.rows if r.place == place] for place in dict.fromkeys(r.place for r in self.rows) if place
        }
        self.apart = [route for route in self.rows if route.place is None]
        self.lists = list(dict.fromkeys(route.of for route in self.apart if route.of is not None))
        self.worked_out = [route for route in self.apart if route.of is None]
        self.place = next(iter(self.together), "")
        required = {item.name for item in msgspec.structs.fields(kind.cls) if item.required}
        # Nearly every fact: all its rows stand together, so pass 1 sends it to their partition and no other.
        self.alone = len(self.together) == 1 and not self.apart and self.place in required

    def places(self, entry: Any) -> Iterator[str]:
        """Yield what decides the partitions of an entry's rows: the first also takes its lines."""
        for place in self.together:
            if (key := getattr(entry.body, place)) is not None:
                yield key
        for name in self.lists:
            yield from getattr(entry.body, name)
        for route in self.worked_out:
            yield from route.keys(entry)


def slim_decoder(kind: Kind, plan: Plan) -> Callable[[bytes], Any]:
    """Return a decoder of the entry's id and of the fields that place it: the rest is skipped over."""
    if plan.worked_out:
        return kind.decode
    hints = {item.name: item.type for item in msgspec.structs.fields(kind.cls)}
    body = msgspec.defstruct("places", [(name, hints[name] | None, None) for name in sorted([*plan.together, *plan.lists])])
    wire = msgspec.defstruct("slim", [("id", str), ("body", body)])
    decode: Callable[[bytes], Any] = msgspec.json.Decoder(wire).decode
    return decode


class Spill:
    """Raw entries with their numbers on their way from pass 1 to pass 2: one file a partition and process."""

    def __init__(self, folder: Path, worker: int, partitions: int) -> None:
        self._waiting: list[list[bytes]] = [[] for _ in range(partitions)]
        self._files = [open(folder / f"{p}.{worker}", "wb") for p in range(partitions)]  # noqa: SIM115 - closed below

    def add(self, partition: int, at: int, raw: bytes) -> None:
        self._waiting[partition] += (_HEAD.pack(at, len(raw)), raw)

    def flush(self) -> None:
        for file, waiting in zip(self._files, self._waiting, strict=True):
            if waiting:
                file.write(b"".join(waiting))
                waiting.clear()

    def close(self) -> None:
        self.flush()
        for file in self._files:
            file.close()


def read_spilled(folder: Path, partition: int, workers: int) -> Iterator[tuple[int, bytes]]:
    """Yield a partition's entries, number and bytes, in the order of the log: each process had a later part of it.

    Their files go as they are read: beside the tables that come of them, the disk need not hold the whole log once more.
    """
    head, unpack = _HEAD.size, _HEAD.unpack_from
    for worker in range(workers):
        file = folder / f"{partition}.{worker}"
        data = file.read_bytes()
        file.unlink()
        at, end = 0, len(data)
        while at < end:
            number, length = unpack(data, at)
            start = at + head
            at = start + length
            yield number, data[start:at]


class _Step(NamedTuple):
    """One fold of one fact, with the rows that it folds into."""

    rows: dict[str, Any]
    field: str | None  # the field that is the row's key; None when `keys` works it out
    keys: Callable[[Any], Iterable[str]]
    function: FoldFunction
    route: Route


class Folder:
    """Folds entries into rows held in memory: all rows, or those of one partition.

    `rows` are kept by id; `lines` are the values of rows that only ever come new, as `Table.send` takes them.
    """

    def __init__(
        self, wiring: Wiring, codec: Codec, keys: HeldKeys, partition: int | None = None, partitions: int = FEWEST
    ) -> None:
        self._codec, self._keys, self._wiring = codec, keys, wiring
        self._without_keys = keys if isinstance(keys, NoKeys) else None
        self._partition, self._partitions = partition, partitions
        self.rows: dict[Table, dict[str, Any]] = {table: {} for table in wiring.tables.values()}
        self.lines: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in wiring.tables.values()}
        self._known: dict[type[Fact], tuple[Plan, list[_Step]]] = {}

    def send(self, table: Table) -> Iterator[tuple[Any, ...]]:
        """Yield the values of every row of a table."""
        yield from map(table.shape, self.rows[table].values())
        yield from self.lines[table]

    def fold(self, at: int, raw: bytes) -> None:
        """Fold the entry of number `at`. BadEntry or ReplayStopped in plain words; nothing is skipped."""
        if self._without_keys is not None:
            self._without_keys.at = at
        entry = self._codec.decode(raw, self._keys)
        body = entry.body
        plan, steps = self._known.get(body.__class__) or self._know(body.__class__)
        if not plan.alone:
            self._fold_apart(plan, entry)
            return
        for rows, field, keys, function, route in steps:
            if field is None:
                for key in keys(entry):
                    self._fold_row(route, key, entry)
                continue
            key = getattr(body, field)
            row = rows.get(key)
            if row is None or route.how == "makes":
                if key is None:
                    continue
                row = self._blank(route, key, entry)
            function(row, body, entry)
        if plan.lines:
            self._add_lines(plan, entry)

    def _know(self, fact: type[Fact]) -> tuple[Plan, list[_Step]]:
        plan = Plan(kind_of(fact), self._wiring.routes[fact])
        steps = [_Step(self.rows[route.table], route.field, route.keys, route.function, route) for route in plan.rows]
        self._known[fact] = plan, steps
        return plan, steps

    def _fold_apart(self, plan: Plan, entry: Any) -> None:
        """Fold an entry whose rows may stand in several partitions, into those of ours."""
        for place, routes in plan.together.items():
            key = getattr(entry.body, place)
            if key is not None and self._is_here(key):
                for route in routes:
                    for row_key in route.keys(entry):
                        self._fold_row(route, row_key, entry)
        for route in plan.apart:
            if route.items is not None:
                self._fold_items(route, entry)
                continue
            for row_key in route.keys(entry):
                if self._is_here(row_key):
                    self._fold_row(route, row_key, entry)
        if plan.lines and self._is_here(next(plan.places(entry), entry.id)):
            self._add_lines(plan, entry)

    def _fold_items(self, route: Route, entry: Any) -> None:
        """Fold the items of an entry whose rows stand in our partition. Lines come new and are kept as values alone."""
        table, function = route.table, route.function
        add = self.lines[table].append if route.how == "adds" else None
        last, here = "", False  # what is of one subject comes together
        for key, item in route.pairs(entry):
            if (whose := key.partition(".")[0]) != last:
                last, here = whose, self._is_here(whose)
            if not here:
                continue
            if add is None:
                row = self.rows[table].get(key)
                function(self._blank(route, key, entry) if row is None or route.how == "makes" else row, item, entry)
                continue
            row = table.row(key)
            function(row, item, entry)
            add(table.shape(row))

    def _is_here(self, key: str) -> bool:
        return self._partition is None or partition_of(key.encode(), self._partitions) == self._partition

    def _add_lines(self, plan: Plan, entry: Any) -> None:
        for route in plan.lines:
            table = route.table
            row = table.row(entry.id)
            route.function(row, entry.body, entry)
            self.lines[table].append(table.shape(row))

    def _fold_row(self, route: Route, key: str, entry: Any) -> None:
        row = self.rows[route.table].get(key)
        if row is None or route.how == "makes":
            row = self._blank(route, key, entry)
        route.function(row, entry.body, entry)

    def _blank(self, route: Route, key: str, entry: Any) -> Any:
        """Return a new row. ReplayStopped where there must be one already, or must not."""
        rows = self.rows[route.table]
        if route.how == "changes":
            raise ReplayStopped(f"{entry.kind} {entry.id} changes {route.table.name} {key}, which is not there")
        if key in rows:
            raise ReplayStopped(f"{entry.kind} {entry.id} makes {route.table.name} {key} a second time")
        row = rows[key] = route.table.row(id=key)
        return row


class FolderOfSome(Folder):
    """Folds what entries say of some rows alone, those of `whose`: the rest of an entry is left out."""

    def __init__(self, wiring: Wiring, codec: Codec, whose: Collection[str]) -> None:
        super().__init__(wiring, codec, NoKeys(set()))
        self._whose = frozenset(whose)

    def _know(self, fact: type[Fact]) -> tuple[Plan, list[_Step]]:
        plan, steps = super()._know(fact)
        plan.alone = False  # so that each row is asked for
        return plan, steps

    def _is_here(self, key: str) -> bool:
        return key.partition(".")[0] in self._whose


class ReplayStopped(Exception):  # noqa: N818 - the sentence says why
    """The log cannot be folded by this release."""
