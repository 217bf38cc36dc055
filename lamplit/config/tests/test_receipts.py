"""A number is given once what it stands for is kept; who waits for it holds up nobody else."""

import threading
import time

import pytest
from django.db import connections
from django.test import override_settings

from lamplit.config import receipts
from lamplit.config.receipts import Watcher
from tests import cast

SETTLED = "cast:opening"


def in_a_thread(run):
    """Start a thread that closes what it opened; `join` returns what it found."""
    found = []

    def work() -> None:
        try:
            found.append(run())
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()

    def join():
        thread.join(10)
        return found[0]

    return join


@pytest.fixture
def settled(landlord):
    cast.settle()
    return landlord


def test_it_is_not_kept_before_it_is_sealed_nor_before_it_is_published(settled):
    assert receipts.kept([SETTLED]) == set()
    settled.seal()
    assert receipts.kept([SETTLED]) == set()
    settled.publish()
    assert receipts.kept([SETTLED, "form:unknown"]) == {SETTLED}


def test_it_waits_until_it_is_published(settled):
    join = in_a_thread(lambda: receipts.wait_until_kept(SETTLED))
    time.sleep(0.2)
    settled.publish()
    assert join() is True


def test_it_says_no_when_the_time_is_over(settled):
    begun = time.monotonic()
    with override_settings(RECEIPT_WAIT_SECONDS=0.2):
        assert receipts.wait_until_kept(SETTLED) is False
    assert 0.2 <= time.monotonic() - begun < 2


def test_more_than_may_wait_are_told_at_once(settled):
    watcher = Watcher(1)
    join = in_a_thread(lambda: watcher.wait(SETTLED))
    time.sleep(0.1)
    begun = time.monotonic()
    assert watcher.wait(SETTLED) is False
    assert time.monotonic() - begun < 0.1
    settled.publish()
    assert join() is True


def test_one_thread_looks_for_all_and_ends_when_nobody_waits(settled):
    watcher = Watcher(4)
    joins = [in_a_thread(lambda: watcher.wait(SETTLED)) for _ in range(3)]
    time.sleep(0.2)
    assert [thread.name for thread in threading.enumerate()].count("receipts") == 1
    settled.publish()
    assert [join() for join in joins] == [True, True, True]
    deadline = time.monotonic() + 5
    while any(thread.name == "receipts" for thread in threading.enumerate()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(thread.name == "receipts" for thread in threading.enumerate())
    assert watcher.wait(SETTLED) is True


def test_who_waits_gives_its_connection_back(settled):
    with override_settings(RECEIPT_WAIT_SECONDS=0.3):
        join = in_a_thread(lambda: (receipts.wait_until_kept(SETTLED), connections["default"].connection is None))
        assert join() == (False, True)
