"""The schedule of rates: brought over from a file, and works priced by it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from lamplit.basics.brought import Became, Brought, Tally
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Item, Page, action
from lamplit.repairs.facts import RateLine, RateRecorded
from lamplit.repairs.models import Rate
from lamplit.repairs.queries.prices import rate_on
from lamplit.repairs.rules.prices import MOST_PENCE, sum_of

UnitName = Literal["item", "number", "metre", "square_metre", "cubic_metre", "hour"]


class Measured(Plain, frozen=True, kw_only=True):
    """So much of one rate: its code, and hundredths of its unit."""

    code: str
    hundredths: int


class RateRow(Plain, frozen=True, kw_only=True):
    """A rate as a line of a file tells of it."""

    line: int
    code: str
    says: str
    trade: str
    unit: UnitName
    pence: int
    from_on: date
    until_on: date | None = None


def priced(lines: Iterable[Measured], at: datetime) -> list[RateLine]:
    """Return the lines at the rates of that day. Refused: repairs.no_such_rate, repairs.bad_quantity."""
    on = london_date(at)
    found = []
    for line in lines:
        rate = rate_on(line.code, on)
        if rate is None:
            raise Refused("repairs.no_such_rate", rate=line.code[:40])
        pence = sum_of(rate.pence, line.hundredths)
        if line.hundredths <= 0 or pence > MOST_PENCE:
            raise Refused("repairs.bad_quantity", rate=rate.code)
        found.append(RateLine(code=rate.code, says=rate.says, unit=rate.unit, hundredths=line.hundredths, pence=pence))
    return found


@action
def import_rates(page: Page, *, rows: list[RateRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Record rates, and put right those of the same code and first day. Works priced before keep their price.

    Refused, each row by itself: repairs.rate_ends_before_start. A rehearsal writes nothing and raises `Rehearsed`.
    """
    known = {(rate.code, rate.from_on): rate for rate in Rate.objects.filter(code__in={row.code for row in rows})}
    tally: Tally[RateRow] = Tally()

    def bring(row: RateRow) -> Became:
        if row.until_on is not None and row.until_on < row.from_on:
            raise Refused("repairs.rate_ends_before_start")
        there = known.get((row.code, row.from_on))
        says = {name: getattr(row, name) for name in ("code", "says", "trade", "unit", "pence", "from_on", "until_on")}
        if there is not None and all(getattr(there, name) == value for name, value in says.items()):
            return "there"
        rate = page.new_id("d", at) if there is None else there.id
        page.write_many([Item(RateRecorded(rate=rate, **says), by, at)])
        return "written" if there is None else "changed"

    tally.bring(rows, lambda row: row.line, bring)
    return tally.answer(rehearse=rehearse)
