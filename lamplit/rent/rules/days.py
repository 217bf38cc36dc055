"""Days for which nothing is due from her though the terms run, and what was charged for them already. Pure.

She was moved out while the home was mended, could not live there, or it was agreed. A part of a period is charged by days, as a
first or last one is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.rent.rules import charging
from lamplit.rent.rules.charging import Period, Span, Terms
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.runs import Set, free_weeks, lines_of

MOST = timedelta(days=731)  # of one stay away; longer is written down anew, so that somebody looks at it
AHEAD = timedelta(days=400)


class Charged(Plain, frozen=True, kw_only=True):
    """A line of the books that charged for some days and stands: nobody took it back."""

    line: str
    charge: str
    pence: int
    from_on: date
    to_on: date


class Credit(Plain, frozen=True, kw_only=True):
    """What is credited, of a charge due `on` a day. `line`: it is taken back whole; without one, a part for some days."""

    charge: str
    pence: int
    on: date
    line: str | None = None


def check_days(span: Span, others: Iterable[Span], started_on: date, ended_on: date | None, today: date) -> None:
    """Refuse days that are none, not hers, too many or too far ahead, or there already.

    Refused: rent.days_wrong, rent.no_tenancy_then, rent.days_too_many, rent.days_there.
    """
    if span.to_on < span.from_on:
        raise Refused("rent.days_wrong")
    if span.from_on < started_on or (ended_on is not None and span.to_on > ended_on):
        raise Refused("rent.no_tenancy_then")
    if span.to_on - span.from_on > MOST or span.to_on > today + AHEAD:
        raise Refused("rent.days_too_many")
    if any(other.from_on <= span.to_on and span.from_on <= other.to_on for other in others):
        raise Refused("rent.days_there")


def credits_for(sets: Sequence[Set], charged: Iterable[Charged], before: tuple[Span, ...], span: Span) -> list[Credit]:
    """Return what is credited for days that were charged already. `before`: days that were not charged in the first place."""
    periods: dict[tuple[date, date], list[Charged]] = {}
    for one in charged:
        if one.from_on <= span.to_on and span.from_on <= one.to_on:
            periods.setdefault((one.from_on, one.to_on), []).append(one)
    found: list[Credit] = []
    for days, lines in sorted(periods.items()):
        found += _credits_of(sets, days, lines, before, span)
    return found


def _credits_of(
    sets: Sequence[Set], days: tuple[date, date], lines: list[Charged], before: tuple[Span, ...], span: Span
) -> Iterator[Credit]:
    held = [one for one in sets if one.from_on <= days[0]]
    if not held:
        return
    terms = Terms(frequency=held[-1].frequency, lines=lines_of(held[-1]), starts_on=days[0], weeks=held[-1].weeks)  # type: ignore[arg-type]
    period = msgspec.structs.replace(charging.periods(terms, days[0], days[0])[0], last_on=days[1])
    was, becomes = _charge(terms, period, before), _charge(terms, period, (*before, span))
    there: dict[str, list[Charged]] = {}
    for line in lines:
        there.setdefault(line.charge, []).append(line)
    for charge, those in there.items():
        whole = sum(line.pence for line in those)
        less = min(was[charge] - becomes[charge], whole)
        if less == whole:
            yield from (Credit(charge=charge, pence=line.pence, on=days[0], line=line.line) for line in those)
        elif less > 0:
            yield Credit(charge=charge, pence=less, on=days[0])


def takes_two(credits_: Sequence[Credit], today: date) -> bool:
    """Whether so much would be credited that a second person must agree, as with any credit by hand."""
    return sum(one.pence for one in credits_) > policy().number("books.alone_pence", today)


def _charge(terms: Terms, period: Period, voids: tuple[Span, ...]) -> Counter[str]:
    found: Counter[str] = Counter()
    for charge in charging.charge_for(free_weeks(msgspec.structs.replace(terms, voids=voids), period), period):
        found[charge.charge] += charge.pence
    return found
