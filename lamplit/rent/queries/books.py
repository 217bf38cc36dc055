"""Do the books balance? The same check in tests, before and after each run, and every ten minutes while we run."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lamplit.basics.refusal import Refused
from lamplit.rent.facts import OWED
from lamplit.rent.models import Checked
from lamplit.rent.queries.arrears import differing

_SHOWN = 20  # accounts or runs that are named; the rest are counted


def _stands(book: str) -> str:
    """Spell what a book of one account stands at by its lines."""
    moved = f"sum(CASE debit WHEN '{book}' THEN pence ELSE -pence END) FILTER (WHERE '{book}' IN (debit, credit))"
    return f"coalesce({moved}, 0)::bigint AS {book}"


# A line moves a sum from one book to another, so the books as a whole cannot be out of balance. What can be wrong is a total.
# An account that has lines and no balance comes out of the same scan: all lines are read once.
SUMMED = f"account, count(*) AS lines, {', '.join(map(_stands, OWED))} FROM ledger_line WHERE account IS NOT NULL"
_BALANCES = f"""
WITH summed AS (SELECT {SUMMED} {{where}} GROUP BY account)
SELECT coalesce(b.id, s.account), b.id IS NULL
FROM (SELECT * FROM rent_balance {{of}}) b FULL JOIN summed s ON s.account = b.id
WHERE b.id IS NULL OR b.lines <> coalesce(s.lines, 0) OR {" OR ".join(f"b.{book} <> coalesce(s.{book}, 0)" for book in OWED)}
ORDER BY 1
"""  # noqa: S608 - the books' own names
_RUNS = """
SELECT r.id FROM charge_run r LEFT JOIN (
  SELECT source, sum(pence) AS pence, count(*) AS accounts FROM (
    SELECT source, account, sum(pence) AS pence FROM ledger_line
    WHERE source IN (SELECT r.id FROM charge_run r WHERE r.state = 'finished' {which}) GROUP BY source, account
  ) each_account GROUP BY source
) s ON s.source = r.id
WHERE r.state = 'finished' {which} AND (r.pence <> coalesce(s.pence, 0) OR r.accounts <> coalesce(s.accounts, 0))
ORDER BY r.id
"""
# A file's own book is what its lines add up to, whatever people did with a line later.
_FILES = """
WITH book (source, book) AS (VALUES ('bank', 'bank'), ('allpay', 'collected'), ('paypoint', 'collected'), ('hb', 'benefit'),
  ('uc', 'benefit'))
SELECT f.id FROM money_file f JOIN book USING (source) LEFT JOIN LATERAL (
  SELECT count(*) AS lines, sum(pence) AS pence FROM money_line WHERE file = f.id
) l ON true LEFT JOIN LATERAL (
  SELECT sum(CASE book.book WHEN debit THEN pence WHEN credit THEN -pence ELSE 0 END) AS pence
  FROM ledger_line WHERE source = f.id AND what <> 'moved'
) b ON true
WHERE f.state = 'finished' {which} AND (f.lines <> coalesce(l.lines, 0)
  OR f.credit_pence - f.debit_pence + f.settled_pence <> coalesce(l.pence, 0)
  OR coalesce(b.pence, 0) <> coalesce(l.pence, 0)) ORDER BY f.id
"""
_SUSPENSE = """
SELECT coalesce(sum(CASE WHEN credit = 'suspense' THEN pence ELSE -pence END), 0)::bigint
FROM ledger_line WHERE (credit = 'suspense' OR debit = 'suspense') {which}
"""
_WAITS = "SELECT coalesce(sum(pence), 0)::bigint FROM money_line WHERE state = 'suspense'"


def self_check(accounts: list[str] | None = None) -> list[str]:
    """Return what is wrong with the books, each in a sentence; empty when they balance. Reads every line.

    Each account's balances against its lines, each finished run's total against its lines. `accounts`: these alone.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")  # sums of every account are made in memory, not sorted on a disk
        wrong = wrong_balances(cursor, accounts)
        if accounts is not None:
            return wrong
        return wrong + wrong_runs(cursor) + wrong_suspense(suspense(cursor), cursor)


def wrong_balances(cursor: Any, accounts: list[str] | None = None) -> list[str]:
    """Say which accounts, of all or of some, have balances that are not the sum of their lines."""
    some = accounts is not None
    where, of = ("AND account = ANY(%s)", "WHERE id = ANY(%s)") if some else ("", "")
    cursor.execute(_BALANCES.format(where=where, of=of), [accounts, accounts] if some else [])
    found = cursor.fetchall()
    wrong = _named("account", "has a balance that is not the sum of its lines", [one for one, bare in found if not bare])
    return wrong + _named("account", "has lines and no balance", [one for one, bare in found if bare])


def wrong_runs(cursor: Any, since: tuple[datetime, list[str]] | None = None) -> list[str]:
    """Say which finished runs and files are not in the books as released, or as they came.

    `since`: those alone that were finished from then on, and some by id.
    """
    wrong = []
    for query, which, times, what, is_wrong in (
        (_RUNS, "r.ended_at >= %s OR r.id", 2, "charge run", "did not charge what was released"),
        (_FILES, "f.finished_at >= %s OR f.id", 1, "file of money", "is not in the books as it came"),
    ):
        some = "" if since is None else f"AND ({which} = ANY(%s))"
        cursor.execute(query.format(which=some), [] if since is None else list(since) * times)
        wrong += _named(what, is_wrong, [row[0] for row in cursor.fetchall()])
    return wrong


def suspense(cursor: Any, after: datetime | None = None) -> int:
    """Return what suspense stands at by its lines, or by those alone that came after a moment."""
    cursor.execute(_SUSPENSE.format(which="" if after is None else "AND at > %s"), [] if after is None else [after])
    return int(cursor.fetchone()[0])


def wrong_suspense(stands_at: int, cursor: Any) -> list[str]:
    cursor.execute(_WAITS)
    return [] if cursor.fetchone()[0] == stands_at else ["Suspense is not the sum of the lines that wait in it."]


def _named(what: str, is_wrong: str, found: list[str]) -> list[str]:
    said = [f"The {what} {one} {is_wrong}." for one in found[:_SHOWN]]
    return said + ([f"And {len(found) - _SHOWN:,} more: {what} {is_wrong}."] if len(found) > _SHOWN else [])


def wrong_now() -> list[str]:
    """Return what was wrong with the books when they were last checked."""
    last = Checked.objects.order_by("-at", "-id").first()
    return list(last.wrong) if last else []


def may_go_on() -> bool:
    """Say whether steps may be automatic: the books balanced when last checked, and the record gave what our tables say."""
    return not why_not()


def why_not() -> list[str]:
    """Return what stops every automatic step, each in a sentence; empty when nothing does."""
    return wrong_now() + _named("account", "is another one when it is made again from the record", differing())


def check_books() -> None:
    """Refuse what rests on the books, or sends out what does, while they are wrong. Refused: rent.books_wrong."""
    if wrong := why_not():
        raise Refused("rent.books_wrong", wrong=" ".join(wrong))
