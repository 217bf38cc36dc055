"""How far cosigners stand for what a store shows: a thief of the log's key alone can sign a record of his own making."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from lamplit.record.checkpoint import Checkpoint, open_checkpoint
from lamplit.record.note import NoteRejected, Verifier, only_lines_of
from lamplit.record.restore.head import CannotRestore, Head
from lamplit.record.store import NotInStore, Store

Marks = dict[int, list[tuple[bytes, str]]]


@dataclass(frozen=True)
class Cosigners:
    """Whose word counts beside the log's own. `notes`: checkpoints that they signed, from elsewhere than the store.

    `only`: bring back what they signed for, and leave out what the log's key alone signed beyond it.
    """

    keys: Sequence[Verifier]
    notes: Sequence[bytes] = ()
    only: bool = False


def covered(store: Store, log: Verifier, asked: Cosigners, head: Head, marks: Marks) -> Head:
    """Return the head to restore. CannotRestore unless a cosigner stands for it; what else they signed is added to `marks`."""
    signed = list(_signed(store, log, asked))
    if not signed:
        raise CannotRestore(
            "No cosigner that you named has signed for this record: whoever holds the log's key alone could have made it."
            " Give the standby's mirror as the store, or say where its checkpoint is with --cosigned FILE-OR-ADDRESS."
        )
    for _, tree, who in signed:
        _agrees(tree, who, head, marks)
    note, tree, who = max(signed, key=lambda one: one[1].size)
    if tree.size == head.size:
        return head
    if not asked.only:
        raise CannotRestore(
            f"The log's key alone signed for entries {tree.size:,} to {head.size - 1:,} of this store: no cosigner holds them."
            " They may be the last seconds before the loss, or the work of whoever stole that key. Nothing was changed."
            f" To bring back the {tree.size:,} that {who} holds and leave the rest out, add --only-cosigned."
        )
    return Head(only_lines_of(note, [log]), tree.size, tree.root)


def _signed(store: Store, log: Verifier, asked: Cosigners) -> list[tuple[bytes, Checkpoint, str]]:
    """Return each checkpoint that a named cosigner signed, with the cosigner's name."""
    found = []
    for given, note in chain(((False, note) for note in _shown(store)), ((True, note) for note in asked.notes)):
        try:
            tree, opened = open_checkpoint(note, log, asked.keys)
        except NoteRejected as error:
            if given:
                raise CannotRestore(f"The cosigned checkpoint that you gave cannot be believed: {error}.") from error
            continue  # whoever reads the store's head says why
        names = opened.times(asked.keys)
        if given and not names:
            raise CannotRestore("The checkpoint that you gave with --cosigned is not signed by any cosigner that you named.")
        found += [(note, tree, name) for name in names]
    return found


def _shown(store: Store) -> list[bytes]:
    try:
        return [store.get("checkpoint")]
    except NotInStore:
        return []


def _agrees(tree: Checkpoint, who: str, head: Head, marks: Marks) -> None:
    if tree.size > head.size:
        raise CannotRestore(
            f"{who} holds {tree.size:,} entries of this record and the store shows {head.size:,}: the end was cut off,"
            " or its pointer was set back. Restore from the standby's mirror."
        )
    words = (
        f"This store's record is forked: up to entry {tree.size:,} it is not the one that {who} signed for."
        " Somebody rewrote it with the log's own key. Nothing was changed. Restore from the standby's mirror."
    )
    if tree.size == head.size and tree.root != head.root:
        raise CannotRestore(words)
    marks.setdefault(tree.size, []).append((tree.root, words))
