"""Whom to tell of a repair. Nobody is told who reported it, and a reporter from outside learns nothing of the household."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lamplit.basics.phone_email import is_mobile, read_email, read_phone
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.people import queries as people
from lamplit.tenancies import queries as tenancies

Row = Any  # a row of a feature's table, as its queries give it; the tables themselves are the feature's own


class Recipient(Plain, frozen=True, kw_only=True):
    """Whom to tell, in the words of `letters.Wanted`. `person` when we know her, else `channel` and `to`."""

    key: str = ""
    person: str | None = None
    name: str | None = None
    channel: str | None = None
    to: str | None = None
    voice: str | None = None


def known(person: str) -> Recipient:
    """Return a person whom we know."""
    row = people.person(person)
    return Recipient(key=person, person=person, name=row.name if row and isinstance(row.name, str) else None)


def caller(voice: str, name: str | None, email: str | None, phone: str | None) -> Recipient | None:
    """Return somebody who told us without signing in, or None when she left no way to reach her."""
    if (address := read_email(email or "")) is not None:
        return Recipient(voice=voice, name=name, channel="email", to=address)
    if (number := read_phone(phone or "")) is not None:
        return Recipient(voice=voice, name=name, channel="text" if is_mobile(number) else "call", to=number)
    return None


def reporter(repair: Row) -> Recipient | None:
    """Return who reported it, or None when she cannot be reached or read here."""
    if repair.reporter is not None:
        return known(repair.reporter)
    told = repair.caller
    if not isinstance(told, dict):
        return None
    return caller(repair.voice, told.get("name"), told.get("email"), told.get("phone"))


def household(ident: str, at: datetime) -> list[Recipient]:
    """Return the tenants of a household, or its other adults where no tenant lives there; nobody for an empty home."""
    living = tenancies.household(ident, london_date(at))
    tenants = [one.person for one in living if one.role == "tenant"]
    return [known(person) for person in tenants or [one.person for one in living if one.role != "child"]]


def of_home(home: str, at: datetime) -> list[Recipient]:
    """Return whom to tell of what happens in a home: those who live there under its running tenancy."""
    tenancy = tenancies.tenancy_of_home(home, london_date(at))
    return household(tenancy.id, at) if tenancy else []


def lives_there(person: str | None, household_id: str, at: datetime) -> bool:
    living = tenancies.household(household_id, london_date(at))
    return any(one.person == person and one.role != "child" for one in living)


def concerned(repair: Row, at: datetime) -> list[Recipient]:
    """Return whom to tell how a repair goes on.

    Who reported it if she lives there; else the tenants; else, where nobody lives, whoever reported it.
    """
    if lives_there(repair.reporter, repair.household, at):
        return [known(repair.reporter)]
    return household(repair.household, at) or listed(reporter(repair))


def channels(one: Recipient) -> list[str]:
    """Return the channels by which somebody can be written to, best first."""
    if one.person is None:
        return [one.channel] if one.channel else []
    return list(dict.fromkeys(way.channel for way in people.ways_to_reach(one.person, "message")))


def listed(one: Recipient | None) -> list[Recipient]:
    return [] if one is None else [one]


def without(recipients: Iterable[Recipient], told: Recipient | None) -> list[Recipient]:
    """Leave out whoever was told already: the same person, or the same number or address."""
    if told is None:
        return list(recipients)
    return [one for one in recipients if one.person != told.person or (one.person is None and one.to != told.to)]
