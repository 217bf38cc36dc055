"""A repair ends with her word; silence, no access and temporary work leave it open; and it can always be opened again."""

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import visitor
from lamplit.basics.working_days import london_date
from lamplit.messages import actions as messages
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.repairs.actions.closing import read_answer
from lamplit.repairs.models import RepairClock
from lamplit.repairs.tests.story import AT, DAY, HOUR, begin, do, mend_all, report, row, timeline, works
from tests import cast

NUMBER = "+447700900005"
SHELF = Said(fault="cupboard", room="kitchen")


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def ask(told, channel, at):
    return do(actions.ask_if_mended, repair=told.repair, channel=channel, person=cast.RUTH, at=at)


def close(told, how, at, why="Tried everything"):
    return do(actions.close_repair, repair=told.repair, how=how, why=why, at=at)


def missing_codes(told, how, at):
    return {missing.code for missing in queries.what_is_missing(told.repair, how, at=at, by=cast.BY_PRIYA)}


def test_it_ends_when_she_says_that_it_is_mended():
    told = report(SHELF)
    mend_all(told, at=AT + DAY)
    assert ask(told, "text", AT + DAY) == 1
    ended = do(actions.confirm_mended, repair=told.repair, channel="portal", person=cast.RUTH, by=cast.BY_RUTH, at=AT + 2 * DAY)
    assert ended.closed
    assert (row(told).status, row(told).closed_how) == ("closed", "confirmed")
    assert not RepairClock.objects.filter(repair=told.repair, stopped_at=None).exists()
    assert timeline(told)[-2:] == ["repair.confirmed", "repair.closed"]


def test_it_is_not_asked_before_the_work_is_done():
    with pytest.raises(Refused) as refused:
        ask(report(SHELF), "text", AT)
    assert refused.value.code == "repairs.not_done_yet"


def test_a_leak_needs_its_cause_and_what_it_spoiled_put_right():
    told = report()
    for work in works(told):
        do(
            actions.attend_visit, work=work.id, outcome="mended", arrived_at=AT + DAY, did="Mended", electrics="tested",
            evidence=["photo: seen", "note: seen"], by=cast.BY_COL, at=AT + DAY,
        )  # fmt: skip
    ended = do(actions.confirm_mended, repair=told.repair, channel="portal", by=cast.BY_RUTH, at=AT + 2 * DAY)
    assert not ended.closed
    assert {m.code for m in ended.missing} >= {"cause", "made_good"}
    assert (row(told).status, row(told).next_code) == ("to_confirm", "finish")
    do(actions.record_cause, repair=told.repair, cause="A worn washer", made_good=True, at=AT + 3 * DAY)
    close(told, "confirmed", AT + 3 * DAY)
    assert row(told).closed_how == "confirmed"


def test_silence_never_closes_a_leak_without_two_ways_and_a_person():
    told = report()
    mend_all(told, at=AT + DAY, made_good=True)
    ask(told, "text", AT + DAY)
    ask(told, "text", AT + 5 * DAY)
    assert "tries" in missing_codes(told, "not_confirmed", AT + 90 * DAY)
    with pytest.raises(Refused) as refused:
        close(told, "not_confirmed", AT + 90 * DAY)
    assert refused.value.code == "repairs.cannot_end_yet"
    ask(told, "call", AT + 91 * DAY)
    with pytest.raises(Refused):
        do(actions.close_repair, repair=told.repair, how="not_confirmed", at=AT + 91 * DAY)
    close(told, "not_confirmed", AT + 91 * DAY)
    assert row(told).closed_how == "not_confirmed"
    assert row(told).closed_why == "Tried everything"


def test_no_access_and_open_work_never_close():
    told = report(SHELF)
    assert "work_open" in missing_codes(told, "not_confirmed", AT)
    with pytest.raises(Refused):
        close(told, "not_confirmed", AT + 90 * DAY)


