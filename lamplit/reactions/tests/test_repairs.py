"""Who is told what about a repair, and who is not."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from lamplit.basics import who
from lamplit.basics.words import before
from lamplit.messages.models import Message
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote, Reach
from lamplit.reactions import follow as following
from lamplit.reactions.providers.plain import Outbox
from lamplit.reactions.send import Carriers, send_waiting
from lamplit.reactions.tests.working import follow, messages
from lamplit.reactions.timers import (
    ask_tenants,
    remind_of_visits,
    ring,
    say_visits_missed,
    say_what_ran_out,
    shut_dormant_accounts,
)
from lamplit.repairs import actions
from lamplit.repairs.actions import Said
from lamplit.repairs.facts import Caller, Tried
from lamplit.repairs.tests import story
from tests.cast import (
    AT,
    BY_COL,
    BY_DELE,
    BY_PRIYA,
    DELE,
    EMPTY_HOME,
    KINDLE,
    PRIYA,
    RUTH,
    RUTHS_HOME,
    TOMASZ,
    TOMASZS_HOME,
)  # fmt: skip
from tests.landlord import Landlord

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EMERGENCY = Said(fault="leak_fitting", flags=("water_near_electrics",))


@pytest.fixture(autouse=True)
def _begun(landlord: Landlord) -> None:
    following.begin_at(0)
    story.begin()
    how = Reach(channel="email", value="tomasz@example.org", state="works", safe=True)
    story.do(people.set_reach, by=who.cli("import"), at=AT - DAY, person=TOMASZ, how=how)


def told(landlord: Landlord, template: str, at: datetime = AT) -> list[Message]:
    follow(landlord, at)
    return messages(template)


def visit(landlord: Landlord, from_at: datetime = AT + DAY, **more: Any) -> str:
    found = story.report(**more)
    work = story.works(found)[0]
    return story.do(
        actions.book_visit,
        by=BY_PRIYA,
        work=work.id,
        from_at=from_at,
        until_at=from_at + 4 * HOUR,
        contractor=KINDLE,
    )


def test_she_who_reported_gets_the_number_and_the_day(landlord: Landlord) -> None:
    made = story.report()
    (receipt,) = told(landlord, "repair_received")
    assert (receipt.person, receipt.to, receipt.about, receipt.name) == (RUTH, "+447700900005", made.repair, "Ruth Adeyemi")
    assert made.reference in receipt.body
    assert "We will mend it by the end of" in receipt.body
    assert messages("repair_reported_for_you") == []


def test_a_reporter_from_outside_learns_nothing_of_the_household_nor_it_of_her(landlord: Landlord) -> None:
    story.report(reporter=TOMASZ)
    (receipt,) = told(landlord, "repair_received")
    (word,) = messages("repair_reported_for_you")
    assert (receipt.person, word.person) == (TOMASZ, RUTH)
    for said, other in ((receipt, "Ruth"), (word, "Tomasz")):
        assert other not in said.subject + said.body
        assert "Ember Rise" not in said.body


def test_somebody_who_did_not_sign_in_is_answered_where_she_said(landlord: Landlord) -> None:
    story.report(reporter=None, by=who.visitor(), channel="visitor", caller=Caller(name="Ann", phone="07700 900077"))
    (receipt,) = told(landlord, "repair_received")
    assert (receipt.person, receipt.channel, receipt.to, receipt.name) == (None, "text", "+447700900077", "Ann")
    assert [m.person for m in messages("repair_reported_for_you")] == [RUTH]


def test_whoever_does_not_live_there_reads_a_date_that_follows_from_her_words_alone(landlord: Landlord) -> None:
    need = PersonNote(what="need", code="respiratory", source="She said so")
    story.do(people.note_person, at=AT - DAY, person=RUTH, about=need)
    mould = Said(fault="damp_mould", room="bedroom")
    outside = {"reporter": None, "by": who.visitor(), "channel": "visitor", "caller": Caller(name="Ann", phone="07700 900077")}
    made = story.report(mould, **outside)
    assert made.alone is not None
    assert made.due_at < made.alone.due_at
    (receipt,) = told(landlord, "repair_received")
    (word,) = messages("repair_reported_for_you")
    assert before(made.alone.due_at, AT) in receipt.body
    assert before(made.due_at, AT) not in receipt.body
    assert before(made.due_at, AT) in word.body


def test_what_we_told_from_her_words_alone_is_kept_for_every_stranger_and_for_nobody_who_lives_there(landlord: Landlord) -> None:
    tap = Said(fault="tap_drips", room="kitchen")
    hers = story.report(tap)
    strangers = story.report(Said(fault="tap_drips", room="bathroom"), reporter=TOMASZ, separate=True)
    assert hers.alone is None
    assert strangers.alone is not None  # though it makes no difference here: else it would tell where it does
    assert story.row(strangers).alone is not None
    assert story.row(hers).alone is None


def test_somebody_who_left_no_way_to_reach_her_gets_nothing(landlord: Landlord) -> None:
    story.report(reporter=None, by=who.visitor(), channel="visitor", home=EMPTY_HOME)
    assert told(landlord, "repair_received") == []
    assert messages() == []


def test_a_second_report_of_the_same_is_told_so_once(landlord: Landlord) -> None:
    story.report()
    again = story.report()
    assert again.joined
    assert len(told(landlord, "repair_received")) == 1
    assert [m.body.count(again.reference) for m in messages("repair_joined")] == [1]


def test_an_emergency_is_received_until_a_named_person_has_it(landlord: Landlord) -> None:
    made = story.report(EMERGENCY)
    (receipt,) = told(landlord, "repair_received")
    assert 'we call it "received"' in receipt.body
    rung = messages("on_call")
    assert {m.voice for m in rung} == {PRIYA, KINDLE}
    assert all("Ember Rise" not in m.body and m.person is None for m in rung)
    story.do(actions.accept_emergency, repair=made.leads, staff_id=PRIYA)
    (accepted,) = told(landlord, "repair_accepted")
    assert accepted.person == RUTH
    assert accepted.subject == f"Priya Nair has your emergency {made.reference}"


def test_it_is_rung_again_until_accepted(landlord: Landlord) -> None:
    made = story.report(EMERGENCY)
    before = story.row(made).ring_count
    for minutes in range(1, 31):
        ring(AT + timedelta(minutes=minutes))
    assert story.row(made).ring_count > before + 2
    follow(landlord, AT)
    assert DELE in {m.voice for m in messages("on_call")}  # the lead
    story.do(actions.accept_emergency, repair=made.leads, staff_id=PRIYA, at=AT + HOUR)
    assert ring(AT + 2 * HOUR) == 0


def test_a_visit_is_told_moved_reminded_and_called_off(landlord: Landlord) -> None:
    ident = visit(landlord, AT + 2 * DAY)
    (booked,) = told(landlord, "visit_booked")
    assert "We will come on Wednesday 4 March, between 9:30am and 1:30pm." in booked.body
    later = AT + 3 * DAY
    row = story.Work.objects.get()
    story.do(actions.book_visit, work=row.id, visit=ident, from_at=later, until_at=later + HOUR)
    (moved,) = [m for m in told(landlord, "visit_booked") if m.id != booked.id]
    assert "We have moved our visit." in moved.body
    eve = AT + 2 * DAY
    assert remind_of_visits(eve - 9 * HOUR + timedelta(minutes=1)) == 0  # in the night
    assert remind_of_visits(eve) == 1
    assert remind_of_visits(eve + HOUR) == 0
    assert [m.person for m in messages("visit_reminder")] == [RUTH]
    story.do(actions.cancel_visit, visit=ident, ours=True, why="Col is ill", at=eve)
    (off,) = told(landlord, "visit_cancelled", eve)
    assert "We are sorry: we called it off." in off.body


def test_a_visit_moved_before_we_wrote_is_told_once_with_the_right_time(landlord: Landlord) -> None:
    ident = visit(landlord)
    later = AT + 3 * DAY
    story.do(actions.book_visit, work=story.Work.objects.get().id, visit=ident, from_at=later, until_at=later + HOUR)
    (booked,) = told(landlord, "visit_booked")
    assert "Thursday 5 March" in booked.subject
    assert "We will come on" in booked.body
    assert "moved" not in booked.body, "nobody heard of another time"


def test_a_visit_next_door_is_told_to_those_who_live_there_and_says_no_more(landlord: Landlord) -> None:
    made = story.report()
    work = story.do(actions.order_work, repair=made.leads, trade="plumber", home=story.cast.TOMASZS_HOME, what="Look above")
    story.do(actions.book_visit, work=work, from_at=AT + DAY, until_at=AT + DAY + HOUR)
    (booked,) = told(landlord, "visit_booked")
    assert booked.person == TOMASZ
    assert "a repair near you" in booked.body
    assert made.reference not in booked.body


def test_we_say_sorry_when_nobody_came(landlord: Landlord) -> None:
    ident = visit(landlord)
    late = AT + DAY + 5 * HOUR
    story.do(actions.miss_visit, visit=ident, at=late)
    (sorry,) = told(landlord, "visit_missed", late)
    assert "We did not. We are sorry." in sorry.body
    assert "Wednesday 4 March, call us" in sorry.body


def test_a_visit_that_nobody_spoke_of_is_told_once_as_missed(landlord: Landlord) -> None:
    visit(landlord)
    over = AT + DAY + 4 * HOUR
    assert say_visits_missed(over + HOUR) == 0
    late = over + 2 * HOUR
    assert say_visits_missed(late) == 1
    assert say_visits_missed(late + HOUR) == 0
    (sorry,) = told(landlord, "visit_missed", late)
    assert "Nobody has told us that they came." in sorry.body
    assert "We did not." not in sorry.body
    assert len(told(landlord, "visit_missed", late + HOUR)) == 1


def test_who_came_and_said_so_in_time_is_not_apologised_for(landlord: Landlord) -> None:
    ident = visit(landlord)
    late = AT + DAY + 6 * HOUR
    assert say_visits_missed(late) == 1
    work = story.Work.objects.get().id
    story.do(
        actions.attend_visit, by=BY_COL, at=late, visit=ident, work=work, outcome="temporary", arrived_at=AT + DAY + HOUR,
        did="Taped it", evidence=[story.PHOTO],
    )  # fmt: skip
    assert told(landlord, "visit_missed", late + HOUR) == []


def test_a_visit_of_long_ago_is_noted_and_nobody_is_written_to(landlord: Landlord) -> None:
    visit(landlord)
    late = AT + 9 * DAY
    assert say_visits_missed(late) == 1
    assert told(landlord, "visit_missed", late) == []


def test_no_access_says_what_we_tried_and_leaves_it_open(landlord: Landlord) -> None:
    ident = visit(landlord)
    tried = [Tried(way="knocked", at=AT + DAY), Tried(way="called", at=AT + DAY)]
    story.do(
        actions.attend_visit, by=BY_COL, at=AT + DAY, visit=ident, work=story.Work.objects.get().id, outcome="no_access",
        arrived_at=AT + DAY, tried=tried, evidence=[story.PHOTO],
    )  # fmt: skip
    (word,) = told(landlord, "no_access", AT + DAY)
    assert "- We knocked.\n- We rang you." in word.body


def test_the_tenant_is_asked_first_one_way_then_another(landlord: Landlord) -> None:
    how = Reach(channel="email", value="ruth@example.org", state="works", safe=True)
    story.do(people.set_reach, by=who.cli("import"), at=AT - DAY, person=RUTH, how=how)
    made = story.report()
    story.mend_all(made, at=AT + HOUR)
    at = AT + 2 * HOUR
    assert ask_tenants(at) == 1
    assert ask_tenants(at) == 0
    (asked,) = told(landlord, "is_it_mended", at)
    assert (asked.channel, asked.about) == ("text", made.leads)
    assert "Reply YES if it is. Reply NO if it is not." in asked.body
    at += 14 * DAY
    assert ask_tenants(at) == 1
    assert [m.channel for m in told(landlord, "is_it_mended", at)] == ["text", "email"]
    assert ask_tenants(at + 14 * DAY) == 0  # no way is left: people see to it


def test_her_yes_by_text_ends_it_and_we_say_so(landlord: Landlord) -> None:
    made = story.report()
    story.mend_all(made, at=AT + HOUR, made_good=True)
    at = AT + 2 * HOUR
    ask_tenants(at)
    follow(landlord, at)
    landlord.seal()
    send_waiting(Carriers({}, Outbox()), at, lambda: at)
    answered = story.do(actions.answer_by_text, by=who.job("texts"), sender="+447700900005", said="Yes thanks", at=at + HOUR)
    assert answered.ended is not None
    assert answered.ended.closed
    (closed,) = told(landlord, "repair_closed", at + HOUR)
    assert closed.person == RUTH
    assert "You told us that it is mended." in closed.body
    story.do(actions.reopen_repair, repair=made.leads, channel="phone", person=RUTH, said="No", by=BY_DELE, at=at + DAY)
    (again,) = told(landlord, "repair_reopened", at + DAY)
    assert made.reference in again.subject


def test_everybody_who_reported_it_hears_the_end_in_words_that_fit_her(landlord: Landlord) -> None:
    made = story.report()
    again = story.report(reporter=TOMASZ)
    assert again.joined
    story.mend_all(made, at=AT + HOUR, made_good=True)
    story.do(actions.confirm_mended, repair=made.leads, channel="phone", person=RUTH, by=BY_DELE, at=AT + DAY)
    closed = {m.person: m.body for m in told(landlord, "repair_closed", AT + DAY)}
    assert set(closed) == {RUTH, TOMASZ}
    assert f"You told us that it is mended. So we have closed report {made.reference}." in closed[RUTH]
    assert f"We have been told that it is mended. So we have closed report {again.reference}" in closed[TOMASZ]
    assert made.reference not in closed[TOMASZ]


def test_a_reminder_goes_out_once_also_after_a_rebuild(landlord: Landlord) -> None:
    visit(landlord, AT + DAY)
    assert remind_of_visits(AT + HOUR) == 1
    with landlord.connect("admin") as db:
        db.execute("DELETE FROM record.command WHERE id LIKE 'job:reminder:%'")  # a rebuild brings no commands back
    assert remind_of_visits(AT + 2 * HOUR) == 0


def test_accounts_that_nobody_uses_are_shut_once_a_day(landlord: Landlord) -> None:
    seen = {PRIYA: AT + 400 * DAY, DELE: AT}
    at = AT + 400 * DAY
    shut = shut_dormant_accounts(lambda: seen)
    assert shut(at) == 2  # Dele, and Col who never came
    seen[DELE] = at
    assert shut(at + HOUR) == 0
    assert shut(at + DAY) == 0


def test_a_clock_that_ran_out_is_said_once(landlord: Landlord) -> None:
    made = story.report()
    late = story.row(made).due_at + HOUR
    assert say_what_ran_out(late) >= 1
    assert say_what_ran_out(late) == 0
    assert story.row(made).missed_count >= 1
    assert story.row(made).home == RUTHS_HOME


def test_who_is_visited_is_told_of_the_way_and_after_a_miss_of_the_next_free_time(landlord: Landlord) -> None:
    told = story.report(Said(fault="tap_drips", room="kitchen"))
    work = story.works(told)[0]
    diary = story.do(actions.record_diary, name="Kindle", trades=[work.trade], contractor=KINDLE)
    some = {"parts": ["pm"], "weekdays": [0, 1, 2, 3, 4], "from_on": AT.date(), "places": 1}
    story.do(actions.set_capacity, diary=diary, **some)
    visit = story.do(actions.book_slot, work=work.id, slot="2026-03-03.pm", by=who.person(RUTH))
    noon = datetime(2026, 3, 3, 12, tzinfo=AT.tzinfo)
    story.do(actions.set_out, visit=visit, by=BY_COL, at=noon)
    follow(landlord, at=noon)
    sent = messages("visit_set_out")
    assert [(m.person, m.channel) for m in sent] == [(RUTH, "text")]
    assert "We are on our way to you now" in sent[0].body
    story.do(actions.miss_visit, visit=visit, by=who.person(RUTH), at=noon + 6 * HOUR)
    follow(landlord, at=noon + 6 * HOUR)
    sorry = messages("visit_missed")[0].body
    assert "You told us that nobody came." in sorry
    assert "The next time that we have is Wednesday 4 March, between noon and 5pm" in sorry


def test_a_household_that_it_reaches_is_told_and_asked_and_learns_nothing_of_the_other(landlord: Landlord) -> None:
    reach = Reach(channel="email", value="tomasz@home.example", state="works", safe=True)
    story.do(people.set_reach, person=TOMASZ, how=reach)
    told = story.report(Said(fault="tap_drips", room="kitchen"))
    home = TOMASZS_HOME
    story.do(actions.link_home, repair=told.repair, home=home, part="affected", says="It drips on you.")
    follow(landlord, at=AT)
    first = messages("home_linked")
    assert [m.person for m in first] == [TOMASZ]
    assert "tap" not in first[0].body
    story.mend_all(told, at=AT + DAY)
    story.do(actions.ask_if_mended, repair=told.repair, channel="email", at=AT + DAY)
    follow(landlord, at=AT + DAY)
    assert {m.person for m in messages("is_it_mended")} == {RUTH, TOMASZ}
    for person in (RUTH, TOMASZ):
        story.do(
            actions.confirm_mended, repair=told.repair, channel="portal", person=person, by=who.person(person), at=AT + 2 * DAY
        )
    follow(landlord, at=AT + 2 * DAY)
    assert {m.person: "reached your home too" in m.body for m in messages("repair_closed")} == {RUTH: False, TOMASZ: True}


def test_it_rings_about_the_next_when_the_standby_rang_about_one_in_this_minute(landlord: Landlord) -> None:
    """Main serves again within the minute in which the standby rang, and has taken its entries over."""
    first = story.report(EMERGENCY)
    second = story.report(EMERGENCY, home=TOMASZS_HOME, reporter=TOMASZ)
    at = AT + timedelta(minutes=5)
    assert ring(at) == 2
    with landlord.connect("owner") as db:
        db.execute("UPDATE record.command SET digest = NULL, answer = NULL WHERE id LIKE %s", [f"job:ring:{first.leads}:%"])
        db.execute("DELETE FROM record.command WHERE id LIKE %s", [f"job:ring:{second.leads}:%"])
    assert ring(at) == 2
