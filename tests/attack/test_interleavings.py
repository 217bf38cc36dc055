"""Actions in any order, and two at a time: whatever came of them, the tables are what the record says.

LAMPLIT_EXAMPLES says how many orders are tried (12 as a rule).
"""

import os
import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamplit.basics.refusal import Refused
from lamplit.record.cluster import Cluster
from lamplit.repairs import actions as repairs
from lamplit.repairs.models import Repair
from lamplit.repairs.tests import story
from tests import cast
from tests.attack.steps import OFTEN, STEPS, Player, Step
from tests.landlord import Landlord, SecondCopy, connected

pytestmark = [pytest.mark.attack, pytest.mark.slow, pytest.mark.timeout(900)]
EXAMPLES = int(os.environ.get("LAMPLIT_EXAMPLES", "12"))


@contextmanager
def own_landlord(cluster: Cluster, template: str, second_copy: SecondCopy) -> Iterator[Landlord]:
    """A landlord for one example: the check at its end is what the example is about."""
    name = f"test_{uuid.uuid4().hex[:16]}"
    with psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy OWNER lamplit_owner")
        try:
            with tempfile.TemporaryDirectory() as store, connected(cluster, name):
                made = Landlord(cluster, name, Path(store), second_copy)
                story.begin()
                yield made
                made.check()
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def play(landlord: Landlord, player: Player, steps: list[Step], taken: Counter[str]) -> None:
    """Take steps one after the other; a refusal is a normal answer."""
    for step in steps:
        if step.__name__ == "carry_out_erasure":
            landlord.let_orders_fall_due()  # the database itself waits for its own clock and not for ours
        with suppress(Refused):
            player.take(step)
            taken[step.__name__] += 1


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32), steps=st.lists(st.sampled_from(OFTEN), min_size=20, max_size=90))
def test_any_order_of_actions(cluster: Cluster, template: str, second_copy: SecondCopy, seed: int, steps: list[Step]) -> None:
    with own_landlord(cluster, template, second_copy) as landlord:
        play(landlord, Player(seed), steps, Counter())


def test_every_step_is_allowed_at_some_time(cluster: Cluster, template: str, second_copy: SecondCopy) -> None:
    """A step that is always refused would show nothing."""
    taken: Counter[str] = Counter()
    with own_landlord(cluster, template, second_copy) as landlord:
        player = Player(3)
        for turn in range(30):
            rest = [step for step in STEPS if not taken[step.__name__]]
            # Sooner or later all of them again: what a step needs (a part, a promise) may have been there once and be used up.
            play(landlord, player, [*OFTEN[len(STEPS) :], *(rest if turn < 6 else STEPS)], taken)
            if not rest:
                break
    assert not [step.__name__ for step in STEPS if not taken[step.__name__]]


def at_once(*works: threading.Thread) -> None:
    for work in works:
        work.start()
    for work in works:
        work.join()


class Hand(threading.Thread):
    """One of two who act at the same time. What went wrong is raised when it is joined."""

    def __init__(self, landlord: Landlord, seed: int, count: int) -> None:
        super().__init__()
        self._landlord, self._player, self._count = landlord, Player(seed), count
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            steps = [self._player.dice.choice(OFTEN) for _ in range(self._count)]
            play(self._landlord, self._player, steps, Counter())
        except BaseException as error:  # noqa: BLE001 - whoever joins it raises it
            self.error = error
        finally:
            connections.close_all()


@pytest.mark.parametrize("seed", range(max(1, EXAMPLES // 6)))
def test_two_at_a_time(landlord: Landlord, seed: int) -> None:
    story.begin()
    hands = [Hand(landlord, 10 * seed + n, 120) for n in range(3)]
    at_once(*hands)
    for hand in hands:
        if hand.error is not None:
            raise hand.error


def test_twins_get_one_answer(landlord: Landlord) -> None:
    """Both halves of a double click arrive at the same moment, twenty times."""
    story.begin()
    answers: dict[str, list[str]] = {}

    def report(command: str, start: threading.Barrier) -> None:
        start.wait()
        said = repairs.Said(fault="leak_fitting")
        told = {"home": cast.RUTHS_HOME, "channel": "portal", "said": said, "separate": True, "by": cast.BY_RUTH}
        answer = repairs.report_repair(at=cast.AT, command=command, reporter=cast.RUTH, **told)
        answers.setdefault(command, []).append(answer.reference)
        connections.close_all()

    for n in range(20):
        start = threading.Barrier(2)
        at_once(*(threading.Thread(target=report, args=(f"form:twin{n}", start)) for _ in range(2)))
    assert [len(set(both)) for both in answers.values()] == [1] * 20
    assert [len(both) for both in answers.values()] == [2] * 20
    assert Repair.objects.count() == 20
