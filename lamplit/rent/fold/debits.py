"""How facts about Direct Debits and refunds change rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from lamplit.basics.fact import Written
from lamplit.rent import facts
from lamplit.rent.fold.ledger import line_id, move


def collection_id(account: str, on: date, *, again: bool = False) -> str:
    """Return the id of a collection: one an account and day; what is presented again stands beside it."""
    return f"{account}.{on}.18" if again else f"{account}.{on}"


# bank details


def details_given(row: Any, fact: facts.DetailsGiven, entry: Written) -> None:
    row.account, row.blob, row.checked, row.source = fact.account, fact.blob, fact.checked, fact.source
    row.state = "current" if fact.waits_to is None else "waiting"
    row.waits_to, row.replaces, row.last3 = fact.waits_to, fact.replaces, fact.last3
    row.given_by, row.given_at = entry.by, entry.at


def replaced_key(fact: facts.DetailsGiven) -> list[str]:
    """New details that wait for nobody take the place of the old ones at once."""
    return [fact.replaces] if fact.replaces is not None and fact.waits_to is None else []


def details_over(row: Any, fact: Any, entry: Written) -> None:
    row.state = "over"


def details_confirmed(row: Any, fact: facts.DetailsConfirmed, entry: Written) -> None:
    row.state, row.confirmed_by = "current", entry.by


# instructions


def mandate_set_up(row: Any, fact: facts.MandateSetUp, entry: Written) -> None:
    row.account, row.person, row.details, row.way = fact.account, fact.person, fact.details, fact.way
    row.every, row.day, row.pence, row.from_on = fact.every, fact.day, fact.pence, fact.from_on
    row.instruction, row.reference = fact.instruction, fact.reference
    row.state = "live" if fact.instruction is None else "new"
    row.collected_before, row.set_up_at = bool(fact.collected_before), entry.at
    row.usual_pence, row.with_plan = fact.usual_pence, fact.with_plan
    row.instruction_at = entry.at if fact.instruction is not None else None


def sum_set(row: Any, fact: facts.MandateSumSet, entry: Written) -> None:
    row.pence = fact.pence
    if fact.usual_pence is not None:
        row.usual_pence = fact.usual_pence


def mandate_changed(row: Any, fact: facts.MandateChanged, entry: Written) -> None:
    if fact.why == "bank" and fact.details is not None:  # her bank holds the instruction already: nothing else of it changes
        row.details = fact.details
        return
    if fact.became != "live" or row.state != "live":  # nothing that she was told of is left: she is told anew
        row.noticed_to = row.noticed_pence = None
    row.state, row.why = fact.became, fact.why
    row.instruction = fact.instruction
    row.instruction_at = entry.at if fact.instruction is not None else None
    if fact.details is not None:
        row.old_details, row.details = row.details, fact.details
    if fact.instruction == "0N":  # her bank is told first, as of a new one
        row.first_on, row.collected_before, row.state = None, False, "new"
        row.noticed_to = row.noticed_pence = None
    row.ended_at = entry.at if fact.became == "ended" else None


def mandates_told(fact: facts.DebitsSubmitted, entry: Written) -> Iterator[tuple[str, facts.DebitsSubmitted]]:
    for mandate in dict.fromkeys(fact.mandates):
        yield mandate, fact


def mandate_told(row: Any, fact: facts.DebitsSubmitted, entry: Written) -> None:
    if row.state == "new":
        row.state, row.first_on = "live", fact.first_on
    row.instruction = row.instruction_at = row.old_details = None


# notices and collections


def noticed_keys(fact: facts.DebitsNoticed, entry: Written) -> Iterator[tuple[str, tuple[facts.DebitsNoticed, date, int]]]:
    for on, pence in fact.dues:
        yield collection_id(fact.account, on, again=fact.why == "again"), (fact, on, pence)


def noticed(row: Any, item: tuple[facts.DebitsNoticed, date, int], entry: Written) -> None:
    fact, on, pence = item
    if fact.why == "missed" and row.state == "noticed":  # she pays a part of what we missed with it: that stays with the day
        row.more_pence = (row.more_pence or 0) + pence - row.pence
    row.on, row.pence = on, pence
    row.account, row.mandate, row.again = fact.account, fact.mandate, fact.why == "again"
    row.was_due_on, row.state, row.noticed_at, row.stands_at = fact.was_due_on, "noticed", entry.at, entry.at


def mandate_noticed(row: Any, fact: facts.DebitsNoticed, entry: Written) -> None:
    if fact.why in ("new", "next", "changed") and fact.dues:
        row.noticed_to, row.noticed_pence = fact.dues[-1][0], row.pence  # a part of what we missed may be in the last one


def collection_key(fact: Any) -> list[str]:
    return [fact.collection]


def dropped(row: Any, fact: facts.DebitDropped, entry: Written) -> None:
    row.state, row.told, row.closed_at = "dropped", fact.why, entry.at


# runs


def run_prepared(row: Any, fact: facts.DebitsPrepared, entry: Written) -> None:
    row.entry_on, row.processing_on, row.input_on = fact.entry_on, fact.processing_on, fact.input_on
    row.collections, row.pence, row.instructions, row.digest = fact.collections, fact.pence, fact.instructions, fact.digest
    row.state, row.prepared_by, row.prepared_at = "prepared", entry.by, entry.at


def run_released(row: Any, fact: facts.DebitsReleased, entry: Written) -> None:
    row.state, row.released_by, row.released_at = "released", entry.by, entry.at


def run_withdrawn(row: Any, fact: facts.DebitsWithdrawn, entry: Written) -> None:
    row.state, row.ended_at = "withdrawn", entry.at


def run_submitted(row: Any, fact: facts.DebitsSubmitted, entry: Written) -> None:
    row.state, row.serial, row.created_on = "submitted", fact.serial, fact.created_on
    row.file_digest, row.submitted_at = fact.digest, entry.at
    row.told = list(map(list, zip(fact.mandates, fact.told, fact.details, strict=True)))


def run_finished(row: Any, fact: facts.DebitsFinished, entry: Written) -> None:
    row.state, row.ended_at = "finished", entry.at


def run_doubted(row: Any, fact: facts.DebitsDoubted, entry: Written) -> None:
    row.doubted_by, row.doubted_at, row.doubt = entry.by, entry.at, fact.why


def run_trusted(row: Any, fact: facts.DebitsTrusted, entry: Written) -> None:
    row.doubted_by = row.doubted_at = row.doubt = None


def run_not_gone(row: Any, fact: facts.DebitsNotGone, entry: Written) -> None:
    row.state, row.not_gone_by, row.ended_at = "not_gone", entry.by, entry.at


def untold_items(fact: facts.DebitsNotGone, entry: Written) -> Iterator[tuple[str, facts.Untold]]:
    for one in fact.untold:
        yield one.mandate, one


def untold(row: Any, one: facts.Untold, entry: Written) -> None:
    row.instruction, row.details, row.old_details = one.instruction, one.details, one.old_details
    row.instruction_at = entry.at if one.instruction is not None else None
    if row.state not in ("stopped", "ended"):  # her bank is told first; what she was told of stands
        row.state, row.first_on = "new", None


def recalled_items(fact: facts.DebitsRecalled, entry: Written) -> Iterator[tuple[str, None]]:
    for collection in fact.collections:
        yield collection, None


def recalled(row: Any, item: None, entry: Written) -> None:
    row.state, row.stands_at = "noticed", entry.at
    row.run = row.code = row.details = row.line = None


def sent_items(fact: facts.DebitsSent, entry: Written) -> Iterator[tuple[str, tuple[str, str, str | None]]]:
    for number, (collection, code) in enumerate(zip(fact.collections, fact.codes, strict=True)):
        yield collection, (fact.run, code, fact.details[number] if fact.details else None)


def sent(row: Any, item: tuple[str, str, str | None], entry: Written) -> None:
    row.run, row.code, row.details = item
    row.state = "sent"


class _Collected(NamedTuple):
    """One collection of many."""

    fact: facts.DebitsCollected
    account: str
    pence: int
    line: str


def _each(fact: facts.DebitsCollected, entry: Written) -> Iterator[tuple[str, _Collected]]:
    rows = zip(fact.accounts, fact.collections, fact.pence, strict=True)
    for number, (account, collection, pence) in enumerate(rows):
        yield collection, _Collected(fact, account, pence, line_id(account, entry, number))


def collected_accounts(fact: facts.DebitsCollected, entry: Written) -> Iterator[tuple[str, _Collected]]:
    for _, item in _each(fact, entry):
        yield item.account, item


def collected_balance(row: Any, item: _Collected, entry: Written) -> None:
    move(row, "collected", "rent", item.pence)
    row.paid_on = item.fact.on


collected_items = _each


def collected(row: Any, item: _Collected, entry: Written) -> None:
    row.state, row.line = "collected", item.line


def collected_lines(fact: facts.DebitsCollected, entry: Written) -> Iterator[tuple[str, _Collected]]:
    for _, item in _each(fact, entry):
        yield item.line, item


def collected_line(row: Any, item: _Collected, entry: Written) -> None:
    row.account, row.debit, row.credit, row.pence = item.account, "collected", "rent", item.pence
    row.what, row.on, row.source = "direct_debit", item.fact.on, item.fact.run
    row.at, row.by = entry.recorded_at, entry.by


# what we missed


def missed_items(fact: facts.DebitsMissed, entry: Written) -> Iterator[tuple[str, None]]:
    for collection in fact.collections:
        yield collection, None


def missed(row: Any, item: None, entry: Written) -> None:
    row.state, row.missed_at = "missed", entry.at


def missed_told(row: Any, fact: facts.MissedTold, entry: Written) -> None:
    row.told = fact.said
    if fact.said == "closed":
        row.state, row.closed_at = "closed", entry.at
    if fact.collect_on is not None:  # on the old notice: the same sum, a few days late
        row.was_due_on, row.on, row.state, row.stands_at = fact.due_on, fact.collect_on, "noticed", entry.at


def missed_chosen(row: Any, fact: facts.MissedChosen, entry: Written) -> None:
    row.choice = fact.choice
    if fact.choice != "pay_now":  # what she pays later stands in the collections that were noticed anew
        row.state, row.closed_at = "closed", entry.at


# advices


def advice_taken(row: Any, fact: facts.AdviceTaken, entry: Written) -> None:
    row.report, row.item, row.kind = fact.report, fact.item, fact.kind
    row.account, row.mandate, row.collection, row.pence = fact.account, fact.mandate, fact.collection, fact.pence
    row.challenge_by, row.person, row.stop_letters = fact.challenge_by, fact.person, fact.stop_letters
    row.blob, row.code, row.at, row.refund = fact.blob, fact.code, entry.at, fact.refund


def unpaid_key(fact: facts.AdviceTaken) -> list[str]:
    return [fact.collection] if fact.collection is not None else []


def unpaid(row: Any, fact: facts.AdviceTaken, entry: Written) -> None:
    row.state = "unpaid"


def advice_settled(row: Any, fact: facts.AdviceSettled, entry: Written) -> None:
    row.settled_by, row.settled_at = entry.by, entry.at


# refunds


def refund_asked(row: Any, fact: facts.RefundAsked, entry: Written) -> None:
    row.account, row.way, row.book, row.pence = fact.account, fact.way, fact.book, fact.pence
    row.details, row.payee = fact.details, fact.payee
    row.other_debts_pence, row.clawback_pence = fact.other_debts_pence, fact.clawback_pence
    row.reason, row.evidence, row.payee_reason, row.estate = fact.reason, fact.evidence, fact.payee_reason, fact.estate
    row.state, row.asked_by, row.asked_at = "asked", entry.by, entry.at


def refund_released(row: Any, fact: facts.RefundReleased, entry: Written) -> None:
    row.state, row.released_by, row.released_at = "released", entry.by, entry.at


def refund_withdrawn(row: Any, fact: facts.RefundWithdrawn, entry: Written) -> None:
    row.state, row.ended_at = "withdrawn", entry.at


def refund_returned(row: Any, fact: facts.RefundReturned, entry: Written) -> None:
    row.state, row.ended_at = "returned", entry.at


def sent_refunds(fact: facts.RefundsSent, entry: Written) -> Iterator[tuple[str, str]]:
    for refund in fact.refunds:
        yield refund, fact.file


def refund_sent(row: Any, file: str, entry: Written) -> None:
    row.state, row.file, row.ended_at = "sent", file, entry.at


def refund_file(row: Any, fact: facts.RefundsSent, entry: Written) -> None:
    row.serial, row.processing_on, row.digest = fact.serial, fact.processing_on, fact.digest
    row.refunds, row.pence, row.at, row.by = fact.refunds, fact.pence, entry.at, entry.by
