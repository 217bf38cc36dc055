"""Stores: made once, never changed, kept when they say so. The same tests on a folder, in memory, and on buckets of a real S3
API, one of them with object lock. What that service does not enforce is said in tests/bucket.py."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from lamplit.record.store import (
    BucketStore,
    FolderStore,
    NotInStore,
    Store,
    StoreConflict,
    StoreUnavailable,
    open_store,
    read_bundle,
    tile_reader,
)
from lamplit.record.tiles import Malformed
from tests.attack.log_builder import LogBuilder, entries
from tests.web import served


@pytest.fixture(params=["folder", "memory", "bucket", "locked"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param in ("folder", "memory"):
        return open_store(tmp_path / "store" if request.param == "folder" else "memory:///")
    locked = request.param == "locked"
    bucket = request.getfixturevalue("s3").bucket(lock=locked)
    return open_store(f"s3://{bucket.name}/record" + "?lock=10y" * locked, options=bucket.options())


def test_what_was_created_can_be_read(store: Store) -> None:
    assert not store.exists("tile/0/000")
    store.create("tile/0/000", b"abc")
    assert store.exists("tile/0/000")
    assert store.get("tile/0/000") == b"abc"
    assert store.get_many(["tile/0/000", "tile/0/001"]) == [b"abc", None]


def test_creating_the_same_bytes_again_is_fine_and_other_bytes_are_not(store: Store) -> None:
    store.create("tile/0/000", b"abc")
    store.create("tile/0/000", b"abc")
    with pytest.raises(StoreConflict, match="already has tile/0/000"):
        store.create("tile/0/000", b"abd")
    assert store.get("tile/0/000") == b"abc"


def test_the_pointer_moves(store: Store) -> None:
    store.replace("checkpoint", b"one")
    store.replace("checkpoint", b"two")
    assert store.get("checkpoint") == b"two"


def test_what_is_not_there_says_so(store: Store) -> None:
    store.create("tile/0/000.p/1", b"")
    for path in ("checkpoint", "tile/0", "tile/0/000.p", "tile/0/000.p/1/x"):
        with pytest.raises(NotInStore, match="is not there"):
            store.get(path)
        assert not store.exists(path)


def test_a_listing_has_every_file_below_a_folder_and_no_other(store: Store) -> None:
    paths = {"checkpoint", "checkpoints/1", "tile/0/000", "tile/0/x001/000.p/7", "tile/entries/000"}
    for path in paths:
        store.create(path, b"x")
    assert set(store.list("tile")) == {path for path in paths if path.startswith("tile/")}
    assert set(store.list("checkpoints")) == {"checkpoints/1"}
    assert list(store.list("blobs")) == []


def test_a_key_file_can_be_deleted_twice(store: Store) -> None:
    store.create("keys/contact/0-1.age", b"x")
    store.delete("keys/contact/0-1.age")
    store.delete("keys/contact/0-1.age")
    store.delete("keys/contact/was-never.there")
    assert not store.exists("keys/contact/0-1.age")


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../outside", "tile/../../outside", "tile//0", "tile/", "a\\b", "a\0b", "."])
def test_no_path_leads_out_of_a_store(store: Store, path: str) -> None:
    with pytest.raises(ValueError, match="no path in a store"):
        store.get(path)
    with pytest.raises(ValueError, match="no path in a store"):
        store.create(path, b"x")


def test_a_store_says_whether_it_can_be_opened_again_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_store(f"file://{tmp_path}/a%20store")
    folder.create("checkpoint", b"x")
    assert folder.address == str(tmp_path / "a store")
    assert open_store(folder.address).get("checkpoint") == b"x"
    assert open_store("memory:///").address is None
    assert open_store("https://store.example").address == "https://store.example"
    locked = open_store("s3://bucket/record?lock=90d", options={"access_key_id": "a", "secret_access_key": "b"})
    assert (locked.address, locked.locked, locked.can_list) == (None, True, True)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    assert open_store("s3://bucket/record?lock=2y").address == "s3://bucket/record?lock=2y"
    for wrong in ("s3://bucket/record?lock=", "s3://bucket/record?lock=0d", "https://store.example?lock=1y"):
        with pytest.raises(ValueError, match=r"lock=10y"):
            open_store(wrong)
    assert open_store("https://store.example", options={"retry_config": {"max_retries": 0}}).address is None


# Folders ----------------------------------------------------------------------------------------------------


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is flushed to the disk, in order, by the names the files have at that moment."""
    seen: list[str] = []
    really = os.fsync

    def fsync(handle: int) -> None:
        seen.append(os.readlink(f"/proc/self/fd/{handle}"))
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


