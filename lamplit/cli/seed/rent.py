"""Rent of the made-up landlord: what each home costs, years of charges, and how each household pays.

Written after the homes, a few hundred accounts a page, in the order in which a rebuild cuts them: an entry of a charge run
holds hundreds of accounts, and those of one page go to one or two partitions.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import msgspec

from lamplit.basics.fact import Fact
from lamplit.basics.ids import SeededIds
from lamplit.basics.who import By, job
from lamplit.cli.seed.paying import claim, end_claim, on_benefit, tell_payments
from lamplit.cli.seed.plan import chance
from lamplit.cli.seed.rent_plan import Payer, make_payers
from lamplit.cli.seed.story import IMPORT
from lamplit.record.page import Item
from lamplit.rent import facts
from lamplit.rent.queries import Let
from lamplit.rent.rules import runs
from lamplit.rent.rules.charging import Frequency
from lamplit.rent.rules.runs import Chargeable

AT_ONCE = 400  # accounts in a page
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
CHARGES: By = job("charges")


def tell_rent(
    payers: list[Payer], dice: Random, new_id: SeededIds, begins: datetime, now: datetime, *, history: bool
) -> list[Item]:
    """Tell of a page's accounts in the order of time: terms, what was brought over, and each period's charges."""
    items: list[Item] = []
    for payer in payers:
        at = max(begins, _morning(payer.let.started_on)) + timedelta(seconds=1)
        if at <= now:
            items += [Item(fact, IMPORT, at) for fact in _opened(payer)]
        if at <= now and on_benefit(payer):
            items.append(claim(payer, new_id, at))
            ended_on = payer.let.ended_on
            if ended_on is not None and payer.first_on <= ended_on < now.date():
                items.append(end_claim(payer, ended_on, max(at, _morning(ended_on)) + timedelta(seconds=1)))
    if history:
        items += tell_payments(payers, dice, new_id, begins.date(), now)
        for frequency in ("weekly", "monthly"):
            items += _charged([one for one in payers if one.frequency == frequency], frequency, new_id, now)
    return sorted(items, key=lambda item: item.at)


def _opened(payer: Payer) -> Iterator[Fact]:
    account = payer.let.account
    yield facts.AccountReferenced(account=account, reference=payer.reference)
    yield facts.TermsSet(
        account=account, home=payer.let.home, from_on=payer.first_on, frequency=payer.frequency, weeks=52, terms=payer.terms,
        rent_type="social", why="brought",
    )  # fmt: skip
    yield facts.BalanceBrought(
        account=account, book="rent", pence=payer.brought, on=payer.first_on, source="old system",
        charged_to_on=payer.first_on - _DAY,
    )  # fmt: skip
    payer.charged_to_on = payer.first_on - _DAY


def _charged(payers: list[Payer], frequency: Frequency, new_id: SeededIds, now: datetime) -> Iterator[Item]:
    """Charge a page's accounts for every period up to the last one: this period's run is for the landlord's own people."""
    if not payers:
        return
    on = min(one.first_on for one in payers)
    on = on - _DAY * on.weekday() if frequency == "weekly" else on.replace(day=1)
    # The last week is charged by the landlord's own people; a month is charged when it begins.
    while (_next(on, frequency) if frequency == "weekly" else on) <= now.date():
        after = _next(on, frequency)
        due = [_chargeable(one) for one in payers if one.first_on < after]
        worked = runs.work_out(due, frequency, on)
        run, at = new_id("g", _morning(on)), _morning(on)
        for batch in worked.batches:
            yield Item(
                facts.RentCharged(
                    run=run, from_on=batch.from_on, to_on=batch.to_on, due_on=batch.due_on, accounts=batch.accounts,
                    charges=batch.charges,  # type: ignore[arg-type]
                ),
                CHARGES,
                at,
            )  # fmt: skip
        charged = {account for batch in worked.batches for account in batch.accounts}
        for one in payers:
            if one.let.account in charged:
                one.charged_to_on = after - _DAY
        on = after


def _next(on: date, frequency: Frequency) -> date:
    return on + _WEEK if frequency == "weekly" else (on + timedelta(days=31)).replace(day=1)


def _chargeable(payer: Payer) -> Chargeable:
    if not payer.sets:
        terms = _as_kept(payer.terms)
        payer.sets = (runs.Set(from_on=payer.first_on, frequency=payer.frequency, weeks=52, terms=terms),)
    return Chargeable(
        account=payer.let.account, started_on=payer.let.started_on, ended_on=payer.let.ended_on,
        charged_to_on=payer.charged_to_on, sets=payer.sets,
    )  # fmt: skip


def _as_kept(terms: list[facts.Term]) -> str:
    return msgspec.json.encode(terms).decode()


def _morning(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 6, 30, tzinfo=UTC)


def page_of(
    number: int, lets: list[Let], seed: int, begins: datetime, now: datetime, *, history: bool, new_id: Any
) -> list[Item]:
    """Return everything that one page of accounts tells."""
    dice = chance(seed, f"rent {number}")
    payers = make_payers(lets, dice, begins.date(), iter(range(number * AT_ONCE, (number + 1) * AT_ONCE)))
    return tell_rent(payers, dice, new_id, begins, now, history=history)
