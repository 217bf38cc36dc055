"""Planted records: who may be made up, when she comes into being, who agrees. Pure."""

import hashlib
from datetime import date, datetime, time, timedelta
from typing import Literal

import msgspec

from lamplit.basics.clock import LONDON
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.people.facts import Planting, Reach
from lamplit.people.rules.known import check_birth, check_name, check_reach, normal_email

PLANTED_STATES = ("proposed", "agreed", "ended")
PUT_IN_WITHIN = timedelta(days=10)  # after that nobody tries any more: it is late by so much that it would be seen
_DAYS_LATER, _OFFICE_OPENS, _OFFICE_SECONDS = (1, 2, 3), time(9, 10), 7 * 3600


class MadeUp(Plain, frozen=True, kw_only=True):
    """Somebody who does not exist, as she is proposed."""

    name: str
    phone: str
    email: str
    address: str
    title: str | None = None
    born_on: date | None = None


def check_made_up(who: MadeUp, salt: str, today: date) -> MadeUp:
    """Return somebody made up, with the mark in her e-mail address: four digits that only the list knows.

    Number and address stay as they were typed: the record will be given them as a form gives them. Refused: what `check_name`,
    `check_birth` and `check_reach` refuse.
    """
    check_birth(who.born_on, today)
    mailbox, _, domain = normal_email(who.email).partition("@")
    marked = normal_email(f"{mailbox}{_chance(salt, 'mark') % 9000 + 1000}@{domain}")
    made = msgspec.structs.replace(who, name=check_name(who.name), email=marked)
    for channel, value in _ways(made.phone, made.email, made.address):
        check_reach(Reach(channel=channel, value=value, state="unproved", safe=True))
    return made


def check_agreed(about: Planting | None, by: str) -> Planting:
    """Refused: people.no_such_planted, people.planted_is_over, people.planted_needs_two."""
    if about is None or about.what not in PLANTED_STATES:
        raise Refused("people.no_such_planted")
    if about.what != "proposed":
        raise Refused("people.planted_is_over")
    if about.proposed_by == by:
        raise Refused("people.planted_needs_two")
    return about


def steps_of(salt: str, at: datetime) -> list[datetime]:
    """Return when her record and her three contact points come into being: in an office hour of the next days, as if typed."""
    on = at.astimezone(LONDON).date() + timedelta(days=_DAYS_LATER[_chance(salt, "day") % len(_DAYS_LATER)])
    while on.weekday() > 4:
        on += timedelta(days=1)
    begins = datetime.combine(on, _OFFICE_OPENS, LONDON) + timedelta(
        milliseconds=_chance(salt, "time") % (_OFFICE_SECONDS * 1000)
    )
    steps = [begins]
    for name in ("phone", "email", "post"):
        steps.append(steps[-1] + timedelta(microseconds=25_000_000 + _chance(salt, name) % 70_000_000))
    return [one.astimezone(at.tzinfo) for one in steps]


def _chance(salt: str, what: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{what} {salt}".encode()).digest()[:8], "big")


def made_reaches(about: Planting) -> list[Reach]:
    """Return the contact points of somebody made up, in the order in which they come into being. None is ever proved."""
    ways = _ways(about.phone or "", about.email or "", about.address or "")
    return [Reach(channel=channel, value=value, state="unproved", safe=True) for channel, value in ways]


def _ways(phone: str, email: str, address: str) -> tuple[tuple[Literal["text", "email", "post"], str], ...]:
    """Return them as the boxes of a form are sent: a browser ends a line with two signs."""
    return ("text", phone), ("email", email), ("post", "\r\n".join(address.splitlines()))


def planted_label(ident: str) -> str:
    """Return what a planted record is called where its name must not stand."""
    return f"P-{ident[-4:].upper()}"
