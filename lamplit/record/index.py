"""The index of a store: which blobs and key files came with which entries. So nobody need list a store to follow it.

    index/<N>         what came with entries N * SPAN to (N + 1) * SPAN: one path a line
    index/<N>.p/<W>   what came with the first W of them; replaced by the full one, as a partial tile is

Made once, before the checkpoint that ends there. Nobody signs it: to leave a name out is as to delete its file. A key file may
have gone since, when its time was over.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from lamplit.record.generations import key_files
from lamplit.record.store import NotInStore, Store
from lamplit.record.tiles import tile_path

SPAN = 1024  # entries: a full index has a few hundred names, a partial one is read for each new checkpoint
_PATH = re.compile(r"index/((?:x\d{3}/)*\d{3})(?:\.p/(\d+))?", re.ASCII)


def index_path(n: int, width: int = SPAN) -> str:
    """Return where index `n` is, e.g. `index/x001/067` or `index/000.p/17`."""
    return tile_path(0, n).replace("tile/0", "index", 1) + ("" if width == SPAN else f".p/{width}")


def reaches(path: str) -> int | None:
    """Return the size up to which an index file goes; None for any other name."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    return int(match[1].replace("x", "").replace("/", "")) * SPAN + int(match[2] or SPAN)


def spans(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield number and width of each index that tells of entries start..end, in a log of size `end`."""
    for n in range(start // SPAN, -(-end // SPAN)):
        yield n, min(SPAN, end - n * SPAN)


def names_between(store: Store, start: int, end: int) -> list[str]:
    """Return what came with entries start..end, and some that came just before. NotInStore where a store has no index there."""
    wanted = list(spans(start, end))
    found = store.get_many([index_path(n, width) for n, width in wanted])
    names: list[str] = []
    for (n, _), data in zip(wanted, found, strict=True):
        names += (data if data is not None else store.get(index_path(n))).decode().splitlines()
    return names


def write_index(
    store: Store, start: int, end: int, new: Iterable[str], blobs: Callable[[int, int], Sequence[tuple[str, int]]]
) -> None:
    """Write the index of entries start..end. `new`: key files that came with them. `blobs(after, upto)`: names, with the size
    at which each came. In a store without an index, the index of all before is written too."""
    if not end:
        return
    keys = _keys_before(store, start)
    if keys is None:
        keys, start = [file.path for file in key_files(store) if file.size <= end], 0
    wanted = list(spans(start, end))
    came: dict[int, list[str]] = {n: [] for n, _ in wanted}
    for name, at in blobs(wanted[0][0] * SPAN, end):
        came[(at - 1) // SPAN].append(f"blobs/{name}")
    for n, width in wanted:
        names = sorted(came[n])
        names += dict.fromkeys([*(keys if n == wanted[0][0] else []), *(new if n == wanted[-1][0] else [])])
        path = index_path(n, width)
        if not store.exists(path):  # one that a killed publisher made is as good
            store.create(path, "".join(f"{name}\n" for name in names).encode())


def _keys_before(store: Store, start: int) -> list[str] | None:
    """Return the key files that the index names so far in the span that goes on at `start`; None in a store without an index."""
    if not start:
        return []
    n, width = next(spans(start - 1, start))
    try:
        names = store.get(index_path(n, width)).decode().splitlines()
    except NotInStore:
        return None
    return [] if width == SPAN else [name for name in names if name.startswith("keys/")]
