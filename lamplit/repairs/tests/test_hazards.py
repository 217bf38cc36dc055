"""Awaab's Law on a repair: each step starts and stops the clocks of SI 2025/1042, and none is missed in silence."""

from datetime import UTC, datetime

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import add_working_days, day_ends_at, london_date
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.repairs.models import RepairClock
from lamplit.repairs.tests.story import AT, DAY, HOUR, PHOTO, begin, do, report, row, works
from tests import cast

MOULD = Said(fault="damp_mould", room="bedroom")
CEILING = Said(fault="ceiling_down", room="bedroom", flags=("structural",))


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def step(told, name, at, says=None):
    do(actions.take_hazard_step, repair=told.repair, step=name, says=says, at=at)


def running(told):
    clocks = RepairClock.objects.filter(repair=told.repair, stopped_at=None, code__startswith="awaab.")
    return {clock.code.removeprefix("awaab."): clock.due_at for clock in clocks}


def working_days_after(at, count):
    return day_ends_at(add_working_days(london_date(at), count))


def test_mould_is_investigated_summed_up_made_safe_and_kept_from_coming_back_in_time():
    told = report(MOULD)
    assert running(told) == {"B1": working_days_after(AT, 10)}
    step(told, "concluded_significant", AT + 3 * DAY, "Mould over the window, from a cold bridge")
    concluded = AT + 3 * DAY
    assert running(told) == {
        "C": working_days_after(concluded, 3),
        "D1": working_days_after(concluded, 5),
        "D2": working_days_after(concluded, 5),
        "D3": day_ends_at(london_date(concluded + 84 * DAY)),
    }
    step(told, "summary_sent", AT + 4 * DAY)
    step(told, "made_safe", AT + 5 * DAY)
    assert set(running(told)) == {"D2", "D3"}
    step(told, "preventative_started", AT + 6 * DAY)
    assert running(told) == {}
    assert [name for name, _, _ in row(told).steps][:2] == ["investigation_begun", "concluded_significant"]


@pytest.mark.parametrize("finished", ["completed", "all_finished_and_told"])
def test_once_all_works_are_finished_nothing_of_them_is_left_to_begin(finished):
    told = report(MOULD)
    step(told, "concluded_significant", AT + DAY)
    if finished == "completed":
        step(told, "summary_sent", AT + DAY)
        step(told, "made_safe", AT + 2 * DAY)
    step(told, finished, AT + 2 * DAY)
    assert running(told) == {}


def test_what_was_finished_before_a_hazard_was_found_anew_is_no_work_on_it():
    told = report(MOULD)
    for days, name in enumerate(("concluded_significant", "all_finished_and_told", "material_change", "triaged_significant"), 1):
        step(told, name, AT + days * DAY)
    step(told, "concluded_significant", AT + 9 * DAY)
    assert {"D1", "D2", "D3"} <= set(running(told))


def lasting(told):
    """A survey finds mould, and asks for it to be washed off and for a fan."""
    found = {"surveyor": cast.PRIYA, "found": "Mould", "findings": [(1, "significant")], "at": AT + DAY, "by": cast.BY_PRIYA}
    asked = [actions.WorkFound(what="Wash the wall", trade="decorator"), actions.WorkFound(what="Fit a fan", trade="electrician")]
    survey = do(actions.record_survey, repair=told.repair, works=asked, **found)
    return [one for one in works(told) if one.survey == survey]


def attend(work, outcome, at, **more):
    told = {"did": "Done", "evidence": [PHOTO], "by": cast.BY_PRIYA, "at": at, **more}
    do(actions.attend_visit, work=work.id, outcome=outcome, arrived_at=at, **told)


def test_the_laws_clocks_of_lasting_work_follow_the_works_that_the_survey_asked_for():
    told = report(MOULD)
    wash, fan = lasting(told)
    step(told, "summary_sent", AT + DAY)
    assert set(running(told)) == {"D1", "D2", "D3"}
    visit = do(actions.book_visit, work=wash.id, from_at=AT + 2 * DAY, until_at=AT + 2 * DAY + 4 * HOUR, at=AT + DAY)
    attend(wash, "made_safe", AT + 2 * DAY, visit=visit)
    assert set(running(told)) == {"D2", "D3"}, "what made the home safe was no lasting work"
    do(actions.book_visit, work=fan.id, from_at=AT + 9 * DAY, until_at=AT + 9 * DAY + 4 * HOUR, at=AT + 3 * DAY)
    assert set(running(told)) == {"D3"}, "a visit for it is booked: steps are taken to begin"
    attend(fan, "temporary", AT + 9 * DAY)
    assert running(told) == {}, "it was begun on site"


