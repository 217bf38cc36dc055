"""How facts about quarterly statements change rows."""

from collections.abc import Iterator
from typing import Any

from lamplit.basics.fact import Written
from lamplit.rent.facts import StatementsLate, StatementsSent, statement_id


def sent_items(fact: StatementsSent, entry: Written) -> Iterator[tuple[str, Any]]:
    people: list[list[str]] = [[] for _ in fact.accounts]
    for person, whose in zip(fact.people, fact.whose, strict=True):
        people[whose].append(person)
    for account, hers, wanting in zip(fact.accounts, people, fact.wanting, strict=True):
        yield statement_id(account, fact.quarter), (account, fact, hers, wanting)


def sent(row: Any, item: Any, entry: Written) -> None:
    row.account, fact, people, row.wanting = item
    row.quarter, row.on = fact.quarter, fact.on
    row.people = sorted({*(row.people or []), *people})


def quarter_key(fact: StatementsLate) -> list[str]:
    return [fact.quarter]


def late(row: Any, fact: StatementsLate, entry: Written) -> None:
    row.late_at = entry.at
