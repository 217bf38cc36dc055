"""The worker as a whole: it beats, stops when asked, survives a kill anywhere, and one works at a time."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from lamplit.reactions import follow
from lamplit.reactions import worker as working_place
from lamplit.reactions.tests import a_worker as script
from lamplit.reactions.tests.working import messages, worker
from lamplit.reactions.timers import Timer
from lamplit.repairs.tests import story
from tests.cast import AT
from tests.landlord import Landlord

SOON = timedelta(minutes=1)


def loop_row(landlord: Landlord) -> tuple[object, ...] | None:
    with landlord.connect("reader") as db:
        return db.execute("SELECT alive_at, trouble, since_at FROM record.loop WHERE name = 'worker'").fetchone()


@contextmanager
def process(landlord: Landlord, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | {"LAMPLIT_DATABASE_URL": landlord.cluster.url("admin", landlord.name)}
    command = [sys.executable, "-m", "lamplit.reactions.tests.a_worker", *arguments]
    with subprocess.Popen(command, env=environment) as running:
        try:
            yield running
        finally:
            running.kill()


def wait_until(true: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def reported(landlord: Landlord) -> Landlord:
    follow.begin_at(0)
    story.begin()
    story.report()
    landlord.seal()
    return landlord


def test_one_round_reacts_sends_and_beats(reported: Landlord) -> None:
    ran: list[object] = []
    timer = Timer("test", SOON, lambda at: ran.append(at) or 1)
    first = worker(reported, timers=[timer])
    assert first.turn()
    assert ran == [AT]
    assert loop_row(reported) == (AT, "", None)
    reported.seal()
    first.turn()
    assert ran == [AT]  # not yet time again
    assert [m.status for m in messages("repair_received")] == ["sent"]
    first._close()


def test_a_timer_that_fails_holds_nothing_up_and_is_said(reported: Landlord, caplog: pytest.LogCaptureFixture) -> None:
    def broken(at: object) -> int:
        raise RuntimeError("a spring")

    ran: list[object] = []
    one = worker(reported, timers=[Timer("broken", SOON, broken), Timer("test", SOON, lambda at: ran.append(at) or 1)])
    with caplog.at_level(logging.CRITICAL):
        one.turn()
    assert ran == [AT]
    assert loop_row(reported) == (AT, "The timer 'broken' failed (RuntimeError). It runs again by itself.", AT)
    one._close()


def test_a_database_that_goes_away_comes_back(reported: Landlord, caplog: pytest.LogCaptureFixture) -> None:
    one = worker(reported)
    with caplog.at_level(logging.CRITICAL):
        assert one._go_round() == 0.0
        with reported.connect("admin") as db:
            db.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
                [reported.name],
            )
        assert one._go_round() == working_place.AFTER_TROUBLE
        assert one._go_round() in {0.0, working_place.PAUSE}
    assert one._troubles["round"] == ""
    one._close()
    connections.close_all()


def test_a_second_worker_waits_for_the_first_to_end(reported: Landlord) -> None:
    first, second = worker(reported), worker(reported)
    assert first._go_round() == 0.0
    assert second._go_round() == working_place.AFTER_TROUBLE
    first._close()
    wait_until(lambda: second._go_round() != working_place.AFTER_TROUBLE)
    second._close()


def test_it_runs_until_it_is_stopped(reported: Landlord) -> None:
    one = worker(reported)
    thread = threading.Thread(target=one.run)
    thread.start()
    wait_until(lambda: messages("repair_received"))
    one.stop()
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.slow
def test_sigterm_ends_it_cleanly(reported: Landlord, tmp_path: Path) -> None:
    with process(reported, str(tmp_path)) as running:
        wait_until(lambda: loop_row(reported))
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0


@pytest.mark.slow
@pytest.mark.attack
@pytest.mark.parametrize("where", sorted(script.PLACES))
def test_killed_anywhere_it_sends_each_letter_once(reported: Landlord, tmp_path: Path, where: str) -> None:
    with process(reported, str(tmp_path), where) as running:
        wait_until(lambda: reported.seal() and running.poll() is not None)
        assert running.returncode == -signal.SIGKILL
    before = loop_row(reported)
    with process(reported, str(tmp_path)) as running:
        wait_until(lambda: reported.seal() and {m.status for m in messages()} == {"sent"} and loop_row(reported) != before)
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
    (receipt,) = messages("repair_received")
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".txt"] == [f"{receipt.id}.txt"]
