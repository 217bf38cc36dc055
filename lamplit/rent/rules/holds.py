"""Holds that a person places on an account, and how long one may stand before somebody looks at it again."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import add_working_days
from lamplit.rent.rules.breathing import Space, ends_on
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.ladder import steps_file

# What a hold can be for, the code in `data/steps.toml` that it holds by, and where `steps.Circumstances` has it.
KINDS: dict[str, tuple[str, str]] = {
    "dispute": ("dispute", "disputes"),
    "reply": ("dispute", "disputes"),
    "pending_claim": ("pending_claim", "pending_claims"),
    "missed_by_us": ("missed_by_us", "missed"),
    "complaint": ("complaint", "complaints"),
    "welfare": ("welfare", "welfare"),
    "death": ("death", "deaths"),
}
CONSIDERED = "needs_considered"  # the code of a look at the needs of a home, beside those of `data/steps.toml`
HIDDEN = ("welfare",)  # its words are for few


class Standing(NamedTuple):
    """A hold that stands. `kind` is None where it cannot be read: then it counts for all of them."""

    hold: str
    kind: str | None


def check_hold(kind: str, review_on: date, on: date) -> None:
    """Refused: rent.no_such_hold_kind, rent.review_passed, rent.review_too_far."""
    if kind not in KINDS:
        raise Refused("rent.no_such_hold_kind")
    check_review(review_on, on)


def check_review(review_on: date, on: date) -> None:
    """Refused: rent.review_passed, rent.review_too_far."""
    if review_on <= on:
        raise Refused("rent.review_passed")
    latest = on + timedelta(days=policy().number("holds.review_within_days", on))
    if review_on > latest:
        raise Refused("rent.review_too_far", latest=f"{latest:%d/%m/%Y}")


def review_day(kind: str, on: date) -> date:
    """Return the day on which a hold of this kind is looked at again, where nobody chose one."""
    return add_working_days(on, steps_file().hold[KINDS[kind][0]].review_working_days)


def by_field(holds: Iterable[Standing]) -> dict[str, tuple[str, ...]]:
    """Return the holds by the field of `steps.Circumstances` that they fill."""
    found: dict[str, tuple[str, ...]] = {}
    for one in holds:
        fields = (KINDS[one.kind][1],) if one.kind in KINDS else dict.fromkeys(field for _, field in KINDS.values())
        for field in fields:
            found[field] = (*found.get(field, ()), one.hold)
    return found


def check_space(space: Space, on: date, *, running: bool) -> None:
    """Check a breathing space that somebody writes down.

    Refused: rent.protected_already, rent.registered_ahead, rent.space_over, rent.treatment_of_crisis.
    """
    if running:
        raise Refused("rent.protected_already")
    if space.registered_on > on:
        raise Refused("rent.registered_ahead")
    check_days(space)
    last = ends_on(space)
    if last is not None and last < on:
        raise Refused("rent.space_over", last=f"{last:%d/%m/%Y}")


def check_days(space: Space) -> None:
    """Refused: rent.treatment_of_crisis, rent.ends_before_it_starts."""
    if space.kind == "standard" and space.treatment_ended_on is not None:
        raise Refused("rent.treatment_of_crisis")
    for day in (space.treatment_ended_on, space.ended_on):
        if day is not None and day < space.registered_on:
            raise Refused("rent.ends_before_it_starts")
