"""Holds earlier checkpoints, and the blobs of a store, against what was verified."""

from hashlib import sha256

from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.note import NoteRejected, Verifier
from lamplit.record.store import NotInStore, Store, reader_within
from lamplit.record.tiles import Malformed, ReadTile, root_at
from lamplit.record.verify.report import AGAIN, EARLIER, Fault


def check_checkpoints(store: Store, work: tuple[list[int], Verifier, Checkpoint]) -> list[Fault]:
    """Hold the checkpoints filed under some sizes against the tree, whose tiles are checked. Runs in a worker."""
    sizes, log, head = work
    read = reader_within(store, head.size)
    paths = [f"checkpoints/{size}" for size in sizes]
    faults = []
    for size, path, note in zip(sizes, paths, store.get_many(paths), strict=True):
        words = "is missing." if note is None else _disagreement(note, size, log, head, read)
        if words:
            faults.append(Fault(f"{path} {words}", path))
    return faults


def _disagreement(note: bytes, size: int, log: Verifier, head: Checkpoint, read: ReadTile) -> str:
    """Say what is wrong with the checkpoint filed under `size`, or return an empty string."""
    try:
        checkpoint, _ = open_checkpoint(note, log)
    except NoteRejected as error:
        return f"cannot be believed: {error}."
    if checkpoint.size != size:
        return f"is a checkpoint of {checkpoint.size} entries."
    if size > head.size:
        return f"is signed, and the store shows only {head.size} entries: the end was cut off. {AGAIN}"
    try:
        same = root_at(size, read) == checkpoint.root
    except (NotInStore, Malformed) as error:
        return f"cannot be checked: {error}."
    return "" if same else "is signed and at odds with the entries: one of the two was made up."


def check_earlier(old: bytes, store: Store, log: Verifier, head: Checkpoint) -> list[Fault]:
    """Hold the checkpoint note that the reader kept against the tree, whose tiles have been checked."""
    words = ""
    try:
        earlier, _ = open_checkpoint(old, log)
        if earlier.size > head.size:
            words = f"You saw a record of {earlier.size} entries and the store shows {head.size}: the end was cut off."
        elif root_at(earlier.size, reader_within(store, head.size)) != earlier.root:
            words = f"The first {earlier.size} entries are not those you saw: the record was rewritten."
    except NoteRejected as error:
        words = f"The earlier checkpoint that you gave cannot be believed: {error}."
    except (NotInStore, Malformed) as error:
        words = f"The earlier checkpoint cannot be checked: {error}."
    return [Fault(words, EARLIER)] if words else []


def check_blobs(store: Store, paths: list[str]) -> list[Fault]:
    """Hash each blob: its name must be its SHA-256. Runs in a worker."""
    return [
        Fault(f"{path} was changed: its content has another SHA-256.", path)
        for path, data in zip(paths, store.get_many(paths), strict=True)
        if data is not None and sha256(data).hexdigest() != path.removeprefix("blobs/")
    ]
