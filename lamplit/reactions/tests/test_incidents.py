"""A promise to the public rings the lead before it is missed, and when it was."""

from datetime import timedelta

from lamplit.basics.who import cli
from lamplit.incidents import actions, queries
from lamplit.reactions import follow as following
from lamplit.reactions import timers
from lamplit.reactions.tests.working import follow, messages
from lamplit.staff import actions as staff
from tests.cast import AT, BY_DELE
from tests.landlord import Landlord

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def test_the_lead_is_rung_before_and_after(landlord: Landlord) -> None:
    following.begin_at(0)
    lead = staff.join_staff(
        name="Lea Lead", email="lea@landlord.example", phone="07700 900123", roles=["lead"], by=cli("t"), at=AT, command="t:lead"
    )
    incident = actions.open_incident(
        says="Our phones do not work.",
        next_at=AT + HOUR,
        aware_at=AT,
        drill=False,
        kinds=["payments"],
        by=BY_DELE,
        at=AT,
        command="t:open",
    )  # fmt: skip
    assert timers.keep_word(AT + 20 * MINUTE) == 0
    for _ in range(2):
        timers.keep_word(AT + 30 * MINUTE)
    follow(landlord, AT + 31 * MINUTE)
    (near,) = messages("incident_promise")
    assert (near.voice, near.channel) == (lead, "text")
    assert "say more about the incident" in near.body
    for _ in range(2):
        timers.keep_word(AT + HOUR)
    follow(landlord, AT + HOUR)
    assert sorted(one.subject for one in messages("incident_promise")) == [
        "A promised update is due", "A promised update was missed",
    ]  # fmt: skip
    assert [row.missed_at for row in queries.lines_of(incident)] == [AT + HOUR]
    priya = staff.join_staff(
        name="Priya Nair", email="priya@landlord.example", phone="07700 900124", roles=["lead"], by=cli("t"), at=AT, command="t:2"
    )
    why = actions.Proof(why="By hand")
    for told in ("told_public", "told_everybody"):
        actions.do_duty(
            incident=incident,
            duty=told,
            outcome="not_needed",
            proof=why,
            by=BY_DELE,
            at=AT,
            command=told,
        )
    actions.give_duty(incident=incident, duty="sponsor_bank", owner=priya, by=BY_DELE, at=AT, command="t:give")
    for _ in range(2):
        timers.ring_duties(AT + 3 * HOUR)
    follow(landlord, AT + 3 * HOUR)
    assert [one.voice for one in messages("incident_duty")] == [priya], "before its end its owner alone is rung"
    timers.ring_duties(AT + 4 * HOUR)
    follow(landlord, AT + 4 * HOUR)
    overdue = [one for one in messages("incident_duty") if one.subject == "A duty is overdue"]
    assert {one.voice for one in overdue} == {priya, lead}, "then whoever leads as well, and nobody twice"
    assert len(overdue) == 2
