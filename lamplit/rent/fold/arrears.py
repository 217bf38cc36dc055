"""How facts about arrears change rows."""

from collections.abc import Iterator
from typing import Any

from lamplit.basics.fact import Written
from lamplit.rent.facts.arrears import (
    AccountHeld,
    ArrearsSeen,
    HoldEnded,
    HoldLookedAt,
    HoldMoved,
    NeedsConsidered,
    ProtectionEnded,
    ProtectionReviewed,
    ProtectionStarted,
    RentSampled,
    StepRefused,
    StepTaken,
)


def held(row: Any, fact: AccountHeld, entry: Written) -> None:
    row.account, row.kind, row.words, row.owner, row.because = fact.account, fact.kind, fact.words, fact.owner, fact.because
    row.review_on, row.placed_at, row.placed_by = fact.review_on, entry.at, entry.by


def hold_moved(row: Any, fact: HoldMoved, entry: Written) -> None:
    row.review_on, row.owner, row.kept = fact.review_on, fact.owner, fact.words
    row.moved_at, row.moved_by = entry.at, entry.by


def hold_ended(row: Any, fact: HoldEnded, entry: Written) -> None:
    row.ended, row.ended_at, row.ended_by = fact.words, entry.at, entry.by


def hold_looked_at(row: Any, fact: HoldLookedAt, entry: Written) -> None:
    row.account, row.code, row.words, row.review_on = fact.account, fact.code, fact.words, fact.review_on
    row.at, row.by = entry.at, entry.by


def protected(row: Any, fact: ProtectionStarted, entry: Written) -> None:
    row.account, row.from_on, row.pence, row.about = fact.account, fact.from_on, fact.pence, fact.about
    row.started_at, row.started_by = entry.recorded_at, entry.by


def protection_reviewed(row: Any, fact: ProtectionReviewed, entry: Written) -> None:
    row.about, row.words, row.reviewed_at, row.reviewed_by = fact.about, fact.words, entry.at, entry.by


def protection_ended(row: Any, fact: ProtectionEnded, entry: Written) -> None:
    row.words, row.ended_at, row.ended_by = fact.words, entry.at, entry.by


def step_taken(row: Any, fact: StepTaken, entry: Written) -> None:
    row.account, row.step, row.on, row.pence = fact.account, fact.step, fact.on, fact.pence
    row.relies, row.citation, row.tenants = list(fact.relies), fact.citation, list(fact.tenants)
    row.pay_by_on, row.spoke, row.at, row.by = fact.pay_by_on, fact.spoke, entry.at, entry.by
    row.working, row.says, row.note = fact.working, fact.says, fact.note


def step_refused(row: Any, fact: StepRefused, entry: Written) -> None:
    row.account, row.step, row.holds, row.at, row.by = fact.account, fact.step, fact.holds, entry.at, entry.by


def considered(row: Any, fact: NeedsConsidered, entry: Written) -> None:
    row.account, row.words, row.at, row.by = fact.account, fact.words, entry.at, entry.by


def seen_accounts(fact: ArrearsSeen, entry: Written) -> Iterator[tuple[str, Any]]:
    for account, pence, stands in zip(fact.accounts, fact.pence, fact.stands, strict=True):
        yield account, (fact.on, pence, stands)


def seen(row: Any, item: Any, entry: Written) -> None:
    """An account that owes anew begins anew: its steps start from the first."""
    row.before_pence = row.pence or 0
    on, row.pence, row.stands = item
    row.seen_on, row.times = on, row.times or 0
    if row.pence == 0:
        row.since_on = None
    elif row.since_on is None:
        row.since_on, row.times = on, row.times + 1


def sampled(row: Any, fact: RentSampled, entry: Written) -> None:
    row.accounts, row.differing, row.at = fact.accounts, list(fact.differing), entry.at
