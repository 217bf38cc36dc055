"""Payments that have a receipt: lines of files, and lines of her books that came by no file."""

from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet

from lamplit.rent.facts import OWED
from lamplit.rent.models import LedgerLine, LineReceipt, MoneyLine
from lamplit.rent.queries.money_in import money_line, payments_of


class Paid(NamedTuple):
    """A payment. `of` and `number`: the file and its line there, else the entry and its line there. `what`: how it came.

    `receipt`: the entry that proves it, once she asked. `back_on`: the day on which it was taken off again.
    """

    id: str
    account: str
    of: str
    number: int
    pence: int
    on: date
    what: str
    receipt: str | None
    back_on: date | None = None


def paid_on(account: str) -> list[Paid]:
    """Return every payment that is on an account, the newest first."""
    rows = [_of_file(row) for row in payments_of(account) if row.pence > 0]
    rows += [row for row in _of_lines(_lines(account)) if row.back_on is None]
    return sorted(rows, key=lambda row: (row.on, row.id), reverse=True)


def paid(accounts: list[str], of: str, number: int) -> Paid | None:
    """Return the payment on one of these accounts that stands there in a file or in an entry, or None."""
    row = money_line(f"{of}.{number}")
    if row is not None:
        return _of_file(row) if row.account in accounts and row.pence > 0 else None
    return next((found for one in accounts if (found := paid_line(one, f"{one}.{of[2:]}.{number}"))), None)


def paid_line(account: str, line: str) -> Paid | None:
    """Return the payment that is this line of an account's books and came by no file, or None."""
    return next(iter(_of_lines(_lines(account).filter(id=line))), None)


def _lines(account: str) -> "QuerySet[LedgerLine]":
    return LedgerLine.objects.filter(account=account, what__in=["payment", "direct_debit", "benefit"], part=None).order_by("id")


def _of_lines(rows: "QuerySet[LedgerLine]") -> list[Paid]:
    found = list(rows)
    ids = [row.id for row in found]
    receipts = dict(LineReceipt.objects.filter(id__in=ids).values_list("id", "receipt"))
    back = dict(LedgerLine.objects.filter(reverses__in=ids).values_list("reverses", "on"))
    return [
        Paid(
            row.id, str(row.account), f"e_{row.id.split('.')[1]}", int(row.id.split(".")[2]), row.pence, row.on, row.what,
            receipts.get(row.id), back.get(row.id),
        )
        for row in found if row.credit in OWED
    ]  # fmt: skip


def _of_file(row: MoneyLine) -> Paid:
    return Paid(row.id, str(row.account), row.file, row.number, row.pence, row.on, row.source, row.receipt)
