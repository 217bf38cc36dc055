"""How facts about changes of rents, and days without a charge, change rows."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from lamplit.basics.fact import Written
from lamplit.rent import facts


def prepared(row: Any, fact: facts.RentsPrepared, entry: Written) -> None:
    row.frequency, row.from_on, row.cpi, row.accounts = fact.frequency, fact.from_on, fact.cpi, fact.accounts
    row.by_type = [msgspec.to_builtins(one) for one in fact.by_type]
    row.left_out, row.lines, row.state = fact.left_out, fact.lines, "prepared"
    row.prepared_by, row.prepared_at = entry.by, entry.at


def released(row: Any, fact: facts.RentsReleased, entry: Written) -> None:
    row.state, row.released_by, row.released_at = "released", entry.by, entry.at


def withdrawn(row: Any, fact: facts.RentsWithdrawn, entry: Written) -> None:
    row.state, row.ended_at = "withdrawn", entry.at


def finished(row: Any, fact: facts.RentsFinished, entry: Written) -> None:
    row.state, row.ended_at = "finished", entry.at


class _One(NamedTuple):
    """One account of a bulk fact: which one, its run, and what stands beside it."""

    account: str
    run: str
    beside: Any


def change_id(account: str, run: str) -> str:
    """Return the id of what became of an account in a change."""
    return f"{account}.{run}"


def noticed_accounts(fact: facts.RentsNoticed, entry: Written) -> Iterator[tuple[str, _One]]:
    beside = zip(fact.accounts, fact.old_pence, fact.new_pence, fact.messages, strict=True)
    for account, *rest in beside:
        yield change_id(account, fact.run), _One(account, fact.run, rest)


def noticed(row: Any, item: _One, entry: Written) -> None:
    row.account, row.run, (row.old_pence, row.new_pence, row.messages) = item
    row.state = "noticed"


def given_key(fact: facts.NoticeGiven) -> list[str]:
    return [change_id(fact.account, fact.run)]


def given(row: Any, fact: facts.NoticeGiven, entry: Written) -> None:
    row.given_on, row.given_by, row.how = fact.on, entry.by, fact.how


def kept_accounts(fact: facts.RentsKept, entry: Written) -> Iterator[tuple[str, _One]]:
    for account, *rest in zip(fact.accounts, fact.why, fact.old_pence, strict=True):
        yield change_id(account, fact.run), _One(account, fact.run, rest)


def kept(row: Any, item: _One, entry: Written) -> None:
    """An account may keep its rent before anybody was written to: then its row is new."""
    row.account, row.run, (row.why, row.old_pence) = item
    row.messages, row.state = row.messages or [], "kept"


def changed_accounts(fact: facts.TermsChanged, entry: Written) -> Iterator[tuple[str, facts.NewTerms]]:
    for account, new in zip(fact.accounts, fact.changes, strict=True):
        yield change_id(account, fact.run), new


def changed(row: Any, new: facts.NewTerms, entry: Written) -> None:
    row.state, row.noticed_on = "changed", new.noticed_on


class _Set(NamedTuple):
    """The new terms of one account."""

    account: str
    fact: facts.TermsChanged
    new: facts.NewTerms


def changed_terms(fact: facts.TermsChanged, entry: Written) -> Iterator[tuple[str, _Set]]:
    for account, new in zip(fact.accounts, fact.changes, strict=True):
        yield f"{account}.{fact.from_on}", _Set(account, fact, new)


def terms_changed(row: Any, item: _Set, entry: Written) -> None:
    row.account, fact, new = item
    row.home, row.from_on, row.frequency, row.weeks = new.home, fact.from_on, fact.frequency, new.weeks
    row.terms, row.rent_type, row.why = [msgspec.to_builtins(term) for term in new.terms], new.rent_type, "yearly"
    row.formula_pence, row.noticed_on = new.formula_pence, new.noticed_on


# days without a charge


def not_charged(row: Any, fact: facts.DaysNotCharged, entry: Written) -> None:
    row.account, row.from_on, row.to_on, row.why, row.note = fact.account, fact.from_on, fact.to_on, fact.why, fact.note
    row.by, row.at = entry.by, entry.recorded_at  # held against the lines of the books, which have it too


def cut(row: Any, fact: facts.DaysCut, entry: Written) -> None:
    row.to_on = fact.to_on
