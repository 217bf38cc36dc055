"""Folds of what stands beside a repair: rates, surveys and proofs, variations, places to stay, reviews."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.repairs import facts


def rate(row: Any, fact: facts.RateRecorded, entry: Written) -> None:
    row.code, row.says, row.trade, row.unit, row.pence = fact.code, fact.says, fact.trade, fact.unit, fact.pence
    row.from_on, row.until_on = fact.from_on, fact.until_on


def survey(row: Any, fact: facts.SurveyRecorded, entry: Written) -> None:
    row.repair, row.home, row.household, row.surveyor = fact.repair, fact.home, fact.household, fact.surveyor
    row.at, row.by = entry.at, entry.by
    row.found, row.cause, row.readings, row.there = fact.found, fact.cause, fact.readings, fact.there


def proof(row: Any, fact: facts.WorkProved, entry: Written) -> None:
    row.work, row.repair, row.household, row.kind, row.photo = fact.work, fact.repair, fact.household, fact.kind, fact.photo
    row.at, row.by, row.says = entry.at, entry.by, fact.says


def variation_asked(row: Any, fact: facts.VariationAsked, entry: Written) -> None:
    row.work, row.repair, row.household, row.contractor = fact.work, fact.repair, fact.household, fact.contractor
    row.approver, row.more, row.trade, row.state = fact.approver, fact.more, fact.trade, "waiting"
    row.pence, row.limit_pence, row.make_safe = fact.pence, fact.limit_pence, fact.make_safe
    row.asked_at, row.asked_by, row.answer_by = entry.at, entry.by, fact.answer_by
    row.price, row.what, row.why = fact.price, fact.what, fact.why


def variation_decided(row: Any, fact: facts.VariationDecided, entry: Written) -> None:
    row.state, row.at_once, row.led_to = "agreed" if fact.agreed else "refused", fact.at_once, fact.led_to
    row.pence = fact.pence if fact.agreed else row.pence
    row.decided_at, row.decided_by, row.decided_why = entry.at, entry.by, fact.why


def stay_offered(row: Any, fact: facts.StayOffered, entry: Written) -> None:
    row.repair, row.household, row.state, row.pence = fact.repair, fact.household, "offered", fact.pence
    row.offered_at, row.offered_by = entry.at, entry.by
    row.who, row.place, row.from_on, row.until_on, row.suits = fact.who, fact.place, fact.from_on, fact.until_on, fact.suits


def stay_answered(row: Any, fact: facts.StayAnswered, entry: Written) -> None:
    row.state, row.answered_at = "accepted" if fact.accepted else "declined", entry.at


def stay_begun(row: Any, fact: facts.StayBegun, entry: Written) -> None:
    row.state, row.begun_at = "begun", entry.at


def stay_ended(row: Any, fact: facts.StayEnded, entry: Written) -> None:
    row.state, row.ended_at = "ended", entry.at
    row.pence = row.pence if fact.pence is None else fact.pence


def review_due(row: Any, fact: facts.ReviewDue, entry: Written) -> None:
    row.repair, row.home, row.household, row.owner = fact.repair, fact.home, fact.household, fact.owner
    row.because, row.reports, row.due_on, row.opened_at = fact.because, fact.reports, fact.due_on, entry.at


def review_given(row: Any, fact: facts.ReviewGiven, entry: Written) -> None:
    row.owner = fact.owner


def review_closed(row: Any, fact: facts.ReviewClosed, entry: Written) -> None:
    row.closed_at, row.closed_by = entry.at, entry.by
    row.finding, row.changes, row.tells = fact.finding, fact.changes, fact.tells
