"""How facts about the books change rows."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from lamplit.basics.fact import Written
from lamplit.rent.facts.keys import OWED
from lamplit.rent.facts.ledger import (
    AccountReferenced,
    BalanceBrought,
    BooksChecked,
    ChargesFinished,
    ChargesPrepared,
    ChargesReleased,
    ChargesWithdrawn,
    MoneyMoved,
    RentCharged,
    TermsSet,
)
from lamplit.tenancies.facts import TenancyEnded, TenancyStarted

_INCOME = {"rent": "rent_income", "garage": "rent_income"}


def income_of(charge: str) -> str:
    """Return the book that what is charged goes to."""
    return _INCOME.get(charge, "service_income")


def line_id(whose: str, entry: Written, number: int) -> str:
    """Return the id of a ledger line: it stands with the account or file that it is of."""
    return f"{whose}.{entry.id[2:]}.{number}"


# accounts


def opened(row: Any, fact: TenancyStarted, entry: Written) -> None:
    row.home, row.tenure, row.started_on = fact.home, fact.tenure, fact.started_on


def balance_opened(row: Any, fact: TenancyStarted, entry: Written) -> None:
    row.rent = row.costs = row.recharge = row.former = row.occupation = row.lines = 0


def ended(row: Any, fact: TenancyEnded, entry: Written) -> None:
    row.ended_on = fact.ended_on


def referenced(row: Any, fact: AccountReferenced, entry: Written) -> None:
    row.reference = fact.reference


def number_given(row: Any, fact: AccountReferenced, entry: Written) -> None:
    row.account, row.reference = fact.account, fact.reference


def terms_key(fact: TermsSet) -> list[str]:
    return [f"{fact.account}.{fact.from_on}"]


def terms_set(row: Any, fact: TermsSet, entry: Written) -> None:
    row.account, row.home, row.from_on, row.frequency, row.weeks = (
        fact.account, fact.home, fact.from_on, fact.frequency, fact.weeks,
    )  # fmt: skip
    row.terms, row.rent_type, row.why = [msgspec.to_builtins(term) for term in fact.terms], fact.rent_type, fact.why
    row.formula_pence, row.noticed_on = fact.formula_pence, fact.noticed_on


# moves


def move(row: Any, debit: str, credit: str, pence: int) -> None:
    """Put one move onto the balances of its account."""
    if debit in OWED:
        setattr(row, debit, getattr(row, debit) + pence)
    if credit in OWED:
        setattr(row, credit, getattr(row, credit) - pence)
    row.lines += 1


def money_moved(row: Any, fact: MoneyMoved, entry: Written) -> None:
    move(row, fact.debit, fact.credit, fact.pence)


def moved_key(fact: MoneyMoved, entry: Written) -> Iterator[tuple[str, MoneyMoved]]:
    yield line_id(fact.account, entry, 0), fact


def moved_line(row: Any, fact: MoneyMoved, entry: Written) -> None:
    row.account, row.debit, row.credit, row.pence = fact.account, fact.debit, fact.credit, fact.pence
    row.what, row.on, row.why, row.reverses = fact.what, fact.on, fact.why, fact.reverses
    row.source, row.note, row.at, row.by = fact.source, fact.note, entry.recorded_at, entry.by


def brought(row: Any, fact: BalanceBrought, entry: Written) -> None:
    if fact.charged_to_on is not None:
        row.charged_to_on = fact.charged_to_on
    if fact.pence:
        move(row, *_books_of(fact), abs(fact.pence))


def brought_key(fact: BalanceBrought, entry: Written) -> Iterator[tuple[str, BalanceBrought]]:
    if fact.pence:
        yield line_id(fact.account, entry, 0), fact


def brought_line(row: Any, fact: BalanceBrought, entry: Written) -> None:
    row.debit, row.credit = _books_of(fact)
    row.account, row.pence, row.what, row.on = fact.account, abs(fact.pence), "brought", fact.on
    row.at, row.by = entry.recorded_at, entry.by


def _books_of(fact: BalanceBrought) -> tuple[str, str]:
    return (fact.book, "brought") if fact.pence > 0 else ("brought", fact.book)


class _Charged(NamedTuple):
    """One line of a charge run."""

    fact: RentCharged
    account: str
    charge: str
    pence: int


def charged_accounts(fact: RentCharged, entry: Written) -> Iterator[tuple[str, Any]]:
    for account, charges in zip(fact.accounts, fact.charges, strict=True):
        yield account, (fact.to_on, charges)


def charged(row: Any, item: Any, entry: Written) -> None:
    row.charged_to_on, charges = item
    row.rent += sum([pence for _, pence in charges])
    row.lines += len(charges)


def charged_lines(fact: RentCharged, entry: Written) -> Iterator[tuple[str, _Charged]]:
    tail = entry.id[2:]
    for account, charges in zip(fact.accounts, fact.charges, strict=True):
        for number, (charge, pence) in enumerate(charges):
            yield f"{account}.{tail}.{number}", _Charged(fact, account, charge, pence)


def charged_line(row: Any, item: _Charged, entry: Written) -> None:
    fact, row.account, row.what, row.pence = item
    row.debit, row.credit = "rent", income_of(row.what)
    row.on, row.from_on, row.to_on, row.source = fact.due_on, fact.from_on, fact.to_on, fact.run
    row.at, row.by = entry.recorded_at, entry.by


# runs


def run_prepared(row: Any, fact: ChargesPrepared, entry: Written) -> None:
    row.frequency, row.from_on, row.to_on = fact.frequency, fact.from_on, fact.to_on
    row.accounts, row.pence, row.digest, row.left_out = fact.accounts, fact.pence, fact.digest, fact.left_out
    row.by_charge, row.state = fact.by_charge, "prepared"
    row.prepared_by, row.prepared_at = entry.by, entry.at


def run_released(row: Any, fact: ChargesReleased, entry: Written) -> None:
    row.state, row.released_by, row.released_at = "released", entry.by, entry.at


def run_withdrawn(row: Any, fact: ChargesWithdrawn, entry: Written) -> None:
    row.state, row.ended_at = "withdrawn", entry.at


def run_finished(row: Any, fact: ChargesFinished, entry: Written) -> None:
    row.state, row.ended_at = "finished", entry.at
    row.accounts, row.pence = fact.accounts, fact.pence  # what was released, unless two people closed it with something else


def checked(row: Any, fact: BooksChecked, entry: Written) -> None:
    row.wrong, row.lines, row.at = fact.wrong, fact.lines, entry.at
