"""Days without a charge, and what was charged for the days of an account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection

from lamplit.rent.models import LedgerLine, RentTerms, UnchargedDays
from lamplit.rent.rules.charging import Span
from lamplit.rent.rules.days import Charged, Credit, credits_for
from lamplit.rent.rules.runs import Set

_PAST_THEIR_END = """
SELECT a.id FROM rent_account a JOIN rent_balance b ON b.id = a.id
WHERE b.charged_to_on > a.ended_on AND EXISTS (
  SELECT 1 FROM ledger_line l WHERE l.account = a.id AND l.debit = 'rent' AND l.to_on > a.ended_on AND (
    NOT EXISTS (SELECT 1 FROM ledger_line e WHERE e.account = a.id AND e.why = 'ended' AND e.what IN ('reversal', 'adjustment'))
    OR l.from_on > a.ended_on AND NOT EXISTS (SELECT 1 FROM ledger_line r WHERE r.account = a.id AND r.reverses = l.id)))
ORDER BY a.id
"""


def charged_past_their_end() -> list[str]:
    """Return the accounts that were charged for days after their tenancy's end, and have not got them back.

    One that got them back is among them again when it ended earlier than we had been told.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAST_THEIR_END)
        return [row[0] for row in cursor.fetchall()]


def given_back(account: str) -> list[LedgerLine]:
    """Return the lines that credited a part of a period after a tenancy's end, and that stand."""
    taken = LedgerLine.objects.filter(account=account, reverses__isnull=False).values("reverses")
    rows = LedgerLine.objects.filter(account=account, why="ended", what="adjustment").exclude(id__in=taken)
    return list(rows.order_by("on", "id"))


def days_of(account: str) -> list[UnchargedDays]:
    """Return the days of an account for which nothing is due, the newest first; those taken back are left out."""
    return list(UnchargedDays.objects.filter(account=account, to_on__isnull=False).order_by("-from_on"))


def uncharged(days: str) -> UnchargedDays | None:
    return UnchargedDays.objects.filter(id=days).first()


def spans_of(account: str) -> tuple[Span, ...]:
    return tuple(_span(row) for row in reversed(days_of(account)))


def all_spans() -> Mapping[str, tuple[Span, ...]]:
    """Return the days without a charge of every account that has some."""
    found: dict[str, tuple[Span, ...]] = {}
    for row in UnchargedDays.objects.filter(to_on__isnull=False).order_by("account", "from_on"):
        found[row.account] = (*found.get(row.account, ()), _span(row))
    return found


def _span(row: Any) -> Span:
    return Span(from_on=row.from_on, to_on=row.to_on)


def sets_of(account: str) -> tuple[Set, ...]:
    """Return the terms of an account as a run takes them, in order."""
    rows = RentTerms.objects.filter(account=account).order_by("from_on")
    return tuple(Set.of(row.from_on, row.frequency, row.weeks, row.terms) for row in rows)


def credit_waiting(days: str) -> list[Credit]:
    """Return what is to be credited for days and is not yet: a second person has to agree."""
    row = uncharged(days)
    if row is None or row.to_on is None or LedgerLine.objects.filter(source=days).exists():
        return []
    others = tuple(_span(one) for one in days_of(row.account) if one.id != days)
    return credits_for(sets_of(row.account), charged_lines(row.account, row.at), others, _span(row))


def charged_since(account: str, at: datetime) -> bool:
    """Whether an account was charged after a moment."""
    return LedgerLine.objects.filter(account=account, debit="rent", from_on__isnull=False, at__gt=at).exists()


def charged_lines(account: str, until: datetime | None = None) -> list[Charged]:
    """Return the lines that charged an account for days, up to a moment, and that nobody took back."""
    taken = LedgerLine.objects.filter(account=account, reverses__isnull=False).values("reverses")
    rows = LedgerLine.objects.filter(account=account, debit="rent", from_on__isnull=False).exclude(id__in=taken)
    rows = rows if until is None else rows.filter(at__lte=until)
    return [
        Charged(line=row.id, charge=row.what, pence=row.pence, from_on=row.from_on, to_on=row.to_on)
        for row in rows.order_by("on", "id")
        if row.from_on is not None and row.to_on is not None
    ]
