"""Quarterly statements: which days one is of, and until when it is due. Pure.

Pre-Action Protocol for Possession Claims by Social Landlords, 2.3: at least quarterly, rent due and sums received of the past
thirteen weeks. A quarter of the calendar has 90 to 92 days, so a statement begins with it, or thirteen weeks before its end where
that is earlier: no day is left out between two.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from lamplit.basics.refusal import Refused
from lamplit.rent.rules.figures import policy

_DAYS = timedelta(weeks=13)
_DAY = timedelta(days=1)


class Quarter(NamedTuple):
    """A quarter of the calendar, as `2026Q3`; the first day of its statement and the last, and when it should have gone."""

    name: str
    since: date
    until: date
    due_on: date


def quarter(name: str, today: date) -> Quarter:
    """Return a quarter that is over. Refused: rent.no_such_quarter."""
    found = re.fullmatch(r"(20\d\d)Q([1-4])", name.upper())
    if found is None:
        raise Refused("rent.no_such_quarter")
    made = _quarter(int(found[1]), int(found[2]))
    if made.until >= today:
        raise Refused("rent.no_such_quarter")
    return made


def last_quarter(today: date) -> Quarter:
    """Return the last quarter that is over."""
    number = (today.month - 1) // 3
    return _quarter(today.year, number) if number else _quarter(today.year - 1, 4)


def _quarter(year: int, number: int) -> Quarter:
    begins = date(year, 3 * number - 2, 1)
    after = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    until = after - _DAY
    due_on = until + _DAY * policy().number("statements.within_days", until)
    return Quarter(f"{year}Q{number}", min(begins, after - _DAYS), until, due_on)
