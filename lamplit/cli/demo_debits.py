"""The demo's Direct Debits: a run that was collected, one that waits for a second person, and one collection that we missed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from lamplit.basics.bacs_days import cycle
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date, working_day_before
from lamplit.cli import bacs
from lamplit.cli.bacs_details import opening
from lamplit.cli.demo_bank import SORT_CODE, account_number, office
from lamplit.config import bank_details
from lamplit.people import queries as people
from lamplit.reactions import debits
from lamplit.rent import actions, queries
from lamplit.rent.facts.keys import FrequencyName
from lamplit.tenancies import queries as tenancies

_MANY = 12
_MISSED_BEFORE = 8  # working days: too late to be collected without asking her
_NOTICE = timedelta(days=30)


class Payer(NamedTuple):
    """A household that could pay by Direct Debit. `weeks`: how many weeks of its rent there are to pay now."""

    account: str
    person: str
    weekly_pence: int
    weeks: float


class People(NamedTuple):
    """Who does it: one prepares, another releases."""

    one: By
    other: By


def set_up_debits(who: People, at: datetime) -> list[Payer]:
    """Set Direct Debits up, collect a week by them, and prepare the next. Returns who pays by them."""
    today = london_date(at)
    paid_on = working_day_before(today, 1)
    payers = sorted(_payers(today), key=lambda one: (abs(one.weeks - 1), one.account))
    missed = min(payers[_MANY:], key=lambda one: (abs(one.weeks - 3), one.account), default=None)
    for number, payer in enumerate(payers[:_MANY]):
        _set_up(payer, number, "weekly", paid_on, who.one)
    if missed is not None:
        _set_up(missed, _MANY, "four_weekly", working_day_before(today, _MISSED_BEFORE), who.one)
    if payers:
        _collect(who, paid_on, at)
        _prepare(who.one, cycle(paid_on + timedelta(days=7)).entry_on, at)
    debits.look_for_missed(at)
    return payers[:_MANY]


def _payers(today: date) -> Iterator[Payer]:
    """Yield households that pay a weekly rent themselves and could pay it by Direct Debit."""
    for where in queries.positions(today):
        terms = queries.terms_on(where.account, today)
        if terms is None or terms.frequency != "weekly" or queries.claims_of(where.account):
            continue
        tenants = [one.person for one in tenancies.household(where.account, today) if one.role == "tenant"]
        if len(tenants) == 1 and people.ways_to_reach(tenants[0], "code"):
            pence = sum(one["pence"] for one in terms.terms)
            yield Payer(where.account, tenants[0], pence, where.to_pay_pence / pence)


def _set_up(payer: Payer, number: int, every: FrequencyName, first_on: date, by: By) -> None:
    """Set one up of which her bank knows already, and tell her of it in time."""
    sealed = bank_details.seal("A Payer", SORT_CODE, account_number(number))
    told_at = _morning(first_on) - _NOTICE
    mandate = actions.set_up_mandate(
        account=payer.account, person=payer.person, sealed=sealed, way="paper", every=every, day=first_on.isoweekday(),
        pence=payer.weekly_pence * (1 if every == "weekly" else 4), from_on=first_on, instruction=None, collected_before=True,
        by=by, at=told_at - _NOTICE, command=f"demo:mandate:{payer.account}",
    )  # fmt: skip
    actions.notice_debits(mandates=[mandate], by=by, at=told_at, command=f"demo:notice:{payer.account}")


def _collect(who: People, on: date, at: datetime) -> None:
    """Collect a day that is over, as if its file had gone in time, and keep the file where the finance office has it."""
    sent_at = _morning(cycle(on).input_on)
    run = _prepare(who.one, on, sent_at)
    actions.release_debits(run=run, by=who.other, at=sent_at, command=f"demo:debits:{on}:released")
    worked, serial = queries.work_out_debits(on), queries.next_serial()
    with opening((), office() / "finance.key") as opened:
        data = bacs.file_of_debits(queries.debit_run(run), worked.lines, [], serial, london_date(sent_at), opened, origin=None)
    actions.submit_debits(
        run=run, serial=serial, created_on=london_date(sent_at), file_digest=sha256(data).hexdigest(), by=who.one, at=sent_at,
        command=f"demo:debits:{on}:sent",
    )  # fmt: skip
    (office() / f"collected-{on}.txt").write_bytes(data)
    debits.post_due(at)


def _prepare(by: By, on: date, at: datetime) -> str:
    return actions.prepare_debits(entry_on=on, by=by, at=at, command=f"demo:debits:{on}")


def _morning(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
