"""Homes that stand empty, and the rent that is lost by it. Figures of the landlord, on nobody's account. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from lamplit.basics.plain import Plain
from lamplit.rent.rules.charging import Span
from lamplit.rent.rules.figures import part

_DAY = timedelta(days=1)
_DAYS = {"weekly": (1, 7), "four_weekly": (1, 28), "monthly": (12, 365)}


class Let(Plain, frozen=True, kw_only=True):
    """A tenancy of a home and its account, with what its last terms charged each period; None where nothing was ever set."""

    account: str
    started_on: date
    ended_on: date | None
    pence: int | None = None
    frequency: str = "weekly"


class Void(Plain, frozen=True, kw_only=True):
    """A home without a tenancy for some days, and the rent lost at the terms it was let at before; None where nobody knows.

    `account`: of who lived there last.
    """

    home: str
    from_on: date
    to_on: date
    days: int
    lost_pence: int | None
    account: str | None = None


def empty(home: str, lets: Sequence[Let], span: Span) -> list[Void]:
    """Return the days of a span on which a home had no tenancy, each stretch by itself. One never let has no terms to go by."""
    found, day = [], span.from_on
    for one in sorted(lets, key=lambda let: let.started_on):
        if one.started_on > span.to_on:
            break
        if one.started_on > day:
            found.append(_void(home, lets, day, one.started_on - _DAY))
        if one.ended_on is None:
            return found
        day = max(day, one.ended_on + _DAY)
    return [*found, _void(home, lets, day, span.to_on)] if day <= span.to_on else found


def _void(home: str, lets: Iterable[Let], first: date, last: date) -> Void:
    before = sorted((one for one in lets if one.ended_on is not None and one.ended_on < first), key=_ended)
    days = (last - first).days + 1
    at = next((one for one in reversed(before) if one.pence is not None), None)
    return Void(
        home=home, from_on=first, to_on=last, days=days, lost_pence=None if at is None else lost(at, days),
        account=before[-1].account if before else None,
    )  # fmt: skip


def _ended(one: Let) -> date:
    return one.ended_on or date.max


def lost(let: Let, days: int) -> int:
    """Return what so many days cost at the terms of a tenancy, as a part of a period is charged."""
    times, of = _DAYS[let.frequency]
    return part(let.pence or 0, times * days, of)
