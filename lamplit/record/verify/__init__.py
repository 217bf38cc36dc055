"""Checks a published store from its files and a public key alone: the way an outsider would.

Every entry is hashed again, every tile compared byte for byte, the root derived twice (from the entries,
and from the tiles alone), every checkpoint held against the tree, every file accounted for. Nothing
here trusts or asks the system that wrote the store.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.note import NoteRejected, Verifier
from lamplit.record.proof import ProofFile, ProofRejected
from lamplit.record.store import NotInStore, Store, tile_reader
from lamplit.record.tiles import WIDTH, Frontier, Malformed, TileName, read_path, root_at, split_hashes, tile_path
from lamplit.record.verify.crew import Crew, cut
from lamplit.record.verify.history import check_blobs, check_checkpoints, check_earlier
from lamplit.record.verify.report import AGAIN, EARLIER, MAX_FAULTS, Fault, Report
from lamplit.record.verify.tree import Partials, check_unit, check_upper_tiles, units

__all__ = ["EARLIER", "MAX_FAULTS", "Fault", "ProofReport", "Report", "check_proof_file", "verify_store"]


def verify_store(
    store: Store,
    vkey: str,
    old: bytes | None = None,
    cosigners: Sequence[str] = (),
    need: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    processes: int = 1,
) -> Report:
    """Check everything that is published in `store` against the log's public key.

    `old`: an earlier checkpoint note that you kept. Without it or a witness, a full rewrite by a thief
    of the log's key looks like the truth. `cosigners`: vkeys of witnesses, of whom `need` (None: all)
    must have signed the checkpoint. `progress(entries done, entries in all)`. `processes` share the
    work where the store has an address. KeyRejected for a bad key; StoreUnavailable or OSError if the
    store cannot be read.
    """
    started = time.monotonic()
    report = Report()
    log, witnesses = Verifier.parse(vkey), [Verifier.parse(key) for key in cosigners]
    # Names first, the checkpoint second: what is published in between is then no stray file.
    names = _list_names(store, report)
    head = _open_head(store, log, witnesses, len(set(witnesses)) if need is None else need, report)
    if head is not None:
        with Crew(store, processes) as crew:
            _check_tree(crew, store, _partials(names.tiles, head.size, report), head, report, progress)
            for faults in crew.run(check_checkpoints, ((sizes, log, head) for sizes in cut(names.checkpoints, 500))):
                report.add(faults)
            for faults in crew.run(check_blobs, cut(names.blobs, 8)):
                report.add(faults)
        report.checkpoints, report.blobs = len(names.checkpoints), len(names.blobs)
        if old is not None:
            report.add(check_earlier(old, store, log, head))
    report.seconds = time.monotonic() - started
    return report


class _Names(NamedTuple):
    """The names in a store, sorted by what is done with them."""

    tiles: list[TileName]
    checkpoints: list[int]
    blobs: list[str]


def _list_names(store: Store, report: Report) -> _Names:
    """Read every name under tile/, checkpoints/ and blobs/. One that cannot be ours is a fault."""
    names = _Names([], [], [])
    if not store.can_list:
        words = "This store cannot list its files: we checked no old checkpoints or blobs and looked for no stray files."
        report.unchecked.append(words)
        return names
    for path in store.list("tile"):
        try:
            names.tiles.append(read_path(path))
        except Malformed:
            report.wrong(f"{path} is not the name of a tile or a bundle. Nobody signed for this file.", path)
    for path in store.list("checkpoints"):
        if re.fullmatch(r"checkpoints/(0|[1-9][0-9]{0,18})", path):
            names.checkpoints.append(int(path.removeprefix("checkpoints/")))
        else:
            report.wrong(f"{path} is not the name of a checkpoint.", path)
    for path in store.list("blobs"):
        if re.fullmatch(r"blobs/[0-9a-f]{64}", path):
            names.blobs.append(path)
        else:
            report.wrong(f"{path} is not named by a SHA-256.", path)
    names.checkpoints.sort()  # neighbours share tiles
    return names


def _open_head(store: Store, log: Verifier, witnesses: Sequence[Verifier], need: int, report: Report) -> Checkpoint | None:
    """Return the store's signed checkpoint, or None with the fault noted."""
    try:
        head, opened = open_checkpoint(store.get("checkpoint"), log, witnesses)
    except NotInStore:
        report.wrong("The store has no checkpoint, so nobody signs for anything in it.", "checkpoint")
        return None
    except NoteRejected as error:
        report.wrong(f"The checkpoint cannot be believed: {error}.", "checkpoint")
        return None
    report.origin, report.size, report.root = head.origin, head.size, head.root
    report.cosigned = opened.times(witnesses)
    if len(report.cosigned) < need:
        words = f"{len(report.cosigned)} of the witnesses that you named signed the checkpoint; you ask for {need}."
        report.wrong(f"{words} {AGAIN}", "checkpoint")
    return head


