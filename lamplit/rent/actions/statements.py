"""Quarterly statements that went, and those that did not."""

from collections.abc import Sequence
from datetime import date, datetime

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent import facts, queries
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.models import RentStatement

TOGETHER = 300  # accounts in one entry, so that it stays small with several tenants each


class StatementsOf(Plain, frozen=True, kw_only=True):
    """To which tenants of an account statements went, and how many have none."""

    account: str
    people: list[str]
    wanting: int


@action
def note_statements(page: Page, *, quarter: str, on: date, sent: list[StatementsOf], by: By, at: datetime, command: str) -> int:
    """Note that statements of a quarter went on a day. What was noted before is left. Returns how many accounts are new.

    Refused: rent.no_such_quarter, rent.statement_day.
    """
    of = queries.quarter(quarter, london_date(at))
    if not of.until < on <= london_date(at):
        raise Refused("rent.statement_day")
    there = queries.statements_of([one.account for one in sent], of.name)
    new = {
        one.account: one
        for one in sent
        if (row := there.get(one.account)) is None or (row.wanting > one.wanting and not set(one.people) <= set(row.people))
    }
    page.preload(RentStatement, [facts.statement_id(account, of.name) for account in sorted(new)])
    ordered = [new[account] for account in in_order_of_partitions(new)]
    for first in range(0, len(ordered), TOGETHER):
        _write(page, of.name, on, ordered[first : first + TOGETHER])
    return len(new)


@action
def hand_statement(
    page: Page, *, quarter: str, account: str, person: str, wanting: int, by: By, at: datetime, command: str
) -> str:
    """Note that a tenant has hers by another way than post. `wanting`: how many of the account have none then.

    Refused: rent.no_such_account, rent.no_such_quarter, rent.statement_there.
    """
    lock_account(page, account)
    of = queries.quarter(quarter, london_date(at))
    row = page.lock(RentStatement, facts.statement_id(account, of.name))
    if row is not None and person in row.people:
        raise Refused("rent.statement_there")
    _write(page, of.name, london_date(at), [StatementsOf(account=account, people=[person], wanting=wanting)])
    return account


def _write(page: Page, quarter: str, on: date, some: Sequence[StatementsOf]) -> None:
    people = [(person, number) for number, one in enumerate(some) for person in one.people]
    page.write(
        facts.StatementsSent(
            quarter=quarter, on=on, accounts=[one.account for one in some], people=[person for person, _ in people],
            whose=[number for _, number in people], wanting=[one.wanting for one in some],
        )
    )  # fmt: skip


@action
def note_late_statements(page: Page, *, quarter: str, accounts: int, went: int, by: By, at: datetime, command: str) -> None:
    """Note that statements of a quarter are late: whoever leads is told."""
    page.write(facts.StatementsLate(quarter=quarter, accounts=accounts, went=went))
