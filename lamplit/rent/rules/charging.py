"""What is charged on an account, period by period (rent account rules; UC Regulations 2013, SI 2013/376, Sch 4 para 7).

A week begins on Monday, a month on its first day; four weeks on every fourth Monday from the one that the terms,
or else the landlord's policy, name, through years of 52 and 53 weeks alike. All fall due in advance.
A year of rent begins on the first Monday of April: most have 52 Mondays, 2024/25 and 2030/31 have 53, and each is charged.
Rounding: pence, half up, line by line.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.rent.rules.figures import part, policy, split

Frequency = Literal["weekly", "four_weekly", "monthly"]
Weeks = Literal[52, 50, 48]
_DAY = timedelta(days=1)
_LENGTH = {"weekly": 7, "four_weekly": 28}
_APRIL = 4
_UC_TIMES = {"weekly": 52, "four_weekly": 13, "monthly": 12}


class Span(Plain, frozen=True, kw_only=True):
    """Days from one to another, both included."""

    from_on: date
    to_on: date


class Line(Plain, frozen=True, kw_only=True):
    """One line of the terms. `category`: of a service charge that benefit pays for (Universal Credit, A to D).

    `pence` is what is charged: for a year collected over 50 or 48 weeks see `over_weeks`.
    """

    charge: str
    pence: int
    per: Literal["period", "week", "month"] = "period"
    category: Literal["A", "B", "C", "D"] | None = None


class Terms(Plain, frozen=True, kw_only=True):
    """What an account is charged and when. `rent_free`: the Mondays of weeks without a charge.

    `voids` are days for which nothing is due from her, though the terms run. `anchor`: a Monday on which four weeks begin.
    """

    frequency: Frequency
    lines: tuple[Line, ...]
    starts_on: date
    ends_on: date | None = None
    weeks: Weeks = 52
    rent_free: tuple[date, ...] = ()
    voids: tuple[Span, ...] = ()
    anchor: date | None = None


class Period(Plain, frozen=True, kw_only=True):
    """A period of a tenancy and, within it, the days that are hers: fewer in the first and the last one."""

    from_on: date
    to_on: date
    first_on: date
    last_on: date

    @property
    def due_on(self) -> date:
        """Rent falls due in advance: on the first day of the period that is hers."""
        return self.first_on


class Charge(Plain, frozen=True, kw_only=True):
    """One line as charged, with its working: `days` of `of_days` days. `full_pence` is a whole period's."""

    charge: str
    pence: int
    full_pence: int
    days: int
    of_days: int
    category: Literal["A", "B", "C", "D"] | None = None


def year_starts_on(year: int) -> date:
    """Return the first Monday of April."""
    first = date(year, _APRIL, 1)
    return first + _DAY * (-first.weekday() % 7)


def mondays_in_year(year: int) -> int:
    """Return how many Mondays the rent year has that begins in a calendar year: 52 or 53."""
    return (year_starts_on(year + 1) - year_starts_on(year)).days // 7


def rent_free_weeks(weeks: Weeks, on: date) -> tuple[date, ...]:
    """Return the Mondays without a charge in the landlord's calendar of that day's year. None over 52 weeks.

    Refused: rent.no_calendar.
    """
    if weeks == 52:
        return ()
    if policy().find(f"rent_free.{weeks}", on) is None:
        raise Refused("rent.no_calendar", weeks=str(weeks), on=f"{on:%d/%m/%Y}")
    return tuple(date.fromisoformat(monday) for monday in policy().texts(f"rent_free.{weeks}", on))


def over_weeks(weekly_pence: int, weeks: Weeks) -> int:
    """Return the weekly charge when a year of 52 weeks' rent is collected over fewer: 118.47 over 50 weeks is 123.21."""
    return part(weekly_pence, 52, weeks)


def uc_monthly(pence: int, frequency: Frequency, rent_free: int = 0) -> int:
    """Return a charge as Universal Credit counts it a month: x 52/12, x 13/12, or x (52 - rent-free weeks)/12.

    Always 52: benefit never covers a 53rd week.
    """
    return part(pence, _UC_TIMES[frequency] - (rent_free if frequency == "weekly" else 0), 12)


