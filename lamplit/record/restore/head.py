"""How far a store has the log: the largest size that the log signed. And moving out of the way what nobody signed for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lamplit.record.checkpoint import open_checkpoint
from lamplit.record.generations import key_files
from lamplit.record.index import reaches
from lamplit.record.note import NoteRejected, Verifier
from lamplit.record.store import NotInStore, Store, read_bundle
from lamplit.record.tiles import HASH, WIDTH, Malformed, bundle_path, encode_bundle, read_path, tile_path

_CHECKPOINT = re.compile(r"checkpoints/(0|[1-9][0-9]{0,18})", re.ASCII)


class CannotRestore(Exception):  # noqa: N818 - the sentence says why
    """The record cannot be brought back like this. Nothing was changed."""


@dataclass(frozen=True)
class Head:
    """A tree that the log signed: the signed note, its size and its root."""

    note: bytes
    size: int
    root: bytes


def newest_head(store: Store, log: Verifier) -> Head | None:
    """Return the largest tree that the log signed and this store shows; None when it shows nothing.

    The pointer may stand behind: a publisher died just before it moved, or somebody set it back. Everything that a filed
    checkpoint names is in the store before it is. CannotRestore when the pointer is not signed by the log and nothing else is.
    """
    shown, why = _opened(store, "checkpoint", log)
    least = shown.size if shown else -1
    for size in sorted((size for size in _filed(store) if size > least), reverse=True):
        head, _ = _opened(store, f"checkpoints/{size}", log)
        if head is not None and head.size == size:
            return head
    if shown is None and why:
        raise CannotRestore(
            f"Nothing in the store is signed by the log key of this installation ({why})."
            " If `lamplit init` made that key here, put your copy of the log's own key in its place."
        )
    return shown


def _filed(store: Store) -> Iterator[int]:
    for path in store.list("checkpoints"):
        if match := _CHECKPOINT.fullmatch(path):
            yield int(match[1])


def _opened(store: Store, path: str, log: Verifier) -> tuple[Head | None, str]:
    """Return a signed checkpoint of the store, or None and why it cannot be believed; nothing to say when there is none."""
    try:
        note = store.get(path)
        checkpoint, _ = open_checkpoint(note, log)
    except NotInStore:
        return None, ""
    except NoteRejected as error:
        return None, str(error)
    return Head(note, checkpoint.size, checkpoint.root), ""


def beyond(store: Store, size: int) -> Iterator[str]:
    """Yield the files that reach beyond the first `size` entries.

    A publisher that died left them. Nobody signed for them, and they would stand where the next entries must go.
    """
    for path in store.list("tile"):
        try:
            level, n, width = read_path(path)
        except Malformed:
            continue
        if n * WIDTH + width > size >> 8 * (level or 0):
            yield path
    yield from (f"checkpoints/{filed}" for filed in _filed(store) if filed > size)
    yield from (file.path for file in key_files(store) if file.size > size)
    yield from (path for path in store.list("index") if (reaches(path) or 0) > size)


def keep_end(store: Store, size: int) -> None:
    """Make the last bundle and tiles of a log of `size` entries where only fuller ones are: those are about to be moved aside."""
    n, width = divmod(size, WIDTH)
    if width and not store.exists(bundle_path(n, width)):
        store.create(bundle_path(n, width), encode_bundle(read_bundle(store, n, width)))
    level = 0
    while in_level := size >> 8 * level:
        n, width = divmod(in_level, WIDTH)
        if width and not store.exists(tile_path(level, n, width)):
            store.create(tile_path(level, n, width), store.get(tile_path(level, n))[: width * HASH])
        level += 1


def set_aside(store: Store, size: int, at: datetime) -> list[str]:
    """Move what reaches beyond the first `size` entries to `aside/<time>/`. Returns the paths that it had."""
    paths = list(beyond(store, size))
    for path in paths:
        store.create(f"aside/{at:%Y%m%dT%H%M%SZ}/{path}", store.get(path))
        store.delete(path)
    return paths
