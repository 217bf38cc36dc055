"""The next Direct Debit of accounts, and what of their balance it pays: of some accounts, or of all of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Q

from lamplit.basics.bacs_days import cycle
from lamplit.record.ready import ReadyColumns
from lamplit.rent.models import Collection, DebitMandate, RentBalance, RentTerms
from lamplit.rent.rules import covering, usual
from lamplit.rent.rules.benefit import Claim
from lamplit.rent.rules.position import Collection as Coming

_LONGEST = timedelta(days=10)  # from a day to the one on which its money moves, with Christmas and a weekend between


def _to_come(accounts: list[str] | None, on: date) -> Any:
    rows = Collection.objects.filter(Q(state="noticed", on__gte=on) | Q(state="sent")).order_by("account", "on")
    return rows if accounts is None else rows.filter(account__any=accounts)


_TO_COME = ReadyColumns(_to_come, "account", "id", "mandate", "on", "pence", "again", "was_due_on", "state", "more_pence")
_EVERY = ReadyColumns(lambda mandates: DebitMandate.objects.filter(id__any=mandates), "id", "every")
_CHARGED = ReadyColumns(lambda accounts: RentBalance.objects.filter(id__any=accounts), "id", "charged_to_on")
_TERMS = ReadyColumns(
    lambda accounts, on: RentTerms.objects.filter(account__any=accounts, from_on__lte=on).order_by("account", "from_on"),
    "account", "frequency", "terms",
)  # fmt: skip


@lru_cache(maxsize=512)
def _entry_on(on: date) -> date:
    return cycle(on).entry_on


def next_collections(
    accounts: list[str] | None, on: date, claims: Mapping[str, tuple[Claim, ...]]
) -> Mapping[str, tuple[Coming, ...]]:
    """Return the next Direct Debit of which she has been told, or that is on its way, on the day when its money moves.

    After it, those that are made late or once more, and what she chose to pay with later ones of one that we missed: for that
    she was not asked otherwise.
    """
    nearest: dict[str, tuple[Any, ...]] = {}
    later: dict[str, list[Coming]] = defaultdict(list)
    for row in _TO_COME.all(accounts=accounts, on=on - _LONGEST):
        if row[7] != "sent" and _entry_on(row[3]) < on:
            continue
        if nearest.setdefault(row[0], row) is not row and (of_balance := row[4] if _pays_what_is_owed(row) else row[8]):
            later[row[0]].append(Coming(source=row[1], on=max(_entry_on(row[3]), on), pence=row[4], of_balance_pence=of_balance))
    every = dict(_EVERY.all(mandates=[row[2] for row in nearest.values()])) if nearest else {}
    charges = _charges(nearest, on, claims) if nearest else {}
    return {
        account: (_coming(row, every[row[2]], charges.get(account), on), *later[account])
        for account, row in nearest.items()
        if row[2] in every
    }


def _coming(row: tuple[Any, ...], every: str, charges: covering.Charges | None, on: date) -> Coming:
    _, ident, _, day, pence, *_ = row
    of_balance = pence
    if charges is not None and not _pays_what_is_owed(row):
        of_balance = covering.of_balance(pence, day, covering.before(every, day), charges, on)
    return Coming(source=ident, on=max(_entry_on(day), on), pence=pence, of_balance_pence=of_balance)


def _pays_what_is_owed(row: tuple[Any, ...]) -> bool:
    """Whether it is made late, or once more: then none of it is for the rent of its own day."""
    again, was_due_on = row[5:7]
    return bool(again) or was_due_on is not None


def _charges(accounts: Iterable[str], on: date, claims: Mapping[str, tuple[Claim, ...]]) -> dict[str, covering.Charges]:
    """Return what falls due each time on accounts, less benefit. One that is charged nothing yet is left out."""
    listed = list(accounts)
    charged_to = {account: to_on for account, to_on in _CHARGED.all(accounts=listed) if to_on is not None}
    found = {}
    for account, frequency, terms in _TERMS.all(accounts=listed, on=on):
        if account in charged_to:
            pence = sum(term["pence"] for term in terms) - usual.benefit(claims.get(account, ()), frequency, on)
            found[account] = covering.Charges(pence=max(pence, 0), frequency=frequency, to_on=charged_to[account])
    return found
