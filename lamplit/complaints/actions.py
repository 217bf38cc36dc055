"""What can be done with complaints. Such a page writes nothing else, since it hides who did it."""

from datetime import date, datetime

from lamplit.basics.ids import reference
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.complaints import queries, rules
from lamplit.complaints.facts import ComplaintAcknowledged, ComplaintAssigned, ComplaintMade
from lamplit.complaints.models import Complaint
from lamplit.complaints.rules import StageTimes
from lamplit.record.encode import clean
from lamplit.record.page import Page, action

MAIN = "M"  # the letter of the record that gives the reference
LONGEST = 8_000  # characters, so that an entry has room for any alphabet


class Made(Plain, frozen=True, kw_only=True):
    """What we tell somebody who complains: the number, and the Complaint Handling Code's two dates."""

    complaint: str
    reference: str
    acknowledge_by_on: date
    respond_by_on: date


@action
def make_complaint(
    page: Page,
    *,
    channel: str,
    words: str,
    wanted: str | None = None,
    person: str | None = None,
    home: str | None = None,
    repair: str | None = None,
    contact: str | None = None,
    name: str | None = None,
    reach: str | None = None,
    owner: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> Made:
    """Record a complaint, by any channel, of somebody we know or not. `at` is when it reached us: the Code's clock starts there.

    `name` and `reach` are of somebody whom we do not know, or who complains for `person`. `contact`: where she said it.
    Refused: complaints.nothing_said, complaints.too_long.
    """
    _check_words(words, wanted or "")
    complaint = page.new_id("k")
    while queries.by_reference(reference(MAIN, complaint)) is not None:
        complaint = page.new_id("k")
    acknowledge_by_on = rules.acknowledge_by("stage1", at)
    respond_by_on = rules.respond_by(StageTimes(stage="stage1", received_at=at))
    fact = ComplaintMade(
        complaint=complaint,
        reference=reference(MAIN, complaint),
        acknowledge_by_on=acknowledge_by_on,
        respond_by_on=respond_by_on,
        person=person,
        home=home,
        repair=repair,
        contact=contact,
        channel=channel,
        words=clean(words),
        wanted=clean(wanted) if wanted else None,
        name=clean(name) if name else None,
        reach=clean(reach) if reach else None,
    )
    page.write(fact)
    if owner is not None:
        page.write(ComplaintAssigned(complaint=complaint, owner=owner))
    return Made(
        complaint=complaint,
        reference=fact.reference,
        acknowledge_by_on=acknowledge_by_on,
        respond_by_on=respond_by_on,
    )


@action
def assign_complaint(page: Page, *, complaint: str, owner: str, by: By, at: datetime, command: str) -> None:
    """Give a complaint to a named member of staff. Refused: complaints.no_such_complaint."""
    _lock(page, complaint)
    page.write(ComplaintAssigned(complaint=complaint, owner=owner))


@action
def acknowledge_complaint(
    page: Page, *, complaint: str, definition: str, channel: str, by: By, at: datetime, command: str
) -> date:
    """Say that we told her that we have it, and how we understand it (Code 6.2). Returns when our answer is due.

    Refused: complaints.no_such_complaint, already_acknowledged, nothing_said, too_long.
    """
    row = _lock(page, complaint)
    if row.status != "made":
        raise Refused("complaints.already_acknowledged", reference=row.reference)
    _check_words(definition)
    respond_by_on = rules.respond_by(StageTimes(stage="stage1", received_at=row.made_at, acknowledged_at=at))
    page.write(
        ComplaintAcknowledged(complaint=complaint, respond_by_on=respond_by_on, definition=clean(definition), channel=channel)
    )
    return respond_by_on


def _lock(page: Page, complaint: str) -> Complaint:
    row = page.lock(Complaint, complaint)
    if row is None:
        raise Refused("complaints.no_such_complaint", complaint=complaint)
    return row  # type: ignore[no-any-return]  # the row has the model's columns


def _check_words(*texts: str) -> None:
    if not texts[0].strip():
        raise Refused("complaints.nothing_said")
    if any(len(text) > LONGEST for text in texts):
        raise Refused("complaints.too_long", longest=f"{LONGEST:,}")
