"""Benefit claims: what is awarded, and whose benefit has not come."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from lamplit.record.ready import Ready
from lamplit.rent.models import BenefitClaim
from lamplit.rent.queries.accounts import terms_on
from lamplit.rent.rules import benefit, charging
from lamplit.rent.rules.figures import policy

_ALL = Ready(
    lambda accounts: (
        BenefitClaim.objects.order_by("id")
        if accounts is None
        else BenefitClaim.objects.filter(account__any=accounts).order_by("id")
    )
)
_OF = Ready(lambda account: BenefitClaim.objects.filter(account=account).order_by("id"))
_KINDS: dict[str, benefit.Kind] = {"hb": "hb", "uc_managed": "uc_managed", "uc_tenant": "uc", "tpd": "uc_managed"}

_FIELDS = (
    "claim", "award_pence", "award_per", "cycle", "eligible_pence", "eligible_per", "pays_after_days", "paid_to", "state",
    "ends_on",
)  # fmt: skip
_RULED = ("scheme", "id", *_FIELDS[1:])


class ClaimSeen(NamedTuple):
    """A claim whose benefit has not come: since which day, and whether anybody has asked."""

    row: BenefitClaim
    due_on: date
    pence: int | None
    days: int


def counted_for_uc(account_id: str, on: date) -> int | None:
    """Return rent and eligible service charges as Universal Credit counts them a month, in pence; None where nothing is charged.

    Universal Credit Regulations 2013, Sch. 4 para. 7: 52 weeks a year, never 53, less the weeks without rent.
    """
    row = terms_on(account_id, on)
    if row is None:
        return None
    charged = sum(one["pence"] for one in row.terms if one["charge"] in ("rent", "service"))
    return charging.uc_monthly(charged, row.frequency, 52 - row.weeks)


def may_ask_for_direct_payment(account_id: str, owed_pence: int, on: date) -> bool:
    """Say whether rent of two months is owed, so that we may ask DWP to pay it to us. `owed_pence`: as she reads it."""
    a_month = counted_for_uc(account_id, on)
    return bool(a_month) and benefit.may_ask_for_direct_payment(owed_pence, a_month or 0, on)


def claim(claim_id: str) -> BenefitClaim | None:
    return BenefitClaim.objects.filter(id=claim_id).first()


def claims_of(account_id: str) -> list[BenefitClaim]:
    """Return the claims of an account."""
    return _OF.all(account=account_id)


def claims_of_accounts(account_ids: Iterable[str]) -> dict[str, list[BenefitClaim]]:
    """Return the claims of many accounts."""
    found: dict[str, list[BenefitClaim]] = {}
    for row in BenefitClaim.objects.filter(account__any=list(account_ids)).order_by("id"):
        found.setdefault(row.account, []).append(row)
    return found


def paying_claims() -> dict[str, list[benefit.Claim]]:
    """Return all claims that pay, by account, as the rules take them: one cheap read, for what goes through every account."""
    found: dict[str, list[benefit.Claim]] = {}
    names = ("account", *_RULED)
    for account, scheme, *rest in BenefitClaim.objects.filter(state="paying").exclude(scheme="tpd").values_list(*names):
        one = benefit.Claim(kind=_KINDS[scheme], **dict(zip(_FIELDS, rest, strict=True)))
        found.setdefault(account, []).append(one)
    return found


def on_credit(account_id: str) -> bool:
    """Whether somebody on an account gets Universal Credit for the rent, or has asked for it."""
    return any(row.scheme in ("uc_managed", "uc_tenant") and row.state != "stopped" for row in claims_of(account_id))


def all_claims(account_ids: Iterable[str] | None) -> dict[str, tuple[benefit.Claim, ...]]:
    """Return the claims of some accounts, or of all of them, as the rules of benefit take them."""
    found: dict[str, list[BenefitClaim]] = {}
    for row in _ALL.all(accounts=None if account_ids is None else list(account_ids)):
        found.setdefault(row.account, []).append(row)
    return {account: tuple(rule_claims(those)) for account, those in found.items()}


def rule_claims(rows: Iterable[BenefitClaim]) -> list[benefit.Claim]:
    """Return claims as the rules of benefit take them. Deductions for arrears cover no rent, so they are left out."""
    return [_rule(row) for row in rows if row.scheme != "tpd"]


def _rule(row: BenefitClaim) -> benefit.Claim:
    return benefit.Claim(
        claim=row.id, kind=_KINDS[row.scheme], award_pence=row.award_pence, cycle=row.cycle, paid_to=row.paid_to,
        eligible_pence=row.eligible_pence, award_per=row.award_per, eligible_per=row.eligible_per,
        pays_after_days=row.pays_after_days, state=row.state, ends_on=row.ends_on,
    )  # fmt: skip


def late_claims(on: date) -> list[ClaimSeen]:
    """Return the claims whose benefit has not come, those waiting longest first: before arrears exist."""
    waits = policy().number("benefit.late_days", on)
    rows = BenefitClaim.objects.filter(paid_to__lt=on - timedelta(days=waits))
    found = []
    for row in [*rows, *BenefitClaim.objects.filter(state="stopped", paid_to__gte=on - timedelta(days=waits))]:
        one = _rule(row)
        if benefit.is_late(one, on):
            due_on, comes = benefit.pay_day(one), benefit.next_due(one, on)
            found.append(ClaimSeen(row, due_on, comes.pence if comes else None, (on - due_on).days))
    return sorted(found, key=lambda one: (one.due_on, one.row.id))
