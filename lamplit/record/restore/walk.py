"""Reading a store's log from its first entry to a signed head, and what follows from the entries beside the tables."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, NamedTuple

import msgspec

from lamplit.basics.fact import KeyClass
from lamplit.record.encode import INGESTED, BadEntry, Codec, origin_of
from lamplit.record.facts import ErasureCalledOff, ErasureDone, ErasureOrdered
from lamplit.record.restore.head import CannotRestore, Head
from lamplit.record.restore.keys import KeyUses
from lamplit.record.store import NotInStore, Store, read_bundle
from lamplit.record.tiles import WIDTH, Frontier, Malformed, leaf_hashes

STEP = 64  # bundles read at a time: bounds memory


class Piece(NamedTuple):
    """Some entries in a row, from number `start` on, with their leaf hashes."""

    start: int
    entries: list[bytes]
    leaves: list[bytes]


class Walk:
    """Yields the entries of a tree and holds them against its root, and against earlier roots on the way.

    `marks`: size -> (root, what it means when the entries give another). CannotRestore at the first that does.
    """

    def __init__(self, store: Store, head: Head, marks: Mapping[int, list[tuple[bytes, str]]]) -> None:
        self._store, self._head, self._marks = store, head, marks
        self.frontier = Frontier()

    def __iter__(self) -> Iterator[Piece]:
        self._hold(0)
        for first in range(0, -(-self._head.size // WIDTH), STEP):
            entries = self._read(first)
            leaves = leaf_hashes(entries)
            start = first * WIDTH
            self._extend(start, leaves)
            yield Piece(start, entries, leaves)
        if self.frontier.root() != self._head.root:
            raise CannotRestore(
                "The entries in the store are not those that the log signed. Run `lamplit log verify` to see where,"
                " and restore from another store."
            )

    def _read(self, first: int) -> list[bytes]:
        entries: list[bytes] = []
        for n in range(first, min(first + STEP, -(-self._head.size // WIDTH))):
            try:
                entries += read_bundle(self._store, n, min(WIDTH, self._head.size - n * WIDTH))
            except (NotInStore, Malformed) as error:
                raise CannotRestore(f"The store is not whole: {error}. Restore from another one.") from error
        return entries

    def _extend(self, start: int, leaves: list[bytes]) -> None:
        at = start
        for size in sorted(size for size in self._marks if start < size <= start + len(leaves)):
            self.frontier.extend(leaves[at - start : size - start])
            self._hold(size)
            at = size
        self.frontier.extend(leaves[at - start :])

    def _hold(self, size: int) -> None:
        for root, words in self._marks.get(size, ()):
            if self.frontier.root() != root:
                raise CannotRestore(words)


class Told(msgspec.Struct, gc=False):
    """What of one entry is read here: its command, when it was written, and its sealed parts, unopened."""

    command: str
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]
    sealed: dict[str, tuple[str, int, msgspec.Raw]] | None = None


_told = msgspec.json.Decoder(Told).decode
_OF_ERASING = (ErasureOrdered, ErasureCalledOff, ErasureDone)


class Follows:
    """What follows from the entries: keys named, orders to erase, keys destroyed. `without`: entries that a person leaves out."""

    def __init__(self, codec: Codec, uses: KeyUses, without: frozenset[int]) -> None:
        self._codec, self.keys, self._without = codec, uses, without
        self.orders: dict[str, tuple[str, KeyClass]] = {}  # order -> subject, class; done ones too
        self._called_off: set[str] = set()
        self.done: dict[str, int] = {}  # order -> the entry that says so
        self.dead: dict[str, int] = {}  # key -> the entry that says so

    def see(self, raw: bytes, number: int) -> Told | None:
        """Take one entry in; None for one that is left out. CannotRestore for what is no entry or contradicts the others."""
        if number in self._without:
            return None
        try:
            return self._glance(raw) or self._read(raw, number)
        except (BadEntry, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CannotRestore(
                f"Entry {number:,} cannot be read: {error}. Nothing was changed."
                f" Look at it; if somebody put it there, add --without {number}."
            ) from error

    def _glance(self, raw: bytes) -> Told | None:
        """Return what is read of an entry from which nothing else follows: nearly all. The fold checks the whole of it."""
        if raw.startswith(INGESTED) or self._codec.kind(raw).cls in _OF_ERASING:
            return None
        told = _told(raw)
        if told.sealed and any(box[0] not in self.keys.uses for box in told.sealed.values()):
            return None
        return told

    def _read(self, raw: bytes, number: int) -> Told:
        entry = self._codec.clear(raw)
        self.keys.see(entry, number, origin_of(raw, self._codec.origin))
        self._see_erasure(entry.body, number)
        return Told(entry.command, entry.recorded_at)

    def _see_erasure(self, fact: object, number: int) -> None:
        if isinstance(fact, ErasureOrdered):
            self.orders.setdefault(fact.erasure, (fact.subject, fact.key_class))
        elif isinstance(fact, ErasureCalledOff):
            self._called_off.add(fact.erasure)
        elif isinstance(fact, ErasureDone):
            if self.orders.get(fact.erasure) != (fact.subject, fact.key_class) or fact.erasure in self._called_off:
                raise BadEntry("it says that keys were destroyed, and no order for it stands before it")
            self.done[fact.erasure] = number
            for key in fact.key_ids:
                use = self.keys.uses.get(key)
                if use is not None and (use.subject, use.key_class) != (fact.subject, fact.key_class):
                    raise BadEntry(f"it says that the key {key} was destroyed, which its order does not name")
                self.dead[key] = number
