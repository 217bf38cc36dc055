"""Visits and works: what leaves a repair open, what has to be shown, and what the tenant was promised."""

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import FollowOn, Said
from lamplit.repairs.facts import Tried
from lamplit.repairs.models import RepairClock, Visit, Work
from lamplit.repairs.tests.story import AT, DAY, HOUR, PHOTO, begin, do, mend, mend_all, report, row, works
from tests import cast


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def attend(work, outcome, *, at=AT + DAY, **kwargs):
    return do(actions.attend_visit, work=work.id, outcome=outcome, arrived_at=at, by=cast.BY_COL, at=at, **kwargs)


def test_a_visit_is_booked_moved_and_missed_and_each_promise_is_kept_in_sight():
    told = report()
    work = works(told)[0]
    booked = do(actions.book_visit, work=work.id, from_at=AT + DAY, until_at=AT + DAY + 4 * HOUR)
    again = do(actions.book_visit, work=work.id, visit=booked, from_at=AT + 2 * DAY, until_at=AT + 2 * DAY + 4 * HOUR)
    assert again == booked
    visit = Visit.objects.get(id=booked)
    assert (visit.moved_count, visit.first_until_at) == (1, AT + DAY + 4 * HOUR)
    assert Work.objects.get(id=work.id).state == "booked"
    assert row(told).next_code in {f"visit.{booked}", "target.urgent", "target.emergency"} | {row(told).next_code}
    do(actions.miss_visit, visit=booked, at=AT + 2 * DAY + 5 * HOUR)
    assert Work.objects.get(id=work.id).state == "open"
    assert row(told).missed_count == 1
    promised = queries.case(told.repair, now=AT + 3 * DAY).promised
    assert [(p.what, p.state) for p in promised if p.what == "visit"] == [("visit", "moved"), ("visit", "missed")]
    with pytest.raises(Refused) as refused:
        do(actions.cancel_visit, visit=booked, ours=True, why="No operative")
    assert refused.value.code == "repairs.visit_is_over"


def test_no_access_says_what_was_tried_and_closes_nothing():
    told = report()
    work = works(told)[0]
    with pytest.raises(Refused) as refused:
        attend(work, "no_access", evidence=[PHOTO])
    assert refused.value.code == "repairs.say_what_was_tried"
    tried = [Tried(way="knocked", at=AT + DAY), Tried(way="called", said="No answer")]
    with pytest.raises(Refused) as refused:
        attend(work, "no_access", tried=tried)
    assert refused.value.code == "repairs.show_the_evidence"
    visit = attend(work, "no_access", tried=tried, evidence=[PHOTO])
    assert Visit.objects.get(id=visit).tried[0]["way"] == "knocked"
    assert row(told).live
    assert Work.objects.get(id=work.id).state == "open"
    assert RepairClock.objects.filter(repair=told.repair, stopped_at=None).exists()


def test_a_temporary_fix_leaves_it_open_and_another_trade_goes_on():
    told = report()
    work = works(told)[0]
    attend(work, "temporary", did="Taped the joint", evidence=[PHOTO])
    assert row(told).status == "open"
    attend(
        work, "other_trade", at=AT + 2 * DAY, found="The roof leaks", follow_on=[FollowOn(trade="roofer", what="Mend the roof")]
    )
    after = works(told)
    assert {w.state for w in after if w.id == work.id} == {"handed_on"}
    assert [w.follows for w in after if w.trade == "roofer"] == [work.id]
    assert row(told).status == "open"
    with pytest.raises(Refused) as refused:
        attend(after[-1], "other_trade")
    assert refused.value.code == "repairs.name_the_other_trade"


def test_work_that_waits_has_a_reason_an_owner_and_a_next_date():
    told = report()
    work = works(told)[0]
    look = london_date(AT + 10 * DAY)
    attend(work, "needs_parts", waits_for="A new valve", owner=cast.PRIYA, look_again_on=look)
    waiting = Work.objects.get(id=work.id)
    assert (waiting.state, waiting.owner, waiting.look_again_on, waiting.why) == ("waiting", cast.PRIYA, look, "A new valve")
    assert row(told).status == ("waiting" if len(works(told)) == 1 else "open")
    with pytest.raises(Refused) as refused:
        do(actions.wait_work, work=work.id, why="x", owner=cast.PRIYA, look_again_on=london_date(AT))
    assert refused.value.code == "repairs.look_again_in_the_future"
    do(actions.book_visit, work=work.id, from_at=AT + 9 * DAY, until_at=AT + 9 * DAY + HOUR)
    assert Work.objects.get(id=work.id).state == "booked"
    assert "look." + work.id not in row(told).running


