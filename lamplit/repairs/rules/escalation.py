"""An emergency that nobody has accepted yet: whom to ring next, and when. A named person's acceptance ends it."""

from datetime import datetime, timedelta
from typing import Literal

from lamplit.basics.dated import DatedValues
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.law import policy

Role = Literal["on_call", "contractor", "lead"]
Way = Literal["text", "call"]


class Roster(Plain, frozen=True, kw_only=True):
    """Who may take an emergency now: ids in the order in which they are called."""

    on_call: tuple[str, ...] = ()
    contractors: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


class Ring(Plain, frozen=True, kw_only=True):
    """One text or call to one person or firm."""

    whom: str
    role: Role
    way: Way


class RingRound(Plain, frozen=True, kw_only=True):
    """One round, numbered from 1. `rings` is empty only when the roster names nobody at all: then an alarm must sound."""

    number: int
    due_at: datetime
    lead: bool
    rings: tuple[Ring, ...]


def next_ring(
    received_at: datetime,
    roster: Roster,
    *,
    rounds_done: int,
    accepted_at: datetime | None = None,
    figures: DatedValues | None = None,
) -> RingRound | None:
    """Return the next round, or None once a named person has accepted.

    Round 1 is at once, the others every five minutes. Each texts everybody on call and every contractor, and calls one
    of each, the next in the list each time. From fifteen minutes on, or when nobody is on call, the lead is rung too.
    """
    if accepted_at is not None:
        return None
    every, lead_after = _minutes(received_at, figures or policy())
    due_at = received_at + every * rounds_done
    lead = due_at >= received_at + lead_after or not (roster.on_call or roster.contractors)
    groups: list[tuple[Role, tuple[str, ...]]] = [("on_call", roster.on_call), ("contractor", roster.contractors)]
    if lead:
        groups.append(("lead", roster.leads))
    texts = [Ring(whom=whom, role=role, way="text") for role, people in groups for whom in people]
    calls = [Ring(whom=people[rounds_done % len(people)], role=role, way="call") for role, people in groups if people]
    return RingRound(number=rounds_done + 1, due_at=due_at, lead=lead, rings=(*texts, *calls))


def is_unaccepted_too_long(
    received_at: datetime, at: datetime, *, accepted_at: datetime | None = None, figures: DatedValues | None = None
) -> bool:
    """True when an emergency has waited fifteen minutes for a named person and still waits."""
    return accepted_at is None and at >= received_at + _minutes(received_at, figures or policy())[1]


def _minutes(at: datetime, figures: DatedValues) -> tuple[timedelta, timedelta]:
    on = london_date(at)
    return (
        timedelta(minutes=figures.number("ring.every_minutes", on)),
        timedelta(minutes=figures.number("ring.lead_after_minutes", on)),
    )
