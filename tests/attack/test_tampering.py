"""Somebody changes a published store. A reader with the files and the public key must notice, and be told where."""

import base64
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lamplit.record.note import SigningKey
from lamplit.record.store import FolderStore, open_store
from lamplit.record.tiles import decode_bundle, encode_bundle
from lamplit.record.verify import EARLIER, Report, verify_store
from tests.attack.log_builder import COSIGNED_AT, LOG, WITNESS, LogBuilder, entries

pytestmark = pytest.mark.attack

FIRST, SIZE = 200, 700
TRUE = entries(SIZE)
FALSE = [*TRUE[:100], b"entry 100, as the intruder would have it", *TRUE[101:]]


@dataclass
class Published:
    """An honest store of 700 entries, published in two steps, and the notes its reader kept."""

    folder: Path
    first: bytes
    last: bytes

    def change(self, path: str, by: Callable[[bytes], bytes]) -> None:
        """Replace a file's bytes behind the store's back."""
        file = self.folder / path
        before = file.read_bytes()
        file.write_bytes(by(before))
        assert file.read_bytes() != before

    def change_entries(self, path: str, count: int, by: Callable[[list[bytes]], list[bytes]]) -> None:
        self.change(path, lambda data: encode_bundle(by(decode_bundle(data, count))))

    def rewrite(self, rows: list[bytes], key: SigningKey = LOG) -> None:
        """Put a store that was made from scratch, consistent in itself, in the place of the true one."""
        shutil.rmtree(self.folder)
        builder = LogBuilder(open_store(self.folder, durable=False), key)
        builder.add(rows[:FIRST])
        if len(rows) > FIRST:
            builder.add(rows[FIRST:])


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("honest")
    builder = LogBuilder(open_store(folder, durable=False), LOG, WITNESS)
    return Published(folder, builder.add(TRUE[:FIRST]), builder.add(TRUE[FIRST:]))


@pytest.fixture
def store(honest: Published, tmp_path: Path) -> Published:
    shutil.copytree(honest.folder, tmp_path / "store")
    return Published(tmp_path / "store", honest.first, honest.last)


def look(store: Published, *, old: bytes | None = None, cosigners: tuple[str, ...] = ()) -> Report:
    return verify_store(FolderStore(store.folder), LOG.vkey, old=old, cosigners=cosigners)


def finds(report: Report, words: str, path: str, index: int | None = None) -> None:
    """Fail unless the report names this fault, at this path and index, in a sentence that holds these words."""
    found = [(fault.words, fault.path, fault.index) for fault in report.faults]
    assert any(words in said and (where, at) == (path, index) for said, where, at in found), found