def test_making_safe_and_a_place_to_stay_do_not_wait_with_the_work():
    told = report(Said(fault="ceiling_down", room="bedroom", flags=("structural",)))
    roof = do(actions.order_work, repair=told.repair, trade="roofer", what="Mend the roof")
    do(actions.wait_work, work=roof, why="Birds nest there", owner=cast.PRIYA, look_again_on=london_date(AT + 7 * DAY))
    again = do(actions.order_work, repair=told.repair, trade="surveyor", what="Survey for asbestos")
    do(actions.wait_work, work=again, why="The surveyor is booked", owner=cast.PRIYA, look_again_on=london_date(AT + 3 * DAY))
    states = {work.what: work.state for work in works(told)}
    assert {what for what, state in states.items() if state == "waiting"} == {"Mend the roof", "Survey for asbestos"}
    assert states["Offer the household somewhere to stay until the home is safe"] == "open"
    assert {"target.emergency", "awaab.A2", "awaab.F"} <= set(row(told).running)


def test_water_near_electrics_is_safe_only_after_the_test():
    told = report(Said(fault="leak_fitting", flags=("water_near_electrics",)))
    electric = next(w for w in works(told) if w.trade == "electrician")
    leak = next(w for w in works(told) if w.trade == "plumber")
    attend(leak, "made_safe", did="Isolated the pipe", evidence=[PHOTO])
    assert RepairClock.objects.filter(repair=told.repair, code="target.emergency", stopped_at=None).exists()
    attend(electric, "made_safe", did="Tested the circuit", evidence=[PHOTO], electrics="tested")
    assert not RepairClock.objects.filter(repair=told.repair, code="target.emergency", stopped_at=None).exists()
    assert row(told).electrics == "tested"
    safe = RepairClock.objects.filter(repair=told.repair, code="awaab.A2")
    assert all(clock.stopped_at for clock in safe)


def test_a_neighbours_home_can_be_visited_without_telling_her_whose_repair_it_is():
    told = report()
    above = do(
        actions.order_work,
        repair=told.repair,
        trade="plumber",
        what="Look at the bath above",
        home=cast.TOMASZS_HOME,
        needs=["note"],
    )
    booked = do(actions.book_visit, work=above, from_at=AT + DAY, until_at=AT + DAY + HOUR)
    assert Work.objects.get(id=above).household == cast.TOMASZS_TENANCY
    assert [v.id for v in queries.visits_from_elsewhere(cast.TOMASZS_HOME, now=AT)] == [booked]
    attend(
        Work.objects.get(id=above),
        "no_access",
        visit=booked,
        tried=[Tried(way="knocked")],
        evidence=[PHOTO],
        found="He shouted at us",
    )
    seen = queries.tenant_case(told.repair, cast.RUTH, now=AT + 2 * DAY, on=london_date(AT + 2 * DAY))
    lines = [line for line in seen.timeline if line.details.get("elsewhere")]
    assert {line.kind for line in lines} >= {"work.ordered", "visit.attended"}
    assert all(line.visit is None and line.about is None for line in lines)
    assert queries.tenant_case(told.repair, cast.TOMASZ, now=AT + 2 * DAY, on=london_date(AT + 2 * DAY)) is None


def test_todays_visits_say_what_to_know_before_going():
    from lamplit.homes import actions as homes
    from lamplit.homes.facts import HomeNote

    told = report(needs=["deaf"])
    do(homes.note_home, home=cast.RUTHS_HOME, about=HomeNote(what="asbestos", says="In the kitchen ceiling", source="Survey"))
    work = works(told)[0]
    do(actions.book_visit, work=work.id, from_at=AT + DAY, until_at=AT + DAY + HOUR, operative=cast.COL, contractor=cast.KINDLE)
    rows = queries.visits_of_day(london_date(AT + DAY), staff=cast.COL)
    assert [(r.repair.id, r.at_risk, r.notes[0]["what"]) for r in rows] == [(told.repair, ("deaf",), "asbestos")]
    assert queries.visits_of_day(london_date(AT + DAY), contractor="f_other000000000000000") == []
    assert [r.work.id for r in queries.works_of_contractor(cast.KINDLE)] == [w.id for w in works(told)]
    assert queries.may_see(told.repair, staff=cast.COL, contractor=cast.KINDLE)
    assert not queries.may_see(told.repair, staff="s_else00000000000000000", contractor="f_other000000000000000")


