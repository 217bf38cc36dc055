"""What was paid another way of collections that we missed, or that came back: one sum for her pages, the letters and the runs."""

from collections.abc import Sequence

import msgspec

from lamplit.basics.working_days import london_date
from lamplit.rent.models import Collection
from lamplit.rent.queries import debits
from lamplit.rent.rules import missed


def left_of(row: Collection) -> int:
    """Return what is still to be paid of a collection that we missed."""
    return max(int(row.pence) - paid_of([row])[row.id], 0)


def paid_of(rows: Sequence[Collection]) -> dict[str, int]:
    """Return what of each was paid another way since it was due, or since we noticed: no payment pays two of an account."""
    if not rows:
        return {}
    accounts = {row.account for row in rows}
    there = debits.payable_another_way(accounts)
    those = {account: [_open(one) for one in there.get(account, ())] for account in accounts}
    asked = {row.id: _with(those[row.account], _open(row)) for row in rows}
    payments = debits.paid_since(accounts, min(one.since_on for some in asked.values() for one in some))
    found = {}
    for row in rows:
        some = asked[row.id]
        since = min(one.since_on for one in some)
        found[row.id] = missed.share([one for one in payments.get(row.account, ()) if one[0] >= since], some)[row.id]
    return found


def paid_of_chosen(account: str, chosen: Sequence[Collection]) -> dict[str, int]:
    """Return what was paid another way of collections that she chose to pay with later ones: also since she chose."""
    if not chosen:
        return {}
    those = {one.collection: one for one in map(_open, debits.payable_another_way([account]).get(account, ()))}
    those |= {row.id: msgspec.structs.replace(_open(row), to_on=None) for row in chosen}
    payments = debits.paid_since([account], min(one.since_on for one in those.values())).get(account, ())
    return missed.share(payments, those.values())


def _with(some: list[missed.Open], one: missed.Open) -> list[missed.Open]:
    return some if any(other.collection == one.collection for other in some) else [*some, one]


def _open(row: Collection) -> missed.Open:
    due_on = row.was_due_on or row.on
    since_on = min(due_on, london_date(row.missed_at)) if row.missed_at else due_on
    to_on = london_date(row.closed_at) if row.closed_at else None
    return missed.Open(collection=row.id, since_on=since_on, pence=row.pence, to_on=to_on)
