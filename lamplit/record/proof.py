"""Proofs that an entry is in the record, and that a longer record extends a shorter one.

Algorithms: RFC 6962 section 2.1 to make them, RFC 9162 sections 2.1.3.2 and 2.1.4.2 to check them. The
file that goes to a person is c2sp.org/tlog-proof. Pure: tiles come through a reader.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.note import Opened, Verifier, decode_base64, encode_base64
from lamplit.record.tiles import EMPTY_ROOT, HASH, WIDTH, ReadTile, leaf_hash, node_hash, split_hashes, subtree_root

MAX_HASHES = 63  # a proof in a tree of fewer than 2**63 entries is no longer
_HEADER = b"c2sp.org/tlog-proof@v1"
_INDEX = re.compile(rb"index (0|[1-9][0-9]{0,18})")


class ProofRejected(ValueError):  # noqa: N818 - named after what is so
    """A proof that proves nothing; the message says why."""


# Making -----------------------------------------------------------------------------------------------------


class _Tree:
    """The inner nodes of a tree of `size` entries, taken out of its tiles. Each tile is read once."""

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._read = read
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def node(self, lo: int, hi: int) -> bytes:
        """Return MTH(D[lo:hi]), for the ranges that RFC 6962's recursion visits."""
        count = hi - lo
        if count & (count - 1):  # not a full subtree: the right edge
            k = _split(count)
            return node_hash(self.node(lo, lo + k), self.node(lo + k, hi))
        level, height = divmod(count.bit_length() - 1, 8)
        n, first = divmod(lo >> 8 * level, WIDTH)
        return subtree_root(self._tile(level, n)[first : first + (1 << height)])

    def _tile(self, level: int, n: int) -> list[bytes]:
        if (level, n) not in self._tiles:
            width = min(WIDTH, (self.size >> 8 * level) - n * WIDTH)
            self._tiles[level, n] = split_hashes(self._read(level, n, width))
        return self._tiles[level, n]


def _split(count: int) -> int:
    """Return the largest power of two smaller than `count` (at least 2)."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, read: ReadTile) -> list[bytes]:
    """Return the hashes that lead from entry `index` to the root at `size`, the leaf's sibling first.

    ValueError if there is no such entry; what `read` raises if a tile is missing.
    """
    if not 0 <= index < size:
        raise ValueError(f"a record of {size} entries has no entry {index}")
    tree = _Tree(size, read)
    lo, hi, path = 0, size, []
    while hi - lo > 1:
        middle = lo + _split(hi - lo)
        if index < middle:
            path.append(tree.node(middle, hi))
            hi = middle
        else:
            path.append(tree.node(lo, middle))
            lo = middle
    return path[::-1]


def consistency_proof(old: int, new: int, read: ReadTile) -> list[bytes]:
    """Return the hashes that show the tree of `new` entries to extend that of `old`; none if `old` is 0 or `new`.

    ValueError if `old` is greater than `new`; what `read` raises if a tile is missing.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a record of {new} entries cannot extend one of {old}")
    if old == 0:
        return []
    tree = _Tree(new, read)
    lo, hi, path, whole = 0, new, [], True
    while old < hi:
        middle = lo + _split(hi - lo)
        if old <= middle:
            path.append(tree.node(middle, hi))
            hi = middle
        else:
            path.append(tree.node(lo, middle))
            lo, whole = middle, False
    if not whole:  # otherwise the checker has this hash already: it is the old root
        path.append(tree.node(lo, hi))
    return path[::-1]