def test_what_was_booked_before_the_home_was_safe_counts_once_it_is():
    told = report(MOULD)
    wash, fan = lasting(told)
    step(told, "summary_sent", AT + DAY)
    do(actions.book_visit, work=fan.id, from_at=AT + 9 * DAY, until_at=AT + 9 * DAY + 4 * HOUR, at=AT + DAY)
    assert set(running(told)) == {"D1", "D2", "D3"}, "it may be what makes the home safe"
    attend(wash, "made_safe", AT + 2 * DAY)
    assert set(running(told)) == {"D3"}


def test_of_two_hazards_nobody_guesses_whose_lasting_work_it_is():
    told = report(MOULD)
    wash, fan = lasting(told)
    step(told, "summary_sent", AT + DAY)
    found = Said(fault="damp_mould", flags=("water_near_electrics",))
    do(actions.retriage_repair, repair=told.repair, why="Water runs into the light", said=found, at=AT + DAY)
    attend(wash, "made_safe", AT + 2 * DAY)
    do(actions.book_visit, work=fan.id, from_at=AT + 9 * DAY, until_at=AT + 9 * DAY + 4 * HOUR, at=AT + 3 * DAY)
    assert {"D2", "D3"} <= set(running(told))


def test_the_worked_example_over_christmas():
    told = report(MOULD, at=datetime(2026, 12, 14, 11, 0, tzinfo=UTC), needs=["respiratory"])
    assert london_date(running(told)["B1"] - HOUR).isoformat() == "2026-12-30"


def test_a_ceiling_that_sags_is_an_emergency_on_the_day():
    told = report(CEILING)
    assert told.emergency
    assert running(told) == {"A1": AT + DAY, "A2": AT + DAY}
    do(actions.accept_emergency, repair=told.repair, staff_id=cast.PRIYA, at=AT + HOUR)
    work = works(told)[0]
    do(
        actions.attend_visit, work=work.id, outcome="made_safe", arrived_at=AT + 2 * HOUR, did="Propped it", evidence=[PHOTO],
        findings=[(1, "emergency")], by=cast.BY_PRIYA, at=AT + 3 * HOUR,
    )  # fmt: skip
    assert set(running(told)) == {"C", "D2", "D3"}


def test_moving_the_household_out_in_time_stops_the_emergency_clock():
    told = report(CEILING)
    step(told, "alternative_offered", AT + 2 * HOUR)
    assert "F" in running(told)
    step(told, "alternative_accepted", AT + 4 * HOUR)
    assert set(running(told)) == {"A1", "A2"}  # a place is secured, and the home is still lived in
    step(told, "moved_out", AT + 5 * HOUR)
    assert set(running(told)) == {"A1"}


def test_steps_come_in_their_order_and_only_where_there_is_a_hazard():
    told = report(MOULD)
    with pytest.raises(Refused) as refused:
        step(told, "summary_sent", AT + HOUR)
    assert refused.value.code == "repairs.hazard_step_out_of_turn"
    shelf = report(Said(fault="cupboard"))
    with pytest.raises(Refused) as refused:
        step(shelf, "made_safe", AT + HOUR)
    assert refused.value.code == "repairs.no_hazard"


def test_no_access_is_counted_and_stops_no_clock():
    from lamplit.repairs.facts import Tried

    told = report(CEILING)
    do(
        actions.attend_visit, work=works(told)[0].id, outcome="no_access", arrived_at=AT + HOUR, tried=[Tried(way="knocked")],
        evidence=[PHOTO], by=cast.BY_COL, at=AT + HOUR,
    )  # fmt: skip
    assert [name for name, _, _ in row(told).steps] == ["no_access"]
    assert set(running(told)) == {"A1", "A2"}


def test_an_earlier_contact_that_comes_to_light_moves_the_clock_back():
    told = report(MOULD)
    before = running(told)["B1"]
    do(
        actions.retriage_repair,
        repair=told.repair,
        why="She wrote to us about it in February",
        aware_at=AT - 14 * DAY,
        at=AT + DAY,
    )
    assert running(told)["B1"] < before


def test_a_hazard_that_comes_back_is_a_new_case_for_the_law():
    told = report(MOULD)
    for name, days in (("concluded_significant", 1), ("summary_sent", 2), ("made_safe", 3), ("preventative_started", 4)):
        step(told, name, AT + days * DAY)
    do(actions.reopen_repair, repair=told.repair, channel="phone", said="The mould is back", at=AT + 60 * DAY)
    assert running(told) == {"B1": working_days_after(AT + 60 * DAY, 10)}
    assert row(told).steps == []


def leak_into_a_light():
    """An electrical emergency and damp from the leak: two hazards, two cases."""
    told = report(Said(fault="damp_mould", room="kitchen", flags=("water_near_electrics",)))
    do(actions.accept_emergency, repair=told.repair, staff_id=cast.PRIYA, at=AT + HOUR)
    return told


