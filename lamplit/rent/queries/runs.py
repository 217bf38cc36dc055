"""Charge runs, and the accounts as a run needs them."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from lamplit.record.process import uncollected
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent.models import ChargeRun, RentAccount, RentBalance, RentTerms
from lamplit.rent.queries.days import all_spans, spans_of
from lamplit.rent.rules import runs as rules
from lamplit.rent.rules.charging import Frequency
from lamplit.rent.rules.run_before import Since, since
from lamplit.rent.rules.runs import Chargeable, Set, Worked

# Every account that is not charged up to a day, with all its terms: who was let anew or changed over is caught up. A letting
# that goes on and has no terms at all comes without any, so that it is counted.
_CHARGEABLE = """
SELECT a.id, a.started_on, a.ended_on, b.charged_to_on, t.from_on, t.frequency, t.weeks, t.terms
FROM rent_account a JOIN rent_balance b ON b.id = a.id LEFT JOIN rent_terms t ON t.account = a.id
WHERE a.started_on <= %s AND (b.charged_to_on IS NULL OR b.charged_to_on < %s)
AND (a.ended_on IS NULL OR b.charged_to_on IS NULL OR b.charged_to_on < a.ended_on)
AND (t.from_on <= %s OR (t.id IS NULL AND (a.ended_on IS NULL OR a.ended_on >= %s)))
ORDER BY t.from_on
"""
_WITHOUT_TERMS = """
SELECT a.id, a.started_on FROM rent_account a WHERE (a.ended_on IS NULL OR a.ended_on >= %s)
AND NOT EXISTS (SELECT FROM rent_terms t WHERE t.account = a.id) ORDER BY a.started_on DESC, a.id
"""
_CHARGED_EACH = "SELECT account, sum(pence)::bigint FROM ledger_line WHERE source = %s AND reverses IS NULL GROUP BY account"
_CHARGED = """
SELECT count(*), coalesce(sum(pence), 0)::bigint
FROM (SELECT sum(pence) AS pence FROM ledger_line WHERE source = %s GROUP BY account) AS of_each
"""


def run(run_id: str) -> ChargeRun | None:
    return ChargeRun.objects.filter(id=run_id).first()


def runs(limit: int = 50) -> list[ChargeRun]:
    """Return the last runs, the newest first."""
    return list(ChargeRun.objects.order_by("-from_on", "-prepared_at")[:limit])


def run_before(row: ChargeRun) -> ChargeRun | None:
    """Return the run of the same accounts for the period before, as it was charged."""
    earlier = ChargeRun.objects.filter(frequency=row.frequency, from_on__lt=row.from_on, state="finished")
    return earlier.order_by("-from_on").first()


@uncollected()
def work_out(frequency: Frequency, from_on: date, to_on: date) -> Worked:
    """Work out what would be charged for a period as the accounts stand now."""
    return rules.work_out(chargeable(frequency, from_on, to_on), frequency, from_on)


def unfinished() -> list[ChargeRun]:
    """Return the runs that were released and have not come to their end."""
    return list(ChargeRun.objects.filter(state="released").order_by("released_at"))


def charged(run_id: str) -> tuple[int, int]:
    """Return how many accounts a run has charged so far, and how much in pence."""
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED, [run_id])
        accounts, pence = cursor.fetchone()
    return accounts, pence


def since_before(worked: Worked, before: ChargeRun | None) -> Since | None:
    """Return what changed since the run before, account by account; None where there was none."""
    if before is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED_EACH, [before.id])
        return since(worked.batches, dict(cursor.fetchall()))


def chargeable_account(account_id: str) -> Chargeable | None:
    """Return an account as a run would need it, with all its terms; None when it is not there."""
    account, balance = RentAccount.objects.filter(id=account_id).first(), RentBalance.objects.filter(id=account_id).first()
    if account is None or balance is None:
        return None
    rows = RentTerms.objects.filter(account=account_id).order_by("from_on")
    return Chargeable(
        account=account_id, started_on=account.started_on, ended_on=account.ended_on, charged_to_on=balance.charged_to_on,
        sets=tuple(Set.of(row.from_on, row.frequency, row.weeks, row.terms) for row in rows), voids=spans_of(account_id),
    )  # fmt: skip


def without_terms(on: date) -> list[tuple[str, date]]:
    """Return the lettings that go on and were never given terms, each with its first day, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT_TERMS, [on])
        found: list[tuple[str, date]] = cursor.fetchall()
    return found


def chargeable(frequency: Frequency, from_on: date, to_on: date) -> Iterator[Chargeable]:
    """Yield the accounts that may be charged for a period, in the order in which their entries are to stand."""
    found: dict[str, Chargeable] = {}
    voids = all_spans()
    with connection.cursor() as cursor:
        cursor.execute(_CHARGEABLE, [to_on, to_on, to_on, from_on])
        for account, started_on, ended_on, charged_to_on, set_on, often, weeks, terms in cursor.fetchall():
            one = () if set_on is None else (Set(from_on=set_on, frequency=often, weeks=weeks, terms=terms),)
            before = found.get(account)
            sets = one if before is None else (*before.sets, *one)
            found[account] = Chargeable(
                account=account, started_on=started_on, ended_on=ended_on, charged_to_on=charged_to_on, sets=sets,
                voids=voids.get(account, ()),
            )  # fmt: skip
    for account in in_order_of_partitions(found):
        sets = found[account].sets
        if not sets or sets[-1].frequency == frequency or any(one.frequency == frequency for one in sets):
            yield found[account]
