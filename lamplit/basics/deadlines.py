"""Clocks of the law and of the landlord: a limit in words, when it starts, when it runs out.

Limits read as the law writes them: "24 hours", "10 working days", "12 weeks". Hours are elapsed hours, through
nights, holidays and the change of the clocks. Days begin with the event as day 0 and end with the London day:
`due_at` is then the first moment of the following day, itself too late, and `due_on` the last day.
"""

import re
from datetime import date, datetime, timedelta
from typing import Literal

from lamplit.basics.dated import Dated
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import add_working_days, day_ends_at, london_date

_LIMIT = re.compile(r"(\d+) (minute|hour|working day|day|week)s?")

# What a limit says when the law sets none: "as soon as reasonably practicable".
NO_LIMIT = "as soon as practicable"

Ended = Literal["done", "stopped", "not_needed"]
ClockState = Literal["running", "kept", "missed", "stopped"]


class Clock(Plain, frozen=True, kw_only=True):
    """One clock. `code` names its series in the dated configuration; `law` is False for the landlord's own promise.

    `due_at` is None where the law sets no limit. `due_on` is set when the limit counts days. `duty` says what must be
    done; `about` what it concerns, where one case has several (a hazard). A clock that `ended_by` "stopped" or
    "not_needed" says `why`.
    """

    code: str
    duty: str
    limit: str
    law: bool
    citation: str
    starts_at: datetime
    due_at: datetime | None = None
    due_on: date | None = None
    about: str | None = None
    ended_at: datetime | None = None
    ended_by: Ended | None = None
    why: str | None = None


class NoSuchLimit(ValueError):  # noqa: N818 - it is an answer
    """A limit is not written as a number of hours, days, working days or weeks."""


def read_limit(limit: str) -> tuple[int, str]:
    """Return the count and the unit of a limit. NoSuchLimit when it cannot be read."""
    found = _LIMIT.fullmatch(limit)
    if not found:
        raise NoSuchLimit(f"{limit!r} is no limit; write it like '24 hours', '10 working days' or '{NO_LIMIT}'")
    return int(found[1]), found[2]


def run_out(limit: str, starts_at: datetime) -> tuple[datetime | None, date | None]:
    """Return (`due_at`, `due_on`) of a limit that starts at an instant. NoSuchLimit when it cannot be read."""
    if limit == NO_LIMIT:
        return None, None
    count, unit = read_limit(limit)
    if unit in ("hour", "minute"):
        return starts_at + timedelta(**{f"{unit}s": count}), None
    start_on = london_date(starts_at)
    if unit == "working day":
        due_on = add_working_days(start_on, count)
    else:
        due_on = start_on + timedelta(days=count * (7 if unit == "week" else 1))
    return day_ends_at(due_on), due_on


def start_clock(code: str, rule: Dated, starts_at: datetime, *, law: bool, about: str | None = None) -> Clock:
    """Start the clock that a dated entry describes. Its value is the limit, its words the duty."""
    limit = str(rule.value)
    due_at, due_on = run_out(limit, starts_at)
    return Clock(
        code=code,
        duty=rule.words or code,
        limit=limit,
        law=law,
        citation=rule.citation,
        starts_at=starts_at,
        due_at=due_at,
        due_on=due_on,
        about=about,
    )


def in_time(clock: Clock, done_at: datetime) -> bool:
    """True if a thing done at that instant keeps the clock. The last moment of an hour clock is in time."""
    if clock.due_at is None:
        return True
    return done_at < clock.due_at if clock.due_on else done_at <= clock.due_at


def state_of(clock: Clock, at: datetime) -> ClockState:
    """Say how a clock stands at an instant. One that was kept late is missed for good."""
    if clock.ended_at is not None and clock.ended_at <= at:
        if clock.ended_by == "done":
            return "kept" if in_time(clock, clock.ended_at) else "missed"
        return "stopped" if in_time(clock, clock.ended_at) else "missed"
    return "running" if in_time(clock, at) else "missed"


def soonest(clocks: tuple[Clock, ...]) -> datetime | None:
    """Return the instant at which the first of some clocks that still run comes due, or None."""
    return min((c.due_at for c in clocks if c.due_at is not None and c.ended_at is None), default=None)
