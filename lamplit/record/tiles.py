"""The Merkle tree as published: hashes, tile and bundle paths and bytes, and how they grow.

Format: RFC 6962 section 2.1 for the hashes, c2sp.org/tlog-tiles for the files. Pure bytes in, bytes
out: nothing here reads a store, a database or a clock.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

WIDTH = 256  # hashes in a full tile, entries in a full bundle
HASH = 32  # bytes in a hash
MAX_ENTRY = 65_535  # a bundle gives the length of an entry in 16 bits
EMPTY_ROOT = sha256(b"").digest()

# Reads the first `width` hashes of tile `n` at `level`: exactly `32 * width` bytes, or LookupError.
ReadTile = Callable[[int, int, int], bytes]

_LEAF = sha256(b"\x00")
_NODE = sha256(b"\x01")


class Malformed(ValueError):  # noqa: N818 - named after what is so
    """Bytes or a path that do not follow the format; the message says how."""


# Hashes -----------------------------------------------------------------------------------------------------


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 || entry), 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right), 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def leaf_hashes(entries: Sequence[bytes]) -> list[bytes]:
    """Return the leaf hash of each entry, in order."""
    # Copying a hash that has already swallowed the prefix is a third faster than joining prefix and entry.
    copy = _LEAF.copy
    hashes = []
    for entry in entries:
        leaf = copy()
        leaf.update(entry)
        hashes.append(leaf.digest())
    return hashes


def _pair_up(level: Sequence[bytes]) -> list[bytes]:
    """Hash neighbours together; an odd last one is left out."""
    copy = _NODE.copy
    one_by_one = iter(level)
    parents = []
    for left, right in zip(one_by_one, one_by_one, strict=False):
        parent = copy()
        parent.update(left + right)
        parents.append(parent.digest())
    return parents


def subtree_root(hashes: Sequence[bytes]) -> bytes:
    """Return MTH over hashes that are already leaves (or equal full subtrees, the last perhaps smaller).

    Promoting an odd last node unchanged, level by level, gives the same root as RFC 6962's recursive split.
    """
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) & 1 else []
        level = _pair_up(level) + odd
    return level[0]


def split_hashes(tile: bytes) -> list[bytes]:
    """Return the hashes in a tile. Malformed if it is not a whole number of them."""
    if len(tile) % HASH:
        raise Malformed(f"a tile is a whole number of 32-byte hashes, and this has {len(tile)} bytes")
    return [tile[at : at + HASH] for at in range(0, len(tile), HASH)]


# Paths ------------------------------------------------------------------------------------------------------

_NUMBER = r"(?P<number>(?:x[0-9]{3}/)*[0-9]{3})"
_PATH = re.compile(rf"tile/(?P<level>entries|[0-9]{{1,2}})/{_NUMBER}(?:\.p/(?P<width>[0-9]{{1,3}}))?", re.ASCII)


class TileName(NamedTuple):
    """What a path under `tile/` names. `level` is None for a bundle of entries; `width` is 1 to 256."""

    level: int | None
    n: int
    width: int


def tile_path(level: int | None, n: int, width: int = WIDTH) -> str:
    """Return where tile `n` of a level is published, e.g. `tile/0/x001/x234/067` or `tile/1/000.p/17`.

    Level None gives the path of a bundle of entries.
    """
    groups = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        groups.insert(0, f"x{n % 1000:03}")
    kind = "entries" if level is None else str(level)
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{kind}/{'/'.join(groups)}{partial}"


def bundle_path(n: int, width: int = WIDTH) -> str:
    """Return where bundle `n` of entries is published, e.g. `tile/entries/x001/000.p/3`."""
    return tile_path(None, n, width)


def read_path(path: str) -> TileName:
    """Read a path under `tile/`. Malformed unless it is the one right spelling of a tile or a bundle."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise Malformed(f"{path} is no name of a tile or a bundle")
    level = None if match["level"] == "entries" else int(match["level"])
    width = WIDTH if match["width"] is None else int(match["width"])
    name = TileName(level, int(match["number"].replace("x", "").replace("/", "")), width)
    # Spelling it again refuses leading zeroes, x000 groups and a `.p/256` in one stroke.
    if tile_path(name.level, name.n, name.width) != path or not 0 < width <= WIDTH or (level or 0) > 63:
        raise Malformed(f"{path} is no name of a tile or a bundle")
    return name


