"""The proof of one entry: found in a published store, made from its tiles, checked before anybody is shown it.

Reads the store alone, so it says the same after a rebuild, and of an entry that an intruder took out of a table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest
from typing import NamedTuple

from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.encode import Header, read_header
from lamplit.record.note import Verifier
from lamplit.record.proof import ProofFile, inclusion_proof
from lamplit.record.store import Store, read_bundle, tile_reader
from lamplit.record.tiles import WIDTH, leaf_hash, node_hash

MOST_BUNDLES = 2_000  # half a million entries around the place where it should stand: bounds the wait for a page


@dataclass(frozen=True)
class Published:
    """A store as its latest checkpoint shows it; `note` is that checkpoint, signed."""

    store: Store
    log: Verifier
    checkpoint: Checkpoint
    note: bytes

    @property
    def bundles(self) -> int:
        return -(-self.checkpoint.size // WIDTH)

    def bundle(self, n: int) -> list[bytes]:
        """Return the entries of bundle `n`. NotInStore or Malformed."""
        return read_bundle(self.store, n, min(WIDTH, self.checkpoint.size - n * WIDTH))


class Step(NamedTuple):
    """One step from the leaf to the root: the hash beside ours, on which side it stands, and what both give."""

    beside: bytes
    left: bool
    gives: bytes


@dataclass(frozen=True)
class Proved:
    """An entry whose proof was made and held. `steps` lead from `leaf` to the checkpoint's root."""

    file: ProofFile
    entry: bytes
    leaf: bytes
    checkpoint: Checkpoint
    steps: tuple[Step, ...]


def open_published(store: Store, log: Verifier, note: bytes | None = None) -> Published:
    """Open the store at a checkpoint that it has: `note`, or its latest.

    NotInStore when nothing is published, NoteRejected when it is not the log's.
    """
    note = store.get("checkpoint") if note is None else note
    return Published(store, log, open_checkpoint(note, log)[0], note)


def prove(published: Published, index: int) -> Proved:
    """Prove that entry `index` is in the record of the checkpoint.

    ValueError when the checkpoint does not reach it; NotInStore or Malformed; ProofRejected when what the store holds does
    not lead to the root that was signed.
    """
    size = published.checkpoint.size
    hashes = tuple(inclusion_proof(index, size, tile_reader(published.store)))
    entry = published.bundle(index // WIDTH)[index % WIDTH]
    file = ProofFile(index, hashes, published.note, entry)
    checkpoint, _ = ProofFile.parse(file.format()).check(entry, published.log)  # as its reader will do it
    leaf = leaf_hash(entry)
    return Proved(file, entry, leaf, checkpoint, tuple(_steps(leaf, index, size, hashes)))


def _steps(leaf: bytes, index: int, size: int, hashes: tuple[bytes, ...]) -> Iterator[Step]:
    """Yield the way of a proof that holds (RFC 9162 section 2.1.3.2)."""
    here, fn, sn = leaf, index, size - 1
    for beside in hashes:
        left = bool(fn & 1) or fn == sn
        here = node_hash(beside, here) if left else node_hash(here, beside)
        yield Step(beside, left, here)
        if left:
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1


def find(published: Published, name: str, near: datetime, wanted: Callable[[Header], bool]) -> int | None:
    """Return the number of the first entry found that names `name` and is wanted, or None.

    `near`: when it was written down. The log is nearly in that order: a batch is written for minutes and sealed at once. So the
    search begins where the time says and goes outward, at most MOST_BUNDLES.
    """
    needle = name.encode()
    for n in _outward(_about(published, near), published.bundles):
        for place, raw in enumerate(published.bundle(n)):
            if needle in raw and wanted(read_header(raw)):
                return n * WIDTH + place
    return None


def _about(published: Published, near: datetime) -> int:
    """Return the bundle in which an entry of this time should stand."""
    low, high = 0, max(0, published.bundles - 1)
    while low < high:
        middle = (low + high + 1) // 2
        if read_header(published.bundle(middle)[0]).recorded_at <= near:
            low = middle
        else:
            high = middle - 1
    return low


def _outward(start: int, count: int) -> list[int]:
    """Return the numbers of bundles, the nearest to `start` first."""
    both = zip_longest(range(start, count), range(start - 1, -1, -1))
    return [n for n in chain.from_iterable(both) if n is not None][:MOST_BUNDLES]


def together(published: Published, index: int, most: int = 50) -> list[Header]:
    """Return the headers of what the same command wrote beside entry `index`, in the order of the log, at most `most`."""
    n = index // WIDTH
    around = {m: published.bundle(m) for m in (n - 1, n, n + 1) if 0 <= m < published.bundles}
    command = read_header(around[n][index % WIDTH]).command
    needle = command.encode()
    found = [
        (m * WIDTH + place, header)
        for m in sorted(around)
        for place, raw in enumerate(around[m])
        if needle in raw and (header := read_header(raw)).command == command
    ]
    return [header for at, header in found if at != index][:most]
