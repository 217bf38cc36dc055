"""Charge runs: prepared by one person, released by another, written batch by batch, closed when the totals agree."""

from datetime import date, datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.models import ChargeRun, RentBalance
from lamplit.rent.rules import runs


@action
def prepare_charges(page: Page, *, frequency: FrequencyName, from_on: date, by: By, at: datetime, command: str) -> str:
    """Work out a charge run and let it wait for a second person. Returns the run.

    Refused: rent.not_a_period, rent.run_too_early, rent.run_there, rent.nothing_to_charge, rent.books_wrong.
    """
    queries.check_books()
    first, last = runs.period_of(frequency, from_on)
    runs.check_ahead(frequency, first, london_date(at))
    if ChargeRun.objects.filter(frequency=frequency, from_on=first).exclude(state="withdrawn").exists():
        raise Refused("rent.run_there")
    worked = queries.work_out(frequency, first, last)
    if not worked.accounts:
        raise Refused("rent.nothing_to_charge")
    run = page.new_id("g")
    page.write(
        facts.ChargesPrepared(
            run=run, frequency=frequency, from_on=first, to_on=last, accounts=worked.accounts, pence=worked.pence,
            digest=worked.digest, by_charge=sorted(worked.by_charge.items()), left_out=worked.left_out.total(),  # type: ignore[arg-type]
        )
    )  # fmt: skip
    return run


@action
def release_charges(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Release a charge run that somebody else prepared.

    Refused: rent.books_wrong, rent.no_such_run, rent.run_over, rent.run_needs_two, rent.run_changed.
    """
    queries.check_books()
    row = _lock(page, run)
    if row.state != "prepared":
        raise Refused("rent.run_over")
    if row.prepared_by == str(by):
        raise Refused("rent.run_needs_two")
    if queries.work_out(row.frequency, row.from_on, row.to_on).digest != row.digest:
        raise Refused("rent.run_changed")
    page.write(facts.ChargesReleased(run=run))
    return run


@action
def withdraw_charges(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Take a charge run back that has charged nobody: it was not released, or it changed since. It can be worked out anew.

    Refused: rent.no_such_run, rent.run_over.
    """
    row = _lock(page, run)
    if row.state not in ("prepared", "released") or queries.charged(run) != (0, 0):
        raise Refused("rent.run_over")
    page.write(facts.ChargesWithdrawn(run=run))
    return run


@action
def charge_accounts(page: Page, *, run: str, batches: list[runs.Batch], by: By, at: datetime, command: str) -> int:
    """Charge the accounts of some batches of a released run. Returns how many were charged.

    Several processes charge at once; while one does, nobody takes the run back or closes it.
    Refused: rent.no_such_run, rent.run_not_released, rent.run_changed.
    """
    row = page.share(ChargeRun, run)
    if row is None:
        raise Refused("rent.no_such_run")
    if row.state != "released":
        raise Refused("rent.run_not_released")
    accounts = [account for batch in batches for account in batch.accounts]
    page.preload(RentBalance, accounts)
    for batch in batches:
        for account in batch.accounts:
            owes = page.lock(RentBalance, account)
            if owes is None or (owes.charged_to_on is not None and owes.charged_to_on >= batch.from_on):
                raise Refused("rent.run_changed")
        page.write(
            facts.RentCharged(
                run=run, from_on=batch.from_on, to_on=batch.to_on, due_on=batch.due_on, accounts=batch.accounts,
                charges=batch.charges,  # type: ignore[arg-type]
            )
        )  # fmt: skip
    return len(accounts)


@action
def finish_charges(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Close a run in which every account is charged: what was charged must be what was released.

    Refused: rent.no_such_run, rent.run_not_released, rent.totals_differ.
    """
    row = _lock(page, run)
    if row.state != "released":
        raise Refused("rent.run_not_released")
    accounts, pence = queries.charged(run)
    differing = runs.check_totals({"accounts": row.accounts, "pence": row.pence}, {"accounts": accounts, "pence": pence})
    if differing:
        raise Refused("rent.totals_differ", differing="; ".join(differing))
    page.write(facts.ChargesFinished(run=run, accounts=accounts, pence=pence))
    return run


@action
def close_charges(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Close a run that was cut off, and after which there was less or more to charge than was released. Returns the run.

    Whoever prepared it may not. Who is still to be charged comes with the next run, which catches them up.
    Refused: rent.no_such_run, rent.run_not_released, rent.run_needs_two, rent.nothing_charged.
    """
    row = _lock(page, run)
    if row.state != "released":
        raise Refused("rent.run_not_released")
    if row.prepared_by == str(by):
        raise Refused("rent.run_needs_two")
    accounts, pence = queries.charged(run)
    if not accounts:
        raise Refused("rent.nothing_charged")
    page.write(facts.ChargesFinished(run=run, accounts=accounts, pence=pence))
    return run


def _lock(page: Page, run: str) -> Any:
    row = page.lock(ChargeRun, run)
    if row is None:
        raise Refused("rent.no_such_run")
    return row
