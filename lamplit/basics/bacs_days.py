"""The days of Bacs: input, processing and entry; notice, waiting and the windows in which something may still be done.

Bacs works on the working days of England. The date in a file is the processing day (day 2); money moves on the entry day (day 3).
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from lamplit.basics.dated import DatedValues
from lamplit.basics.figures import figures_of
from lamplit.basics.working_days import Holidays, add_working_days, is_working_day, working_day_before

_FILE = "bacs.toml"


@dataclass(frozen=True)
class Cycle:
    """The three days of one collection."""

    input_on: date  # the last day on which the file can be sent
    processing_on: date
    entry_on: date


@cache
def bacs() -> DatedValues:
    """The figures and reason codes shipped in the package."""
    return figures_of("basics", _FILE)


def cycle(due_on: date, holidays: Holidays | None = None) -> Cycle:
    """Return the cycle of money due on a day. Due on no working day, it moves on the next one."""
    entry_on = due_on
    while not is_working_day(entry_on, holidays):
        entry_on += timedelta(days=1)
    processing_on = working_day_before(entry_on, 1, holidays)
    return Cycle(working_day_before(processing_on, 1, holidays), processing_on, entry_on)


def next_cycle(on: date, holidays: Holidays | None = None) -> Cycle:
    """Return the first cycle whose file can still be sent on a day: at a weekend, the one that begins after it."""
    input_on = cycle(on, holidays).entry_on  # the first working day from it on
    return cycle(add_working_days(input_on, 2, holidays), holidays)


def first_input_on(processing_on: date) -> date:
    """Return the first day on which a file for this processing day may be sent."""
    return processing_on - timedelta(days=bacs().number("days.ahead", processing_on))


def notice_by(collected_on: date, days: int | None = None, holidays: Holidays | None = None) -> date:
    """Return the last day on which the payer can be told of a collection. `days`: fewer than usual, as agreed with the bank."""
    count = bacs().number("days.advance_notice", collected_on) if days is None else days
    return working_day_before(collected_on, count, holidays)


def earliest_after_notice(told_on: date, days: int | None = None, holidays: Holidays | None = None) -> date:
    """Return the first day on which money may be collected when the payer is told today."""
    count = bacs().number("days.advance_notice", told_on) if days is None else days
    return add_working_days(told_on, count, holidays)


def first_collection_on(lodged_on: date, holidays: Holidays | None = None) -> date:
    """Return the first day on which money may be collected under an instruction lodged (0N) on a day."""
    return add_working_days(lodged_on, bacs().number("days.auddis_wait", lodged_on), holidays)


def represent_until(due_on: date) -> date:
    """Return the last day on which an unpaid debit may be presented again: one calendar month from its first due date."""
    months = due_on.month - 1 + bacs().number("months.represent", due_on)
    year, month = due_on.year + months // 12, months % 12 + 1
    return date(year, month, min(due_on.day, calendar.monthrange(year, month)[1]))


def collect_late_until(notified_on: date, holidays: Holidays | None = None) -> date:
    """Return the last day on which a collection that we missed may still be made on its old notice."""
    return add_working_days(notified_on, bacs().number("days.late_collection", notified_on), holidays)


def challenge_until(advised_on: date, holidays: Holidays | None = None) -> date:
    """Return the last day on which an indemnity claim can be challenged; our account is debited then."""
    return add_working_days(advised_on, bacs().number("days.challenge", advised_on), holidays)


def to_bacs_date(on: date) -> str:
    """Return a date as Bacs files have it, ` YYDDD`: a blank, two digits of the year, the day's number in it."""
    return f" {on:%y%j}"


def from_bacs_date(text: str) -> date | None:
    """Read ` YYDDD`; None when it is no such date. Every such year is taken to be in this century."""
    found = re.fullmatch(r" ?([0-9]{2})([0-9]{3})", text)
    if found is None:
        return None
    year, number = 2000 + int(found[1]), int(found[2])
    return date(year, 1, 1) + timedelta(days=number - 1) if 1 <= number <= 365 + calendar.isleap(year) else None
