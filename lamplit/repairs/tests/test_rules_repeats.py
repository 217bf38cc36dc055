"""Repeats: same home or stack, same room or group or part; 90 days, two in six months, three in twelve."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.repairs.rules import Earlier, Repeats, repeats
from lamplit.repairs.rules.repeats import months_before

NOW = datetime(2026, 12, 14, 10, tzinfo=UTC)


def earlier(
    days: int, group: str = "leak", room: str | None = "hall", relation: str = "same", serial: str | None = None
) -> Earlier:
    return Earlier(report=f"r{days}", relation=relation, at=NOW - timedelta(days=days), group=group, room=room, serial=serial)


def look(*history: Earlier, group: str = "leak", room: str | None = "kitchen", serial: str | None = None) -> Repeats:
    return repeats(group=group, room=room, at=NOW, history=history, serial=serial)


def test_it_finds_nothing_in_an_empty_history() -> None:
    assert look() == Repeats(in_days=1, in_review_months=1, in_survey_months=1)


@pytest.mark.parametrize(
    ("days", "flags"),
    [
        (0, ("again", "review")),
        (90, ("again", "review")),
        (91, ("review",)),
        (183, ("review",)),  # 14 June: the same day six months before
        (184, ()),
    ],
)
def test_it_flags_by_how_long_ago(days: int, flags: tuple[str, ...]) -> None:
    assert look(earlier(days)).flags == flags


def test_it_calls_for_a_survey_at_the_third_report_in_twelve_months() -> None:
    assert look(earlier(200), earlier(365)).flags == ("survey",)
    assert look(earlier(200), earlier(366)).flags == ()
    assert look(earlier(20), earlier(30)).flags == ("again", "review", "survey")
    assert look(earlier(20), earlier(30)).in_days == 3


@pytest.mark.parametrize("relation", ["same", "above", "below"])
def test_it_counts_the_homes_above_and_below(relation: str) -> None:
    assert look(earlier(10, relation=relation)).flags == ("again", "review")


@pytest.mark.parametrize(
    ("group", "room", "now_group", "now_room", "alike"),
    [
        ("leak", "hall", "leak", "kitchen", True),  # same group, elsewhere
        ("doors", "hall", "doors", "kitchen", False),  # two doors are two faults
        ("doors", "kitchen", "leak", "kitchen", True),  # same room
        ("fittings", None, "fittings", None, False),  # nobody said where
        ("damp", "bedroom", "leak", "kitchen", False),
    ],
)
def test_it_looks_for_the_same_room_or_a_group_that_recurs(
    group: str, room: str | None, now_group: str, now_room: str | None, alike: bool
) -> None:
    assert bool(look(earlier(10, group, room), group=now_group, room=now_room).matched) is alike


def test_it_knows_a_part_by_its_serial() -> None:
    assert look(earlier(10, "gas", None, serial="B-77"), group="heating", serial="B-77").matched == ("r10",)
    assert look(earlier(10, "gas", None, serial="B-77"), group="heating", serial="B-78").matched == ()


def test_it_counts_reports_that_were_joined_and_leaves_out_what_came_later() -> None:
    joined = [earlier(5), earlier(5), earlier(-1)]  # the two of one day were one case; both were told
    assert look(*joined).in_days == 3


def test_it_names_the_latest_first() -> None:
    assert look(earlier(300), earlier(2), earlier(40)).matched == ("r2", "r40", "r300")


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 12, date(2025, 1, 15)),
        (date(2026, 12, 31), 6, date(2026, 6, 30)),
    ],
)
def test_it_goes_back_by_whole_months(on: date, count: int, expected: date) -> None:
    assert months_before(on, count) == expected
