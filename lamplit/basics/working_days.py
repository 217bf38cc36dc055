"""Working days in England, and London dates of UTC instants. The only place that counts days.

A working day is Monday to Friday and no bank holiday in England. The day of the event is day 0, day 1 is the
next working day (MHCLG guidance on Awaab's Law, 4.1.1; the Complaint Handling Code is read the same way).
"""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

from lamplit.basics.clock import LONDON

_DAY = timedelta(days=1)
_SATURDAY = 5
_FILE = "lamplit/basics/data/bank_holidays.toml"


class BeyondKnownHolidays(ValueError):  # noqa: N818 - it says where we are
    """A date lies in a year whose bank holidays we do not have; the message says where to add them."""


@dataclass(frozen=True)
class Holidays:
    """The bank holidays of whole years, `first_on` to `last_on`. Outside these nothing is known."""

    days: frozenset[date]
    first_on: date
    last_on: date


def load_holidays(text: str) -> Holidays:
    """Read the bank-holiday file. ValueError names a year with a gap before it or a day that is not in its year."""
    years: dict[str, dict[str, list[date]]] = tomllib.loads(text)["year"]
    numbers = sorted(int(year) for year in years)
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise ValueError(f"{_FILE}: a year is missing between {numbers[0]} and {numbers[-1]}")
    for year, held in years.items():
        for day in held["days"]:
            if day.year != int(year):
                raise ValueError(f"{_FILE}: {day} stands under {year}")
    days = frozenset(day for held in years.values() for day in held["days"])
    return Holidays(days, date(numbers[0], 1, 1), date(numbers[-1], 12, 31))


@cache
def england() -> Holidays:
    """The bank holidays shipped in the package: England and Wales."""
    return load_holidays((files("lamplit.basics") / "data" / "bank_holidays.toml").read_text(encoding="utf-8"))


def is_working_day(on: date, holidays: Holidays | None = None) -> bool:
    """True on Monday to Friday unless it is a bank holiday. BeyondKnownHolidays outside the known years."""
    known = holidays or england()
    if not known.first_on <= on <= known.last_on:
        raise BeyondKnownHolidays(
            f"Bank holidays are known from {known.first_on} to {known.last_on}, not for {on}. Add the year to {_FILE}."
        )
    return on.weekday() < _SATURDAY and on not in known.days


def add_working_days(on: date, count: int, holidays: Holidays | None = None) -> date:
    """Return the `count`th working day after `on` (day 0); `on` itself when `count` is 0. ValueError below 0."""
    if count < 0:
        raise ValueError(f"working days are counted forward, not {count}")
    day = on
    while count:
        day += _DAY
        count -= is_working_day(day, holidays)
    return day


def working_day_before(on: date, count: int, holidays: Holidays | None = None) -> date:
    """Return the `count`th working day before `on`; `on` itself when `count` is 0. ValueError below 0."""
    if count < 0:
        raise ValueError(f"working days are counted back from a day, not {count}")
    day = on
    while count:
        day -= _DAY
        count -= is_working_day(day, holidays)
    return day


def working_days_between(start_on: date, end_on: date, holidays: Holidays | None = None) -> int:
    """Return how many working days lie after `start_on` up to and with `end_on`; 0 when it is not later."""
    span = max((end_on - start_on).days, 0)
    return sum(is_working_day(start_on + _DAY * number, holidays) for number in range(1, span + 1))


def london_date(at: datetime) -> date:
    """Return the London calendar day of an instant. A datetime without a zone is a bug: ValueError."""
    if at.tzinfo is None:
        raise ValueError(f"an instant without a zone has no London date: {at!r}")
    return at.astimezone(LONDON).date()


def day_begins_at(on: date) -> datetime:
    """Return the instant (UTC) at which a London day begins. Clocks change at 01:00 UTC, so midnight is certain."""
    return datetime.combine(on, time(), tzinfo=LONDON).astimezone(UTC)


def day_ends_at(on: date) -> datetime:
    """Return the UTC instant at which a London day is over: the first moment of the next day, itself outside."""
    return day_begins_at(on + _DAY)
