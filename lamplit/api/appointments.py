"""Times of visits as HACT's messages name them: `2026-12-01/AM`, a part of a day that the diary has, or `2026-12-01/0930-1130`.

A RequestAppointment has nothing but a reference for a time. What we write so, we read as the same time.
"""

import re
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from lamplit.api.writing import moment
from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.basics.words import london
from lamplit.basics.working_days import london_date
from lamplit.repairs import queries

Span = tuple[datetime, datetime]
PARTS_OF_DAY = {"AM": (8, 13), "PM": (12, 18), "DAY": (8, 18)}  # where no diary says otherwise
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIMES = re.compile(r"/(\d{2})(\d{2})-(\d{2})(\d{2})$", re.ASCII)


def day_in(text: str) -> date | None:
    """Return the first day that a text names, or None."""
    found = _DAY.search(text)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def window_named(named: str, job: queries.Job) -> Span:
    """Return the time that an appointment's id names. Refused: api.no_such_appointment.

    Where a diary is kept for the job, a part of a day is what the diary has: so a visit takes one place there, not two.
    """
    day = day_in(named)
    if day is None:
        raise Refused("api.no_such_appointment", named=named[:40])
    if times := _TIMES.search(named):
        begins, ends = (int(times[1]), int(times[2])), (int(times[3]), int(times[4]))
        try:
            return datetime.combine(day, time(*begins), LONDON), datetime.combine(day, time(*ends), LONDON)
        except ValueError as error:
            raise Refused("api.no_such_appointment", named=named[:40]) from error
    return _part(day, named.upper(), kept=queries.diary_of(job.work) is not None)


def _part(day: date, named: str, *, kept: bool) -> Span:
    for one in queries.parts_of_day(day):
        code = one.code.upper()
        if code in named and (kept or code not in PARTS_OF_DAY):
            return one.on(day)
    hours = PARTS_OF_DAY[next((name for name in ("AM", "PM") if name in named), "DAY")]
    begins, ends = (datetime.combine(day, time(hour), LONDON) for hour in hours)
    return begins, ends


def name_of(from_at: datetime, until_at: datetime, job: queries.Job) -> str:
    """Return the id under which `window_named` finds this time again."""
    day = london_date(from_at)
    for part in dict.fromkeys([*(one.code.upper() for one in queries.parts_of_day(day)), *PARTS_OF_DAY]):
        with suppress(Refused):
            if window_named(f"{day}/{part}", job) == (from_at, until_at):
                return f"{day}/{part}"
    return f"{day}/{london(from_at):%H%M}-{london(until_at):%H%M}"


def window_of(from_at: datetime, until_at: datetime) -> dict[str, Any]:
    """Return a time as a RefinedAppointmentWindow: the standard's times are those of a clock, with its zone."""
    return {
        "Date": london_date(from_at).isoformat(),
        "TimeOfDay": {"EarliestArrivalTime": _clock(from_at), "LatestArrivalTime": _clock(until_at)},
    }


def _clock(at: datetime) -> str:
    return moment(london(at)).partition("T")[2]
