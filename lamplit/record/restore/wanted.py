"""What a restore is asked for, what it says of itself, and what it looks at in the stores before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pyrage

from lamplit.basics.who import By
from lamplit.record.checkpoint import open_checkpoint
from lamplit.record.encode import Codec
from lamplit.record.note import NoteRejected, Verifier
from lamplit.record.restore.cosigned import Cosigners, Marks, covered
from lamplit.record.restore.head import CannotRestore, Head, keep_end, newest_head, set_aside
from lamplit.record.store import Store, StoreUnavailable
from lamplit.record.wiring import Wiring


@dataclass(frozen=True)
class Wanted:
    """What to bring back, from where, and who asks.

    `name`: what the publisher calls the store, None when it does not publish there. `others`: the other stores that it
    publishes to. `old`: a signed checkpoint that somebody kept. `without`: entries that a person leaves out. `readers`: who
    follows the sealed record. `alone`: locks that whoever works on the database holds, beside the sealer's. `cosigners`: who
    must stand for the record beside its own key; None asks nobody.
    """

    store: Store
    log: Verifier
    codec: Codec
    wiring: Wiring
    by: By
    at: datetime
    name: str | None = None
    others: Mapping[str, Store] = field(default_factory=dict)
    identities: Sequence[pyrage.x25519.Identity] = ()
    old: bytes | None = None
    without: frozenset[int] = frozenset()
    readers: Sequence[str] = ()
    alone: Sequence[int] = ()
    cosigners: Cosigners | None = None


@dataclass
class Restored:
    """What came back. `held`: entries before; `lost`: keys that no file has; `wrong`: blobs that are not what they should be."""

    held: int
    size: int
    root: bytes
    lost: int = 0
    withheld: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    aside: dict[str, list[str]] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)  # stores that could not be looked at
    keys: bool = False  # no entry was missing, but keys were
    nothing: bool = False  # neither was missing
    seconds: float = 0.0


def look(wanted: Wanted) -> tuple[Head, Marks, list[str]]:
    """Return the head to restore, earlier roots that it must contain, and the stores that could not be looked at."""
    if not wanted.store.can_list:
        raise CannotRestore("A web address cannot list its files, so keys would be missed. Copy the store into a folder first.")
    head = newest_head(wanted.store, wanted.log)
    if head is None:
        raise CannotRestore("The store has no checkpoint: nothing is published there.")
    if head.size == 0:
        raise CannotRestore("The log in the store is empty: there is nothing to bring back.")
    marks, unseen = Marks(), list[str]()
    if wanted.cosigners is not None:
        head = covered(wanted.store, wanted.log, wanted.cosigners, head, marks)
    if wanted.old is not None:
        _mark_old(wanted, head, marks)
    for name, other in wanted.others.items():
        try:
            shown = newest_head(other, wanted.log) if other.can_list else None
        except (StoreUnavailable, OSError):
            unseen.append(name)
            continue
        if shown is not None and shown.size > head.size:
            if wanted.cosigners is not None and wanted.cosigners.only:
                continue  # what no cosigner holds is left out there too
            raise CannotRestore(
                f"The store {name} holds {shown.size:,} entries and this one only {head.size:,}. Restore from that one."
            )
        if shown is not None:
            words = f"The store {name} and this one have different histories up to entry {shown.size:,}."
            marks.setdefault(shown.size, []).append((shown.root, f"{words} Nothing was changed. Find out which one is right."))
    return head, marks, unseen


def _mark_old(wanted: Wanted, head: Head, marks: Marks) -> None:
    try:
        old, _ = open_checkpoint(wanted.old or b"", wanted.log)
    except NoteRejected as error:
        raise CannotRestore(f"The earlier checkpoint that you gave cannot be believed: {error}.") from error
    if old.size > head.size:
        raise CannotRestore(
            f"You saw a record of {old.size:,} entries and the store shows {head.size:,}: the end was cut off."
            " Restore from another store."
        )
    words = f"The first {old.size:,} entries are not those you saw: the record was rewritten. Restore from another store."
    marks.setdefault(old.size, []).append((old.root, words))


def clear_the_way(wanted: Wanted, head: Head, done: Restored) -> None:
    """Move what reaches beyond the restored log out of the way in every store, so that the next entries find their place."""
    stores = dict(wanted.others) | ({wanted.name: wanted.store} if wanted.name else {})
    for name, store in stores.items():
        try:
            paths = _set_aside(wanted, store, head) if store.can_list and name not in done.unseen else []
        except (StoreUnavailable, OSError):
            done.unseen.append(name)
            continue
        if paths:
            done.aside[name] = paths


def _set_aside(wanted: Wanted, store: Store, head: Head) -> list[str]:
    """Move it aside; the pointer first, where a person left out what it shows, so that it never names what is not there."""
    if wanted.cosigners is not None and wanted.cosigners.only:
        shown = newest_head(store, wanted.log)
        if shown is not None and shown.size > head.size:
            keep_end(store, head.size)
            store.create(f"aside/{wanted.at:%Y%m%dT%H%M%SZ}/checkpoint", shown.note)
            store.replace("checkpoint", head.note)
    return set_aside(store, head.size, wanted.at)
