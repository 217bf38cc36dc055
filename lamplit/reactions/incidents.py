"""Who is rung when a promise to the public is about to be missed, or was."""

from datetime import datetime, timedelta
from typing import Any

from lamplit.incidents import queries
from lamplit.reactions.letters import Wanted, write
from lamplit.reactions.watch import way_to
from lamplit.record.encode import Entry
from lamplit.staff import queries as staff

STALE = timedelta(hours=6)  # what was due that long ago stands on the desk's bar


def promise_near(entry: Entry, at: datetime) -> list[Wanted]:
    """Ring whoever leads before a promised update is due."""
    return _ring(entry, at, missed=False)


def promise_missed(entry: Entry, at: datetime) -> list[Wanted]:
    """Ring whoever leads once a promised update was missed."""
    return _ring(entry, at, missed=True)


def _ring(entry: Entry, at: datetime, *, missed: bool) -> list[Wanted]:
    row, incident = queries.line(entry.body.line), queries.incident(entry.body.incident)
    if row is None or incident is None or at - entry.at > STALE:
        return []
    about = queries.service_names(at).get(row.about, "the incident")
    subject, body = write("incident_promise", at, about=about, next_at=entry.body.next_at, missed=missed, drill=incident.drill)
    return wanted_by("incident_promise", subject, body, entry, leads(at))


def duty_rang(entry: Entry, at: datetime) -> list[Wanted]:
    """Ring the owner of a duty before its time is over, and whoever leads once it is, or where nobody has it."""
    fact = entry.body
    row, incident = queries.duty(fact.incident, fact.duty), queries.incident(fact.incident)
    if row is None or incident is None or row.outcome is not None or at - entry.at > STALE:
        return []
    owner = staff.member(row.owner) if row.owner else None
    told = [owner] if owner is not None else []
    told += leads(at) if fact.overdue or owner is None else []
    said = {"what": queries.duty_clock(row).duty, "due_at": row.due_at, "overdue": fact.overdue, "drill": incident.drill}
    subject, body = write("incident_duty", at, **said)
    return wanted_by("incident_duty", subject, body, entry, list({one.id: one for one in told}.values()))


def wanted_by(template: str, subject: str, body: str, entry: Entry, told: list[Any]) -> list[Wanted]:
    """Return a message to each of those who work here and can be told at once."""
    return [
        Wanted(
            template=template, subject=subject, body=body, key=one.id, channel=way[0], to=way[1],
            name=staff.full_name(one), voice=one.id, because=entry.id,
        )
        for one in told
        if (way := way_to(one.phone, one.email))
    ]  # fmt: skip


def leads(at: datetime) -> list[Any]:
    """Return the lead on call, or every lead where none is."""
    lead = staff.on_call(at).lead
    return [lead] if lead is not None else staff.with_role("lead")


def rehearsal_overdue(entry: Entry, at: datetime) -> list[Wanted]:
    """Ring whoever leads when coming back was not rehearsed in time."""
    fact = entry.body
    if at - entry.at > STALE or fact.how not in queries.rehearsals_overdue(at):
        return []
    subject, body = write("rehearsal_overdue", at, what=queries.rehearsal_words(fact.how, at), last_at=fact.last_at)
    return wanted_by("rehearsal_overdue", subject, body, entry, leads(at))


def calls_late(entry: Entry, at: datetime) -> list[Wanted]:
    """Ring whoever leads about households that nobody reached."""
    incident = queries.incident(entry.body.incident)
    if incident is None or incident.ended_at is not None or at - entry.at > STALE:
        return []
    subject, body = write("incident_calls", at, count=entry.body.households, drill=incident.drill)
    return wanted_by("incident_calls", subject, body, entry, leads(at))
