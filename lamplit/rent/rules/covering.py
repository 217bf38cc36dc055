"""How much of what is owed today the next Direct Debit pays. Pure.

It pays the rent of its own time: what fell due since the one before it, and what falls due until it. Only what is left of it
pays an older debt. Else whoever pays each month's rent by Direct Debit would never be asked for a month that came back unpaid.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from lamplit.basics.plain import Plain
from lamplit.rent.rules.dates import add_months

_DAYS = {"weekly": 7, "four_weekly": 28}


class Charges(Plain, frozen=True, kw_only=True):
    """What falls due each time, less the benefit that is paid to us; how often; and the last day that is charged."""

    pence: int
    frequency: str
    to_on: date


def before(every: str, on: date) -> date:
    """Return the day of the collection before one."""
    return add_months(on, -1) if every == "monthly" else on - timedelta(days=_DAYS[every])


def of_balance(pence: int, due_on: date, before_on: date, charges: Charges, on: date) -> int:
    """Return what of a Direct Debit of a day pays what is owed on another one. `before_on`: the day of the one before it.

    In a month with five Mondays more falls due than a monthly sum pays, in others less. So what fell due since the one before
    counts as paid by it, whatever comes.
    """
    since = later = 0
    for day in _days(charges, before_on, due_on):
        since, later = (since + charges.pence, later) if day <= on else (since, later + charges.pence)
    return max(pence - later, min(pence, since), 0)


def _days(charges: Charges, after: date, until: date) -> Iterator[date]:
    """Yield the days on which rent falls due after a day and until another one."""
    first = charges.to_on + timedelta(days=1)
    if charges.frequency == "monthly":
        number = (after.year - first.year) * 12 + after.month - first.month - 1
        while (day := add_months(first, number)) <= until:
            if day > after:
                yield day
            number += 1
        return
    step = _DAYS[charges.frequency]
    day = first + timedelta(days=((after - first).days // step + 1) * step)
    while day <= until:
        yield day
        day += timedelta(days=step)
