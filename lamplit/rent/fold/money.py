"""How facts about money that came in change rows."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from lamplit.basics.fact import WITHHELD, SealedAt, Written
from lamplit.rent.facts.money import (
    Came,
    ClaimAsked,
    ClaimEnded,
    ClaimRecorded,
    MoneyFileExplained,
    MoneyFileFinished,
    MoneyFileTaken,
    MoneyHeld,
    MoneyPosted,
    PaymentLineReceipted,
    PaymentMatched,
    PaymentReceipted,
    PaymentTakenOff,
    SuspenseSettled,
)
from lamplit.rent.fold.ledger import line_id, move

_SOURCES = {"bank": "bank", "collected": "card", "benefit": "benefit"}


class _Line(NamedTuple):
    """One line of a file, with what its fact says of all of them."""

    fact: Any
    came: Came
    account: str | None
    told: Any
    ledger: str


# files


def taken(row: Any, fact: MoneyFileTaken, entry: Written) -> None:
    row.source, row.layout, row.sha256, row.part, row.label = fact.source, fact.layout, fact.sha256, fact.part, fact.label
    row.serial, row.dated, row.lines, row.trouble, row.expected = fact.serial, fact.dated, fact.lines, fact.trouble, fact.expected
    row.credit_pence, row.debit_pence, row.settled_pence = fact.credit_pence, fact.debit_pence, fact.settled_pence
    row.opening_pence, row.closing_pence = fact.opening_pence, fact.closing_pence
    row.state, row.taken_by, row.taken_at = "taken", entry.by, entry.at


def finished(row: Any, fact: MoneyFileFinished, entry: Written) -> None:
    row.state, row.finished_at = "finished", entry.at


def explained(row: Any, fact: MoneyFileExplained, entry: Written) -> None:
    said = None if fact.undone else fact.why
    if fact.missing == "before":
        row.none_before = said
    else:
        row.none_after = said
    row.explained, row.explained_by, row.explained_at = fact.note, entry.by, entry.at


# lines


def _lines(fact: Any, entry: Written, accounts: list[str] | None = None) -> Iterator[_Line]:
    for number, came in enumerate(fact.lines):
        account = accounts[number] if accounts is not None else None
        told = msgspec.to_builtins(fact.told[number]) if isinstance(fact.told, list) else fact.told
        told = WITHHELD if isinstance(told, SealedAt) else told  # it names the words of all lines, not of this one
        yield _Line(fact, came, account, told, line_id(account or fact.file, entry, number))


def posted_lines(fact: MoneyPosted, entry: Written) -> Iterator[tuple[str, _Line]]:
    for line in _lines(fact, entry, fact.accounts):
        yield f"{fact.file}.{line.came.number}", line


def held_lines(fact: MoneyHeld, entry: Written) -> Iterator[tuple[str, _Line]]:
    for line in _lines(fact, entry):
        yield f"{fact.file}.{line.came.number}", line


def came(row: Any, item: _Line, entry: Written) -> None:
    fact, one, row.account, row.told, ledger = item
    row.file, row.source, row.number, row.pence, row.on = fact.file, _SOURCES[fact.book], one.number, one.pence, one.on
    row.how, row.sure, row.claim, row.from_on, row.to_on = one.how, one.sure, one.claim, one.from_on, one.to_on
    row.payer_key = row.told.get("payer_key") if isinstance(row.told, dict) else row.told
    row.book, row.maybe = one.to, one.maybe
    row.state = "posted" if row.account is not None else "settled" if one.to is not None else "suspense"
    row.ledger = ledger if row.account is not None else None
    row.changed_at, row.changed_by = entry.recorded_at, entry.by


def posted_accounts(fact: MoneyPosted, entry: Written) -> Iterator[tuple[str, tuple[str, Came]]]:
    for account, one in zip(fact.accounts, fact.lines, strict=True):
        yield account, (fact.book, one)


def posted(row: Any, item: tuple[str, Came], entry: Written) -> None:
    book, one = item
    move(row, *_books(book, "rent", one.pence), abs(one.pence))
    if one.pence > 0 and (row.paid_on is None or row.paid_on < one.on):
        row.paid_on = one.on


def posted_ledger(fact: MoneyPosted, entry: Written) -> Iterator[tuple[str, _Line]]:
    for line in _lines(fact, entry, fact.accounts):
        yield line.ledger, line


def held_ledger(fact: MoneyHeld, entry: Written) -> Iterator[tuple[str, _Line]]:
    for line in _lines(fact, entry):
        yield line.ledger, line


def came_ledger(row: Any, item: _Line, entry: Written) -> None:
    fact, one, row.account, _, _ = item
    row.debit, row.credit = _books(fact.book, "rent" if row.account is not None else one.to or "suspense", one.pence)
    row.pence, row.on, row.from_on, row.to_on = abs(one.pence), one.on, one.from_on, one.to_on
    row.what = _what(fact.book, one.pence)
    row.source, row.part, row.at, row.by = fact.file, one.number, entry.recorded_at, entry.by


def _what(book: str, pence: int) -> str:
    return "benefit" if book == "benefit" else "payment" if pence > 0 else "unpaid"


def _books(debit: str, credit: str, pence: int) -> tuple[str, str]:
    """Return which book a sum goes from and to; one below nought goes the other way."""
    return (debit, credit) if pence > 0 else (credit, debit)


# what becomes of a line later


def line_key(fact: PaymentMatched | PaymentReceipted | PaymentTakenOff | SuspenseSettled) -> list[str]:
    return [f"{fact.file}.{fact.number}"]


def matched(row: Any, fact: PaymentMatched, entry: Written) -> None:
    move(row, *_books("suspense", "rent", fact.pence), abs(fact.pence))
    if fact.pence > 0 and (row.paid_on is None or row.paid_on < fact.on):
        row.paid_on = fact.on


def line_matched(row: Any, fact: PaymentMatched, entry: Written) -> None:
    row.state, row.account, row.how, row.sure = "posted", fact.account, fact.how, None
    row.ledger = line_id(fact.account, entry, 0)
    row.changed_at, row.changed_by = entry.recorded_at, entry.by


def account_key(fact: PaymentMatched | PaymentTakenOff, entry: Written) -> Iterator[tuple[str, Any]]:
    yield line_id(fact.account, entry, 0), fact


def matched_ledger(row: Any, fact: PaymentMatched, entry: Written) -> None:
    row.account, row.pence, row.on = fact.account, abs(fact.pence), fact.on
    row.debit, row.credit = _books("suspense", "rent", fact.pence)
    row.what, row.why = ("payment" if fact.pence > 0 else "unpaid"), "matched"
    row.source, row.part, row.at, row.by = fact.file, fact.number, entry.recorded_at, entry.by


def taken_off(row: Any, fact: PaymentTakenOff, entry: Written) -> None:
    move(row, *_books("rent", "suspense", fact.pence), abs(fact.pence))


def line_taken_off(row: Any, fact: PaymentTakenOff, entry: Written) -> None:
    row.state, row.account, row.how, row.sure, row.ledger, row.receipt = "suspense", None, None, None, None, None
    row.changed_at, row.changed_by = entry.recorded_at, entry.by


def receipted(row: Any, fact: PaymentReceipted, entry: Written) -> None:
    row.receipt = entry.id


def receipted_line_key(fact: PaymentLineReceipted) -> list[str]:
    return [fact.line]


def line_receipted(row: Any, fact: PaymentLineReceipted, entry: Written) -> None:
    row.account, row.receipt = fact.account, entry.id


def taken_off_ledger(row: Any, fact: PaymentTakenOff, entry: Written) -> None:
    row.account, row.pence, row.on, row.reverses = fact.account, abs(fact.pence), fact.on, fact.line
    row.debit, row.credit = _books("rent", "suspense", fact.pence)
    row.what, row.why, row.note = "reversal", fact.why, fact.note
    row.source, row.part, row.at, row.by = fact.file, fact.number, entry.recorded_at, entry.by


def line_settled(row: Any, fact: SuspenseSettled, entry: Written) -> None:
    row.state, row.book, row.note = "settled", fact.book, fact.note
    row.changed_at, row.changed_by = entry.recorded_at, entry.by


def settled_key(fact: SuspenseSettled, entry: Written) -> Iterator[tuple[str, SuspenseSettled]]:
    yield line_id(fact.file, entry, 0), fact


def settled_ledger(row: Any, fact: SuspenseSettled, entry: Written) -> None:
    row.debit, row.credit = _books("suspense", fact.book, fact.pence)
    row.pence, row.on, row.what = abs(fact.pence), fact.on, "moved"
    row.source, row.part, row.at, row.by = fact.file, fact.number, entry.recorded_at, entry.by


# benefit


def claim_recorded(row: Any, fact: ClaimRecorded, entry: Written) -> None:
    row.account, row.scheme, row.state = fact.account, fact.scheme, fact.state
    row.award_pence, row.award_per, row.cycle = fact.award_pence, fact.award_per, fact.cycle
    row.eligible_pence, row.eligible_per, row.pays_after_days = fact.eligible_pence, fact.eligible_per, fact.pays_after_days
    row.paid_to, row.reference, row.ends_on = fact.paid_to, fact.reference, None


def claim_ended(row: Any, fact: ClaimEnded, entry: Written) -> None:
    """One that was never decided and ends was refused: it pays nothing from then on, as it did before."""
    row.ends_on = fact.ends_on
    if fact.stopped:
        row.state = "stopped"
    else:
        row.state = "refused" if row.state in ("pending", "refused") else "paying"


def claim_asked(row: Any, fact: ClaimAsked, entry: Written) -> None:
    row.asked_on, row.asked_by, row.said = fact.on, entry.by, fact.said


def paid_claims(fact: MoneyPosted, entry: Written) -> Iterator[tuple[str, Came]]:
    for one in fact.lines:
        if one.claim is not None and one.to_on is not None and one.pence > 0:
            yield one.claim, one


def matched_claim(fact: PaymentMatched, entry: Written) -> Iterator[tuple[str, PaymentMatched]]:
    if fact.claim is not None and fact.to_on is not None and fact.pence > 0:
        yield fact.claim, fact


def unpaid_claim(fact: PaymentTakenOff, entry: Written) -> Iterator[tuple[str, PaymentTakenOff]]:
    if fact.claim is not None and fact.paid_to is not None:
        yield fact.claim, fact


def claim_unpaid(row: Any, fact: PaymentTakenOff, entry: Written) -> None:
    row.paid_to = fact.paid_to


def claim_paid(row: Any, one: Came | PaymentMatched, entry: Written) -> None:
    """Benefit came: it is paid to that day, and who was asked about it need not be asked again."""
    if one.to_on is not None and one.to_on > row.paid_to:
        row.paid_to, row.asked_on, row.asked_by, row.said = one.to_on, None, None, None