def tiles_of(size: int) -> Iterator[TileName]:
    """Yield every hash tile that a tree of `size` entries has: full ones, then the partial one, level by level."""
    level = 0
    while size:
        yield from (TileName(level, n, WIDTH) for n in range(size // WIDTH))
        if size % WIDTH:
            yield TileName(level, size // WIDTH, size % WIDTH)
        level, size = level + 1, size // WIDTH


# Bundles ----------------------------------------------------------------------------------------------------


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Join up to 256 entries, each behind its length as a big-endian uint16. Malformed if one is too long."""
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise Malformed(f"an entry has at most {MAX_ENTRY} bytes, and this has {len(entry)}")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_bundle(data: bytes, count: int) -> list[bytes]:
    """Return the `count` entries of a bundle. Malformed if it holds more, fewer, or ends inside one."""
    entries = []
    at, end = 0, len(data)
    while at + 2 <= end:
        start = at + 2
        at = start + (data[at] << 8 | data[at + 1])
        entries.append(data[start:at])
    if at != end:
        raise Malformed(f"the bundle ends inside its entry {len(entries) - (at > end)}")
    if len(entries) != count:
        raise Malformed(f"the bundle should hold {count} entries and holds {len(entries)}")
    return entries


# Growing ----------------------------------------------------------------------------------------------------


def grow_bundles(old_size: int, head: Sequence[bytes], entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of each new bundle when a log of `old_size` entries gains `entries`.

    `head` is the last `old_size % 256` entries already there: a partial bundle is never extended in
    place, a longer one is published beside it.
    """
    if len(head) != old_size % WIDTH:
        raise Malformed(f"the last bundle of {old_size} entries has {old_size % WIDTH}, not {len(head)}")
    if not entries:
        return
    row = [*head, *entries]
    first = old_size // WIDTH
    for at in range(0, len(row), WIDTH):
        bundle = row[at : at + WIDTH]
        yield bundle_path(first + at // WIDTH, len(bundle)), encode_bundle(bundle)


def grow_tiles(old_size: int, leaves: Sequence[bytes], read: ReadTile) -> Iterator[tuple[str, bytes]]:
    """Yield (path, bytes) of each new hash tile when a tree of `old_size` gains `leaves` (leaf hashes).

    `read` is asked only for the partial tiles at the right edge of the old tree, at most one a level.
    Full and partial tiles come lowest level first; empty tiles are never made.
    """
    level, fresh = 0, list(leaves)
    while fresh:
        first, old_width = divmod(old_size, WIDTH)
        row = split_hashes(read(level, first, old_width)) if old_width else []
        if len(row) != old_width:
            raise Malformed(f"{tile_path(level, first, old_width)} holds {len(row)} hashes")
        row += fresh
        fresh = []
        for at in range(0, len(row), WIDTH):
            tile = row[at : at + WIDTH]
            yield tile_path(level, first + at // WIDTH, len(tile)), b"".join(tile)
            if len(tile) == WIDTH:
                fresh.append(subtree_root(tile))
        level, old_size = level + 1, first


def root_at(size: int, read: ReadTile) -> bytes:
    """Return the root of the first `size` entries, from the tiles at that size's right edge alone."""
    tail: list[bytes] = []  # the root of what lies right of the last full tile, once there is something
    level = 0
    while size:
        full, width = divmod(size, WIDTH)
        if width:
            tail = [subtree_root(split_hashes(read(level, full, width)) + tail)]
        level, size = level + 1, full
    return tail[0] if tail else EMPTY_ROOT


class Frontier:
    """The roots of the full subtrees that make up a tree: all that is needed to extend it and know its root.

    At most 63 hashes, however long the log. `bytes(frontier)` and `Frontier.read` keep it in a row.
    """

    __slots__ = ("_nodes", "size")

    def __init__(self) -> None:
        self.size = 0
        self._nodes: dict[int, bytes] = {}  # height -> root of the full subtree of 2**height leaves

    def extend(self, hashes: Sequence[bytes], height: int = 0) -> None:
        """Add leaf hashes, or with `height=8` the roots of full 256-leaf tiles (2**height leaves each).

        Malformed if the tree does not end on a boundary of such subtrees.
        """
        if self.size % (1 << height):
            raise Malformed(f"a subtree of {1 << height} leaves cannot start at leaf {self.size}")
        self.size += len(hashes) << height
        level = list(hashes)
        while level:
            if height in self._nodes:
                level.insert(0, self._nodes.pop(height))
            if len(level) & 1:
                self._nodes[height] = level.pop()
            level = _pair_up(level)
            height += 1

    def root(self) -> bytes:
        """Return the root of the whole tree, 32 bytes."""
        root = b""
        for height in sorted(self._nodes):
            root = node_hash(self._nodes[height], root) if root else self._nodes[height]
        return root or EMPTY_ROOT

    def copy(self) -> "Frontier":
        """Return one that grows apart from this."""
        twin = Frontier()
        twin.size, twin._nodes = self.size, dict(self._nodes)
        return twin

    def __bytes__(self) -> bytes:
        """Return the size as a big-endian uint64, then the hashes, largest subtree first."""
        return self.size.to_bytes(8, "big") + b"".join(self._nodes[h] for h in sorted(self._nodes, reverse=True))

    @classmethod
    def read(cls, data: bytes) -> "Frontier":
        """Read `bytes(frontier)` back. Malformed if the hashes do not fit the size."""
        frontier = cls()
        frontier.size = int.from_bytes(data[:8], "big")
        heights = [height for height in range(63, -1, -1) if frontier.size >> height & 1]
        if len(data) != 8 + HASH * len(heights):
            raise Malformed(f"a frontier of {frontier.size} leaves has {len(heights)} hashes")
        frontier._nodes = dict(zip(heights, split_hashes(data[8:]), strict=True))
        return frontier
