"""Rings: on call and contractor at once, every five minutes, the lead after fifteen."""

from datetime import UTC, datetime, timedelta

import pytest

from lamplit.repairs.rules import Ring, Roster, is_unaccepted_too_long, next_ring

NIGHT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the night the clocks go back
ROSTER = Roster(on_call=("s_1", "s_2"), contractors=("c_1",), leads=("s_9",))


def test_it_texts_everybody_and_calls_the_first_of_each_at_once() -> None:
    first = next_ring(NIGHT, ROSTER, rounds_done=0)
    assert first is not None
    assert (first.number, first.due_at, first.lead) == (1, NIGHT, False)
    assert first.rings == (
        Ring(whom="s_1", role="on_call", way="text"),
        Ring(whom="s_2", role="on_call", way="text"),
        Ring(whom="c_1", role="contractor", way="text"),
        Ring(whom="s_1", role="on_call", way="call"),
        Ring(whom="c_1", role="contractor", way="call"),
    )


@pytest.mark.parametrize(("done", "called"), [(0, "s_1"), (1, "s_2"), (2, "s_1"), (3, "s_2")])
def test_it_calls_the_next_in_the_list_every_five_minutes(done: int, called: str) -> None:
    again = next_ring(NIGHT, ROSTER, rounds_done=done)
    assert again is not None
    assert again.due_at == NIGHT + timedelta(minutes=5 * done)
    assert [ring.whom for ring in again.rings if ring.role == "on_call" and ring.way == "call"] == [called]


@pytest.mark.parametrize(("done", "lead"), [(2, False), (3, True), (100, True)])
def test_it_rings_the_lead_from_fifteen_minutes_on(done: int, lead: bool) -> None:
    ring_round = next_ring(NIGHT, ROSTER, rounds_done=done)
    assert ring_round is not None
    assert ring_round.lead is lead
    assert any(ring.role == "lead" and ring.way == "call" for ring in ring_round.rings) is lead


def test_it_stops_when_a_named_person_has_it() -> None:
    assert next_ring(NIGHT, ROSTER, rounds_done=3, accepted_at=NIGHT + timedelta(minutes=11)) is None


def test_it_rings_the_lead_at_once_when_nobody_is_on_call() -> None:
    ring_round = next_ring(NIGHT, Roster(leads=("s_9",)), rounds_done=0)
    assert ring_round is not None
    assert {ring.whom for ring in ring_round.rings} == {"s_9"}


def test_it_has_nobody_to_ring_only_when_the_roster_is_empty() -> None:
    ring_round = next_ring(NIGHT, Roster(), rounds_done=0)
    assert ring_round is not None
    assert ring_round.rings == ()


def test_it_knows_when_an_emergency_has_waited_too_long() -> None:
    assert not is_unaccepted_too_long(NIGHT, NIGHT + timedelta(minutes=14, seconds=59))
    assert is_unaccepted_too_long(NIGHT, NIGHT + timedelta(minutes=15))
    assert not is_unaccepted_too_long(NIGHT, NIGHT + timedelta(hours=2), accepted_at=NIGHT + timedelta(minutes=20))
