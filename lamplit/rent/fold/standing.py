"""How disputes, payments that she told us of, and plans change rows."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.rent.facts.standing import (
    DisputeAnswered,
    LineDisputed,
    PaymentLookedFor,
    PaymentSaid,
    PlanAgreed,
    PlanEnded,
)


def disputed(row: Any, fact: LineDisputed, entry: Written) -> None:
    row.account, row.line, row.pence, row.words = fact.account, fact.line, fact.pence, fact.words
    row.at, row.by = entry.at, entry.by


def answered(row: Any, fact: DisputeAnswered, entry: Written) -> None:
    row.outcome, row.answer, row.answered_at, row.answered_by = fact.outcome, fact.words, entry.at, entry.by


def said(row: Any, fact: PaymentSaid, entry: Written) -> None:
    row.account, row.pence, row.on, row.way, row.words = fact.account, fact.pence, fact.on, fact.way, fact.words
    row.at, row.by = entry.at, entry.by


def looked_for(row: Any, fact: PaymentLookedFor, entry: Written) -> None:
    row.outcome, row.line, row.answer = fact.outcome, fact.line, fact.words
    row.looked_at, row.looked_by = entry.at, entry.by


def agreed(row: Any, fact: PlanAgreed, entry: Written) -> None:
    row.account, row.pence, row.budget = fact.account, fact.pence, fact.budget
    row.instalments = [[on.isoformat(), pence] for on, pence in fact.instalments]
    row.agreed_at, row.agreed_by = entry.at, entry.by


def ended(row: Any, fact: PlanEnded, entry: Written) -> None:
    row.ended_at, row.why = entry.at, fact.why