def _partials(tiles: Sequence[TileName], size: int, report: Report) -> Partials:
    """Return the partial tiles that stand beside longer ones. What reaches beyond the tree is a fault."""
    partials: dict[tuple[int | None, int], list[int]] = {}
    for level, n, width in tiles:
        in_level = size >> 8 * (level or 0)
        if n * WIDTH + width > in_level:
            path = tile_path(level, n, width)
            report.wrong(f"{path} reaches beyond the {size} entries that are signed for. {AGAIN}", path)
        elif width < WIDTH and n * WIDTH + width < in_level:
            partials.setdefault((level, n), []).append(width)
    return partials


def _check_tree(
    crew: Crew,
    store: Store,
    partials: Partials,
    head: Checkpoint,
    report: Report,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Hash every entry, compare every tile, and derive the root from the entries and from the tiles."""
    frontier = Frontier()
    roots: list[bytes] = []  # of the full tiles at level 0, 8 MB for 64 million entries
    for checked in crew.run(check_unit, units(head.size, partials)):
        report.add(checked.faults)
        if report.full:  # every further sentence would say the same
            return
        unit_roots = split_hashes(checked.roots)
        roots += unit_roots
        frontier.extend(unit_roots, 8)
        frontier.extend(split_hashes(checked.tail))
        if progress is not None:
            progress(frontier.size, head.size)
    if frontier.root() != head.root:
        report.wrong("The entries are not those that the checkpoint signs for: they give another root.", "checkpoint")
    report.add(check_upper_tiles(store, roots, partials))
    try:
        if root_at(head.size, tile_reader(store)) != head.root:
            report.wrong("The tiles are not those that the checkpoint signs for: they give another root.", "checkpoint")
    except (NotInStore, Malformed) as error:
        report.wrong(f"The tiles give no root: {error}.", "checkpoint")


# A proof on its own -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProofReport:
    """What a proof file proves. `words` is the sentence to show; `entry` the bytes proved, if it is ok."""

    ok: bool
    words: str
    index: int | None = None
    size: int | None = None
    entry: bytes | None = None
    cosigned: dict[str, int] = field(default_factory=dict)  # witness -> Unix seconds


def check_proof_file(
    data: bytes, vkey: str, entry: bytes | None = None, cosigners: Sequence[str] = (), need: int | None = None
) -> ProofReport:
    """Check a proof file without any store: that `entry` was in the record when its checkpoint was signed.

    Without `entry` the bytes that the file carries as `extra` are taken for it: the proof covers them.
    `need` of `cosigners` (None: all) must have signed. KeyRejected for a bad key.
    """
    log, witnesses = Verifier.parse(vkey), [Verifier.parse(key) for key in cosigners]
    try:
        proof = ProofFile.parse(data)
        claimed = proof.extra if entry is None else entry
        if claimed is None:
            return ProofReport(False, "The proof file does not carry the entry. Give the entry as well.", proof.index)
        wanted = len(set(witnesses)) if need is None else need
        checkpoint, opened = proof.check(claimed, log, witnesses, wanted)
    except ProofRejected as error:
        return ProofReport(False, str(error))
    except NoteRejected as error:
        return ProofReport(False, f"The checkpoint in the proof cannot be believed: {error}.")
    words = f"This is entry {proof.index} of the record {checkpoint.origin}, signed at {checkpoint.size} entries."
    return ProofReport(True, words, proof.index, checkpoint.size, claimed, opened.times(witnesses))
