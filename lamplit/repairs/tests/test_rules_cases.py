"""Five cases that the Housing Ombudsman decided, on their real dates: what the rules would have said on the day.

Times of day were not published; ten in the morning stands for them. Determinations 202226767, 202308353, 202340783,
202218930 and 202437796.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from lamplit.basics.deadlines import state_of
from lamplit.complaints.rules import StageTimes, complaint_clocks
from lamplit.repairs.rules import (
    Closing,
    Contact,
    Earlier,
    WorkState,
    aware_from,
    first_aware,
    may_close,
    right_to_repair,
    target_clock,
    triage,
)
from lamplit.repairs.tests.journeys import told


def ten(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=UTC)


LEAK_FROM_ABOVE = ("none", "leak", "living_room", "no", "no", "stopped", "above")


def test_it_takes_three_contacts_about_a_leak_from_above_for_one_story_since_the_first() -> None:
    contacts = [ten(2022, 12, 13), ten(2022, 12, 16), ten(2022, 12, 17)]
    history = [Earlier(report=f"r{at.day}", relation="same", at=at, group="leak", room="living_room") for at in contacts[:2]]
    aware_at = first_aware(Contact(at=at, how="report") for at in contacts)
    decision = triage(told(*LEAK_FROM_ABOVE), needs=(), at=contacts[2], history=history, aware_at=aware_at)
    assert decision.repeats.matched == ("r16", "r13")
    assert {clock.starts_at for clock in decision.clocks} == {contacts[0]}
    assert decision.review
    assert decision.right_to_repair == "leak_pipe"
    assert decision.due_at.date() == date(2022, 12, 15)  # over before the emergency was raised on the 17th


def test_it_leaves_the_leak_open_when_the_neighbour_gives_no_access() -> None:
    refused = WorkState(work="w1", what="Find and stop the leak", standing="no_access", wanted=("photo", "cause"))
    closing = Closing(
        how="not_confirmed",
        at=ten(2022, 12, 20),
        unsilent=True,
        group="leak",
        works=(refused,),
        decided_by="staff:s_1",
        why="The neighbour does not answer",
    )
    assert {one.code for one in may_close(closing)} == {"work_no_access", "cause", "made_good", "tries"}


def test_it_makes_a_sagging_ceiling_over_a_childs_bed_an_emergency_on_the_day() -> None:
    decision = triage(told("none", "leak", "bedroom", "no", "yes", "stopped", "roof"), needs=(), at=ten(2023, 4, 11))
    assert (decision.priority, decision.rule, decision.hazard) == ("emergency", "danger.structure", "structural")
    assert decision.due_at == ten(2023, 4, 12)
    assert decision.advice[0] == "structure"
    make_safe = [work.code for work in decision.works if work.kind == "make_safe"]
    assert "structure_make_safe" in make_safe  # waits for no birds and no survey
    assert decision.unsilent


def test_it_would_start_the_laws_24_hours_for_that_ceiling_today() -> None:
    decision = triage(told("none", "structure", "ceiling", "bedroom"), needs=("under_5",), at=ten(2026, 12, 1))
    codes = {clock.code: clock.due_at for clock in decision.clocks}
    assert codes["awaab.A1"] == codes["awaab.A2"] == ten(2026, 12, 2)


def test_it_knows_of_the_roof_leak_since_2017_whoever_says_otherwise() -> None:
    contacts = [
        Contact(at=ten(2021, 11, 30), how="landlord says first aware"),
        Contact(at=ten(2017, 11, 15), how="report"),
        Contact(at=ten(2022, 10, 26), how="complaint"),
    ]
    assert first_aware(contacts) == ten(2017, 11, 15)
    assert aware_from(contacts, "damp_mould", "significant") is None  # before the law


def test_it_starts_a_clock_of_its_own_for_the_loss_of_power_upstairs() -> None:
    power = triage(told("none", "electrics", "part_off", "no", "no", "part", "hall"), needs=(), at=ten(2021, 10, 4))
    assert power.right_to_repair == "part_power"
    clock = next(clock for clock in power.clocks if clock.code == "right_to_repair.part_power")
    assert clock.due_on == date(2021, 10, 7)
    near_leak = triage(told("none", "electrics", "part_off", "no", "unsure", "hall", "unsure"), needs=(), at=ten(2021, 10, 4))
    assert (near_leak.priority, near_leak.rule) == ("emergency", "danger.water_near_electrics")


def test_it_shows_the_answer_of_march_2023_as_months_too_late() -> None:
    times = StageTimes(stage="stage1", received_at=ten(2022, 10, 26), responded_at=ten(2023, 3, 17))
    clock = next(clock for clock in complaint_clocks(times) if clock.code == "stage1.from_receipt")
    assert clock.due_on == date(2022, 11, 16)
    assert state_of(clock, ten(2023, 3, 17)) == "missed"


def test_it_makes_a_home_that_had_to_turn_its_water_off_an_emergency_whatever_the_cause() -> None:
    decision = triage(told("none", "leak", "outside", "no", "no", "turned_off", "ground"), needs=(), at=ten(2022, 6, 15))
    assert (decision.priority, decision.rule) == ("emergency", "water.turned_off")
    assert decision.due_at == ten(2022, 6, 16)  # seven weeks before the repair was raised again


def test_it_takes_the_second_order_for_the_same_repair() -> None:
    first = Earlier(report="r_june", relation="same", at=ten(2022, 6, 15), group="leak", room="outside")
    decision = triage(
        told("none", "leak", "hall", "no", "no", "turned_off", "unsure"), needs=(), at=ten(2022, 8, 3), history=[first]
    )
    assert decision.repeats.matched == ("r_june",)
    assert "again" in decision.repeats.flags


def test_it_flags_the_second_leak_at_the_kitchen_sink_within_90_days() -> None:
    sink = Earlier(report="r_september", relation="same", at=ten(2023, 9, 12), group="leak", room="kitchen")
    decision = triage(
        told("none", "leak", "kitchen", "no", "no", "caught", "floor"), needs=(), at=ten(2023, 10, 18), history=[sink]
    )
    assert decision.repeats.flags == ("again", "review")
    assert {"repeat.again", "repeat.review"} <= {fired.rule for fired in decision.fired}


def test_it_counts_what_the_water_did_to_the_floor_as_part_of_the_story() -> None:
    pipe = WorkState(work="w1", what="Stop the leak", standing="done", wanted=("photo",), evidence=("photo",))
    closing = Closing(
        how="confirmed",
        at=ten(2023, 10, 31),
        unsilent=True,
        group="leak",
        works=(pipe,),
        word="mended",
        cause="The waste pipe under the sink",
    )
    assert [one.code for one in may_close(closing)] == ["made_good"]


@pytest.mark.material
def test_it_is_aware_from_the_first_event_of_every_published_case(material: Path) -> None:
    text = (material / "repairs" / "ombudsman-timelines.yaml").read_text(encoding="utf-8")
    cases = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - plain texts only; the safe loader reads `on` as True
    assert len(cases) >= 5
    for case in cases:
        days = [date.fromisoformat(event["on"]) for event in case["events"]]
        aware_at = first_aware(Contact(at=ten(day.year, day.month, day.day), how="event") for day in days)
        assert aware_at is not None
        assert aware_at.date() == min(days)
        assert target_clock("emergency", aware_at).due_at == aware_at + timedelta(hours=24)
        owed = right_to_repair("leak_pipe", aware_at)
        assert owed is not None
        assert owed.clock.due_on is not None
        assert owed.clock.due_on > min(days)