def flip(at: int) -> Callable[[bytes], bytes]:
    def by(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return by


def swap(a: int, b: int) -> Callable[[list[bytes]], list[bytes]]:
    def by(rows: list[bytes]) -> list[bytes]:
        rows[a], rows[b] = rows[b], rows[a]
        return rows

    return by


def test_the_honest_store_is_accepted(store: Published) -> None:
    report = look(store, old=store.first, cosigners=(WITNESS.vkey,))
    assert report.faults == []
    assert report.unchecked == []
    assert (report.origin, report.size, report.checkpoints) == (LOG.name, SIZE, 2)
    assert report.cosigned == {WITNESS.name: COSIGNED_AT}


# The fifteen that are rejected ------------------------------------------------------------------------------


def test_1_a_bit_of_an_entry(store: Published) -> None:
    store.change("tile/entries/001", flip(-1))
    report = look(store)
    finds(report, "Entry 511 in tile/entries/001 was changed", "tile/entries/001", 511)
    finds(report, "The entries are not those that the checkpoint signs for", "checkpoint")


def test_2_a_bit_of_a_tile_at_level_0(store: Published) -> None:
    store.change("tile/0/001", flip(5 * 32))
    finds(look(store), "or its hash in tile/0/001 was", "tile/entries/001", 261)


def test_3_a_bit_of_a_tile_at_level_1(store: Published) -> None:
    store.change("tile/1/000.p/2", flip(40))
    report = look(store)
    finds(report, "tile/1/000.p/2 does not follow from the entries below it", "tile/1/000.p/2")
    finds(report, "The tiles are not those that the checkpoint signs for", "checkpoint")


def test_4_two_entries_swapped(store: Published) -> None:
    store.change_entries("tile/entries/000", 256, swap(10, 20))
    finds(look(store), "Entry 10 in tile/entries/000 was changed", "tile/entries/000", 10)


def test_5_the_last_entry_dropped(store: Published) -> None:
    store.change_entries("tile/entries/002.p/188", 188, lambda rows: rows[:-1])
    finds(look(store), "should hold 188 entries and holds 187", "tile/entries/002.p/188", 512)


def test_6_a_bundle_deleted(store: Published) -> None:
    (store.folder / "tile/entries/001").unlink()
    finds(look(store), "is missing, and with it 256 entries from 256 on", "tile/entries/001", 256)


def test_7_the_size_edited(store: Published) -> None:
    store.change("checkpoint", lambda note: note.replace(b"\n700\n", b"\n699\n"))
    finds(look(store), "signature of landlord.example/record does not verify", "checkpoint")


def test_8_another_key_under_the_same_name(store: Published) -> None:
    store.rewrite(FALSE, SigningKey.from_seed(LOG.name, bytes(32)))
    finds(look(store), "none of the keys you trust has signed it", "checkpoint")


def test_9_a_full_rewrite_under_the_old_checkpoint(store: Published) -> None:
    store.rewrite(FALSE)
    shutil.rmtree(store.folder / "checkpoints")
    (store.folder / "checkpoint").write_bytes(store.last)
    report = look(store)
    finds(report, "The entries are not those that the checkpoint signs for", "checkpoint")
    finds(report, "The tiles are not those that the checkpoint signs for", "checkpoint")


def test_10_a_stolen_key_seen_by_a_reader_who_kept_a_checkpoint(store: Published) -> None:
    store.rewrite(FALSE)
    finds(look(store, old=store.first), "The first 200 entries are not those you saw", EARLIER)


def test_11_a_stolen_key_seen_by_a_reader_who_asks_for_a_witness(store: Published) -> None:
    store.rewrite(FALSE)
    finds(look(store, cosigners=(WITNESS.vkey,)), "0 of the witnesses that you named signed", "checkpoint")


def test_12_a_rollback_to_a_genuine_older_state(store: Published) -> None:
    store.rewrite(TRUE[:FIRST])
    assert look(store).ok
    words = "You saw a record of 700 entries and the store shows 200: the end was cut off."
    finds(look(store, old=store.last), words, EARLIER)


def test_13_an_unsigned_bundle_beyond_the_size(store: Published) -> None:
    FolderStore(store.folder).create("tile/entries/003", encode_bundle(entries(256)))
    finds(look(store), "reaches beyond the 700 entries that are signed for", "tile/entries/003")


def test_14_an_extra_empty_entry_in_a_bundle(store: Published) -> None:
    store.change("tile/entries/002.p/188", lambda data: data + b"\0\0")
    finds(look(store), "should hold 188 entries and holds 189", "tile/entries/002.p/188", 512)


def test_15_the_time_of_a_cosignature_changed(store: Published) -> None:
    def later(note: bytes) -> bytes:
        head, _, encoded = note.rstrip(b"\n").rpartition(b" ")
        blob = base64.b64decode(encoded)
        return head + b" " + base64.b64encode(blob[:11] + bytes([blob[11] ^ 1]) + blob[12:]) + b"\n"

    store.change("checkpoint", later)
    finds(look(store, cosigners=(WITNESS.vkey,)), "signature of witness.example/w1 does not verify", "checkpoint")


# The one that is accepted -----------------------------------------------------------------------------------


def test_a_full_rewrite_with_the_stolen_key_is_accepted_by_a_reader_with_no_memory(store: Published) -> None:
    """Whoever holds the log's key can sign another history from the first entry on.

    Its files agree with one another and with the key, so nothing in the store can tell it from the
    truth. Only something outside the store can: a checkpoint that the reader kept (test 10), or a
    witness who signs nothing that does not extend what it saw before (test 11). That is why there
    are cosigners, and why a promise to a tenant waits for one.
    """
    store.rewrite(FALSE)
    assert look(store).faults == []


# Further hands ----------------------------------------------------------------------------------------------


def test_a_rollback_of_the_pointer_alone_is_noticed_without_any_memory(store: Published) -> None:
    (store.folder / "checkpoint").write_bytes(store.first)
    report = look(store)
    finds(report, "is signed, and the store shows only 200 entries: the end was cut off", "checkpoints/700")
    finds(report, "reaches beyond the 200 entries", "tile/entries/001")


def test_a_checkpoint_of_another_history_is_noticed(store: Published, tmp_path: Path) -> None:
    other = LogBuilder(open_store(tmp_path / "other", durable=False)).add(FALSE[:300])
    (store.folder / "checkpoints/300").write_bytes(other)
    finds(look(store), "is signed and at odds with the entries", "checkpoints/300")


def test_a_checkpoint_filed_under_another_size_is_noticed(store: Published) -> None:
    (store.folder / "checkpoints/300").write_bytes(store.first)
    finds(look(store), "is a checkpoint of 200 entries", "checkpoints/300")


def test_a_checkpoint_that_nobody_signed_is_noticed(store: Published) -> None:
    store.change("checkpoints/200", lambda note: note.replace(b"\n200\n", b"\n201\n"))
    finds(look(store), "cannot be believed", "checkpoints/200")


def test_no_checkpoint_at_all_is_noticed(store: Published) -> None:
    (store.folder / "checkpoint").unlink()
    finds(look(store), "The store has no checkpoint", "checkpoint")


@pytest.mark.parametrize("path", ["tile/0/000.p/200", "tile/entries/000.p/200"])
def test_a_partial_tile_is_compared_with_the_full_one(store: Published, path: str) -> None:
    store.change(path, flip(-1))
    finds(look(store), "does not agree with the longer one beside it", path)


@pytest.mark.parametrize("path", ["tile/0/002.p/188", "tile/entries/002.p/188"])
def test_a_partial_tile_at_the_edge_is_compared_with_its_bundle(store: Published, path: str) -> None:
    store.change(path, flip(-1))
    finds(look(store), "Entry 699 in tile/entries/002.p/188 was changed", "tile/entries/002.p/188", 699)


def test_a_partial_tile_may_go_once_there_is_a_full_one(store: Published) -> None:
    (store.folder / "tile/0/000.p/200").unlink()
    (store.folder / "tile/entries/000.p/200").unlink()
    assert look(store, old=store.first).ok


def test_the_partial_tiles_of_the_checkpoint_may_not_go(store: Published) -> None:
    for path in ("tile/0/002.p/188", "tile/1/000.p/2"):
        (store.folder / path).unlink()
    report = look(store)
    finds(report, "tile/0/002.p/188 is missing", "tile/0/002.p/188")
    finds(report, "tile/1/000.p/2 is missing", "tile/1/000.p/2")


@pytest.mark.parametrize("path", ["tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2"])
def test_a_tile_of_another_length_is_noticed(store: Published, path: str) -> None:
    store.change(path, lambda data: data[:-32])
    finds(look(store), "bytes and has", path)


@pytest.mark.parametrize("path", ["tile/0/000.tmp", "tile/x/000", "tile/notes.txt", "checkpoints/0700", "blobs/photo"])
def test_a_name_that_is_none_of_ours_is_noticed(store: Published, path: str) -> None:
    FolderStore(store.folder).create(path, b"x")
    finds(look(store), f"{path} is not", path)


def test_a_blob_is_held_against_its_name(store: Published) -> None:
    name = "blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # SHA-256 of abc
    FolderStore(store.folder).create(name, b"abc")
    assert look(store).blobs == 1
    assert look(store).ok
    store.change(name, flip(0))
    finds(look(store), "its content has another SHA-256", name)


def test_keys_are_not_the_verifier_s_business(store: Published) -> None:
    FolderStore(store.folder).create("keys/contact/anything", b"sealed")
    assert look(store).ok


def test_an_earlier_checkpoint_must_be_of_this_log(store: Published) -> None:
    foreign = SigningKey.generate(LOG.name).sign(store.first.split(b"\n\n")[0].decode() + "\n")
    for old in (foreign, b"", store.first[:-1]):
        finds(look(store, old=old), "The earlier checkpoint that you gave cannot be believed", EARLIER)
