"""The index: what came with which entries is found without listing, whatever was cut off, and in a store that had none."""

import pytest

from lamplit.record import index
from lamplit.record.index import index_path, names_between, reaches, write_index
from lamplit.record.publish import tidy
from lamplit.record.store import NotInStore, Store, open_store

BLOBS = {3: "a", 1024: "b", 1025: "c", 2049: "d", 2500: "e"}


def blobs(after: int, upto: int) -> list[tuple[str, int]]:
    return [(name, at) for at, name in BLOBS.items() if after < at <= upto]


def grown(*sizes: int) -> Store:
    store, start = open_store("memory:///"), 0
    for end in sizes:
        store.create(f"keys/contact/{start}-{end}.age", b"")
        write_index(store, start, end, [f"keys/contact/{start}-{end}.age"], blobs)
        tidy(store, start, end)
        start = end
    return store


def test_paths_say_how_far_they_reach() -> None:
    assert index_path(0) == "index/000"
    assert index_path(1234, 7) == "index/x001/234.p/7"
    assert [reaches(path) for path in ("index/000", "index/x001/234.p/7", "index/x", "tile/0/000")] == [1024, 1263623, None, None]


@pytest.mark.parametrize("sizes", [(2500,), (3, 1000, 1024, 1025, 2049, 2500), (1000, 1100, 2500)])
def test_every_name_is_found_from_anywhere(sizes: tuple[int, ...]) -> None:
    store = grown(*sizes)
    start = 0
    for end in (0, *sizes):
        for to in [size for size in sizes if size > end]:
            found = names_between(store, end, to)
            came = {f"blobs/{name}" for at, name in BLOBS.items() if end < at <= to}
            bounds = list(zip((0, *sizes), sizes, strict=False))
            assert came | {f"keys/contact/{a}-{b}.age" for a, b in bounds if end <= a < to} <= set(found)
        start = end
    assert start == 2500
    full = [path for path in store.list("index") if ".p/" not in path]
    assert sorted(full) == ["index/000", "index/001"]
    left = [path for path in store.list("index") if ".p/" in path]
    assert all(path.startswith("index/002.p/") for path in left)  # a full one takes the place of those before it


def test_a_publisher_that_was_killed_leaves_an_index_that_is_as_good() -> None:
    store = grown(900)
    write_index(store, 900, 1100, ["keys/contact/900-1100.age"], blobs)
    write_index(store, 900, 1100, ["keys/contact/900-1100.age", "keys/contact/generation-900.age"], blobs)
    write_index(store, 900, 1200, ["keys/contact/900-1200.age"], blobs)
    assert set(names_between(store, 900, 1200)) == {
        "blobs/a", "blobs/b", "blobs/c", "keys/contact/0-900.age", "keys/contact/900-1200.age",
    }  # fmt: skip


def test_a_store_that_had_none_gets_all_of_it_with_the_next_entries() -> None:
    store = open_store("memory:///")
    store.create("keys/contact/0-2049.age", b"")
    store.create("keys/contact/9000-9001.age", b"")
    with pytest.raises(NotInStore):
        names_between(store, 0, 2049)
    write_index(store, 2049, 2500, ["keys/contact/2049-2500.age"], blobs)
    whole = {*(f"blobs/{name}" for name in BLOBS.values()), "keys/contact/0-2049.age", "keys/contact/2049-2500.age"}
    assert set(names_between(store, 0, 2500)) == whole
    assert list(index.spans(0, 2500)) == [(0, 1024), (1, 1024), (2, 452)]
