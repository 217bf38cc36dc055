"""Breathing Space (Debt Respite Scheme (Breathing Space and Mental Health Crisis Moratorium) Regulations 2020, SI 2020/1311).

What was owed when it began is protected: nobody asks for it. Rent that falls due after is the tenant's to pay as ever. Which of
the two kinds it is tells of her health: whoever reads `kind` needs the right to.
"""

from datetime import date, timedelta
from typing import Literal

from lamplit.basics.plain import Plain
from lamplit.rent.rules.figures import law

_DAY = timedelta(days=1)
Debt = Literal["protected", "ongoing"]


class Space(Plain, frozen=True, kw_only=True):
    """A breathing space of which we were told. `ended_on`: the last day of one that was cancelled, or ended early."""

    registered_on: date
    kind: Literal["standard", "crisis"] = "standard"
    treatment_ended_on: date | None = None
    ended_on: date | None = None


class Standing(Plain, frozen=True, kw_only=True):
    """Two sums beside each other: what is protected, and ongoing rent (below nought: she is ahead)."""

    protected_pence: int
    ongoing_pence: int


def starts_on(space: Space) -> date:
    """Return the first day: the one after the debt is registered."""
    return space.registered_on + _DAY


def ends_on(space: Space) -> date | None:
    """Return the last day: the 60th, or the 30th after the crisis treatment ended; None while that goes on."""
    if space.ended_on is not None:
        return space.ended_on
    if space.kind == "standard":
        return space.registered_on + _DAY * law().number("breathing.days", space.registered_on)
    if space.treatment_ended_on is None:
        return None
    return space.treatment_ended_on + _DAY * law().number("breathing.crisis_days", space.registered_on)


def runs(space: Space, on: date) -> bool:
    """True on each day of a breathing space, the first and the last included."""
    last = ends_on(space)
    return starts_on(space) <= on and (last is None or on <= last)


def midway_review(space: Space) -> tuple[date, date] | None:
    """Return the days, 25 to 35, in which the adviser reviews a standard one. A crisis has no such review."""
    if space.kind == "crisis":
        return None
    first, last = (law().number(f"breathing.midway_{end}_day", space.registered_on) for end in ("first", "last"))
    return space.registered_on + _DAY * first, space.registered_on + _DAY * last


def may_ask_review_until(space: Space) -> date:
    """Return the last day on which we, a creditor, may ask the adviser for a review."""
    return space.registered_on + _DAY * law().number("breathing.review_days", space.registered_on)


def freeze(balance_pence: int) -> Standing:
    """Freeze what is owed on the first day. An account in credit has nothing to protect."""
    return Standing(protected_pence=max(balance_pence, 0), ongoing_pence=min(balance_pence, 0))


def charge(standing: Standing, pence: int) -> Standing:
    """Rent that falls due after the start is ongoing."""
    return Standing(protected_pence=standing.protected_pence, ongoing_pence=standing.ongoing_pence + pence)


def pay(standing: Standing, pence: int, tenant_says: Debt | None = None) -> Standing:
    """Put a payment where the tenant says, else to ongoing rent first. What the named part does not need pays the other.

    Whatever is left keeps her ahead with ongoing rent.
    """
    protected, ongoing = standing.protected_pence, standing.ongoing_pence
    to_ongoing = 0 if tenant_says == "protected" else min(pence, max(ongoing, 0))
    to_protected = min(pence - to_ongoing, protected)
    return Standing(protected_pence=protected - to_protected, ongoing_pence=ongoing - (pence - to_protected))


def refuses(space: Space, act: str, about: Debt, on: date) -> bool:
    """True when an act must not be done on a day. About ongoing rent we may write and collect as ever."""
    return about == "protected" and runs(space, on) and act in law().texts("breathing.refused", on)
