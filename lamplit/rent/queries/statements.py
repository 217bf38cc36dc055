"""How far the statements of a quarter are, and which accounts have none."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from lamplit.rent.facts import statement_id
from lamplit.rent.models import RentStatement, StatementQuarter
from lamplit.rent.rules import quarters
from lamplit.rent.rules.quarters import Quarter

# Accounts of a quarter: those whose books had begun by its last day, and that have not ended.
_DUE = """
FROM rent_account a LEFT JOIN rent_statement s ON s.id = a.id || '.' || %(quarter)s
WHERE a.started_on <= %(until)s AND (a.ended_on IS NULL OR a.ended_on > %(on)s)
AND EXISTS (SELECT 1 FROM ledger_line l WHERE l.account = a.id AND l.on <= %(until)s)
"""


class Went(NamedTuple):
    """How many accounts have their statements of a quarter, of how many, and when the last of them went."""

    accounts: int
    of: int
    last_on: date | None

    @property
    def missing(self) -> int:
        return self.of - self.accounts


class Without(NamedTuple):
    """An account of which a tenant has no statement of a quarter. `people`: who has hers."""

    account: str
    people: list[str]


def quarter(name: str, today: date) -> Quarter:
    """Return a quarter that is over. Refused: rent.no_such_quarter."""
    return quarters.quarter(name, today)


def last_quarter(today: date) -> Quarter:
    return quarters.last_quarter(today)


def statements_went(of: Quarter, on: date) -> Went:
    """Return how far the statements of a quarter are, as of a day."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(s.id) FILTER (WHERE s.wanting = 0), max(s.on) {_DUE}", _named(of, on))
        every, went, last_on = cursor.fetchone()
    return Went(went, every, last_on)


def without_statement(of: Quarter, on: date, limit: int) -> list[Without]:
    """Return accounts of which somebody has no statement, in the order of their ids."""
    asked = f"SELECT a.id, s.id {_DUE} AND (s.id IS NULL OR s.wanting > 0) ORDER BY a.id LIMIT %(limit)s"
    with connection.cursor() as cursor:
        cursor.execute(asked, {**_named(of, on), "limit": limit})
        rows = cursor.fetchall()
    partly = {row.account: row.people for row in RentStatement.objects.filter(id__in=[ident for _, ident in rows if ident])}
    return [Without(account, partly.get(account, [])) for account, _ in rows]


def _named(of: Quarter, on: date) -> dict[str, Any]:
    return {"quarter": of.name, "until": of.until, "on": on}


def statements_of(accounts: Iterable[str], of: str) -> dict[str, RentStatement]:
    """Return what went of a quarter to these accounts, by account."""
    rows = RentStatement.objects.filter(id__in=[statement_id(account, of) for account in accounts])
    return {row.account: row for row in rows}


def said_late(of: str) -> datetime | None:
    """Return when it was said last that the statements of a quarter are late."""
    row = StatementQuarter.objects.filter(id=of).first()
    return row.late_at if row is not None else None
