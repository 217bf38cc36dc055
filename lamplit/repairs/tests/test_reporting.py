"""Reporting: the clock starts when she said it, what she needs moves the deadline, what is open already is joined and counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lamplit.basics import who
from lamplit.basics.refusal import Refused
from lamplit.messages import queries as messages
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.repairs.facts import Caller
from lamplit.repairs.models import Repair, RepairClock
from lamplit.repairs.rules import rule_book
from lamplit.repairs.tests.story import AT, DAY, DRIPPING, HOUR, begin, do, mend_all, report, row, timeline, works
from tests import cast

WET_LIGHT = Said(fault="leak_fitting", room="kitchen", flags=("water_near_electrics",))


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def test_it_gets_a_number_a_priority_and_a_clock_from_when_she_said_it():
    told = report(at=AT)
    repair = row(told)
    assert repair.reference == told.reference
    assert repair.reported_at == AT
    clock = RepairClock.objects.get(repair=told.repair, code=f"target.{told.priority}")
    assert clock.starts_at == AT
    assert repair.words == "Water drips from the ceiling."
    assert repair.triage["rule"]


def test_a_report_keyed_late_keeps_both_times():
    told = report(at=AT - 3 * DAY, channel="letter")
    repair = row(told)
    assert repair.reported_at == AT - 3 * DAY
    assert repair.recorded_at > repair.reported_at
    assert RepairClock.objects.filter(repair=told.repair).earliest("starts_at").starts_at == AT - 3 * DAY


def test_the_questions_lead_to_the_same_place_as_a_person_who_knows():
    answers, tree = [], rule_book().tree
    asked = tree.walk(answers)
    while hasattr(asked, "code"):
        option = asked.options[-1] if asked.options else None
        said = None if option else "It drips."
        answers.append(tree.answer(asked.code, option.code if option else None, said))
        asked = tree.walk(answers)
    told = report(None, answers=answers, words_said=None)
    assert row(told).fault == asked.fault
    assert row(told).answers[0]["question"] == answers[0].question


def test_it_asks_on_when_a_question_is_left():
    with pytest.raises(Refused) as refused:
        report(None, answers=[])
    assert refused.value.code == "repairs.more_to_ask"


def test_water_near_electrics_raises_the_leak_and_an_electrician():
    told = report(WET_LIGHT)
    assert told.emergency
    wanted = {(work.trade, tuple(work.needs)) for work in works(told)}
    assert ("electrician", ("test_or_isolation",)) in wanted
    assert any(trade == "plumber" for trade, _ in wanted)


def test_a_baby_on_file_makes_no_heating_an_emergency_in_summer():
    at = AT + 120 * DAY
    cold = Said(fault="heating_off")
    before = report(cold, home=cast.EMPTY_HOME, reporter=None, at=at)
    do(people.note_person, person=cast.MIA, about=PersonNote(what="need", code="baby", source="Ruth, by telephone"), at=at)
    after = report(cold, at=at)
    assert not before.emergency
    assert after.emergency
    assert "baby" in row(after).triage["needs"]


def test_what_she_tells_of_her_household_counts_as_well():
    told = report(Said(fault="heating_off"), needs=["oxygen"], at=AT + 120 * DAY)
    assert told.emergency


def test_a_second_report_of_the_same_leak_joins_and_is_counted():
    first = report()
    second = report(at=AT + DAY, words_said="Still dripping.")
    assert second.joined
    assert second.leads == first.repair
    assert second.reference != first.reference
    assert row(first).report_count == 2
    assert Repair.objects.get(id=second.repair).status == "joined"
    assert not RepairClock.objects.filter(repair=second.repair).exists()
    assert timeline(first).count("repair.reported") == 2


def test_a_worse_second_report_raises_the_first_and_keeps_its_clock():
    first = report()
    second = report(WET_LIGHT, at=AT + DAY)
    assert second.joined
    repair = row(first)
    assert repair.priority == "emergency"
    assert repair.status == "received"
    assert "repair.retriaged" in timeline(first)
    assert any(work.trade == "electrician" for work in works(first))
    assert RepairClock.objects.get(repair=first.repair, code="target.emergency").starts_at == AT + DAY


def test_a_further_report_after_we_stopped_the_clock_starts_it_again():
    first = report(Said(fault="electric_unsafe"))
    first_work = works(first)[0]
    do(actions.accept_emergency, repair=first.repair, staff_id=cast.PRIYA)
    do(
        actions.attend_visit, work=first_work.id, outcome="made_safe", arrived_at=AT + HOUR, did="Isolated", electrics="isolated",
        evidence=["photo: seen"], by=cast.BY_COL, at=AT + HOUR,
    )  # fmt: skip
    assert not RepairClock.objects.filter(repair=first.repair, code__startswith="target.", stopped_at=None).exists()
    report(Said(fault="electric_unsafe"), at=AT + DAY)
    again = RepairClock.objects.get(repair=first.repair, code=f"target.{first.priority}")
    assert (again.starts_at, again.stopped_at) == (AT + DAY, None)


def test_another_trouble_in_the_same_home_stays_apart():
    report()
    assert not report(Said(fault="window_stuck", room="bedroom")).joined
    assert not report(DRIPPING, separate=True).joined


def test_a_report_of_what_we_thought_mended_opens_it_again():
    first = report()
    mend_all(first, at=AT + DAY)
    assert row(first).status == "to_confirm"
    second = report(at=AT + 2 * DAY)
    assert second.leads == first.repair
    assert row(first).status != "to_confirm"
    assert row(first).reopened_count == 1


def test_a_repeat_after_the_end_names_what_it_follows():
    first = report()
    mend_all(first, at=AT + DAY, made_good=True)
    do(actions.confirm_mended, repair=first.repair, channel="portal", person=cast.RUTH, by=cast.BY_RUTH, at=AT + 2 * DAY)
    assert row(first).status == "closed"
    second = report(at=AT + 20 * DAY)
    assert not second.joined
    assert row(second).follows == first.repair
    assert "repeats:again" in row(second).triage["inputs"]


def test_somebody_signed_in_reports_only_where_she_lives():
    with pytest.raises(Refused) as refused:
        report(by=cast.BY_OTTO, reporter=cast.OTTO, channel="portal")
    assert refused.value.code == "repairs.not_your_home"
    for_ruth = Caller(name="Otto Finch", for_name="Ruth Adeyemi", relation="friend")
    told = report(by=cast.BY_OTTO, reporter=None, channel="portal", caller=for_ruth)
    assert row(told).caller["for_name"] == "Ruth Adeyemi"


def test_a_visitor_needs_no_account():
    told = report(reporter=None, channel="visitor", caller=Caller(name="A neighbour", phone="+447700900111"))
    assert row(told).voice == told.repair
    assert row(told).reporter is None


def test_the_same_form_twice_is_one_repair():
    told = {"home": cast.RUTHS_HOME, "channel": "portal", "said": DRIPPING, "reporter": cast.RUTH}
    first = actions.report_repair(by=cast.BY_RUTH, at=AT, command="form:twice", **told)
    again = actions.report_repair(by=cast.BY_RUTH, at=AT + HOUR, command="form:twice", **told)
    assert first == again
    assert Repair.objects.count() == 1


def test_two_reports_at_the_same_moment_are_one_repair_with_two_reports():
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def tell(number):
        try:
            return actions.report_repair(
                home=cast.RUTHS_HOME,
                channel="phone",
                said=DRIPPING,
                reporter=cast.RUTH,
                by=cast.BY_DELE,
                at=AT,
                command=f"form:race{number}",
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        told = list(both.map(tell, range(2)))
    assert sorted(one.joined for one in told) == [False, True]
    assert len({one.leads for one in told}) == 1
    assert row(told[0].leads).report_count == 2


def test_what_she_adds_can_make_it_graver():
    told = report()
    graver = do(
        actions.add_to_repair, repair=told.repair, says="Now it runs into the lamp.", person=cast.RUTH,
        flags=["water_near_electrics"], by=cast.BY_RUTH, at=AT + HOUR,
    )  # fmt: skip
    assert graver
    assert row(told).status == "received"


def test_what_she_adds_herself_is_promised_to_be_read_and_what_we_add_is_not():
    told = report()
    says = "It is near the sockets.\x01 " + "Please come. " * 60
    do(actions.add_to_repair, repair=told.repair, says=says, person=cast.RUTH, by=cast.BY_RUTH, at=AT + HOUR)
    do(actions.add_to_repair, repair=told.repair, says="She rang again.", by=cast.BY_DELE, at=AT + HOUR)
    (promise,) = messages.open_promises()
    assert (promise.person, promise.repair, promise.due_at) == (cast.RUTH, told.repair, AT + HOUR + messages.READ_WITHIN)
    assert promise.what.startswith("Read what was added to the repair, and answer it: “It is near the sockets.")
    assert promise.what.endswith("…”")
    assert len(promise.what) < 400


def test_a_person_may_raise_it_but_not_lower_it_below_the_rules():
    told = report()
    do(actions.raise_priority, repair=told.repair, priority="emergency", why="She sounds desperate", at=AT + HOUR)
    assert row(told).status == "received"
    with pytest.raises(Refused) as refused:
        do(actions.raise_priority, repair=told.repair, priority="routine", why="Quiet now", at=AT + HOUR)
    assert refused.value.code == "repairs.only_higher"


def test_a_danger_told_once_stays_told():
    told = report(WET_LIGHT)
    priority = do(actions.retriage_repair, repair=told.repair, why="It has dried", said=DRIPPING, at=AT + HOUR)
    assert priority == "emergency"


def test_a_repair_next_door_can_be_joined_and_stops_its_own_clocks():
    upstairs = report()
    below = report(home=cast.TOMASZS_HOME, reporter=cast.TOMASZ)
    assert not below.joined
    for work in works(below):
        do(actions.cancel_work, work=work.id, why="The leak is upstairs")
    do(actions.join_repair, repair=below.repair, into=upstairs.repair, why="The water comes from number 5")
    assert Repair.objects.get(id=below.repair).status == "joined"
    assert row(upstairs).report_count == 2
    assert not RepairClock.objects.filter(repair=below.repair, stopped_at=None).exists()


def test_an_edition_of_the_questions_is_kept_with_the_record():
    from lamplit.repairs.rules.law import data

    text = data("tree.yaml").replace('edition: "2026-11"', 'edition: "landlord-7"', 1)
    assert do(actions.load_tree, text=text) == "landlord-7"
    assert do(actions.load_tree, text=text) == "landlord-7"
    assert queries.book_for("landlord-7").tree.edition == "landlord-7"
    with pytest.raises(Refused) as refused:
        do(actions.load_tree, text=text + "\n# another\n")
    assert refused.value.code == "repairs.edition_taken"
    with pytest.raises(Refused) as refused:
        do(actions.load_tree, text="edition: x\nquestions: 7\n")
    assert refused.value.code == "repairs.tree_wrong"


def test_a_report_asks_nothing_twice():
    tap = Said(fault="tap_drips", room="bathroom")
    for said, most in ((tap, 24), (WET_LIGHT, 27)):
        with CaptureQueriesContext(connection) as sent:
            report(said, by=who.person(cast.RUTH))
        told = [one["sql"] for one in sent.captured_queries]
        assert len(told) == len(set(told))
        assert len(told) <= most
