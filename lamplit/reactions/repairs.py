"""What people are told when something happens to a repair."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from lamplit.basics.brought import BY_FILE
from lamplit.basics.fact import Unavailable
from lamplit.basics.working_days import add_working_days, london_date
from lamplit.messages import queries as messages
from lamplit.reactions import recipients
from lamplit.reactions.letters import Wanted, in_hers, write
from lamplit.reactions.recipients import Recipient, Row
from lamplit.reactions.tongues import Phrase
from lamplit.record.encode import Entry
from lamplit.repairs import queries
from lamplit.repairs.facts import Alone, WorkPlanned
from lamplit.staff import queries as staff

EMERGENCIES = ("immediate", "emergency")
AskedBy = Literal["text", "email", "letter"]
SOON = timedelta(hours=1)
STALE = timedelta(days=2)  # what somebody needed to know at once is no use to her later
# The ways of asking that a message can do; people do the others.
ASKED_BY: dict[str, AskedBy] = {"text": "text", "email": "email", "post": "letter"}


def receipt(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell whoever reported it the number, and what happens by when. If it goes on with an earlier one, `joined` says so."""
    repair = _row(entry)
    if repair is None or repair.channel == "old_system" or repair.joined_into:
        return []
    return letters("repair_received", entry.id, at, repair, recipients.listed(recipients.reporter(repair)), **_when_told(repair))


