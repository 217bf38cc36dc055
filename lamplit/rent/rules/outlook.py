"""What an account owed week by week, and what it will if nobody pays but benefit. Pure.

So that somebody sees a balance go up on the day of a charge and down when her benefit comes, and need not be afraid of it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from lamplit.basics.plain import Plain
from lamplit.rent.rules.benefit import Claim, NextPayment, next_due

_WEEK = timedelta(days=7)


class Week(Plain, frozen=True, kw_only=True):
    """What is owed at the end of a day (below nought: she is ahead). `to_come`: not a fact yet."""

    on: date
    pence: int
    to_come: bool = False


def payments_to_come(claims: Sequence[Claim], on: date, until: date) -> list[NextPayment]:
    """Return the benefit payments that we expect by a day, the soonest first. A late one is not expected any more."""
    found = []
    for claim in claims:
        after = claim
        while (due := next_due(after, on)) is not None and due.pay_on <= until:
            if due.pay_on >= on:
                found.append(due)
            after = msgspec.structs.replace(after, paid_to=due.to_on)
    return sorted(found, key=lambda due: due.pay_on)


def weeks(
    owed: int, moves: Iterable[tuple[date, int]], to_come: Iterable[tuple[date, int]], on: date, back: int, ahead: int
) -> list[Week]:
    """Return what is owed at the end of each week: `back` weeks before `on`, that day itself, and `ahead` weeks after it.

    `moves` are what changed it, by day; `to_come` what will.
    """
    past, coming = list(moves), list(to_come)
    found = []
    for number in range(-back, ahead + 1):
        day = on + _WEEK * number
        if number <= 0:
            pence = owed - sum(pence for moved_on, pence in past if moved_on > day)
        else:
            pence = owed + sum(pence for due_on, pence in coming if due_on <= day)
        found.append(Week(on=day, pence=pence, to_come=number > 0))
    return found