# Checking ---------------------------------------------------------------------------------------------------


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Return if `path` proves that leaf hash `leaf` is entry `index` of the tree of `size` with `root`.

    ProofRejected otherwise.
    """
    _check_lengths(leaf, root, *path)
    if not 0 <= index < size:
        raise ProofRejected(f"A record of {size} entries has no entry {index}.")
    fn, sn, here = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            raise ProofRejected("The proof has more hashes than it needs.")
        if fn & 1 or fn == sn:
            here = node_hash(sibling, here)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            here = node_hash(here, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofRejected("The proof is cut short.")
    if here != root:
        raise ProofRejected("The proof leads to another root: this is not that entry, or not that record.")


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> None:
    """Return if `path` proves that the tree of `new` entries begins with the tree of `old`. ProofRejected otherwise."""
    _check_lengths(old_root, new_root, *path)
    if not 0 <= old <= new:
        raise ProofRejected(f"A record of {new} entries cannot extend one of {old}.")
    if old in (0, new):
        if path:
            raise ProofRejected("The proof has more hashes than it needs.")
        if old_root != (new_root if old == new else EMPTY_ROOT):
            raise ProofRejected("The two records differ.")
        return
    hashes = list(path)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise ProofRejected("The proof is cut short.")
    _walk(old, old_root, new, new_root, hashes)


def _walk(old: int, old_root: bytes, new: int, new_root: bytes, hashes: list[bytes]) -> None:
    """RFC 9162 section 2.1.4.2, steps 4 to 8: lead the hashes to both roots at once."""
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if sn == 0:
            raise ProofRejected("The proof has more hashes than it needs.")
        if fn & 1 or fn == sn:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise ProofRejected("The proof is cut short.")
    if (first, second) != (old_root, new_root):
        raise ProofRejected("The proof leads to other roots: the longer record does not extend the shorter one.")


def _check_lengths(*hashes: bytes) -> None:
    if any(len(value) != HASH for value in hashes):
        raise ProofRejected("A hash has 32 bytes.")
    if len(hashes) > MAX_HASHES + 2:
        raise ProofRejected("The proof has more hashes than any record needs.")


# The proof file ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProofFile:
    """What a person keeps: the proof that entry `index` is in the record of the checkpoint note.

    `extra` is carried along and proved by nothing by itself; we put the entry's own bytes there, which
    the proof then covers.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def format(self) -> bytes:
        """Return the file, c2sp.org/tlog-proof@v1."""
        lines = [_HEADER.decode()]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines += [encode_base64(value) for value in self.hashes]
        return "".join(line + "\n" for line in lines).encode() + b"\n" + self.checkpoint

    @classmethod
    def parse(cls, data: bytes) -> "ProofFile":
        """Read the file. ProofRejected if malformed; nothing is verified yet."""
        top, _, note = data.partition(b"\n\n")
        header, *lines = top.split(b"\n")
        if header != _HEADER or not lines:
            raise ProofRejected("This is no proof file of the kind c2sp.org/tlog-proof@v1.")
        extra = None
        if lines[0].startswith(b"extra "):
            extra = _decode(lines.pop(0)[6:])
        match = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if match is None:
            raise ProofRejected("The proof file does not say which entry it is about.")
        if len(lines) > MAX_HASHES:
            raise ProofRejected("The proof has more hashes than any record needs.")
        hashes = tuple(_decode(line) for line in lines)
        _check_lengths(*hashes)
        return cls(int(match[1]), hashes, note, extra)

    def check(self, entry: bytes, log: Verifier, cosigners: Sequence[Verifier] = (), need: int = 0) -> tuple[Checkpoint, Opened]:
        """Return the checkpoint if the file proves that `entry` is in the log's record.

        ProofRejected if not, or if fewer than `need` of `cosigners` signed; NoteRejected if the
        checkpoint may not be believed.
        """
        checkpoint, opened = open_checkpoint(self.checkpoint, log, cosigners)
        check_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.hashes, checkpoint.root)
        signed = len(opened.times(cosigners))
        if signed < need:
            raise ProofRejected(f"{signed} of the witnesses you trust signed it, and you ask for {need}.")
        return checkpoint, opened


def _decode(encoded: bytes) -> bytes:
    try:
        return decode_base64(encoded.decode("ascii"))
    except ValueError:
        raise ProofRejected("A line of the proof file is not base64.") from None