def periods(terms: Terms, from_on: date, to_on: date) -> list[Period]:
    """Return the periods that fall due on the days asked for, both included."""
    found: list[Period] = []
    for begins, ends in _calendar(terms, max(from_on, terms.starts_on)):
        if begins > to_on or (terms.ends_on and begins > terms.ends_on):
            break
        first = max(begins, terms.starts_on)
        if from_on <= first <= to_on:
            last = min(ends, terms.ends_on) if terms.ends_on else ends
            found.append(Period(from_on=begins, to_on=ends, first_on=first, last_on=last))
    return found


def _calendar(terms: Terms, on: date) -> Iterator[tuple[date, date]]:
    """The periods of the calendar, from the one that a day lies in."""
    if terms.frequency == "monthly":
        begins = on.replace(day=1)
        while True:
            ends = begins.replace(day=calendar.monthrange(begins.year, begins.month)[1])
            yield begins, ends
            begins = ends + _DAY
    length = _LENGTH[terms.frequency]
    anchor = _monday(terms)
    begins = anchor + _DAY * ((on - anchor).days // length * length)
    while True:
        yield begins, begins + _DAY * (length - 1)
        begins += _DAY * length


def _monday(terms: Terms) -> date:
    anchor = terms.anchor or date.fromisoformat(str(policy().on("charge.four_weeks_from", terms.starts_on).value))
    if anchor.weekday():
        raise ValueError(f"four weeks begin on a Monday, not on {anchor}")
    return anchor


def charge_for(terms: Terms, period: Period) -> list[Charge]:
    """Return what is charged for a period, line by line. Nothing at all is an empty list (a rent-free week, a void)."""
    days, of_days = _days(terms, period)
    charges = [_charge(terms, line, days, of_days) for line in terms.lines] if days else []
    return [charge for charge in charges if charge.pence]


def void_loss(terms: Terms, period: Period) -> int:
    """Return the pence that a period's void days cost the landlord: never a tenant's to pay."""
    let = Terms(**{name: getattr(terms, name) for name in terms.__struct_fields__ if name != "voids"})
    return total(charge_for(let, period)) - total(charge_for(terms, period))


def total(charges: list[Charge]) -> int:
    """Return the sum of the lines. Each is rounded before: the sum is what the letter adds up to."""
    return sum(charge.pence for charge in charges)


def share_out(charges: list[Charge], shares: tuple[int, ...]) -> list[int]:
    """Split a period's charge over joint accounts, to the penny, by largest remainder."""
    return split(total(charges), shares)


def _days(terms: Terms, period: Period) -> tuple[int, int]:
    """Return the days charged for, and the days of the period that a full charge stands for."""
    if not terms.voids and not terms.rent_free:
        return (period.last_on - period.first_on).days + 1, (period.to_on - period.from_on).days + 1
    free = 0 if terms.frequency == "monthly" else sum(period.from_on <= monday <= period.to_on for monday in terms.rent_free)
    of_days = (period.to_on - period.from_on).days + 1
    days = sum(_is_charged(terms, period.first_on + _DAY * at) for at in range((period.last_on - period.first_on).days + 1))
    return days, of_days - 7 * free


def _is_charged(terms: Terms, day: date) -> bool:
    if any(void.from_on <= day <= void.to_on for void in terms.voids):
        return False
    return terms.frequency == "monthly" or day - _DAY * day.weekday() not in terms.rent_free


def _charge(terms: Terms, line: Line, days: int, of_days: int) -> Charge:
    """A whole period costs the line; a part of weeks 1/7 of a week a day, a part of a month 12/365 of a month a day (policy)."""
    if terms.frequency == "monthly":
        full = part(line.pence, terms.weeks, 12) if line.per == "week" else line.pence
        year = policy().number("charge.month_days", terms.starts_on)
        pence = full if days == of_days else part(full, 12 * days, year)
    else:
        week = _weekly(terms, line)
        full = part(week[0] * (of_days // 7), 1, week[1])
        pence = full if days == of_days else part(week[0], days, 7 * week[1])
    return Charge(charge=line.charge, pence=pence, full_pence=full, days=days, of_days=of_days, category=line.category)


def _weekly(terms: Terms, line: Line) -> tuple[int, int]:
    """Return a week's charge as a fraction, so that nothing is rounded twice."""
    if line.per == "month":
        return line.pence * 12, terms.weeks
    return line.pence, 4 if line.per == "period" and terms.frequency == "four_weekly" else 1
