"""When the absence of a rehearsal rings. Pure: the last one that succeeded and the time in."""

from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from lamplit.basics.dated import DatedValues
from lamplit.basics.figures import figures_of
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date

How = Literal["nightly", "custodians"]
KINDS: tuple[How, ...] = ("nightly", "custodians")
_UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1)}


@cache
def policy() -> DatedValues:
    """The landlord's policy by day."""
    return figures_of("incidents", "rehearsals.toml")


def longest(how: str, at: datetime) -> timedelta:
    """Return how long ago the last success of a kind may be."""
    count, unit = str(policy().on(f"overdue.{how}", london_date(at)).value).split()
    return int(count) * _UNITS[unit]


def what(how: str, at: datetime) -> str:
    """Return what a kind of rehearsal is, in words."""
    return str(policy().on(f"overdue.{how}", london_date(at)).words)


def overdue_at(how: str, done_at: datetime, at: datetime) -> datetime:
    """Return from when on it rings."""
    return done_at + longest(how, at)


def check_done(how: str, seconds: int, name: str | None) -> None:
    """Refused: incidents.no_custodian where nobody is named whose key it was; incidents.no_time."""
    if how == "custodians" and name is None:
        raise Refused("incidents.no_custodian")
    if seconds < 1:
        raise Refused("incidents.no_time")
