"""Publishing by more than one: a second publisher waits, and none moves the pointer back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from lamplit.basics import who
from lamplit.homes.facts import HomeRecorded
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.note import split_note
from lamplit.record.page import Page, action
from lamplit.record.publish import Publisher
from lamplit.record.store import StoreUnavailable
from tests.landlord import RECIPIENTS, Landlord

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@action
def record(page: Page, *, by: who.By, at: datetime, command: str) -> None:
    page.write(HomeRecorded(home=page.new_id("h"), uprn="100"))


def seal_one(landlord: Landlord, number: int) -> int:
    record(by=who.job("test"), at=AT, command=f"test:{number}")
    return landlord.seal()


@pytest.fixture
def two(landlord: Landlord) -> Iterator[tuple[Publisher, Publisher]]:
    with landlord.connect("sealer") as one, landlord.connect("sealer") as other:
        yield Publisher(one, landlord.store, "near", RECIPIENTS), Publisher(other, landlord.store, "near", RECIPIENTS)


def shown(landlord: Landlord) -> int:
    return Checkpoint.parse(split_note(landlord.store.get("checkpoint"))[0]).size


def test_a_second_one_waits_and_the_pointer_never_goes_back(
    landlord: Landlord, two: tuple[Publisher, Publisher], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = two
    seal_one(landlord, 1)
    replace, tried = landlord.store.replace, []

    def meanwhile(path: str, data: bytes) -> Any:
        if not tried:
            tried.append(seal_one(landlord, 2))
            with pytest.raises(StoreUnavailable, match="Another publisher"):
                quick.publish_once()
        return replace(path, data)

    monkeypatch.setattr(landlord.store, "replace", meanwhile)
    assert slow.publish_once() == 1
    assert quick.publish_once() == 1
    assert slow.publish_once() == 0
    assert shown(landlord) == 2


def test_one_that_fell_behind_sees_what_the_other_sent(landlord: Landlord, two: tuple[Publisher, Publisher]) -> None:
    one, other = two
    for number in range(1, 5):
        seal_one(landlord, number)
        assert one.publish_once() == 1
        if number % 2:
            assert other.publish_once() == 0
    assert shown(landlord) == 4


def test_one_that_failed_holds_up_nobody(
    landlord: Landlord, two: tuple[Publisher, Publisher], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing, other = two
    seal_one(landlord, 1)
    with monkeypatch.context() as patch:
        patch.setattr(landlord.store, "replace", lambda *_: (_ for _ in ()).throw(psycopg.OperationalError("gone")))
        with pytest.raises(psycopg.OperationalError):
            failing.publish_once()
    assert other.publish_once() == 1
