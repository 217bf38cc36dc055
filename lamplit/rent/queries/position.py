"""The true position of real accounts, from the tables: of one, or of all of them with one query a table.

It is about what is owed for living in the home: rent, use and occupation, and what a former tenant owes. Court costs and
recharges stand beside it: benefit never pays them, and no step is taken about them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
from django.db import connection

from lamplit.basics.working_days import working_day_before, working_days_between
from lamplit.record.ready import ReadyColumns
from lamplit.rent.models import RentBalance
from lamplit.rent.queries import sources
from lamplit.rent.queries.against import payments_to
from lamplit.rent.queries.collections_due import next_collections
from lamplit.rent.rules import plans
from lamplit.rent.rules import position as rules
from lamplit.rent.rules.benefit import Claim
from lamplit.rent.rules.dates import add_months
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.position import Account, Collection, Plan, Position, Sum

_DAY = timedelta(days=1)
_COLUMNS = ("id", "rent", "former", "occupation", "charged_to_on")
_ONE = ReadyColumns(lambda account: RentBalance.objects.filter(id=account), *_COLUMNS)
_SOME = ReadyColumns(lambda accounts: RentBalance.objects.filter(id__any=accounts).order_by("id"), *_COLUMNS)
_ALL = f"SELECT {', '.join(_COLUMNS)} FROM rent_balance ORDER BY id"  # noqa: S608 - our own names


class _Against(NamedTuple):
    """What stands against balances, by account."""

    claims: Mapping[str, tuple[Claim, ...]]
    in_transit: Mapping[str, tuple[Sum, ...]]
    missed: Mapping[str, tuple[Sum, ...]]
    disputed: Mapping[str, tuple[Sum, ...]]
    protected: Mapping[str, int]
    suspense: Mapping[str, tuple[int, date]]
    collections: Mapping[str, tuple[Collection, ...]]
    plans: Mapping[str, tuple[Plan, int]]
    asked_by: Mapping[str, date]
    not_due: Mapping[str, sources.NotDue]


def position(account_id: str, on: date) -> Position | None:
    """Return where an account stands on a day, or None when there is no such account."""
    rows = _ONE.all(account=account_id)
    return _worked(rows[0], _against([account_id], on), on) if rows else None


def positions(on: date) -> Iterator[Position]:
    """Yield where each account stands on a day, in the order of their ids."""
    against = _against(None, on)
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        while rows := cursor.fetchmany(5000):
            for row in rows:
                yield _worked(row, against, on)


def positions_of(accounts: Iterable[str], on: date) -> list[Position]:
    """Return where some accounts stand on a day; those that there are not are left out."""
    listed = list(accounts)
    against = _against(listed, on)
    return [_worked(row, against, on) for row in _SOME.all(accounts=listed)]


def account_of(account_id: str, on: date) -> Account | None:
    """Return an account as the rule reads it: for who needs more than the answer."""
    rows = _ONE.all(account=account_id)
    return _read(rows[0], _against([account_id], on), on) if rows else None


def plans_over(on: date) -> list[tuple[str, str]]:
    """Return the plans that came to their end by a day, each with how: kept, or not. What is paid must be known to its end."""
    paid_to, listed = payments_to(on), sorted(sources.plans())
    against = _against(listed, on)
    read = [one for row in _SOME.all(accounts=listed) if (one := _read(row, against, on)).plan is not None]
    higher = sources.stood_higher([one.account for one in read], add_months(on, -1), on)
    ends = ((one.plan.plan, _outcome(one, one.plan, paid_to, higher[one.account])) for one in read if one.plan is not None)
    return [(plan, how) for plan, how in ends if how is not None]


def _outcome(read: Account, plan: Plan, paid_to: date | None, higher: int) -> str | None:
    """What only may be paid is left out: benefit that is to come alone stands against what she owes."""
    sure = msgspec.structs.replace(
        read, plan=None, in_transit=(), missed=(), disputed=(), protected_pence=0, suspense_pence=0, collections=()
    )
    most = msgspec.structs.replace(sure, balance_pence=sure.balance_pence + higher)
    owed, most_owed = (rules.position(one).to_pay_pence for one in (sure, most))
    return plans.outcome(plan.instalments, read.on, paid_to, owed, most_owed)


def to_agree(account_id: str, on: date) -> int:
    """Return what a plan agreed on a day has to pay off: what she needs to pay without the plan that runs."""
    read = account_of(account_id, on)
    return 0 if read is None else rules.position(msgspec.structs.replace(read, plan=None)).to_pay_pence


def _against(accounts: sources.Accounts, on: date) -> _Against:
    claims = sources.claims(accounts, on)
    return _Against(
        claims=claims,
        in_transit=_in_transit(accounts, on),
        missed=sources.missed(accounts, on),
        disputed=sources.disputed_of_owed(accounts, on),
        protected=sources.protected(accounts),
        suspense=sources.suspense(accounts),
        collections=next_collections(accounts, on, claims),
        plans=sources.plans(accounts),
        asked_by=sources.asked_by(accounts, on),
        not_due=sources.not_due(accounts, on),
    )


def _in_transit(accounts: sources.Accounts, on: date) -> dict[str, tuple[Sum, ...]]:
    """What counts as on its way: for some working days after she told us. They do not run while payment files are out."""
    told = sources.in_transit(accounts)
    days = policy().number("pay.said_working_days", on)
    oldest = working_day_before(on, days)
    if any(one.told_on < oldest for those in told.values() for one in those):
        fresh = policy().number("steps.files_fresh_working_days", on)
        paid_to = payments_to(on)
        if paid_to is None:
            oldest = date.min
        elif working_days_between(paid_to, on) > fresh:
            oldest = working_day_before(paid_to, days)
    return {account: tuple(one.sum for one in those if one.told_on >= oldest) for account, those in told.items()}


def _worked(row: tuple[str, int, int, int, date | None], against: _Against, on: date) -> Position:
    return rules.position(_read(row, against, on))


def _read(row: tuple[str, int, int, int, date | None], against: _Against, on: date) -> Account:
    account, rent, former, occupation, charged_to = row
    if (later := against.not_due.get(account)) is not None:
        rent, charged_to = rent - later.pence, later.from_on - _DAY
    suspense_pence, suspense_on = against.suspense.get(account, (0, None))
    read = Account(
        account=account,
        on=on,
        balance_pence=rent + former + occupation,
        charged_to=charged_to or on,  # an account brought over may have no charge of ours yet
        claims=against.claims.get(account, ()),
        in_transit=against.in_transit.get(account, ()),
        missed=against.missed.get(account, ()),
        disputed=against.disputed.get(account, ()),
        protected_pence=against.protected.get(account, 0),
        suspense_pence=suspense_pence,
        suspense_on=suspense_on,
        collections=against.collections.get(account, ()),
        asked_by=against.asked_by.get(account),
    )
    agreed = against.plans.get(account)
    return read if agreed is None else _with_plan(read, *agreed)


def _with_plan(read: Account, plan: Plan, pence: int) -> Account:
    """What is paid of a plan follows from what she owes without it."""
    owed = rules.position(read).to_pay_pence
    return msgspec.structs.replace(read, plan=plans.paid_of(plan, pence, owed))
