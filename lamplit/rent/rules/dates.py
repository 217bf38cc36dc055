"""Months on from a day: a month ends on the day of the same number, or on its last day when it has no such day."""

import calendar
from datetime import date


def add_months(on: date, count: int) -> date:
    """Return the day so many months later: a month after 31 January is 28 or 29 February."""
    months = on.year * 12 + on.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(on.day, calendar.monthrange(year, month)[1]))