def test_a_work_that_is_over_takes_no_more_visits():
    told = report()
    work = works(told)[0]
    mend(work, at=AT + DAY)
    with pytest.raises(Refused) as refused:
        attend(work, "mended", did="Again", evidence=[PHOTO])
    assert refused.value.code == "repairs.work_is_over"


def test_mended_everywhere_stops_the_landlords_clocks():
    told = report()
    mend_all(told, at=AT + DAY)
    assert row(told).status == "to_confirm"
    assert not RepairClock.objects.filter(repair=told.repair, code__startswith="target.", stopped_at=None).exists()


def booked_visit(told):
    work = works(told)[0]
    return work, do(actions.book_visit, work=work.id, from_at=AT + DAY, until_at=AT + DAY + 4 * HOUR)


def test_a_visit_of_which_nobody_spoke_counts_as_missed_only_after_the_margin():
    told = report()
    work, visit = booked_visit(told)
    soon, late = AT + DAY + 5 * HOUR, AT + DAY + 6 * HOUR
    assert queries.visits_unsaid(soon) == []
    with pytest.raises(Refused) as refused:
        do(actions.miss_visit, visit=visit, unsaid=True, at=soon)
    assert refused.value.code == "repairs.visit_not_over_yet"
    assert [one.id for one in queries.visits_unsaid(late)] == [visit]
    do(actions.miss_visit, visit=visit, unsaid=True, at=late)
    assert queries.visits_unsaid(late) == []
    assert Visit.objects.get(id=visit).unsaid is True
    assert Work.objects.get(id=work.id).state == "open"
    assert (row(told).next_code, row(told).next_at, row(told).missed_count) == (f"missed.{work.id}", late, 1)


def test_a_missed_visit_is_due_until_a_new_time_is_agreed():
    told = report()
    work, visit = booked_visit(told)
    do(actions.miss_visit, visit=visit, at=AT + DAY + 5 * HOUR)
    assert row(told).next_code == f"missed.{work.id}"
    do(actions.book_visit, work=work.id, from_at=AT + 2 * DAY, until_at=AT + 2 * DAY + 4 * HOUR, at=AT + DAY + 6 * HOUR)
    assert f"missed.{work.id}" not in row(told).running


def test_somebody_came_after_all_and_the_miss_no_longer_counts():
    told = report()
    work, visit = booked_visit(told)
    late = AT + DAY + 7 * HOUR
    do(actions.miss_visit, visit=visit, unsaid=True, at=late)
    attend(work, "temporary", visit=visit, did="Taped the joint", evidence=[PHOTO], at=AT + DAY + HOUR)
    assert row(told).missed_count == 0
    assert f"missed.{work.id}" not in row(told).running
    promised = [p.state for p in queries.case(told.repair, now=late).promised if p.what == "visit"]
    assert promised == ["kept"]
    kinds = [line.kind for line in queries.case(told.repair, now=late).timeline]
    assert {"visit.missed", "visit.attended"} <= set(kinds)


def test_who_came_too_late_puts_nothing_right():
    told = report()
    work, visit = booked_visit(told)
    do(actions.miss_visit, visit=visit, unsaid=True, at=AT + DAY + 7 * HOUR)
    attend(work, "temporary", visit=visit, did="Taped the joint", evidence=[PHOTO], at=AT + DAY + 8 * HOUR)
    assert row(told).missed_count == 1


def test_a_visit_that_a_person_called_missed_stays_so():
    told = report()
    work, visit = booked_visit(told)
    do(actions.miss_visit, visit=visit, at=AT + DAY + 7 * HOUR)
    with pytest.raises(Refused) as refused:
        attend(work, "temporary", visit=visit, did="Taped the joint", evidence=[PHOTO])
    assert refused.value.code == "repairs.visit_is_over"
