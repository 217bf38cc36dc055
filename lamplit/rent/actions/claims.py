"""Benefit claims: recorded, ended, and asked about when benefit does not come."""

from datetime import date, datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.models import BenefitClaim
from lamplit.rent.rules.ledger import MOST_PENCE


@action
def record_claim(
    page: Page, *, account: str, scheme: str, state: str, award_pence: int, award_per: str, cycle: str, eligible_pence: int,
    eligible_per: str, pays_after_days: int, paid_to: date, reference: str | None = None, claim: str | None = None, by: By,
    at: datetime, command: str,
) -> str:  # fmt: skip
    """Record a benefit claim of an account, or change the one named. Returns the claim.

    Refused: rent.no_such_account, rent.no_such_claim, rent.bad_sum, rent.bad_wait.
    """
    lock_account(page, account)
    if claim is not None and _lock(page, claim).account != account:
        raise Refused("rent.no_such_claim")
    if not 0 <= award_pence <= MOST_PENCE or not 0 <= eligible_pence <= MOST_PENCE:
        raise Refused("rent.bad_sum")
    if not 0 <= pays_after_days <= 60:
        raise Refused("rent.bad_wait")
    claim = claim or page.new_id("j")
    page.write(
        facts.ClaimRecorded(
            claim=claim, account=account, scheme=scheme, state=state, award_pence=award_pence, award_per=award_per,  # type: ignore[arg-type]
            cycle=cycle, eligible_pence=eligible_pence, eligible_per=eligible_per, pays_after_days=pays_after_days,  # type: ignore[arg-type]
            paid_to=paid_to, reference=tidy(reference),
        )
    )  # fmt: skip
    return claim


@action
def end_claim(page: Page, *, claim: str, ends_on: date, stopped: bool, by: By, at: datetime, command: str) -> str:
    """Say that a claim ends on a day, or that it was stopped. Refused: rent.no_such_claim."""
    row = _lock(page, claim)
    page.write(facts.ClaimEnded(claim=claim, account=row.account, ends_on=ends_on, stopped=stopped))
    return claim


@action
def ask_council(page: Page, *, claim: str, said: str | None = None, by: By, at: datetime, command: str) -> str:
    """Note that we asked the council or DWP why benefit has not come. Refused: rent.no_such_claim."""
    row = _lock(page, claim)
    page.write(facts.ClaimAsked(claim=claim, account=row.account, on=london_date(at), said=tidy(said)))
    return claim


def _lock(page: Page, claim: str) -> Any:
    row = page.lock(BenefitClaim, claim)
    if row is None:
        raise Refused("rent.no_such_claim")
    return row
