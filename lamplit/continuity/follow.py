"""The follower: takes over what main has published, checks every byte of it, keeps it, and only then cosigns.

The order is safe at any crash: sealed keys and blobs, bundles and tiles, main's own checkpoint; then (origin, size, root) by
compare-and-set in the database; then our cosignature is shown. Starting, going on and recovering are the same path: files are
made once, so doing it again does no harm. The root follows from the tree that we hold and the new entries alone: that
is the proof that main's longer record extends the one we hold.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import psycopg

from lamplit.basics.clock import now
from lamplit.continuity import state, takeover
from lamplit.continuity.files import Files
from lamplit.continuity.state import Alarm, Held
from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.note import NoteRejected, Opened, SigningKey, Verifier, add_line, only_lines_of
from lamplit.record.proof import ProofRejected, check_consistency, consistency_proof
from lamplit.record.publish import tidy
from lamplit.record.store import NotInStore, Store, StoreConflict, read_bundle, reader_within, tile_reader
from lamplit.record.tiles import (
    EMPTY_ROOT,
    WIDTH,
    Frontier,
    Malformed,
    bundle_path,
    grow_bundles,
    grow_tiles,
    leaf_hashes,
    root_at,
)

Db = psycopg.Connection[Any]
STEP = 64 * WIDTH  # entries held in memory at a time
STRIDE = 4 * STEP  # entries to the next signed tree, where there is a choice: bounds the time between two signs of life
AGAIN = timedelta(minutes=1)  # how often we cosign a tree that does not grow
_FILES_AT_ONCE = 8


class Piece(NamedTuple):
    """Entries in a row: `head` those of the last bundle that we hold already, then the new ones."""

    start: int
    head: list[bytes]
    new: list[bytes]
    leaves: list[bytes]  # of the new ones


class Follower:
    """Follows one log. `source`: main's store; `mirror`: our own."""

    def __init__(
        self, db: Db, source: Store, mirror: Store, log: Verifier, cosigner: SigningKey, clock: Callable[[], datetime] = now
    ) -> None:
        self._db, self._source, self._mirror, self._log = db, source, mirror, log
        self._cosigner, self._clock = cosigner, clock
        self._files = Files(db, source, mirror, clock)
        self._held: Held | None = None
        self._filed: list[int] = []  # sizes of the checkpoints in main's store
        self._seen = b""  # the pointer that we looked at last and were through with

    def step(self) -> bool:
        """Take over the next signed tree. Returns whether there is more. Alarm when main's record is not as it must be."""
        try:
            return self._named()
        except Alarm as alarm:
            self._seen = b""
            state.ring(self._db, alarm, self._clock())
            raise
        except BaseException:
            self._held, self._seen = None, b""
            raise

    def _named(self) -> bool:
        try:
            return self._step()
        except (NotInStore, Malformed, StoreConflict) as error:  # nobody foresaw where: somebody must look, and the loop goes on
            raise Alarm(
                "own copy", f"A file is missing or damaged where it should not be: {error}. We keep what we have."
            ) from error

    def _step(self) -> bool:
        held = self._held = self._held or self._look()
        note = self._pointer(held)
        taken = takeover.takeover(self._db)
        if taken is not None and taken.declared and not taken.drill:
            return self._after_takeover(note, held)
        if note == self._seen and held.cosigned_at is not None and self._clock() - held.cosigned_at < AGAIN:
            return False
        checkpoint, opened = self._open(note)
        self._see_life(checkpoint, opened, held)
        if checkpoint.size < held.size:
            raise self._behind(checkpoint, note, held)
        if checkpoint.size == held.size and checkpoint.root != held.root:
            raise _forked(held.size, note)
        done = checkpoint.size == held.size and held.note is not None
        if not done:
            goal, note = self._goal(checkpoint, note, held)
            frontier = self._take(held, goal, note)
            self._cosign(held, goal, note, bytes(frontier))
            return True
        if held.cosigned_at is None or self._clock() - held.cosigned_at >= AGAIN:
            self._cosign(held, checkpoint, note, held.frontier)
        self._seen = note
        return False

    def _after_takeover(self, note: bytes, held: Held) -> bool:
        """We took over: nothing of main counts any more. Alarm when it writes on all the same."""
        checkpoint, _ = self._open(note)
        if checkpoint.size > held.size:
            words = (
                f"Main still writes, though this standby took over at {held.size:,} entries. Nothing that it promises counts."
                " Find out who runs it, and stop it."
            )
            raise Alarm("main lives on", words)  # without its newest note: one alarm a day says it
        return False

    def _look(self) -> Held:
        """Read what we hold, and see that our own copy is whole as far as a quick look tells."""
        held = state.held(self._db, self._log.name)
        if held is None or held.frontier is None:
            raise Alarm("not ours", f"This standby does not follow {self._log.name}. Run `lamplit standby init`.")
        if held.note is not None and not self._mirror.exists("checkpoint"):
            self._fill_again(held, held.note)
        self._check_own(held.size, held.root)
        if held.note is not None:
            self._mirror.replace("checkpoint", held.note)  # a kill may have come between remembering and showing
        return held

    def _fill_again(self, held: Held, note: bytes) -> None:
        """Make our copy once more: somebody moved a damaged one away. What main gives now must be what we signed for."""
        self._files = Files(self._db, self._source, self._mirror, self._clock)
        nothing = replace(held, size=0, root=EMPTY_ROOT, frontier=None)
        self._take(nothing, Checkpoint(self._log.name, held.size, held.root), note)

    def _check_own(self, size: int, root: bytes) -> None:
        try:
            whole = root_at(size, tile_reader(self._mirror)) == root
        except (NotInStore, Malformed):
            whole = False
        if not whole:
            words = "Our own copy is not what we cosigned. Look at this machine's disk, then move the mirror's folder away:"
            raise Alarm("own copy", f"{words} it is made again.", root)

    def _pointer(self, held: Held) -> bytes:
        try:
            return self._source.get("checkpoint")
        except NotInStore:
            if not held.size:
                raise OSError("The main system has published nothing yet.") from None
            raise Alarm("missing", "The main system's store has no checkpoint any more. We keep what we have.") from None

    def _open(self, note: bytes) -> tuple[Checkpoint, Opened]:
        try:
            return open_checkpoint(note, self._log, [self._log.for_time()])
        except NoteRejected as error:
            raise Alarm(
                "wrong key", f"The main system's checkpoint cannot be believed: {error}. We keep what we have.", note
            ) from error

    def _see_life(self, checkpoint: Checkpoint, opened: Opened, held: Held) -> None:
        """Remember that main lives: it grew, or it says so with its own time. An old time is no sign of life."""
        said = opened.by(self._log.for_time())
        if checkpoint.size > held.size:
            state.saw_life(self._db, self._clock())
        elif said is not None and said.at is not None:
            state.saw_life(self._db, min(datetime.fromtimestamp(said.at, self._clock().tzinfo), self._clock()))

    def _behind(self, checkpoint: Checkpoint, note: bytes, held: Held) -> Alarm:
        """Say in what way main shows less than we hold."""
        if root_at(checkpoint.size, reader_within(self._mirror, held.size)) != checkpoint.root:
            return _forked(checkpoint.size, note)
        numbers = f"{checkpoint.size:,} entries, and we hold {held.size:,} that it signed"
        if self._source.exists(f"checkpoints/{held.size}"):
            return Alarm(
                "stale", f"The main system's pointer went back: it shows {numbers}. The later files are still there.", note
            )
        return Alarm("rolled back", f"The main system's record was rolled back: it shows {numbers}. We keep what we have.", note)

    def _goal(self, checkpoint: Checkpoint, note: bytes, held: Held) -> tuple[Checkpoint, bytes]:
        """Return the tree to take over next: main's newest, or one that it signed on the way when that is far."""
        if checkpoint.size - held.size <= STRIDE or not self._source.can_list:
            return checkpoint, note
        if not self._filed or self._filed[-1] <= held.size:  # listed once on a long way
            names = (path.removeprefix("checkpoints/") for path in self._source.list("checkpoints"))
            self._filed = sorted(int(name) for name in names if name.isdecimal())
        sizes = [size for size in self._filed if held.size < size < checkpoint.size]
        near = [size for size in sizes if size <= held.size + STRIDE]
        for size in [near[-1]] if near else sizes[:1]:
            filed = self._source.get(f"checkpoints/{size}")
            earlier, _ = self._open(filed)
            if earlier.size == size:
                return earlier, filed
        return checkpoint, note

    # Taking over ------------------------------------------------------------------------------------------

    def _take(self, held: Held, goal: Checkpoint, note: bytes) -> Frontier:
        """Check every new entry against the signed root, then keep all of it. Nothing is written before it is checked."""
        frontier = Frontier.read(held.frontier or bytes(Frontier()))
        digests, piece = [], None
        edges = list(_edges(held.size, goal.size))
        for start, end in edges:
            try:
                piece = self._read(start, end)
            except Alarm as alarm:
                raise self._why_not(held, goal, note, alarm) from alarm
            frontier.extend(piece.leaves)
            digests.append(sha256(b"".join(piece.leaves)).digest())
        if frontier.root() != goal.root:
            raise self._why_not(held, goal, note)
        self._files.copy_new(held.size, goal.size)
        for (start, end), digest in zip(edges, digests, strict=True):
            if piece is None or piece.start != start:
                piece = self._read(start, end)
                if sha256(b"".join(piece.leaves)).digest() != digest:
                    raise Alarm(
                        "altered", f"Entries from {start:,} on changed in the main system's store while we read them.", note
                    )
            self._keep(piece)
        self._mirror.create(f"checkpoints/{goal.size}", only_lines_of(note, [self._log]))
        self._check_own(goal.size, goal.root)
        return frontier

    def _read(self, start: int, end: int) -> Piece:
        """Read entries out of main's store. Those that we hold already are taken from our own copy, and compared."""
        n, width = divmod(start, WIDTH)
        head = read_bundle(self._mirror, n, width) if width else []
        found: list[bytes] = []
        for bundle in range(n, -(-end // WIDTH)):
            try:
                found += read_bundle(self._source, bundle, min(WIDTH, end - bundle * WIDTH))
            except NotInStore as error:
                raise Alarm("missing", f"The main system's store lacks {bundle_path(bundle)}, which it signed for.") from error
            except Malformed as error:
                raise Alarm("altered", f"{bundle_path(bundle)} in the main system's store is damaged: {error}.") from error
        if found[:width] != head:
            raise Alarm("altered", f"{bundle_path(n)} in the main system's store is not what it was: we hold what it signed.")
        return Piece(start, head, found[width:], leaf_hashes(found[width:]))

    def _keep(self, piece: Piece) -> None:
        files = list(grow_bundles(piece.start, piece.head, piece.new))
        files += grow_tiles(piece.start, piece.leaves, tile_reader(self._mirror))
        try:
            with ThreadPoolExecutor(_FILES_AT_ONCE) as pool:
                list(pool.map(lambda file: self._mirror.create(*file), files))
        except StoreConflict as error:
            raise Alarm(
                "own copy", f"Our own copy already has {error.path} with other content. Find out who wrote it."
            ) from error

    def _why_not(self, held: Held, goal: Checkpoint, note: bytes, found: Alarm | None = None) -> Alarm:
        """Say why the entries do not give the root that main signed: another history first of all, then what was found."""
        read = tile_reader(self._source)
        try:
            if root_at(goal.size, read) != goal.root:
                words = "The main system's tiles and entries are not those that it signed for. We keep what we have."
                return found or Alarm("altered", words, note)
            check_consistency(held.size, held.root, goal.size, goal.root, consistency_proof(held.size, goal.size, read))
        except ProofRejected:
            return _forked(held.size, note)
        except NotInStore as error:
            return found or Alarm("missing", f"A tile is missing in the main system's store: {error}.", note)
        except Malformed as error:
            return found or Alarm("altered", f"A tile in the main system's store is damaged: {error}.", note)
        words = (
            f"Some entry after {held.size:,} in the main system's store is not the one that it signed for. We keep what we have."
        )
        return found or Alarm("altered", words, note)

    # Cosigning --------------------------------------------------------------------------------------------

    def _cosign(self, held: Held, tree: Checkpoint, note: bytes, frontier: bytes | None) -> None:
        """Remember the tree, and only then show our cosignature. Where another follower was quicker, look again."""
        at = max(self._clock(), held.cosigned_at or self._clock())
        plain = only_lines_of(note, [self._log])
        signed = add_line(plain, self._cosigner.cosign(tree.format(), int(at.timestamp())))
        to = replace(held, size=tree.size, root=tree.root, frontier=frontier, note=signed, cosigned_at=at)
        if not state.advance(self._db, held, to):
            self._held = None
            return
        self._mirror.replace("checkpoint", signed)
        self._held = to
        tidy(self._mirror, held.size, tree.size)


def _edges(start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        upto = min(end, (start // STEP + 1) * STEP)
        yield start, upto
        start = upto


def _forked(size: int, note: bytes) -> Alarm:
    words = f"The main system's record was rewritten: up to entry {size:,} it is not the one that we hold and that it signed."
    return Alarm("forked", f"{words} We keep what we have, and the note that proves it.", note)
