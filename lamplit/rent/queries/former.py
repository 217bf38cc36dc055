"""Accounts of which a sum is to go to the book of former tenants, or back."""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Case, F, Sum, When

from lamplit.record.replay import in_order_of_partitions
from lamplit.rent.models import LedgerLine

_WRONG_BOOK = """
SELECT a.id FROM rent_account a JOIN rent_balance b ON b.id = a.id
WHERE a.ended_on < %s AND (b.rent > 0 OR (b.rent < 0 AND b.former > 0))
OR (a.ended_on IS NULL OR a.ended_on >= %s) AND b.former <> 0 AND coalesce((
  SELECT sum(CASE WHEN l.debit = 'former' THEN l.pence ELSE -l.pence END) FROM ledger_line l
  WHERE l.account = a.id AND l.what = 'moved' AND l.why = 'ended'), 0) > 0
"""


def in_wrong_book(today: date) -> list[str]:
    """Return the accounts of tenancies that ended and still owe in the rent book, or that did not end after all."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG_BOOK, [today, today])
        return in_order_of_partitions([row[0] for row in cursor.fetchall()])


def moved_to_former(accounts: Iterable[str]) -> dict[str, int]:
    """Return by account what was moved to the book of former tenants since its tenancy ended, less what went back."""
    signed = Case(When(debit="former", then=F("pence")), default=-F("pence"))
    rows = LedgerLine.objects.filter(account__in=list(accounts), what="moved", why="ended").values("account")
    return dict(rows.annotate(net=Sum(signed)).values_list("account", "net"))
