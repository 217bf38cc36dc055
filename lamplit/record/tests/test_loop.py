"""A loop goes on by itself: the database away, a store away, a disk full, another sealer; and ends when a person must decide."""

import threading
import time
from pathlib import Path

import psycopg
import pytest

from lamplit.record.loop import Loop, Stop
from lamplit.record.publish import Publisher, RefusesStore
from lamplit.record.seal import seal_once
from lamplit.record.store import StoreUnavailable, open_store
from tests import cast
from tests.landlord import RECIPIENTS, Landlord


def row(landlord: Landlord, name: str) -> tuple[str, object]:
    with landlord.connect("reader") as db:
        found = db.execute("SELECT trouble, since_at FROM record.loop WHERE name = %s", [name]).fetchone()
    assert found is not None
    return found


@pytest.fixture
def loop(landlord):
    made = []

    def make(step, name="seal", **options) -> Loop:
        made.append(Loop(name, lambda: psycopg.connect(landlord.conninfo("sealer")), step, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def sealing(loop, landlord):
    return lambda: loop(lambda db: bool(seal_once(db, landlord.key)), alone=True)


def test_it_says_that_it_is_alive_and_rests_when_there_is_nothing_to_do(landlord, loop, sealing):
    running = sealing()
    assert running.once() == pytest.approx(0.25)
    assert row(landlord, "seal") == ("", None)
    cast.settle()
    assert running.once() == 0  # more may have come meanwhile
    assert running.once() == pytest.approx(0.25)


def test_it_connects_again_after_the_database_let_it_go(landlord, loop, sealing):
    running = sealing()
    running.once()
    with landlord.connect("admin") as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'lamplit_sealer' AND datname = current_database()"  # other tests' landlords are in this server
        )
    cast.settle()
    assert running.once() == pytest.approx(1.0)
    assert "does not answer" in running.trouble
    assert running.once() == 0
    assert running.trouble == ""
    assert landlord.entries()


def test_a_second_sealer_waits_and_says_so(landlord, loop, sealing):
    first, second = sealing(), sealing()
    first.once()
    cast.settle()
    assert second.once() == pytest.approx(1.0)
    assert "Another one is at work" in second.trouble
    assert not landlord.entries()
    first.close()
    deadline = time.monotonic() + 10
    while second.once() == pytest.approx(1.0):  # the server lets go of the lock a moment after the connection has gone
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert second.trouble == ""
    assert landlord.entries()


def test_a_store_that_is_away_is_tried_again_at_growing_distances_and_then_goes_on(landlord, loop, sealing, tmp_path):
    cast.settle()
    landlord.seal()
    away = [True] * 5

    def step(db):
        if away:
            away.pop()
            raise StoreUnavailable("The store cannot be reached.")
        Publisher(db, landlord.store, "near", RECIPIENTS).publish_once()
        return False

    running = loop(step, "publish near")
    assert [running.once() for _ in range(3)] == [1.0, 2.0, 4.0]
    running.longest = 5.0
    assert [running.once() for _ in range(2)] == [8.0, 5.0]
    trouble, since = row(landlord, "publish near")
    assert trouble == "The store cannot be reached."
    assert since is not None
    running.once()
    assert row(landlord, "publish near") == ("", None)


def test_a_full_disk_is_one_plain_sentence(landlord, loop, sealing, tmp_path):
    full = Path("/dev/full")
    running = loop(lambda _: bool(full.write_bytes(b"x")), "publish near")
    running.once()
    assert running.trouble == "No space left on device. We try again."


def test_it_ends_when_a_person_must_decide(landlord, loop, sealing, tmp_path):
    cast.settle()
    landlord.publish()
    other = open_store(tmp_path / "store")
    other.replace("checkpoint", landlord.key.sign("lamplit.example/record\n999\n" + "A" * 43 + "=\n"))

    def step(db):
        Publisher(db, other, "near", RECIPIENTS).publish_once()
        return False

    running = loop(step, "publish near")
    with pytest.raises(RefusesStore):
        running.run(Stop())
    assert "Nothing was changed" in row(landlord, "publish near")[0]
    landlord.holds = False  # the store was spoilt on purpose


def test_it_stops_when_asked(landlord, loop, sealing):
    stop = Stop()
    running = sealing()
    thread = threading.Thread(target=running.run, args=(stop,))
    thread.start()
    stop.ask()
    thread.join(5)
    assert not thread.is_alive()