def test_each_hazard_of_a_repair_is_a_case_of_its_own():
    told = leak_into_a_light()
    assert set(running(told)) == {"A1", "A2", "B1.2"}
    step(told, "concluded_emergency", AT + 2 * HOUR)
    step(told, "made_safe", AT + 3 * HOUR)
    assert "B1.2" in running(told)  # the light is safe, and nobody has looked at the damp
    assert running(told)["B1.2"] == working_days_after(AT, 10)
    step(told, "summary_sent", AT + DAY)
    do(actions.take_hazard_step, repair=told.repair, step="concluded_significant", of=2, at=AT + 3 * DAY)
    assert {"C.2", "D1.2", "D2.2", "D3.2"} <= set(running(told))
    assert "B1.2" not in running(told)
    for name in ("summary_sent", "made_safe", "preventative_started"):
        do(actions.take_hazard_step, repair=told.repair, step=name, of=2, at=AT + 4 * DAY)
    assert {code for code in running(told) if code.endswith(".2")} == set()
    assert [one[3] for one in row(told).steps if len(one) > 3] == [2] * 5


def test_a_survey_says_of_each_hazard_what_it_found():
    told = leak_into_a_light()
    found = {"repair": told.repair, "surveyor": cast.PRIYA, "found": "Mould", "works": [], "by": cast.BY_PRIYA, "at": AT + DAY}
    with pytest.raises(Refused, match="no_hazard"):
        do(actions.record_survey, findings=[(3, "none")], **found)
    do(actions.record_survey, findings=[(2, "significant")], **found)
    assert {"A1", "A2", "C.2", "D1.2", "D2.2", "D3.2"} == set(running(told)), "nobody said anything of the light"
    do(actions.record_survey, findings=[(1, "none")], **found)
    assert not {"A1", "A2"} & set(running(told))


def test_one_survey_may_say_of_both_what_it_found():
    told = leak_into_a_light()
    found = {"repair": told.repair, "surveyor": cast.PRIYA, "found": "Mould", "works": [], "by": cast.BY_PRIYA, "at": AT + DAY}
    do(actions.record_survey, findings=[(1, "emergency"), (2, "none")], **found)
    assert {"A2", "C", "C.2"} <= set(running(told))
    assert not {"A1", "B1.2", "D1.2"} & set(running(told))


def test_what_was_done_for_two_hazards_at_once_is_told_to_the_tenant_once():
    told = leak_into_a_light()
    found = {"repair": told.repair, "surveyor": cast.PRIYA, "found": "Mould", "works": [], "by": cast.BY_PRIYA, "at": AT + DAY}
    do(actions.record_survey, findings=[(1, "emergency"), (2, "significant")], **found)
    for work in works(told):
        came = {"outcome": "made_safe", "arrived_at": AT + DAY, "did": "Made safe", "evidence": [PHOTO], "electrics": "isolated"}
        do(actions.attend_visit, work=work.id, by=cast.BY_COL, at=AT + DAY, **came)
    case = queries.tenant_case(told.repair, cast.RUTH, now=AT + DAY, on=(AT + DAY).date())
    safe = [[line.id for line in some if line.details.get("step") == "made_safe"] for some in (case.timeline, case.lines)]
    assert [len(some) for some in safe] == [2, 1]


def test_steps_of_one_hazard_are_in_turn_whatever_the_other_has_come_to():
    told = leak_into_a_light()
    step(told, "concluded_emergency", AT + 2 * HOUR)
    with pytest.raises(Refused, match="hazard_step_out_of_turn"):
        do(actions.take_hazard_step, repair=told.repair, step="summary_sent", of=2, at=AT + 3 * HOUR)
    with pytest.raises(Refused, match="no_hazard"):
        do(actions.take_hazard_step, repair=told.repair, step="made_safe", of=3, at=AT + 3 * HOUR)


def test_a_hazard_found_later_takes_the_next_number_and_the_first_keeps_its_clocks():
    told = report(MOULD)
    before = running(told)["B1"]
    do(
        actions.retriage_repair, repair=told.repair, why="Water runs into the light", at=AT + DAY,
        said=Said(fault="damp_mould", flags=("water_near_electrics",)),
    )  # fmt: skip
    assert running(told)["B1"] == before
    assert {"A1.2", "A2.2"} <= set(running(told))
    assert running(told)["A2.2"] == AT + 2 * DAY


def test_no_access_is_counted_for_each_hazard():
    from lamplit.repairs.facts import Tried

    told = leak_into_a_light()
    do(
        actions.attend_visit, work=works(told)[0].id, outcome="no_access", arrived_at=AT + HOUR, tried=[Tried(way="knocked")],
        evidence=[PHOTO], by=cast.BY_COL, at=AT + HOUR,
    )  # fmt: skip
    assert sorted(len(one) for one in row(told).steps) == [3, 4]
