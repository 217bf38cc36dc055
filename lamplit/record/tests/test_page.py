"""What a page promises: one commit, one answer a command, rows and entries that agree."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from lamplit.basics import who
from lamplit.basics.refusal import Refused
from lamplit.homes.facts import HomeCorrected, HomeRecorded
from lamplit.homes.models import Home
from lamplit.record.page import Page, action, open_bulk
from lamplit.tenancies.facts import HouseholdJoined
from lamplit.tenancies.models import Member, member_id
from tests.landlord import Landlord

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = who.job("test")


@action
def record(page: Page, *, uprn: str, by: who.By, at: datetime, command: str) -> str:
    home = page.new_id("h")
    page.write(HomeRecorded(home=home, uprn=uprn, address=["1 Ember Rise"]))
    return home


@action
def came(page: Page, *, arrived_at: datetime, by: who.By, at: datetime, command: str) -> str:
    home = page.new_id("h")
    page.write(HomeRecorded(home=home, uprn=str(arrived_at.minute), address=["1 Ember Rise"]))
    return home


@action
def record_and_fail(page: Page, *, by: who.By, at: datetime, command: str) -> str:
    page.write(HomeRecorded(home=page.new_id("h"), uprn="1"))
    raise Refused("record.command_reused", command=command)


def test_it_folds_and_records_in_one_commit(landlord: Landlord) -> None:
    home = record(uprn="100", by=BY, at=AT, command="test:1")
    assert Home.objects.get(id=home).uprn == "100"
    assert landlord.seal() == 1


def test_it_gives_a_twin_the_first_answer(landlord: Landlord) -> None:
    first = record(uprn="100", by=BY, at=AT, command="test:1")
    assert record(uprn="100", by=BY, at=AT.replace(hour=10), command="test:1") == first
    assert landlord.seal() == 1


def test_it_refuses_the_same_command_with_other_content(landlord: Landlord) -> None:
    record(uprn="100", by=BY, at=AT, command="test:1")
    with pytest.raises(Refused, match="command_reused"):
        record(uprn="101", by=BY, at=AT, command="test:1")


@pytest.mark.parametrize(("at", "same"), [(AT.replace(microsecond=7), True), (AT, False)])
def test_the_moment_in_what_is_asked_is_no_other_content_unless_somebody_typed_it(
    landlord: Landlord, at: datetime, same: bool
) -> None:
    first = came(arrived_at=at, by=BY, at=at, command="test:1")
    later = at.replace(minute=1)
    if same:
        assert came(arrived_at=later, by=BY, at=later, command="test:1") == first
    else:
        with pytest.raises(Refused, match="command_reused"):
            came(arrived_at=later, by=BY, at=later, command="test:1")


def test_it_leaves_nothing_when_an_action_refuses(landlord: Landlord) -> None:
    with pytest.raises(Refused):
        record_and_fail(by=BY, at=AT, command="test:1")
    assert not Home.objects.exists()
    assert landlord.seal() == 0
    record(uprn="100", by=BY, at=AT, command="test:1")  # the refused command may be used again


@action
def correct_and_preload(page: Page, *, home: str, by: who.By, at: datetime, command: str) -> None:
    page.write(HomeCorrected(home=home, uprn="200"))
    page.preload(Home, [home])


def test_what_it_wrote_stays_when_rows_are_loaded_after_it(landlord: Landlord) -> None:
    home = record(uprn="100", by=BY, at=AT, command="test:1")
    correct_and_preload(home=home, by=BY, at=AT, command="test:2")
    assert Home.objects.get(id=home).uprn == "200"


@action
def correct_all(page: Page, *, homes: list[str], uprns: list[str], by: who.By, at: datetime, command: str) -> None:
    page.preload(Home, homes)
    for home, uprn in zip(homes, uprns, strict=True):
        page.write(HomeCorrected(home=home, uprn=uprn))


def test_of_many_rows_the_columns_that_changed_are_sent_alone(landlord: Landlord) -> None:
    homes = [record(uprn=f"{n}", by=BY, at=AT, command=f"test:{n}") for n in range(1, 61)]
    with CaptureQueriesContext(connection) as asked:  # the last of them alone becomes another
        uprns = [*(f"{n}" for n in range(1, 60)), "777"]
        correct_all(homes=homes, uprns=uprns, by=BY, at=AT, command="test:some")
    [changing] = [one["sql"] for one in asked.captured_queries if one["sql"].startswith('UPDATE "home"')]
    assert '"uprn" = v."uprn"' in changing
    assert '"address" = v."address"' in changing, "a correction says anew what the address is"
    assert '"bedrooms"' not in changing
    assert '"postcode"' not in changing
    assert dict(Home.objects.values_list("id", "uprn")) == dict(zip(homes, uprns, strict=True))


_MEANWHILE: list[Callable[[], object]] = []


@action
def let_in(page: Page, *, people: list[str], by: who.By, at: datetime, command: str) -> int:
    page.preload(Member, [member_id("t_1", person) for person in people])
    while _MEANWHILE:
        _MEANWHILE.pop()()
    for person in people:
        page.write(HouseholdJoined(tenancy="t_1", person=person, role="occupant", since_on=AT.date()))
    return len(people)


def test_rows_that_are_not_there_are_looked_for_once_and_somebody_who_makes_one_meanwhile_loses_nothing(
    landlord: Landlord,
) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert let_in(people=["p_1", "p_2", "p_3"], by=BY, at=AT, command="test:1") == 3
    assert len([one for one in asked.captured_queries if "FOR UPDATE" in one["sql"]]) == 1

    def somebody_else() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(let_in, people=["p_4"], by=BY, at=AT, command="test:2").result()
            pool.submit(connections.close_all).result()

    _MEANWHILE.append(somebody_else)
    assert let_in(people=["p_3", "p_4"], by=BY, at=AT, command="test:3") == 2
    assert Member.objects.count() == 4
    assert landlord.seal() == 6


@pytest.mark.parametrize(("taken", "code"), [("test:1", "command_reused"), ("test:bulk", "already_written")])
def test_a_bulk_page_that_is_refused_leaves_no_transaction_open(landlord: Landlord, taken: str, code: str) -> None:
    record(uprn="100", by=BY, at=AT, command="test:1")
    with open_bulk(by=BY, at=AT, command="test:bulk"):
        pass
    with pytest.raises(Refused, match=code), open_bulk(by=BY, at=AT, command=taken):
        pass
    assert not connection.in_atomic_block


def test_it_answers_only_what_is_committed(landlord: Landlord) -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        record(uprn="100", by=BY, at=AT, command="test:1")
    assert not Home.objects.exists()
