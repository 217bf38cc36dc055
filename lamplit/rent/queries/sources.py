"""What stands against a balance, one small read a source: of some accounts, or of all of them (`accounts` is None).

Each returns what it has by account; an account without any is not there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.db import connection, models
from django.db.models import Exists, OuterRef

from lamplit.basics.working_days import london_date
from lamplit.record.ready import ReadyColumns
from lamplit.rent.facts import OWED
from lamplit.rent.models import ArrearsStep, Dispute, LedgerLine, MoneyLine, RentPlan, SaidPayment
from lamplit.rent.models import Collection as DirectDebit
from lamplit.rent.queries import arrears
from lamplit.rent.queries.claims import all_claims
from lamplit.rent.queries.paid import paid_of
from lamplit.rent.rules.benefit import Claim
from lamplit.rent.rules.position import Instalment, Plan, Sum

HOME = ("rent", "former", "occupation")  # the books of what is owed for living in the home
T = TypeVar("T")
Accounts = list[str] | None


def _of(rows: "models.QuerySet[models.Model]", accounts: Accounts) -> "models.QuerySet[models.Model]":
    return rows if accounts is None else rows.filter(account__any=accounts)


_DISPUTED = ReadyColumns(
    lambda accounts: _of(Dispute.objects.filter(outcome=None).order_by("account", "at"), accounts), "account", "pence", "id"
)
_PLANS = ReadyColumns(
    lambda accounts: _of(RentPlan.objects.filter(ended_at=None), accounts), "account", "id", "instalments", "pence"
)
_SUSPENSE = ReadyColumns(
    lambda accounts: (
        MoneyLine.objects.filter(state="suspense", maybe__isnull=False, pence__gt=0)
        if accounts is None
        else MoneyLine.objects.filter(state="suspense", maybe__any=accounts, pence__gt=0)
    ),
    "maybe", "pence", "on",
)  # fmt: skip
_ASKED = ReadyColumns(
    lambda accounts, on: _of(ArrearsStep.objects.filter(pay_by_on__gte=on).order_by("pay_by_on", "at", "id"), accounts),
    "account", "pay_by_on",
)  # fmt: skip
_MISSED = ReadyColumns(lambda accounts: _of(DirectDebit.objects.filter(state="missed"), accounts), "id")


def disputed(accounts: Accounts = None) -> Mapping[str, tuple[Sum, ...]]:
    """Return what is disputed and not answered."""
    rows = _DISPUTED.all(accounts=accounts)
    return _grouped((account, Sum(pence=pence, source=dispute)) for account, pence, dispute in rows)


def disputed_of_owed(accounts: Accounts, on: date) -> Mapping[str, tuple[Sum, ...]]:
    """Return what of it stands in a balance of a day: a charge that is due later, or was taken back, is not owed anyhow."""
    rows = _DISPUTED_OF_OWED.all(accounts=accounts, on=on)
    return _grouped((account, Sum(pence=pence, source=dispute)) for account, pence, dispute in rows)


def _disputed_of_owed(accounts: Accounts, on: date) -> "models.QuerySet[models.Model]":
    later = LedgerLine.objects.filter(id=OuterRef("line"), debit="rent", from_on__isnull=False, on__gt=on)
    back = LedgerLine.objects.filter(reverses=OuterRef("line"))
    return _of(Dispute.objects.filter(~Exists(later), ~Exists(back), outcome=None).order_by("account", "at"), accounts)


_DISPUTED_OF_OWED = ReadyColumns(_disputed_of_owed, "account", "pence", "id")


class Told(NamedTuple):
    """A payment that she told us of and that is not in the books yet, and the day on which she told us."""

    sum: Sum
    told_on: date


def in_transit(accounts: Accounts) -> Mapping[str, tuple[Told, ...]]:
    """Return what she told us that she has paid, that nobody has looked for, and that has not come since."""
    return _grouped(_told(row) for row in _ON_ITS_WAY.all(accounts=accounts))


def said_paid(accounts: list[str]) -> Mapping[str, tuple[Sum, ...]]:
    """Return all that she told us of and nobody has looked for. The same sum that came since may have been another payment."""
    return _grouped((account, told.sum) for account, told in map(_told, _SAID.all(accounts=accounts)))


def _told(row: tuple[str, int, str, date, datetime]) -> tuple[str, Told]:
    account, pence, said, paid_on, at = row
    return account, Told(Sum(pence=pence, source=said, on=paid_on), london_date(at))


def _open_said(accounts: Accounts) -> "models.QuerySet[models.Model]":
    return _of(SaidPayment.objects.filter(outcome=None).order_by("account", "at"), accounts)


def _on_its_way(accounts: Accounts) -> "models.QuerySet[models.Model]":
    came = LedgerLine.objects.filter(
        account=OuterRef("account"), credit__in=OWED, pence=OuterRef("pence"), what__in=("payment", "direct_debit"),
        at__gte=OuterRef("at"),
    )  # fmt: skip
    return _open_said(accounts).exclude(Exists(came))


_SAID = ReadyColumns(_open_said, "account", "pence", "id", "on", "at")
_ON_ITS_WAY = ReadyColumns(_on_its_way, "account", "pence", "id", "on", "at")


def plans(accounts: Accounts = None) -> Mapping[str, tuple[Plan, int]]:
    """Return the plans that run, each with what it pays off. How much of it is paid follows from what is owed."""
    rows = _PLANS.all(accounts=accounts)
    return {account: (Plan(plan=plan, instalments=tuple(map(_instalment, parts))), pence) for account, plan, parts, pence in rows}


def _instalment(part: tuple[str, int]) -> Instalment:
    return Instalment(on=date.fromisoformat(part[0]), pence=part[1])


def stood_higher(accounts: list[str], since: date, on: date) -> dict[str, int]:
    """Return by how much more was owed, at the end of the worst day since then, than is owed now. Nought: it never was more."""
    found, back, day = dict.fromkeys(accounts, 0), dict.fromkeys(accounts, 0), dict.fromkeys(accounts, on)
    rows = LedgerLine.objects.filter(account__in=accounts, on__gt=since, on__lte=on).order_by("-on")
    for account, line_on, debit, credit, pence in rows.values_list("account", "on", "debit", "credit", "pence"):
        if line_on != day[account]:
            found[account], day[account] = max(found[account], -back[account]), line_on
        back[account] += pence * ((debit in HOME) - (credit in HOME))
    return {account: max(most, -back[account]) for account, most in found.items()}


def claims(accounts: Accounts, _on: date) -> Mapping[str, tuple[Claim, ...]]:
    """Return the benefit claims of accounts: those that pay, are asked for, or stopped."""
    return all_claims(accounts)


def missed(accounts: Accounts, _on: date) -> Mapping[str, tuple[Sum, ...]]:
    """Return what is left of Direct Debits that we did not take by our own fault: what she paid since is in the balance."""
    those = [collection for (collection,) in _MISSED.all(accounts=accounts)]
    rows = list(DirectDebit.objects.filter(id__any=those).order_by("account", "on")) if those else []
    paid = paid_of(rows)
    return _grouped(
        (row.account, Sum(pence=left, source=row.id, on=row.on)) for row in rows if (left := row.pence - paid[row.id]) > 0
    )


def suspense(accounts: Accounts = None) -> Mapping[str, tuple[int, date]]:
    """Return the sum in suspense that may be hers, and the day of the oldest of it."""
    found: dict[str, tuple[int, date]] = {}
    for account, pence, on in _SUSPENSE.all(accounts=accounts):
        before, first = found.get(account, (0, on))
        found[account] = (before + pence, min(first, on))
    return found


def protected(accounts: Accounts = None) -> Mapping[str, int]:
    """Return the sum that a breathing space protects. Payments go to ongoing rent first, so it is at most what is owed."""
    return {account: seen.protected_pence for account, seen in arrears.protected(accounts).items()}


class NotDue(NamedTuple):
    """What is charged already and falls due later: its sum, and the first day that it is for."""

    pence: int
    from_on: date


# Only a charge run of a period to come puts lines of a later day on an account: all of them are asked for by its run.
_NOT_DUE = """
SELECT l.account, sum(l.pence)::bigint, min(l.from_on) FROM ledger_line l
WHERE {of} AND l.on > %s AND l.debit = 'rent' AND l.from_on IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM ledger_line b WHERE b.reverses = l.id)
GROUP BY l.account
"""
_OF_RUNS = "l.source = ANY(ARRAY(SELECT id FROM charge_run WHERE to_on >= %s AND state IN ('released', 'finished')))"


def not_due(accounts: Accounts, on: date) -> Mapping[str, NotDue]:
    """Return what is charged on accounts and due after a day. It is nobody's debt yet."""
    of, first = ("l.account = ANY(%s)", accounts) if accounts is not None else (_OF_RUNS, on)
    with connection.cursor() as cursor:
        cursor.execute(_NOT_DUE.format(of=of), [first, on])
        return {account: NotDue(pence, from_on) for account, pence, from_on in cursor.fetchall()}


def asked_by(accounts: Accounts, on: date) -> Mapping[str, date]:
    """Return the day that we gave her to pay by, where one is to come: the first of them stands."""
    rows = _ASKED.all(accounts=accounts, on=on)
    return dict(reversed(rows))


def _grouped(found: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    by_account: dict[str, list[T]] = defaultdict(list)
    for account, one in found:
        by_account[account].append(one)
    return {account: tuple(those) for account, those in by_account.items()}
