"""Bytes kept beside the record: whoever holds them without the key learns next to nothing, and no key is no bytes."""

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplit.basics import who
from lamplit.basics.fact import ERASED, WITHHELD
from lamplit.homes.facts import HomeRecorded
from lamplit.record.blobs import read_blob, read_sealed
from lamplit.record.crypt import BLOB_LEAST, BLOB_STEP, new_key, seal_blob
from lamplit.record.page import Page, action
from tests.landlord import Landlord

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = who.job("test")
HOME = "h_00000000000000000001"
LENGTHS = [BLOB_LEAST - 1, BLOB_LEAST, BLOB_STEP - 1]


@action
def keep(page: Page, *, data: bytes, by: who.By, at: datetime, command: str) -> str:
    page.write(HomeRecorded(home=HOME, uprn="1", address=["1 Ember Rise"]))
    return page.seal_blob(data, owner=HOME, key_class="case", what="test")


@pytest.mark.parametrize("data", [b"", b"x", b"\0\0\x80\0", b"\x80", *(b"a" * n for n in LENGTHS), bytes(BLOB_STEP)])
def test_what_is_kept_comes_back_and_stands_in_the_store_unreadable(landlord: Landlord, data: bytes) -> None:
    name = keep(data=data, by=BY, at=AT, command="test:1")
    assert read_sealed(name, "test") == data
    landlord.publish()
    stored = landlord.store.get(f"blobs/{name}")
    assert stored == read_blob(name)
    assert len(data) < 4 or data not in stored


def test_its_length_tells_little(landlord: Landlord) -> None:
    name = keep(data=b"a" * 5_000, by=BY, at=AT, command="test:1")
    assert len(read_blob(name)) > 2 * BLOB_STEP
    assert read_sealed(name, "test") == b"a" * 5_000


def test_what_is_small_looks_alike() -> None:
    key = AESGCM(new_key())
    small, more = (
        {len(seal_blob("k_1", key, b"a" * n, origin="o", what="w")) for n in lengths}
        for lengths in ((0, 1, 400, BLOB_LEAST - 1), (BLOB_LEAST, BLOB_STEP - 1))
    )
    assert len(small) == len(more) == 1
    assert max(small) < min(more)


def test_it_stands_for_nothing_else(landlord: Landlord) -> None:
    name = keep(data=b"seen", by=BY, at=AT, command="test:1")
    with pytest.raises(InvalidTag):
        read_sealed(name, "another")


def test_without_its_key_it_cannot_be_read(landlord: Landlord) -> None:
    name = keep(data=b"seen", by=BY, at=AT, command="test:1")
    landlord.erase(HOME, "case")
    assert read_sealed(name, "test") is ERASED
    assert read_sealed("0" * 64, "test") is WITHHELD