def test_a_durable_folder_flushes_the_file_before_its_name_and_then_the_name(tmp_path: Path, flushed: list[str]) -> None:
    folder = open_store(tmp_path / "store")
    folder.create("tile/0/000", b"abc")
    assert [Path(path).parent.name for path in flushed if ".incoming/" in path] == [".incoming"]
    assert flushed[-1] == str(tmp_path / "store/tile/0")
    assert {str(tmp_path), str(tmp_path / "store"), str(tmp_path / "store/tile")} <= set(flushed)
    del flushed[:]
    folder.replace("checkpoint", b"abc")
    assert "/.incoming/" in flushed[0]
    assert flushed[1:] == [str(tmp_path / "store")]


def test_creating_again_after_a_cut_flushes_what_an_earlier_try_left(tmp_path: Path, flushed: list[str]) -> None:
    open_store(tmp_path, durable=False).create("tile/0/000", b"abc")
    assert flushed == []
    open_store(tmp_path).create("tile/0/000", b"abc")
    assert str(tmp_path / "tile/0/000") in flushed
    assert flushed[-1] == str(tmp_path / "tile/0")


def test_nothing_is_left_behind_in_a_folder(tmp_path: Path) -> None:
    folder = open_store(tmp_path)
    folder.create("checkpoints/1", b"abc")
    folder.replace("checkpoint", b"abc")
    with pytest.raises(StoreConflict):
        folder.create("checkpoints/1", b"abd")
    assert set(folder.list()) == {"checkpoints/1", "checkpoint"}


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_store(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for write in (folder.create, folder.replace):
        with pytest.raises(OSError, match="No space left"):
            write("checkpoint", b"abc")
    assert not folder.exists("checkpoint")
    assert list((tmp_path / ".incoming").iterdir()) == []


def test_what_a_kill_cut_off_is_no_part_of_the_store(tmp_path: Path) -> None:
    folder = open_store(tmp_path)
    folder.create("checkpoint", b"abc")
    (tmp_path / ".incoming/0123").write_bytes(b"half")
    assert list(folder.list()) == ["checkpoint"]


def test_many_writers_of_one_name_agree_on_one_content(tmp_path: Path) -> None:
    outcomes: list[bytes] = []

    def write(content: bytes) -> None:
        try:
            FolderStore(tmp_path).create("tile/0/000", content)
            outcomes.append(content)
        except StoreConflict:
            pass

    writers = [threading.Thread(target=write, args=(bytes([i % 4]) * 9000,)) for i in range(16)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(set(outcomes)) == 1
    assert open_store(tmp_path).get("tile/0/000") == outcomes[0]


# A web address ----------------------------------------------------------------------------------------------


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Store]:
    LogBuilder(open_store(tmp_path, durable=False)).add(entries(300))
    with served(tmp_path) as address:
        yield open_store(address)


def test_a_web_address_can_be_read_and_not_listed(web: Store) -> None:
    assert read_bundle(web, 1, 44) == entries(300)[256:]
    assert not web.exists("tile/0/007")
    assert web.get_many(["tile/0/007", "nowhere"]) == [None, None]
    assert not web.can_list
    with pytest.raises(StoreUnavailable, match="cannot list"):
        list(web.list("tile"))


def test_a_store_that_is_away_is_not_an_empty_store() -> None:
    away = open_store("http://127.0.0.1:1", options={"retry_config": {"max_retries": 0}})
    for ask in (away.get, away.exists):
        with pytest.raises(StoreUnavailable):
            ask("checkpoint")


def test_a_web_address_is_only_for_reading(web: Store) -> None:
    for write in (web.create, web.replace):
        with pytest.raises(StoreUnavailable, match="only for reading"):
            write("checkpoint", b"x")
    with pytest.raises(StoreUnavailable, match="only for reading"):
        web.delete("checkpoint")


# Tiles in a store -------------------------------------------------------------------------------------------


def test_a_missing_partial_tile_is_cut_from_the_full_one(store: Store) -> None:
    builder = LogBuilder(store)
    builder.add(entries(300))
    tile = store.get("tile/0/000")
    assert tile_reader(store)(0, 0, 7) == tile[:224]
    assert read_bundle(store, 0, 7) == entries(7)
    with pytest.raises(NotInStore):
        tile_reader(store)(0, 1, 43)
    with pytest.raises(NotInStore):
        read_bundle(store, 5, 256)


def test_a_tile_of_another_length_is_refused(store: Store) -> None:
    store.create("tile/0/000.p/3", bytes(64))
    with pytest.raises(Malformed, match="should have 96 bytes and has 64"):
        tile_reader(store)(0, 0, 3)


def test_memory_is_a_bucket() -> None:
    assert isinstance(open_store("memory:///"), BucketStore)
