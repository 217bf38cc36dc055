"""Limits as the law writes them, and how a clock stands."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.basics.clock import LONDON
from lamplit.basics.dated import Dated
from lamplit.basics.deadlines import NO_LIMIT, NoSuchLimit, run_out, soonest, start_clock, state_of

INSTANTS = st.datetimes(datetime(2017, 1, 1), datetime(2028, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone follows
LIMITS = ["4 hours", "24 hours", "1 working day", "3 working days", "10 working days", "28 days", "12 weeks"]


def rule(limit: str) -> Dated:
    return Dated(value=limit, effective_from=date(2017, 1, 1), citation="a test", words="Do it")


def test_it_counts_elapsed_hours_through_the_night_the_clocks_go_back() -> None:
    starts_at = datetime(2026, 10, 24, 23, 30, tzinfo=LONDON)
    due_at, due_on = run_out("24 hours", starts_at.astimezone(UTC))
    assert due_on is None
    assert due_at == datetime(2026, 10, 25, 22, 30, tzinfo=UTC)  # 22:30 on the wall: not the same time next day
    assert due_at - starts_at == timedelta(hours=24)


def test_it_counts_elapsed_hours_through_the_night_the_clocks_go_forward() -> None:
    due_at, _ = run_out("24 hours", datetime(2026, 3, 28, 23, 0, tzinfo=UTC))
    assert due_at is not None
    assert due_at.astimezone(LONDON).isoformat() == "2026-03-30T00:00:00+01:00"


def test_it_ends_a_day_clock_with_the_london_day() -> None:
    due_at, due_on = run_out("10 working days", datetime(2026, 6, 1, 9, 0, tzinfo=UTC))
    assert due_on == date(2026, 6, 15)
    assert due_at == datetime(2026, 6, 15, 23, 0, tzinfo=UTC)  # midnight in British Summer Time


def test_it_takes_twelve_weeks_for_84_days_not_for_three_months() -> None:
    assert run_out("12 weeks", datetime(2026, 12, 30, 12, tzinfo=UTC))[1] == date(2027, 3, 24)


def test_it_leaves_a_duty_without_limit_open() -> None:
    assert run_out(NO_LIMIT, datetime(2026, 1, 1, tzinfo=UTC)) == (None, None)


@pytest.mark.parametrize("limit", ["", "soon", "24", "ten days", "24 hours or so", "-1 days"])
def test_it_refuses_a_limit_it_cannot_read(limit: str) -> None:
    with pytest.raises(NoSuchLimit, match="write it like"):
        run_out(limit, datetime(2026, 1, 1, tzinfo=UTC))


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=10)), st.sampled_from(LIMITS))
def test_it_never_gives_an_earlier_deadline_for_a_later_start(at: datetime, later: timedelta, limit: str) -> None:
    first, second = run_out(limit, at)[0], run_out(limit, at + later)[0]
    assert first is not None
    assert second is not None
    assert at < first <= second


def test_it_keeps_an_hour_clock_at_its_last_moment_and_a_day_clock_before_it() -> None:
    at = datetime(2026, 12, 14, 9, tzinfo=UTC)
    hours = start_clock("x", rule("24 hours"), at, law=True)
    days = start_clock("x", rule("1 working day"), at, law=True)
    for clock, done_at, expected in [
        (hours, at + timedelta(hours=24), "kept"),
        (hours, at + timedelta(hours=24, seconds=1), "missed"),
        (days, datetime(2026, 12, 15, 23, 59, 59, tzinfo=UTC), "kept"),
        (days, datetime(2026, 12, 16, tzinfo=UTC), "missed"),
    ]:
        ended = msgspec.structs.replace(clock, ended_at=done_at, ended_by="done")
        assert state_of(ended, done_at) == expected


def test_it_runs_until_it_is_missed_and_stays_missed_when_done_late() -> None:
    at = datetime(2026, 12, 14, 9, tzinfo=UTC)
    clock = start_clock("x", rule("24 hours"), at, law=True)
    late = msgspec.structs.replace(clock, ended_at=at + timedelta(hours=30), ended_by="done")
    assert state_of(late, at + timedelta(hours=1)) == "running"
    assert state_of(late, at + timedelta(hours=25)) == "missed"
    assert state_of(late, at + timedelta(hours=48)) == "missed"


def test_it_calls_a_clock_stopped_only_if_it_stopped_in_time() -> None:
    at = datetime(2026, 12, 14, 9, tzinfo=UTC)
    clock = start_clock("x", rule("24 hours"), at, law=True)
    stopped = msgspec.structs.replace(clock, ended_at=at + timedelta(hours=2), ended_by="stopped", why="moved out")
    too_late = msgspec.structs.replace(stopped, ended_at=at + timedelta(hours=25))
    assert state_of(stopped, at + timedelta(hours=3)) == "stopped"
    assert state_of(too_late, at + timedelta(hours=26)) == "missed"
    assert soonest((stopped, clock)) == clock.due_at
    assert soonest((stopped,)) is None
