"""Erasing: two steps with a delay, and a sweep that leaves what a rebuild without the key leaves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, connections

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.fact import ERASED
from lamplit.basics.refusal import Refused
from lamplit.people.facts import PersonCorrected, PersonRecorded
from lamplit.people.models import Person, PersonBelief
from lamplit.record.erase import (
    alarm,
    call_off_erasure,
    carry_out_erasure,
    due_erasures,
    order_erasure,
    standing_erasures,
)
from lamplit.record.page import Page, action, hold_pages, open_bulk
from tests.landlord import Landlord

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = who.job("test")


@action
def record(page: Page, *, name: str, by: who.By, at: datetime, command: str) -> str:
    person = page.new_id("p")
    page.write(PersonRecorded(person=person, name=name))
    return person


@action
def correct(page: Page, *, person: str, name: str, by: who.By, at: datetime, command: str) -> None:
    page.write(PersonCorrected(person=person, name=name))


def test_it_erases_when_due_and_the_rebuild_agrees(landlord: Landlord) -> None:
    kept = record(name="Ada Flint", by=BY, at=AT, command="test:1")
    gone = record(name="Bea Moss", by=BY, at=AT, command="test:2")
    order = order_erasure(subject=gone, key_class="contact", because="asked", by=BY, at=now(), command="test:3")
    with pytest.raises(Refused, match="no_erasure"):
        carry_out_erasure(erasure=order, by=BY, at=now(), command="test:early")
    landlord.let_orders_fall_due()
    assert due_erasures() == [order]
    assert carry_out_erasure(erasure=order, by=BY, at=now(), command=f"job:erasure:{order}") == 2
    assert Person.objects.get(id=gone).name is ERASED
    assert Person.objects.get(id=gone).known_as is None
    assert PersonBelief.objects.get(person=gone).name is ERASED
    assert Person.objects.get(id=kept).name == "Ada Flint"
    correct(person=gone, name="Bea Moss", by=BY, at=AT, command="test:4")  # she comes back, under a new key
    assert Person.objects.get(id=gone).name == "Bea Moss"


def test_it_stays_when_called_off(landlord: Landlord) -> None:
    person = record(name="Ada Flint", by=BY, at=AT, command="test:1")
    order = order_erasure(subject=person, key_class="contact", because="asked", by=BY, at=now(), command="test:2")
    landlord.seal()
    call_off_erasure(erasure=order, by=BY, at=now(), command="test:3")
    landlord.let_orders_fall_due()
    with landlord.connect("owner") as db, pytest.raises(psycopg.errors.RestrictViolation, match="stays so"):
        db.execute("UPDATE record.erasure SET called_off_at = NULL")
    assert due_erasures() == []
    with pytest.raises(Refused, match="no_erasure"):
        carry_out_erasure(erasure=order, by=BY, at=now(), command="test:4")


def test_no_order_waits_less_than_seven_days(landlord: Landlord) -> None:
    person = record(name="Ada Flint", by=BY, at=AT, command="test:1")
    with pytest.raises(ValueError, match="7 days"):
        order_erasure(
            subject=person, key_class="contact", because="asked", delay=timedelta(days=1), by=BY, at=now(), command="test:2"
        )


def test_a_call_off_that_is_not_sealed_yet_holds_already(landlord: Landlord) -> None:
    person = record(name="Ada Flint", by=BY, at=AT, command="test:1")
    order = order_erasure(subject=person, key_class="contact", because="asked", by=BY, at=now(), command="test:2")
    landlord.let_orders_fall_due()
    call_off_erasure(erasure=order, by=BY, at=now(), command="test:3")
    with pytest.raises(Refused, match="no_erasure"):
        carry_out_erasure(erasure=order, by=BY, at=now(), command="test:4")
    landlord.seal()
    assert due_erasures() == []


def test_an_order_stands_once_it_is_sealed(landlord: Landlord) -> None:
    person = record(name="Ada Flint", by=BY, at=AT, command="test:1")
    order = order_erasure(subject=person, key_class="contact", because="asked", by=BY, at=now(), command="test:2")
    assert standing_erasures() == []
    landlord.seal()
    (stands,) = standing_erasures()
    assert (stands.id, stands.subject, stands.key_class) == (order, person, "contact")
    assert stands.due_at - stands.ordered_at > timedelta(days=29)


def test_many_orders_ring(landlord: Landlord) -> None:
    people = [record(name="Ada Flint", by=BY, at=AT, command=f"test:{n}") for n in range(21)]
    for n, person in enumerate(people):
        assert alarm() == ""
        order_erasure(subject=person, key_class="contact", because="asked", by=BY, at=now(), command=f"test:order:{n}")
        landlord.seal()
    assert alarm().startswith("21 orders to erase stand, the first due on ")
    with landlord.connect("admin") as db:
        db.execute(
            "INSERT INTO record.key (id, subject, class, key) SELECT 'k' || n, 'p' || n, 'care', sha256('k')"
            " FROM generate_series(1, 2200) n"
        )
        db.execute("ANALYZE record.key")
    assert alarm() == ""  # among so many keys they are nothing unusual


def test_the_app_cannot_destroy_a_key_that_is_not_due(landlord: Landlord) -> None:
    person = record(name="Ada Flint", by=BY, at=AT, command="test:1")
    order = order_erasure(subject=person, key_class="contact", because="asked", by=BY, at=now(), command="test:2")
    landlord.seal()
    with landlord.connect("app") as db:
        with pytest.raises(psycopg.Error, match="no erasure is due"):
            db.execute("SELECT record.destroy_key(%s)", [order])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("DELETE FROM record.key")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("UPDATE record.key SET key = NULL, destroyed_at = now()")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("UPDATE record.erasure SET due_at = now()")


def test_it_holds_up_no_page_while_a_long_one_goes_on(landlord: Landlord) -> None:
    person = record(name="Ada Flint", by=BY, at=AT, command="test:1")
    order = order_erasure(subject=person, key_class="contact", because="asked", by=BY, at=now(), command="test:2")
    landlord.let_orders_fall_due()
    with ThreadPoolExecutor(1) as other:
        with open_bulk(by=BY, at=AT, command="test:long"):
            with pytest.raises(Refused, match="busy"):
                other.submit(carry_out_erasure, erasure=order, by=BY, at=now(), command="test:3").result()
            other.submit(record, name="Bea Moss", by=BY, at=AT, command="test:4").result()
        assert other.submit(carry_out_erasure, erasure=order, by=BY, at=now(), command="test:3").result() == 2
        other.submit(connections.close_all).result()


def test_who_wants_no_page_lets_new_ones_through_between(landlord: Landlord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lamplit.record.page._BETWEEN", 0.2)
    with ThreadPoolExecutor(1) as other, psycopg.connect(landlord.conninfo("owner")) as db:
        with open_bulk(by=BY, at=AT, command="test:long"):
            waiting = other.submit(hold_pages, db)
            record_beside(name="Ada Flint")
            assert not waiting.done()
        waiting.result()
        with pytest.raises(DatabaseError, match="statement timeout"):
            record_beside(name="Bea Moss", patience="300ms")


def record_beside(name: str, patience: str = "0") -> None:
    """Record somebody from a thread of its own, which has a connection of its own."""

    def work() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [patience])
            record(name=name, by=BY, at=AT, command=f"test:{name}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as one:
        one.submit(work).result()
