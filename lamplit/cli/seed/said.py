"""What was said around a repair: calls, promises and messages; and the complaints that some of it ends in."""

from datetime import timedelta

from lamplit.basics.who import job, person, staff
from lamplit.basics.words import before
from lamplit.cli.seed.case import Case
from lamplit.cli.seed.homes import HomeTold
from lamplit.cli.seed.story import Story
from lamplit.complaints.facts import ComplaintAcknowledged, ComplaintAssigned, ComplaintMade
from lamplit.complaints.rules import StageTimes, acknowledge_by, respond_by
from lamplit.messages.facts import ContactMade, MessageOrdered, MessageSent, PromiseKept, PromiseMade

DAY = timedelta(days=1)
LATELY = 60 * DAY  # how far back messages are told: older ones were another system's
SENDS = job("sender")
CALLS = ["Asked when somebody comes.", "Says it got worse.", "Wants an afternoon.", "Works nights, ring after two."]


def talk_about(case: Case) -> None:
    """Tell the calls and promises about a case, and the receipt of a recent one."""
    story, who = case.story, case.reporter
    if who is None:
        return
    if case.at > story.now - LATELY:
        _receipt(case, who)
    if not story.likely(0.16):
        return
    taker, at = staff(story.dice.choice(story.crew.of("contact_centre"))), case.at + story.some_minutes(60, 2_000)
    contact = story.new_id("c", at)
    story.tell(
        ContactMade(
            contact=contact, voice=who, person=who, home=case.home.id, repair=case.id, channel="call", direction="in",
            said=story.dice.choice(CALLS),
            audience="all",
        ),
        at, taker,
    )  # fmt: skip
    if story.likely(0.5):
        promise, due_at = story.new_id("v", at), at + DAY
        told = PromiseMade(
            promise=promise, voice=who, due_at=due_at, contact=contact, person=who, home=case.home.id, repair=case.id,
            owner=case.planner, what="Ring her back with the date.",
        )  # fmt: skip
        # What was promised longer ago than a fortnight was kept in the end, if late: else the queue would begin with ruins.
        if story.tell(told, at, taker) and (at < story.now - timedelta(days=14) or story.likely(0.85)):
            kept_at = at + story.some_minutes(30, 2_200)
            story.tell(PromiseKept(promise=promise, voice=who, how="Rang her, she has the date."), kept_at, staff(case.planner))


def _receipt(case: Case, who: str) -> None:
    """The receipt as it was sent, with its check code at the end."""
    story, at = case.story, case.at + timedelta(seconds=40)
    message = story.new_id("m", at)
    body = (
        f"We have your report: {case.way.outcome.name.lower()}. We will see to it {before(case.decision.due_at, at)}."
        f" To check that this is from us, give this code on our website or by phone: {message[-6:].upper()}"
    )
    assert case.house is not None  # noqa: S101 - a reporter lives there
    channel, to, name = case.house.reach[who]
    ordered = MessageOrdered(
        message=message, voice=who, person=who, channel=channel, to=to, name=name, template="repair_received",
        subject="We have your report", body=body, about=case.id,
    )  # fmt: skip
    if story.tell(ordered, at, job("reactions")):
        story.tell(MessageSent(message=message, voice=who, receipt=f"outbox {message}"), at + timedelta(seconds=9), SENDS)


def tell_complaint(story: Story, home: HomeTold) -> None:
    """Tell one complaint about a home's last repair, read and answered as the Code asks, where it is old enough."""
    if not home.reports or not home.households or not home.households[-1].adults:
        return
    last = home.reports[-1]
    # No fact ends a complaint yet, so all of them are of these weeks.
    who, at = home.households[-1].adults[0], max(last.at + timedelta(hours=6), story.now - story.some_minutes(600, 26_000))
    complaint = story.new_id("k", at)
    story.complaints += 1
    made = ComplaintMade(
        complaint=complaint, reference=story.reference("C"), acknowledge_by_on=acknowledge_by("stage1", at),
        respond_by_on=respond_by(StageTimes(stage="stage1", received_at=at)), person=who, home=home.id, repair=last.report,
        channel="portal", words="Nobody told me what happens next, and it took far too long.", wanted="An apology, and a date.",
    )  # fmt: skip
    if not story.tell(made, at, person(who)):
        return
    owner = story.dice.choice(story.crew.of("complaints"))
    story.tell(ComplaintAssigned(complaint=complaint, owner=owner), at + timedelta(hours=3), staff(owner))
    read_at = at + story.some_minutes(600, 5_000)
    times = StageTimes(stage="stage1", received_at=at, acknowledged_at=read_at)
    story.tell(
        ComplaintAcknowledged(
            complaint=complaint, respond_by_on=respond_by(times), definition="Delay, and no word about it.", channel="email"
        ),
        read_at, staff(owner),
    )  # fmt: skip