def test_not_ours_is_a_persons_decision_with_a_reason():
    told = report(SHELF)
    with pytest.raises(Refused):
        close(told, "not_ours", AT, why=None)
    close(told, "not_ours", AT, why="The pipe in the street is the water company's, which confirmed it")
    assert row(told).closed_by == str(cast.BY_PRIYA)


def test_it_opens_again_whenever_she_says_so_and_goes_to_a_named_person():
    told = report(SHELF)
    do(actions.give_repair, repair=told.repair, owner=cast.DELE)
    mend_all(told, at=AT + DAY)
    do(actions.confirm_mended, repair=told.repair, channel="text", by=cast.BY_RUTH, at=AT + 2 * DAY)
    do(
        actions.reopen_repair,
        repair=told.repair,
        channel="portal",
        person=cast.RUTH,
        said="It fell again",
        by=cast.BY_RUTH,
        at=AT + 40 * DAY,
    )
    repair = row(told)
    assert (repair.status, repair.owner, repair.reopened_count) == ("open", cast.DELE, 1)
    assert repair.works == {}
    assert repair.due_at > AT + 40 * DAY
    seen = queries.tenant_case(told.repair, cast.RUTH, now=AT + 41 * DAY, on=london_date(AT + 41 * DAY))
    assert seen.timeline[-1].said == "It fell again"


def test_an_emergency_opened_again_is_received_until_somebody_has_it():
    told = report(Said(fault="gas_smell"))
    do(actions.accept_emergency, repair=told.repair, staff_id=cast.PRIYA)
    do(actions.reopen_repair, repair=told.repair, channel="phone", said="It smells again", at=AT + 3 * HOUR)
    repair = row(told)
    assert (repair.status, repair.accepted_by, repair.ring_count) == ("received", None, 1)


def question(told):
    """Our question as it went out by text, and the provider took it."""
    sent = do(
        messages.order_message, template=actions.QUESTION, subject="Is it mended?", body="Is it mended? Reply YES or NO.",
        person=cast.RUTH, channel="text", to=NUMBER, about=told.repair, at=AT + DAY,
    )  # fmt: skip
    do(messages.record_sent, message=sent, at=AT + DAY)


def reply(said, at=AT + 2 * DAY):
    return do(actions.answer_by_text, sender=NUMBER, said=said, by=visitor(), at=at)


def test_her_reply_by_text_ends_it_or_opens_it_again():
    told = report(SHELF)
    mend_all(told, at=AT + DAY)
    with pytest.raises(Refused) as refused:
        reply("Yes")
    assert refused.value.code == "repairs.no_question"
    question(told)
    assert reply("Who is this?").meant == "unclear"
    assert row(told).status == "to_confirm"
    assert reply("Yes thanks").ended.closed
    assert row(told).closed_how == "confirmed"
    assert reply("No it fell down again", AT + 3 * DAY).meant == "no"
    assert (row(told).status, row(told).reopened_count) == ("open", 1)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Yes", "yes"), ("yes thank you", "yes"), ("YES!", "yes"), ("No", "no"), ("no it still leaks", "no"), ("Not yet", "no"),
        ("yes but the ceiling is wet", "unclear"), ("it isn't", "no"), ("who is this?", "unclear"), ("", "unclear"),
    ],
)  # fmt: skip
def test_only_a_plain_yes_is_a_yes(said, meant):
    assert read_answer(said) == meant


def test_clocks_that_run_out_are_told_once():
    told = report(SHELF)
    later = AT + 60 * DAY
    over = [clock.id for clock in queries.clocks_to_run_out(later)]
    assert over
    assert do(actions.note_clocks_run_out, clocks=over, at=later) == len(over)
    assert do(actions.note_clocks_run_out, clocks=over, at=later) == 0
    assert queries.clocks_to_run_out(later) == []
    assert "clock.ran_out" in timeline(told)
    assert row(told).next_at < later, "what ran out stays at the head of the queue"
