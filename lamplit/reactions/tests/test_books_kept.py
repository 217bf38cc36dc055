"""The check of the books while we run: it reads what came since the last one, and all lines with any doubt, and each night."""

from datetime import timedelta

import pytest
from django.db import connection

from lamplit.cli.renting_beside import check_books
from lamplit.reactions import kept
from lamplit.reactions import rent as jobs
from lamplit.reactions.tests.test_rent import AT, MONDAY, ONE, charged, terms
from lamplit.rent import actions, queries
from lamplit.rent.models import LedgerLine, RentBalance
from tests import cast
from tests.landlord import Landlord

RUTH, LATER = cast.RUTHS_TENANCY, timedelta(minutes=10)


@pytest.fixture
def let(landlord: Landlord) -> Landlord:
    cast.settle()
    terms(RUTH)
    return landlord


def _by_an_administrator(landlord: Landlord, query: str, *values: object) -> None:
    with landlord.connect("owner") as db:
        db.execute("SET search_path = folded")
        db.execute(query, values)  # type: ignore[arg-type]


def _lines_read(at: object) -> tuple[list[str], bool]:
    """Check what came since. Returns what is wrong, and whether the lines of all accounts were read for it."""
    asked: list[str] = []
    with connection.execute_wrapper(lambda execute, query, *rest: (asked.append(query), execute(query, *rest))[1]):
        wrong = kept.check_since(at)  # type: ignore[arg-type]
    return wrong, any("IS DISTINCT FROM" in query for query in asked)


def test_the_books_are_checked_from_what_came_since_and_whole_each_night(let: Landlord) -> None:
    assert kept.whole_is_due(AT)  # nothing is kept yet
    assert check_books(AT) == 0  # a process of its own reads all lines: the worker goes on
    charged()
    at = AT + LATER
    assert not kept.whole_is_due(at)
    assert kept.whole_is_due(at + timedelta(days=1))
    assert _lines_read(at) == ([], False)
    actions.move_money(
        account=RUTH, debit="rent_income", credit="rent", pence=500, what="adjustment", why="charged_wrong", by=ONE, at=at,
        command="t:1",
    )  # fmt: skip
    assert _lines_read(at) == ([], False)
    charged(MONDAY + timedelta(days=7))
    at = AT + timedelta(days=7, hours=1)
    assert _lines_read(at) == ([], False)
    # A balance that somebody changed is named by the next check, and whoever reads it later names it again until it is right.
    RentBalance.objects.filter(id=RUTH).update(rent=1)
    assert jobs.note_books(at)
    assert queries.wrong_now() == [f"The account {RUTH} has a balance that is not the sum of its lines."]
    assert kept.whole_is_due(at)
    assert _lines_read(at) == (queries.wrong_now(), True)
    RentBalance.objects.filter(id=RUTH).update(rent=2 * 13_097 - 500)
    assert jobs.note_books(at + LATER)
    assert (queries.wrong_now(), _lines_read(at + LATER)) == ([], ([], False))


def test_a_line_changed_in_the_past_and_one_that_is_committed_late(let: Landlord) -> None:
    charged()
    at = AT + LATER
    with connection.cursor() as cursor:  # whoever waits for a run does not wait until its sums are kept
        cursor.execute("SELECT count(*) FROM kept_books WHERE account = %s", [RUTH])
        assert cursor.fetchone() == (0,)
    assert _lines_read(at) == ([], False)
    line = LedgerLine.objects.get(account=RUTH, what="service")
    # What stands behind the point up to which lines were read: its account is read whole, and found right.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kept_books SET rent = rent - 1250, lines = lines - 1 WHERE account = %s", [RUTH])
    assert _lines_read(at) == ([], False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rent, lines FROM kept_books WHERE account = %s", [RUTH])
        assert cursor.fetchall() == [(13_097, 2)]
    # A run or file that somebody changed is named at once as long as it is new; later each night, as any line is.
    _by_an_administrator(let, "UPDATE charge_run SET pence = pence + 1")
    assert "did not charge what was released" in _lines_read(at)[0][0]
    _by_an_administrator(let, "UPDATE charge_run SET pence = pence - 1")
    night = at.replace(hour=3) + timedelta(days=3)
    assert kept.whole_is_due(night)
    assert not jobs.note_books(night, whole=True)
    _by_an_administrator(let, "UPDATE ledger_line SET pence = 250 WHERE id = %s", line.id)
    assert _lines_read(night + LATER) == ([], False)  # nothing of it came since
    jobs.note_books(night + timedelta(days=1), whole=True)
    assert queries.wrong_now()[0] == f"The account {RUTH} has a balance that is not the sum of its lines."
    assert "did not charge what was released" in queries.wrong_now()[1]
    _by_an_administrator(let, "UPDATE ledger_line SET pence = 1250 WHERE id = %s", line.id)
    jobs.note_books(night + timedelta(days=1) + LATER)
    assert queries.wrong_now() == []
