"""The Complaint Handling Code's clocks, with the worked dates of winter 2026."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.basics.deadlines import Clock, state_of
from lamplit.complaints.rules import (
    StageTimes,
    acknowledge_by,
    complaint_clocks,
    letter_lacks,
    may_extend,
    most_extension,
    respond_by,
)

MONDAY = datetime(2026, 12, 14, 11, tzinfo=UTC)
ACKNOWLEDGED = datetime(2026, 12, 21, 15, tzinfo=UTC)
STAGE1 = StageTimes(stage="stage1", received_at=MONDAY, acknowledged_at=ACKNOWLEDGED)


def by_code(times: StageTimes) -> dict[str, Clock]:
    return {clock.code: clock for clock in complaint_clocks(times)}


def test_it_gives_the_worked_dates_of_stage_1() -> None:
    assert acknowledge_by("stage1", MONDAY) == date(2026, 12, 21)
    assert respond_by(STAGE1) == date(2027, 1, 7)
    extended = StageTimes(
        stage="stage1", received_at=MONDAY, acknowledged_at=ACKNOWLEDGED, extended_at=ACKNOWLEDGED, extended_days=10
    )
    assert respond_by(extended) == date(2027, 1, 21)


def test_it_gives_the_worked_dates_of_stage_2() -> None:
    asked_at = datetime(2027, 1, 18, 9, tzinfo=UTC)
    acknowledged_at = datetime(2027, 1, 25, 9, tzinfo=UTC)
    assert acknowledge_by("stage2", asked_at) == date(2027, 1, 25)
    times = StageTimes(stage="stage2", received_at=asked_at, acknowledged_at=acknowledged_at)
    assert respond_by(times) == date(2027, 2, 22)
    extended = StageTimes(
        stage="stage2", received_at=asked_at, acknowledged_at=acknowledged_at, extended_at=acknowledged_at, extended_days=20
    )
    assert respond_by(extended) == date(2027, 3, 22)


def test_it_shows_that_acknowledging_late_buys_no_time() -> None:
    late = StageTimes(stage="stage1", received_at=MONDAY, acknowledged_at=datetime(2027, 1, 4, 9, tzinfo=UTC))
    clocks = by_code(late)
    assert clocks["stage1.respond"].due_on == date(2027, 1, 18)
    assert clocks["stage1.from_receipt"].due_on == date(2027, 1, 7)
    assert (clocks["stage1.respond"].law, clocks["stage1.from_receipt"].law) == (True, False)
    assert state_of(clocks["stage1.acknowledge"], datetime(2027, 1, 5, tzinfo=UTC)) == "missed"


def test_it_promises_the_day_from_receipt_until_it_is_acknowledged() -> None:
    assert respond_by(StageTimes(stage="stage1", received_at=MONDAY)) == date(2027, 1, 7)


def test_it_shows_a_complaint_of_october_2022_as_due_within_weeks_not_months() -> None:
    received_at = datetime(2022, 10, 26, 12, tzinfo=UTC)
    times = StageTimes(stage="stage1", received_at=received_at, responded_at=datetime(2023, 3, 17, 12, tzinfo=UTC))
    clocks = by_code(times)
    assert clocks["stage1.acknowledge"].due_on == date(2022, 11, 2)
    assert clocks["stage1.from_receipt"].due_on == date(2022, 11, 16)
    assert state_of(clocks["stage1.from_receipt"], datetime(2022, 11, 17, tzinfo=UTC)) == "missed"
    assert not any(clock.law for clock in clocks.values())  # the Code bound by statute from 1 April 2024


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, ()),
        ({"days": 0}, ("days",)),
        ({"days": 11}, ("days",)),
        ({"days": 11, "good_reason": "the surveyor is ill"}, ()),
        ({"explained": False}, ("explained",)),
        ({"ombudsman_details": False}, ("ombudsman_details",)),
        ({"at": datetime(2027, 1, 8, tzinfo=UTC)}, ("too_late",)),
        ({"at": datetime(2027, 1, 7, 23, 59, tzinfo=UTC)}, ()),
        ({"times": StageTimes(stage="stage1", received_at=MONDAY)}, ("not_acknowledged",)),
        (
            {"times": StageTimes(stage="stage1", received_at=MONDAY, acknowledged_at=ACKNOWLEDGED, responded_at=ACKNOWLEDGED)},
            ("already_responded",),
        ),
        (
            {
                "times": StageTimes(
                    stage="stage1",
                    received_at=MONDAY,
                    acknowledged_at=ACKNOWLEDGED,
                    extended_at=ACKNOWLEDGED,
                    extended_days=10,
                )
            },
            ("already_extended",),
        ),
    ],
)
def test_it_extends_only_with_an_explanation_and_the_ombudsmans_details(
    change: dict[str, object], missing: tuple[str, ...]
) -> None:
    asked: dict[str, object] = {
        "times": STAGE1,
        "at": datetime(2027, 1, 6, 9, tzinfo=UTC),
        "days": 10,
        "explained": True,
        "ombudsman_details": True,
    } | change
    assert may_extend(asked.pop("times"), **asked) == missing


def test_it_knows_how_far_each_stage_may_be_extended() -> None:
    assert most_extension("stage1", date(2026, 12, 14)) == 10
    assert most_extension("stage2", date(2026, 12, 14)) == 20


def test_it_names_what_a_letter_lacks() -> None:
    whole = {"stage", "definition", "decision", "reasons", "remedy", "outstanding_actions", "stage2_details"}
    assert letter_lacks("stage1", whole, date(2026, 12, 14)) == ()
    assert letter_lacks("stage1", whole - {"remedy"}, date(2026, 12, 14)) == ("remedy",)
    assert letter_lacks("stage2", whole, date(2026, 12, 14)) == ("ombudsman_details",)


@given(
    st.datetimes(datetime(2017, 1, 1), datetime(2028, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - zone follows
    st.timedeltas(timedelta(0), timedelta(days=20)),
    st.sampled_from(["stage1", "stage2"]),
)
def test_it_never_gives_less_time_for_a_later_complaint(at: datetime, later: timedelta, stage: str) -> None:
    assert acknowledge_by(stage, at) <= acknowledge_by(stage, at + later)
    one = StageTimes(stage=stage, received_at=at, acknowledged_at=at)
    other = StageTimes(stage=stage, received_at=at, acknowledged_at=at + later)
    assert respond_by(one) <= respond_by(other)
