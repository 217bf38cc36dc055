"""Checking the books while we run: only what came since the last check is read, onto sums that were kept then.

What is kept is no proof of anything. It says which accounts need not be read again: those whose kept sums and new lines together
are their balance, to the penny and to the line. Any other account is read whole, so a line that was committed late, or a balance
that somebody changed, is found at once. A line that was changed in the past is found when all lines are read, once a night.
The two tables stand with the plain ones (`config/models.py`): losing them means that all lines are read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from lamplit.basics.clock import LONDON
from lamplit.rent.facts import OWED
from lamplit.rent.queries import books

NIGHT = 2  # from this hour on all lines are read
MOST_AGAIN = 5_000  # accounts that are read one by one; with more of them all lines are
STALE = timedelta(hours=30)
_A_DAY = timedelta(days=1)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)  # no line of ours is older
_COLUMNS = ("lines", *OWED)
_NAMED = ", ".join(("account", *_COLUMNS))
_ONE_CHECK = 7_141_021  # advisory lock of a session: taken before the picture of the tables is
_KEEP_ALL = f"""
WITH summed AS (SELECT {books.SUMMED} GROUP BY account),
gone AS (DELETE FROM kept_books WHERE account NOT IN (SELECT account FROM summed))
INSERT INTO kept_books AS k ({_NAMED}) SELECT {_NAMED} FROM summed
ON CONFLICT (account) DO UPDATE SET {", ".join(f"{one} = excluded.{one}" for one in _COLUMNS)}
WHERE ({", ".join(f"k.{one}" for one in _COLUMNS)}) IS DISTINCT FROM ({", ".join(f"excluded.{one}" for one in _COLUMNS)})
"""  # noqa: S608 - the books' own names
_FRESH = f"fresh AS (SELECT {books.SUMMED} AND at > %s GROUP BY account)"
_DIFFERING = f"""
WITH {_FRESH}
SELECT coalesce(b.id, k.account, f.account) FROM rent_balance b
FULL JOIN kept_books k ON k.account = b.id FULL JOIN fresh f ON f.account = coalesce(b.id, k.account)
WHERE b.id IS NULL OR {" OR ".join(f"b.{one} <> coalesce(k.{one}, 0) + coalesce(f.{one}, 0)" for one in _COLUMNS)} ORDER BY 1
"""  # noqa: S608 - the books' own names
_ADD = f"""
WITH {_FRESH} INSERT INTO kept_books AS k ({_NAMED}) SELECT {_NAMED} FROM fresh
ON CONFLICT (account) DO UPDATE SET {", ".join(f"{one} = k.{one} + excluded.{one}" for one in _COLUMNS)}
"""  # noqa: S608 - the books' own names
_AGAIN = f"INSERT INTO kept_books ({_NAMED}) SELECT {books.SUMMED} AND account = ANY(%s) GROUP BY account"
_SOURCES = "SELECT DISTINCT source FROM ledger_line WHERE at > %s AND source IS NOT NULL"
_POINT = """
INSERT INTO kept_point (id, lines_to, suspense, whole_at)
SELECT 1, coalesce((SELECT max(at) FROM ledger_line WHERE at > %s), %s), %s, %s
ON CONFLICT (id) DO UPDATE SET lines_to = excluded.lines_to, suspense = excluded.suspense, whole_at = excluded.whole_at
"""


def whole_is_due(at: datetime) -> bool:
    """Whether all lines are to be read: once a night, for want of a kept sum, and as long as something is wrong."""
    if books.wrong_now():
        return True
    with connection.cursor() as cursor:
        last = _point(cursor)
    here = at.astimezone(LONDON)
    night = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return last is None or last[2] < (night if here >= night else night - _A_DAY)


def check_whole(at: datetime) -> list[str]:
    """Read every line and say what is wrong with the books, each in a sentence; keep what accounts come to."""
    with _one_check(), _picture() as cursor:
        return _whole(cursor, at)


def check_since(at: datetime, *, keep: bool = True) -> list[str]:
    """Say what is wrong with the books, from what came since the last check. With any doubt all lines are read.

    Without `keep`, what accounts come to now is left to the next check: whoever waits for a run need not wait for that.
    """
    with _one_check(), _picture() as cursor:
        last = _point(cursor)
        if books.wrong_now() or last is None or not timedelta() <= at - last[2] < STALE:
            return _whole(cursor, at)
        lines_to, suspense, whole_at = last
        cursor.execute(_DIFFERING, [lines_to])
        again = [row[0] for row in cursor.fetchall()]
        if len(again) > MOST_AGAIN:
            return _whole(cursor, at)
        wrong = books.wrong_balances(cursor, again) if again else []
        cursor.execute(_SOURCES, [lines_to])
        wrong += books.wrong_runs(cursor, (whole_at - _A_DAY, [row[0] for row in cursor.fetchall()]))
        stands_at = suspense + books.suspense(cursor, lines_to)
        if books.wrong_suspense(stands_at, cursor):  # perhaps only a line that was committed late
            stands_at = books.suspense(cursor)
            wrong += books.wrong_suspense(stands_at, cursor)
        if keep:
            _go_on(cursor, lines_to, again)
            cursor.execute(_POINT, [lines_to, lines_to, stands_at, whole_at])
        return wrong


def being_checked() -> bool:
    """Whether somebody reads the books just now: the worker does not stand behind him."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_CHECK])
        free = bool(cursor.fetchone()[0])
        if free:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_CHECK])
        return not free


@contextmanager
def _one_check() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_CHECK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_CHECK])


@contextmanager
def _picture() -> Iterator[Any]:
    """One picture of all tables for the whole of a check."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SET LOCAL work_mem = '256MB'")  # sums of every account are made in memory, not sorted on a disk
        yield cursor


def _point(cursor: Any) -> tuple[datetime, int, datetime] | None:
    cursor.execute("SELECT lines_to, suspense, whole_at FROM kept_point")
    row: tuple[datetime, int, datetime] | None = cursor.fetchone()
    return row


def _whole(cursor: Any, at: datetime) -> list[str]:
    stands_at = books.suspense(cursor)
    wrong = books.wrong_balances(cursor) + books.wrong_runs(cursor) + books.wrong_suspense(stands_at, cursor)
    cursor.execute(_KEEP_ALL)
    cursor.execute(_POINT, [_BEGINNING, _BEGINNING, stands_at, at])
    return wrong


def _go_on(cursor: Any, lines_to: datetime, again: list[str]) -> None:
    cursor.execute(_ADD, [lines_to])
    if again:
        cursor.execute("DELETE FROM kept_books WHERE account = ANY(%s)", [again])
        cursor.execute(_AGAIN, [again])
