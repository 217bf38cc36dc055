"""Right to Repair and the landlord's own targets."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.basics.dated import NotInForce
from lamplit.basics.lines import LineError
from lamplit.repairs.rules import (
    PRIORITIES,
    compensation_pence,
    higher,
    law,
    load_figures,
    policy,
    rank,
    right_to_repair,
    target_clock,
)
from lamplit.repairs.rules.clocks import higher_class
from lamplit.repairs.rules.right_to_repair import defects

MONDAY = datetime(2026, 12, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ended_on", "done_on", "pence"),
    [
        (date(2026, 3, 3), date(2026, 3, 20), 4400),  # the worked example: 17 days
        (date(2026, 3, 3), date(2026, 3, 4), 1200),
        (date(2026, 3, 3), date(2026, 3, 22), 4800),  # day 19
        (date(2026, 3, 3), date(2026, 3, 23), 5000),  # day 20 and later: the most there is
        (date(2026, 3, 3), date(2026, 12, 23), 5000),
        (date(2026, 3, 3), date(2026, 3, 3), 0),
        (date(2026, 3, 3), date(2026, 3, 1), 0),
    ],
)
def test_it_owes_ten_pounds_and_two_a_day_up_to_fifty(ended_on: date, done_on: date, pence: int) -> None:
    assert compensation_pence(ended_on, done_on) == pence


@given(st.integers(0, 200), st.integers(0, 200))
def test_it_never_owes_less_for_a_longer_wait(days: int, more: int) -> None:
    ended_on = date(2026, 3, 3)
    less = compensation_pence(ended_on, ended_on + timedelta(days=days))
    assert less <= compensation_pence(ended_on, ended_on + timedelta(days=days + more)) <= 5000


@pytest.mark.parametrize(
    ("defect", "days"),
    [
        *((defect, 1) for defect in ("no_power", "unsafe_power", "no_water", "gas_loss", "blocked_flue", "foul_drain")),
        *((defect, 1) for defect in ("only_toilet", "leak_pipe", "insecure", "no_heating")),
        *((defect, 3) for defect in ("part_power", "part_water", "blocked_sink", "tap_stuck", "loose_rail", "rotten_floor")),
        *((defect, 7) for defect in ("leaking_roof", "entryphone", "extractor_fan")),
    ],
)
def test_it_holds_the_whole_schedule(defect: str, days: int) -> None:
    found = right_to_repair(defect, MONDAY)
    assert found is not None
    assert found.period == f"{days} working day{'s' if days > 1 else ''}"
    assert found.clock.law


def test_it_knows_every_row_of_the_schedule_and_no_other() -> None:
    assert len(defects()) == 19  # twenty rows, two of them one defect by season
    with pytest.raises(KeyError):
        right_to_repair("squeaky_door", MONDAY)


@pytest.mark.parametrize(
    ("on", "row", "due_on"),
    [
        ((2026, 10, 31), "no_heating_summer", date(2026, 11, 4)),
        ((2026, 11, 1), "no_heating_winter", date(2026, 11, 2)),
        ((2027, 4, 30), "no_heating_winter", date(2027, 5, 4)),
        ((2027, 5, 1), "no_heating_summer", date(2027, 5, 6)),
    ],
)
def test_it_changes_the_heating_row_with_the_season(on: tuple[int, int, int], row: str, due_on: date) -> None:
    found = right_to_repair("no_heating", datetime(*on, 10, tzinfo=UTC))
    assert found is not None
    assert (found.defect, found.clock.due_on) == (row, due_on)


def test_it_leaves_out_what_costs_more_than_250_pounds() -> None:
    assert right_to_repair("leak_pipe", MONDAY, cost_pence=25_000) is not None
    assert right_to_repair("leak_pipe", MONDAY, cost_pence=25_001) is None


def test_it_runs_the_same_period_again_for_the_second_contractor() -> None:
    first = right_to_repair("leaking_roof", MONDAY)
    second = right_to_repair("leaking_roof", datetime(2026, 12, 24, 9, tzinfo=UTC), second=True)
    assert first is not None
    assert second is not None
    assert (first.clock.due_on, second.clock.due_on) == (date(2026, 12, 23), date(2027, 1, 7))
    assert (first.clock.code, second.clock.code) == ("right_to_repair.leaking_roof", "right_to_repair.leaking_roof.second")


@pytest.mark.parametrize(
    ("priority", "due_at"),
    [
        ("immediate", datetime(2026, 12, 14, 14, tzinfo=UTC)),
        ("emergency", datetime(2026, 12, 15, 10, tzinfo=UTC)),
        ("urgent", datetime(2026, 12, 22, tzinfo=UTC)),
        ("routine", datetime(2027, 1, 12, tzinfo=UTC)),
        ("planned", datetime(2027, 3, 15, tzinfo=UTC)),
    ],
)
def test_it_promises_each_priority_its_target(priority: str, due_at: datetime) -> None:
    clock = target_clock(priority, MONDAY)
    assert (clock.code, clock.due_at, clock.law) == (f"target.{priority}", due_at, False)


def test_it_promises_a_higher_priority_no_later() -> None:
    due = [target_clock(priority, MONDAY).due_at for priority in PRIORITIES]
    assert due == sorted(due, reverse=True)
    assert (higher("urgent", "planned"), rank("planned"), rank("immediate")) == ("urgent", 0, 4)
    assert higher_class("significant", "none") == "significant"


def test_it_follows_a_landlord_who_changes_a_target_from_a_day_on() -> None:
    text = """[[target.urgent]]
value = "7 days"
effective_from = 2026-01-01
effective_to = 2026-12-31
citation = "Policy of 2026"
[[target.urgent]]
value = "3 working days"
effective_from = 2027-01-01
citation = "Policy of 2027"
"""
    figures = load_figures(text, "policy.toml")
    assert target_clock("urgent", datetime(2026, 12, 31, 12, tzinfo=UTC), figures).limit == "7 days"
    assert target_clock("urgent", datetime(2027, 1, 1, 12, tzinfo=UTC), figures).limit == "3 working days"
    with pytest.raises(NotInForce):
        target_clock("urgent", datetime(2025, 12, 31, 12, tzinfo=UTC), figures)


def test_it_refuses_a_limit_nobody_can_count_when_the_file_is_loaded() -> None:
    text = '[[target.urgent]]\nvalue = "a week"\neffective_from = 2026-01-01\ncitation = "x"\n'
    with pytest.raises(LineError, match=r"policy\.toml:1: target\.urgent: 'a week' is no limit"):
        load_figures(text, "policy.toml")


def test_it_cites_a_source_for_every_figure() -> None:
    for figures in (law(), policy()):
        assert all(len(entry.citation) > 5 for entries in figures.series.values() for entry in entries)
