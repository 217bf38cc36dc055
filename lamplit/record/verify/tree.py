"""Checks the entries and the tiles of a store against one another. `check_unit` runs in a worker."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lamplit.record.store import Store
from lamplit.record.tiles import (
    HASH,
    WIDTH,
    Malformed,
    decode_bundle,
    encode_bundle,
    leaf_hashes,
    split_hashes,
    subtree_root,
    tile_path,
)
from lamplit.record.verify.crew import cut
from lamplit.record.verify.report import MAX_FAULTS, Fault

_UNIT = 64  # bundles that a worker checks at a time
_BATCH = 16  # bundles read together, and as many tiles

Partials = Mapping[tuple[int | None, int], list[int]]  # (level, n) -> widths of the shorter tiles beside it


class Unit(NamedTuple):
    """A run of bundles for one worker: full ones from `first`, then perhaps a partial one `tail` entries wide."""

    first: int
    full: int
    tail: int
    partials: Partials

    def widths(self) -> list[tuple[int, int]]:
        """Return (n, width) of each bundle."""
        edge = [(self.first + self.full, self.tail)] if self.tail else []
        return [(n, WIDTH) for n in range(self.first, self.first + self.full)] + edge


class Checked(NamedTuple):
    """What a worker found in its unit: the roots of its full tiles and the leaf hashes of a partial one."""

    roots: bytes
    tail: bytes
    faults: list[Fault]


def units(size: int, partials: Partials) -> Iterator[Unit]:
    """Cut the bundles of a tree of `size` entries into units, in order."""
    bundles, edge = divmod(size, WIDTH)
    for first in range(0, bundles + bool(edge), _UNIT):
        full = min(_UNIT, bundles - first)
        tail = edge if full < _UNIT else 0
        keys = [(level, n) for n in range(first, first + full + bool(tail)) for level in (None, 0)]
        yield Unit(first, full, tail, {key: partials[key] for key in keys if key in partials})


def check_unit(store: Store, unit: Unit) -> Checked:
    """Check a unit's bundles against its tiles at level 0."""
    look = _Look(store, unit.partials)
    roots, tail = [], b""
    for batch in cut(unit.widths(), _BATCH):
        bundles = store.get_many([tile_path(None, n, width) for n, width in batch])
        tiles = store.get_many([tile_path(0, n, width) for n, width in batch])
        for (n, width), bundle, tile in zip(batch, bundles, tiles, strict=True):
            leaves = look.at_bundle(n, width, bundle, tile)
            if width == WIDTH:
                roots.append(subtree_root(leaves))
            else:
                tail = b"".join(leaves)
        if len(look.faults) >= MAX_FAULTS:
            break
    return Checked(b"".join(roots), tail, look.faults[:MAX_FAULTS])


def check_upper_tiles(store: Store, nodes: Sequence[bytes], partials: Partials) -> list[Fault]:
    """Compare the tiles of level 1 and above with `nodes`, the roots of the full tiles of level 0."""
    look = _Look(store, partials)
    level = 1
    while nodes:
        tiles = list(cut(nodes, WIDTH))
        for n, hashes in enumerate(tiles):
            (data,) = store.get_many([tile_path(level, n, len(hashes))])
            look.at_upper_tile(level, n, hashes, data)
        nodes = [subtree_root(hashes) for hashes in tiles if len(hashes) == WIDTH]
        level += 1
    return look.faults


@dataclass
class _Look:
    """Looks at one file after another and keeps the faults. What it is handed as None was not in the store."""

    store: Store
    partials: Partials
    faults: list[Fault] = field(default_factory=list)

    def at_bundle(self, n: int, width: int, bundle: bytes | None, tile: bytes | None) -> list[bytes]:
        """Hold a bundle against its tile; return its leaf hashes, or where it cannot be read the tile's."""
        tile = self._hashes(0, n, width, tile)
        entries = self._entries(n, width, bundle)
        if entries is None:
            return split_hashes(tile) if tile is not None else [bytes(HASH)] * width
        leaves = leaf_hashes(entries)
        joined = b"".join(leaves)
        if tile is not None and tile != joined:
            at = next(i for i in range(width) if tile[i * HASH : (i + 1) * HASH] != leaves[i])
            path, index = tile_path(None, n, width), n * WIDTH + at
            words = f"Entry {index} in {path} was changed, or its hash in {tile_path(0, n, width)} was."
            self.faults.append(Fault(words, path, index))
        if self.partials:
            self._at_shorter(None, n, {w: encode_bundle(entries[:w]) for w in self.partials.get((None, n), ())})
            self._at_shorter(0, n, {w: joined[: HASH * w] for w in self.partials.get((0, n), ())})
        return leaves

    def at_upper_tile(self, level: int, n: int, hashes: Sequence[bytes], tile: bytes | None) -> None:
        """Hold a tile of level 1 or above against the hashes that follow from the level below."""
        joined = b"".join(hashes)
        tile = self._hashes(level, n, len(hashes), tile)
        if tile is not None and tile != joined:
            path = tile_path(level, n, len(hashes))
            self.faults.append(Fault(f"{path} does not follow from the entries below it: it was changed.", path))
        self._at_shorter(level, n, {w: joined[: HASH * w] for w in self.partials.get((level, n), ())})

    def _entries(self, n: int, width: int, bundle: bytes | None) -> list[bytes] | None:
        path, there = tile_path(None, n, width), width
        if bundle is None and width < WIDTH:  # the full one may have taken its place since we read the checkpoint
            (bundle,), there = self.store.get_many([tile_path(None, n)]), WIDTH
        try:
            if bundle is not None:
                return decode_bundle(bundle, there)[:width]
            words = f"{path} is missing, and with it {width} entries from {n * WIDTH} on."
        except Malformed as error:
            words = f"{path} is damaged: {error}."
        self.faults.append(Fault(words, path, n * WIDTH))
        return None

    def _hashes(self, level: int, n: int, width: int, tile: bytes | None) -> bytes | None:
        path, there = tile_path(level, n, width), width
        if tile is None and width < WIDTH:
            (tile,), there = self.store.get_many([tile_path(level, n)]), WIDTH
        if tile is not None and len(tile) == HASH * there:
            return tile[: HASH * width]
        state = "is missing" if tile is None else f"should have {HASH * there} bytes and has {len(tile)}"
        self.faults.append(Fault(f"{path} {state}.", path))
        return None

    def _at_shorter(self, level: int | None, n: int, right: Mapping[int, bytes]) -> None:
        """Compare the shorter tiles that stand beside a longer one; `right` gives the bytes for each width."""
        paths = [tile_path(level, n, width) for width in right]
        for path, data, wanted in zip(paths, self.store.get_many(paths), right.values(), strict=True):
            if data is not None and data != wanted:  # None: tidied away since we listed it, as it may be
                words = f"{path} was changed: it does not agree with the longer one beside it."
                self.faults.append(Fault(words, path))
