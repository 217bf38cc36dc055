"""Collection runs: prepared by one person, released by another, written into a file, posted on the day when money moves."""

from datetime import date, datetime
from typing import Any

from lamplit.basics.bacs_days import first_collection_on
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.models import Collection, DebitMandate, DebitRun, RentBalance
from lamplit.rent.rules import collecting


@action
def prepare_debits(page: Page, *, entry_on: date, by: By, at: datetime, command: str) -> str:
    """Work out what is collected on a day and let it wait for a second person. Returns the run.

    Refused: rent.no_entry_day, rent.too_late_to_send, rent.debit_run_there, rent.nothing_to_collect, rent.books_wrong,
    rent.debits_coming_back.
    """
    queries.check_books()
    if queries.runs_to_recall():
        raise Refused("rent.debits_coming_back")
    _, _, days = collecting.days_of(entry_on)
    if london_date(at) > days.input_on:
        raise Refused("rent.too_late_to_send", by=f"{days.input_on:%d/%m/%Y}")
    if queries.run_of_day(entry_on) is not None:
        raise Refused("rent.debit_run_there")
    worked = queries.work_out_debits(entry_on, at)
    if not worked.lines and not worked.instructions:
        raise Refused("rent.nothing_to_collect")
    run = page.new_id("g")
    page.write(
        facts.DebitsPrepared(
            run=run, entry_on=entry_on, processing_on=days.processing_on, input_on=days.input_on,
            collections=len(worked.lines), pence=worked.pence, instructions=len(worked.instructions), digest=worked.digest,
        )
    )  # fmt: skip
    return run


@action
def release_debits(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Release a run that somebody else prepared.

    Refused: rent.books_wrong, rent.no_such_run, rent.run_over, rent.run_needs_two, rent.debit_run_changed,
    rent.too_late_to_send.
    """
    queries.check_books()
    row = _lock(page, run)
    if row.state != "prepared":
        raise Refused("rent.run_over")
    if row.prepared_by == str(by):
        raise Refused("rent.run_needs_two")
    _check_same(row, at)
    page.write(facts.DebitsReleased(run=run))
    return run


@action
def withdraw_debits(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Take a run back that has not gone to Bacs. Refused: rent.no_such_run, rent.run_over."""
    if _lock(page, run).state not in ("prepared", "released"):
        raise Refused("rent.run_over")
    page.write(facts.DebitsWithdrawn(run=run))
    return run


@action
def submit_debits(
    page: Page, *, run: str, serial: str, created_on: date, file_digest: str, by: By, at: datetime, command: str
) -> str:
    """Note that a run's file was written and read back: what is in it is on its way and is never put into another.

    Refused: rent.books_wrong, rent.no_such_run, rent.run_not_released, rent.debit_run_changed, rent.too_late_to_send,
    rent.serial_used, rent.sent_before.
    """
    queries.check_books()
    row = _lock(page, run)
    if row.state != "released":
        raise Refused("rent.run_not_released")
    if serial != queries.next_serial():
        raise Refused("rent.serial_used")
    worked = _check_same(row, at)
    if DebitRun.objects.filter(digest=row.digest, serial__isnull=False).exclude(state="not_gone").exists():
        raise Refused("rent.sent_before")
    page.preload(Collection, [line.collection for line in worked.lines])
    for lines in queries.in_batches(worked.lines):
        page.write(
            facts.DebitsSent(
                run=run, accounts=[line.account for line in lines], collections=[line.collection for line in lines],
                codes=[line.code for line in lines], details=[line.details for line in lines],  # type: ignore[misc]
            )
        )  # fmt: skip
    told = worked.instructions
    page.preload(DebitMandate, sorted({one.mandate for one in told}))
    page.write(
        facts.DebitsSubmitted(
            run=run, serial=serial, created_on=created_on, digest=file_digest, debits=len(worked.lines), pence=worked.pence,
            mandates=[one.mandate for one in told], told=[one.code for one in told],  # type: ignore[misc]
            details=[one.details for one in told], first_on=first_collection_on(row.input_on),
        )
    )  # fmt: skip
    return run


@action
def post_debits(page: Page, *, run: str, lines: list[collecting.Line], by: By, at: datetime, command: str) -> int:
    """Put some collections of a submitted run into the books, on the day when their money moved. Returns how many.

    Refused: rent.no_such_run, rent.run_not_submitted.
    """
    row = queries.debit_run(run)
    if row is None:
        raise Refused("rent.no_such_run")
    if row.state != "submitted" or row.entry_on > london_date(at):
        raise Refused("rent.run_not_submitted")
    page.preload(RentBalance, sorted({line.account for line in lines}))
    page.preload(Collection, [line.collection for line in lines])
    left = [line for line in lines if (there := page.lock(Collection, line.collection)) and there.state == "sent"]
    if left:
        page.write(
            facts.DebitsCollected(
                run=run, on=row.entry_on, accounts=[line.account for line in left],
                collections=[line.collection for line in left], pence=[line.pence for line in left],
            )
        )  # fmt: skip
    return len(left)


@action
def finish_debits(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Close a run whose collections are all in the books: what was collected must be what was released.

    Refused: rent.no_such_run, rent.run_not_submitted, rent.totals_differ.
    """
    row = _lock(page, run)
    if row.state != "submitted":
        raise Refused("rent.run_not_submitted")
    count, pence = queries.collected_in(run)
    if (count, pence) != (row.collections, row.pence):
        raise Refused("rent.totals_differ", differing=f"{row.collections:,} released, {count:,} collected")
    page.write(facts.DebitsFinished(run=run, collections=count, pence=pence))
    return run


def _check_same(row: Any, at: datetime) -> collecting.Run:
    if london_date(at) > row.input_on:
        raise Refused("rent.too_late_to_send", by=f"{row.input_on:%d/%m/%Y}")
    worked = queries.work_out_debits(row.entry_on, row.prepared_at)
    if worked.digest != row.digest:
        raise Refused("rent.debit_run_changed")
    return worked


def _lock(page: Page, run: str) -> Any:
    row = page.lock(DebitRun, run)
    if row is None:
        raise Refused("rent.no_such_run")
    return row