def word_to_the_household(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell the household when somebody else reported a repair of its home; not who."""
    repair = _row(entry)
    if repair is None or repair.channel == "old_system" or repair.joined_into:
        return []
    if recipients.lives_there(repair.reporter, repair.household, at):
        return []
    others = recipients.without(recipients.household(repair.household, at), recipients.reporter(repair))
    return letters("repair_reported_for_you", entry.id, at, repair, others, **_when(repair))


def joined(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell the reporter that hers goes on with an earlier report. Of that report she learns nothing."""
    repair = _row(entry)
    if repair is None:
        return []
    return letters("repair_joined", entry.id, at, repair, recipients.listed(recipients.reporter(repair)))


def summary(entry: Entry, at: datetime) -> list[Wanted]:
    """Send a tenant what we wrote down for her: the whole of it stands in the message too, and the paper goes with it."""
    repair, row = _row(entry), queries.summary(entry.body.summary)
    if repair is None or row is None or row.sent_at is not None or isinstance(row.found, Unavailable):
        return []
    to = recipients.known(row.person)
    by = next((way for way in recipients.channels(to) if way in queries.PAPER_GOES_BY), queries.PAPER_GOES_BY[0])
    works = [msgspec.convert(one, WorkPlanned) for one in row.works or ()]
    said = {"finding": row.finding, "found": row.found, "works": works, "no_work": row.no_work}
    found = letters("hazard_summary", entry.id, at, repair, [to], by=by, **said)
    return [msgspec.structs.replace(wanted, paper=row.id) for wanted in found]


def ring(entry: Entry, at: datetime) -> list[Wanted]:
    """Text or call whoever is on call, or the contractor. The address stays on the desk."""
    repair = _row(entry)
    if repair is None or repair.accepted_by is not None or at - entry.at > STALE:
        return []
    rung = entry.body.staff or entry.body.contractor
    who = staff.member(entry.body.staff) if entry.body.staff else staff.contractor(entry.body.contractor)
    if who is None or not isinstance(who.phone, str):
        return []
    to = Recipient(voice=rung, name=staff.full_name(who), channel=entry.body.way, to=who.phone)
    return letters("on_call", entry.id, at, repair, [to], ring=entry.body.ring, lead=entry.body.lead, **_when(repair))


def accepted(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell her who has her emergency."""
    repair = _row(entry)
    if repair is None:
        return []
    return letters(
        "repair_accepted",
        entry.id,
        at,
        repair,
        recipients.concerned(repair, at),
        staff=_staff_name(entry.body.staff),
        **_when(repair),
    )


def visit_booked(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell the household that is visited when we come; a neighbour of the repair's home learns no more than that."""
    fact, found = entry.body, _visit(entry)
    if found is None or fact.until_at <= at:
        return []
    repair, visit = found
    # Moved again meanwhile: the later booking's own letter says the right time.
    if visit.state != "booked" or (visit.from_at, visit.until_at) != (fact.from_at, fact.until_at):
        return []
    moved = visit.moved_count > 0 and _was_told_of(visit)
    return letters(
        "visit_booked", entry.id, at, repair, _visited(visit, repair, at),
        moved=moved, from_at=fact.from_at, until_at=fact.until_at, about=_about(visit, repair),
        firm=staff.firm_name(visit.contractor),
    )  # fmt: skip


def _was_told_of(visit: Row) -> bool:
    """Whether anybody was told of an earlier time of a visit: what nobody heard of cannot have moved."""
    told = messages.ordered_because(queries.bookings_of(visit.repair, visit.id))
    return any(one.template == "visit_booked" for one in told)


def visit_cancelled(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell her that we do not come, and what then."""
    found = _visit(entry)
    if found is None:
        return []
    repair, visit = found
    return letters(
        "visit_cancelled", entry.id, at, repair, _visited(visit, repair, at),
        ours=entry.body.ours, call_on=_working_days_on(at, 2), **_times(visit, repair),
    )  # fmt: skip


def visit_missed(entry: Entry, at: datetime) -> list[Wanted]:
    """Say sorry that nobody came. Not when somebody did, and it was told meanwhile; nor of a visit long ago."""
    found = _visit(entry)
    if found is None or found[1].state != "missed" or at - found[1].until_at > STALE:
        return []
    repair, visit = found
    return letters(
        "visit_missed", entry.id, at, repair, _visited(visit, repair, at),
        call_on=_working_days_on(at, 1), unsaid=bool(entry.body.unsaid), said_so=entry.by.startswith("person:"),
        owed=visit.owed_pence, next=_next_free(visit, repair, at), **_times(visit, repair),
    )  # fmt: skip


def _next_free(visit: Row, repair: Row, at: datetime) -> Any | None:
    """Return the next time that the household can choose itself, or None where a planner rings about it."""
    work = queries.work(visit.work)
    bookable = queries.works_to_book([work], repair) if work is not None else []
    slots = queries.slots_for(work, repair, at=at) if bookable else None
    return next(iter(slots or []), None)


def set_out(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell the household that somebody is on the way. An hour later it is no use to her any more."""
    found = _visit(entry)
    if found is None or found[1].state != "booked" or at - entry.at > SOON:
        return []
    repair, visit = found
    return letters(
        "visit_set_out",
        entry.id,
        at,
        repair,
        _visited(visit, repair, at),
        by="text",
        firm=staff.firm_name(visit.contractor),
        **_times(visit, repair),
    )


def home_linked(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell a household that a repair of another home concerns it; of the other home it learns nothing."""
    fact, repair = entry.body, _row(entry)
    if repair is None or fact.ended or not repair.live:
        return []
    return letters("home_linked", entry.id, at, repair, recipients.household(fact.household, at), source=fact.part == "source")


def no_access(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell her that we were there and could not get in, what we tried, and how to choose a new time."""
    found = _visit(entry)
    if found is None or entry.body.outcome != "no_access":
        return []
    repair, visit = found
    return letters(
        "no_access", entry.id, at, repair, _visited(visit, repair, at),
        arrived_at=entry.body.arrived_at, tried=_tried(entry.body.tried), about=_about(visit, repair),
    )  # fmt: skip


def reminders(repair: Row, visit: Row, at: datetime) -> list[Wanted]:
    """Remind the household that is visited tomorrow. They follow from the visit: so they are found again after a rebuild."""
    to = _visited(visit, repair, at)
    return letters("visit_reminder", visit.id, at, repair, to, firm=staff.firm_name(visit.contractor), **_times(visit, repair))


def asked(entry: Entry, at: datetime) -> list[Wanted]:
    """Put the question whether it is mended, in the way that the fact names."""
    fact, repair = entry.body, _row(entry)
    channel = next((way for way, asked_by in ASKED_BY.items() if asked_by == fact.channel), None)
    if repair is None or channel is None or not repair.live:
        return []
    to = [recipients.known(fact.person)] if fact.person else recipients.concerned(repair, at)
    to = [*to, *(one for one in _further(repair, at) if one.key not in {there.key for there in to})]
    return letters("is_it_mended", entry.id, at, repair, to, by=channel, channel=channel, attempt=fact.attempt)


def closed(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell everybody who reported it that it is closed, and how to open it again."""
    how = entry.body.how
    if how == "joined" or entry.by.startswith(BY_FILE):  # the old system told them
        return []
    return _to_every_report("repair_closed", entry, at, how=how)


def reopened(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell everybody who reported it that it goes on, and who has it."""
    return _to_every_report("repair_reopened", entry, at, staff=_staff_name(entry.body.owner))


def letters(
    template: str,
    because: str,
    at: datetime,
    repair: Row,
    to: Iterable[Recipient],
    by: str | None = None,
    **values: Any,
) -> list[Wanted]:
    """Write one letter to each. `because`: the id of what it follows from. `by`: the channel to take if she can be reached so."""
    subject, body = write(template, at, reference=repair.reference, **values)
    return [
        Wanted(
            template=template,
            subject=subject,
            body=body,
            key=one.key,
            person=one.person,
            channel=one.channel or by,
            to=one.to,
            name=one.name,
            voice=one.voice,
            about=repair.id,
            because=because,
            **in_hers(template, one.person, at, _read_in(one, repair), reference=repair.reference, **values),
        )
        for one in to
    ]


def _read_in(one: Recipient, repair: Row) -> str | None:
    """Return the code of the language in which somebody read our questions when she reported this, if it was not ours."""
    hers = one.person == repair.reporter if one.person else one.voice == repair.voice
    answers = repair.answers if hers and isinstance(repair.answers, list) else []
    return next((given["language"] for given in answers if given.get("language")), None)


def _to_every_report(template: str, entry: Entry, at: datetime, **values: Any) -> list[Wanted]:
    case = queries.case(entry.body.repair, now=at)
    if case is None:
        return []
    values |= _when(case.repair)
    found = letters(
        template, entry.id, at, case.repair, recipients.concerned(case.repair, at), joined=False, reaches=False, **values
    )
    told = {wanted.key for wanted in found}
    for report in case.reports:
        to = [one for one in recipients.listed(recipients.reporter(report)) if one.key and one.key not in told]
        told |= {one.key for one in to}
        # When we come rests on who lives there, so whoever does not is told no date.
        shown = values if report.alone is None else values | {"due_at": None, "emergency": False}
        found += letters(template, entry.id, at, report, to, joined=True, reaches=False, **shown)
    others = [one for one in _further(case.repair, at) if one.key not in told]
    shown = values | {"due_at": None, "emergency": False}
    return found + letters(template, entry.id, at, case.repair, others, joined=False, reaches=True, **shown)


def _further(repair: Row, at: datetime) -> list[Recipient]:
    """Return the households of further homes that a repair concerns."""
    return [one for link in queries.linked_homes(repair.id) for one in recipients.household(link.household, at)]


def _row(entry: Entry) -> Row | None:
    return queries.repair(entry.body.repair)


def _visit(entry: Entry) -> tuple[Row, Row] | None:
    repair, visit = _row(entry), queries.visit(entry.body.visit)
    return None if repair is None or visit is None else (repair, visit)


def _visited(visit: Row, repair: Row, at: datetime) -> Sequence[Recipient]:
    if visit.home in (None, repair.home):
        return recipients.concerned(repair, at)
    return recipients.of_home(visit.home, at)


def _about(visit: Row, repair: Row) -> Phrase:
    """Say what a visit is about: the report's number; to a neighbour of it, only that it is a repair."""
    ours = visit.home in (None, repair.home)
    return Phrase("report {reference}", reference=repair.reference) if ours else Phrase("a repair near you")


def _times(visit: Row, repair: Row) -> dict[str, Any]:
    return {"from_at": visit.from_at, "until_at": visit.until_at, "about": _about(visit, repair)}


def _when_told(repair: Row) -> dict[str, Any]:
    """Return the date for whoever reported it. Somebody who does not live there learns what follows from her words alone."""
    if repair.alone is None:
        return _when(repair)
    if isinstance(repair.alone, Unavailable):
        return {"due_at": None, "emergency": False}
    alone = msgspec.convert(repair.alone, Alone)
    return {"due_at": alone.due_at, "emergency": alone.priority in EMERGENCIES}


def _when(repair: Row) -> dict[str, Any]:
    return {"due_at": repair.due_at, "emergency": repair.priority in EMERGENCIES}


def _working_days_on(at: datetime, count: int) -> Any:
    return add_working_days(london_date(at), count)


def _tried(tried: Any) -> list[Phrase]:
    ways = {
        "knocked": Phrase("We knocked."),
        "called": Phrase("We rang you."),
        "texted": Phrase("We sent you a text."),
        "carded": Phrase("We left a card."),
        "neighbour": Phrase("We asked next door."),
    }
    if tried is None or isinstance(tried, Unavailable):
        return []
    return [ways[one.way] for one in tried if one.way in ways]


def _staff_name(ident: str | None) -> str | None:
    row = staff.member(ident) if ident else None
    return staff.full_name(row) if row else None
