"""Each write of a page, of sealing, of publishing fails once before it stuck and once after; recovery is the same code."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.homes.facts import HomeRecorded
from lamplit.homes.models import Home
from lamplit.record import publish, seal
from lamplit.record.page import Page, action
from lamplit.record.store import Store, StoreUnavailable, open_store
from lamplit.record.verify import verify_store
from tests.landlord import RECIPIENTS, Landlord

pytestmark = pytest.mark.attack
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Fault(Exception):  # noqa: N818 - it is made on purpose
    """The write that was made to fail."""


class FaultyStore:
    """A store whose write number `at` fails, before or after it stuck."""

    def __init__(self, store: Store, at: int, after: bool) -> None:
        self._store, self._after = store, after
        self._turn = itertools.count()  # files go out on several threads; each takes one number
        self._at = at
        self.address, self.can_list = store.address, store.can_list

    def _write(self, write: Callable[..., None], *args: Any) -> None:
        mine = next(self._turn) == self._at
        if mine and not self._after:
            raise Fault
        write(*args)
        if mine:
            raise Fault

    def create(self, path: str, data: bytes) -> None:
        self._write(self._store.create, path, data)

    def replace(self, path: str, data: bytes) -> None:
        self._write(self._store.replace, path, data)

    def delete(self, path: str) -> None:
        self._write(self._store.delete, path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@action
def record(page: Page, *, count: int, by: who.By, at: datetime, command: str) -> list[str]:
    homes = [page.new_id("h") for _ in range(count)]
    for home in homes:
        page.write(HomeRecorded(home=home, uprn="100", address=["1 Ember Rise"]))
    page.keep_blob(command.encode())
    return homes


def write(count: int, command: str) -> list[str]:
    return record(count=count, by=who.job("test"), at=AT, command=command)


def publisher(landlord: Landlord, db: psycopg.Connection[Any], store: Any) -> publish.Publisher:
    return publish.Publisher(db, store, "faulty", RECIPIENTS)


@pytest.mark.parametrize("after", [False, True], ids=["before it stuck", "after it stuck"])
def test_each_write_of_publishing(landlord: Landlord, after: bool) -> None:
    write(200, "test:1")
    landlord.publish()
    before = {path: landlord.store.get(path) for path in landlord.store.list()}
    write(120, "test:2")  # crosses a tile: partials, a full one, the next level, tidying
    landlord.seal()
    with landlord.connect("sealer") as db:
        for at in range(100):
            store = open_store("memory:///")
            for path, data in before.items():
                store.create(path, data)
            try:
                publisher(landlord, db, FaultyStore(store, at, after)).publish_once()
            except Fault:
                publisher(landlord, db, store).publish_once()
            else:
                assert at > 8, "so many writes there are at least"
                return
            report = verify_store(store, landlord.key.vkey)
            assert report.ok, (at, report.faults)
            assert report.size == 320
    pytest.fail("publishing never came to its end")


class FaultyConnection(psycopg.Connection[Any]):
    """A connection whose write number `at` fails, before or after it stuck; a commit counts as a write."""

    left, after = 10_000, False

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if not str(query).lstrip().startswith(("INSERT", "UPDATE", "DELETE", "WITH")):
            return super().execute(query, params, **options)
        self.left -= 1
        if self.left == -1 and not self.after:
            raise Fault
        done = super().execute(query, params, **options)
        if self.left == -1:
            raise Fault
        return done

    @contextmanager
    def transaction(self, *args: Any, **options: Any) -> Iterator[Any]:
        with super().transaction(*args, **options) as inner:
            yield inner
        self.left -= 1
        if self.left == -1 and self.after:
            raise Fault


@pytest.mark.parametrize("after", [False, True], ids=["before it stuck", "after it stuck"])
def test_each_write_of_sealing(landlord: Landlord, after: bool) -> None:
    for at in range(50):
        write(3, f"test:{at}")
        with FaultyConnection.connect(landlord.conninfo("sealer"), autocommit=True) as db:
            db.left, db.after = at, after
            try:
                seal.seal_once(db, landlord.key)
            except Fault:
                landlord.seal()
            else:
                assert at > 3, "so many writes there are at least"
                break
    assert landlord.seal() == len(landlord.entries())


@contextmanager
def statement_fails(at: int, after: bool) -> Iterator[list[int]]:
    """Make the page's statement number `at` fail, before or after it stuck."""
    seen = [0]

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen[0] += 1
        if seen[0] == at and not after:
            raise Fault
        done = execute(sql, params, many, context)
        if seen[0] == at:
            raise Fault
        return done

    with connection.execute_wrapper(wrapper):
        yield seen


@pytest.mark.parametrize("after", [False, True], ids=["before it stuck", "after it stuck"])
def test_each_statement_of_a_page(landlord: Landlord, after: bool) -> None:
    write(1, "test:before")
    for at in range(1, 50):
        try:
            with statement_fails(at, after):
                write(2, f"test:{at}")
        except Fault:
            assert Home.objects.count() == 1, "half a page stuck"
            assert landlord.seal() == 1
        else:
            assert at > 4, "so many statements there are at least"
            break
    assert Home.objects.count() == 3


def test_a_twin_after_a_lost_answer_gets_the_first_answer(landlord: Landlord) -> None:
    first = write(1, "test:1")  # the commit stuck; the answer was lost on its way
    assert write(1, "test:1") == first
    assert landlord.seal() == 1


def test_a_clock_set_back_stops_sealing_until_it_is_right(landlord: Landlord) -> None:
    write(1, "test:1")
    landlord.seal()
    write(1, "test:2")
    with landlord.connect("sealer") as db:
        with pytest.raises(seal.CannotSeal, match="Set the clock right"):
            seal.seal_once(db, landlord.key, clock=lambda: now() - timedelta(hours=1))
        assert seal.seal_once(db, landlord.key) == seal.Sealed(1, 2)


def test_a_store_that_is_away_costs_nothing(landlord: Landlord) -> None:
    class Away(FaultyStore):
        def create(self, path: str, data: bytes) -> None:
            raise StoreUnavailable("cannot write")

    store = open_store("memory:///")
    with landlord.connect("sealer") as db:
        for n in range(3):
            write(5, f"test:{n}")
            landlord.seal()  # sealing never waits for a store
            with pytest.raises(StoreUnavailable):
                publisher(landlord, db, Away(store, 0, after=False)).publish_once()
        assert publisher(landlord, db, store).publish_once() == 15
    assert verify_store(store, landlord.key.vkey).ok


def test_it_refuses_a_store_that_is_ahead_or_different(landlord: Landlord) -> None:
    write(5, "test:1")
    landlord.seal()
    store = open_store("memory:///")
    with landlord.connect("sealer") as db:
        publisher(landlord, db, store).publish_once()
        ahead = landlord.key.sign(f"{landlord.key.name}\n9\n{'A' * 43}=\n")
        store.replace("checkpoint", ahead)
        with pytest.raises(publish.RefusesStore, match="restored"):
            publisher(landlord, db, store).publish_once()
        other = landlord.key.sign(f"{landlord.key.name}\n4\n{'A' * 43}=\n")
        store.replace("checkpoint", other)
        with pytest.raises(publish.RefusesStore, match="different histories"):
            publisher(landlord, db, store).publish_once()


def test_one_sealer_at_a_time(landlord: Landlord) -> None:
    with landlord.connect("sealer") as first, landlord.connect("sealer") as second:
        assert seal.become_the_sealer(first, wait=False)
        assert not seal.become_the_sealer(second, wait=False)
        first.close()
        assert seal.become_the_sealer(second, wait=True)
