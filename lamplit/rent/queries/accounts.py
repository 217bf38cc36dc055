"""Accounts: who, what is charged, what is owed, line by line."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from lamplit.homes import queries as homes
from lamplit.record.ready import Ready
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent.models import DebitMandate, LedgerLine, RentAccount, RentBalance, RentTerms


class Owes(NamedTuple):
    """What stands in each book that an account owes, in pence; below nought she is ahead."""

    rent: int
    costs: int
    recharge: int
    former: int
    occupation: int
    charged_to_on: date | None
    paid_on: date | None

    @property
    def all(self) -> int:
        return self.rent + self.costs + self.recharge + self.former + self.occupation


class Let(NamedTuple):
    """A tenancy that has an account."""

    account: str
    home: str
    started_on: date
    ended_on: date | None


_ACCOUNT = Ready(lambda account: RentAccount.objects.filter(id=account))
_ACCOUNTS = Ready(lambda accounts: RentAccount.objects.filter(id__any=accounts))
_BALANCE = Ready(lambda account: RentBalance.objects.filter(id=account))
_LINES = Ready(lambda account: LedgerLine.objects.filter(account=account).order_by("on", "at", "id"))
_LEDGERS_OF = Ready(lambda accounts: LedgerLine.objects.filter(account__any=accounts).order_by("account", "on", "at", "id"))
_BALANCES = Ready(lambda accounts: RentBalance.objects.filter(id__any=accounts))
_TERMS = Ready(lambda account: RentTerms.objects.filter(account=account).order_by("from_on"))
_TERMS_OF = Ready(lambda accounts: RentTerms.objects.filter(account__any=accounts))
_MANDATES_OF = Ready(lambda accounts: DebitMandate.objects.filter(account__any=accounts))
_TERMS_ON = Ready(lambda account, on: RentTerms.objects.filter(account=account, from_on__lte=on).order_by("-from_on")[:1])


def account(account_id: str) -> RentAccount | None:
    return _ACCOUNT.first(account=account_id)


def accounts(account_ids: Iterable[str]) -> dict[str, RentAccount]:
    return {row.id: row for row in _ACCOUNTS.all(accounts=list(account_ids))}


def lets() -> list[Let]:
    """Return every account, in the order in which entries of many accounts are to stand."""
    found = {row[0]: Let(*row) for row in RentAccount.objects.values_list("id", "home", "started_on", "ended_on")}
    return [found[account] for account in in_order_of_partitions(found)]


def kept_here(account_ids: Iterable[str]) -> set[str]:
    """Return those accounts whose rent we keep: terms were set, something stands in their books, or we take it by Direct Debit.

    Every tenancy has an account. Where an old system keeps the rent, nobody may read here that she owes nothing.
    """
    asked = list(account_ids)
    if not asked:
        return set()
    moved = {row.id for row in _BALANCES.all(accounts=asked) if row.lines}
    return moved | {str(row.account) for rows in (_TERMS_OF, _MANDATES_OF) for row in rows.all(accounts=asked)}


def account_of_reference(reference: str) -> RentAccount | None:
    """Return the account that people pay with this number, or None."""
    return RentAccount.objects.filter(reference_key=reference).first()


def owes(account_id: str) -> Owes | None:
    """Return what an account owes, or None when there is no such account."""
    row = _BALANCE.first(account=account_id)
    return None if row is None else owes_of(row)


def owes_of(row: RentBalance) -> Owes:
    return Owes(row.rent, row.costs, row.recharge, row.former, row.occupation, row.charged_to_on, row.paid_on)


def address(account_id: str) -> str:
    """Return where an account's home is, in one line."""
    row = account(account_id)
    home = homes.home(row.home) if row is not None else None
    return homes.address_line(home) if home is not None else account_id


def lines(account_id: str) -> list[LedgerLine]:
    """Return every line of an account's books, the oldest first."""
    return _LINES.all(account=account_id)


def ledgers_of(account_ids: Iterable[str]) -> dict[str, list[LedgerLine]]:
    """Return every line of some accounts' books, by account, the oldest first."""
    found: dict[str, list[LedgerLine]] = {}
    for row in _LEDGERS_OF.all(accounts=list(account_ids)):
        found.setdefault(str(row.account), []).append(row)
    return found


def account_ids() -> list[str]:
    """Return every account, in the order of their ids."""
    return list(RentAccount.objects.order_by("id").values_list("id", flat=True))


def balances(account_ids: Iterable[str]) -> list[RentBalance]:
    """Return the balances of these accounts."""
    return _BALANCES.all(accounts=list(account_ids))


def drawn(count: int) -> list[str]:
    """Return so many accounts, drawn by lot."""
    return list(RentBalance.objects.order_by("?").values_list("id", flat=True)[:count])


def terms(account_id: str) -> list[RentTerms]:
    """Return what was and will be charged on an account, the oldest first."""
    return _TERMS.all(account=account_id)


def terms_on(account_id: str, on: date) -> RentTerms | None:
    """Return what is charged on a day, or None when nothing is set by then."""
    return _TERMS_ON.first(account=account_id, on=on)


_TIMES_A_YEAR = {"weekly": 52, "four_weekly": 13, "monthly": 12}


def weekly(account_ids: Iterable[str], on: date) -> dict[str, int]:
    """Return about what each of these accounts is charged a week, in pence."""
    rows = RentTerms.objects.filter(account__in=list(account_ids), from_on__lte=on).order_by("account", "from_on")
    newest = {row.account: row for row in rows}
    return {
        account: sum(term["pence"] for term in row.terms) * _TIMES_A_YEAR[row.frequency] // 52 for account, row in newest.items()
    }
