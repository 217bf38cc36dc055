"""A file of Direct Debits that never reached Bacs, or was refused whole: two people say so, and all of it is taken back."""

from datetime import datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts, queries
from lamplit.rent.models import Collection, DebitMandate, DebitRun, LedgerLine, RentBalance
from lamplit.rent.rules import collecting

_NOTE = "The file that was to collect this did not go. Nothing was taken."


@action
def doubt_debits(page: Page, *, run: str, why: str, by: By, at: datetime, command: str) -> str:
    """Say that a run's file did not go, with the reason. Nothing changes before a second person confirms it. Returns the run.

    Refused: rent.no_such_run, rent.run_not_submitted, rent.bank_answered, rent.doubted_already, rent.say_why.
    """
    row = _lock_sent(page, run)
    if row.doubted_by is not None:
        raise Refused("rent.doubted_already")
    if (said := tidy(why)) is None:
        raise Refused("rent.say_why")
    page.write(facts.DebitsDoubted(run=run, why=said))
    return run


@action
def trust_debits(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Take back what was said of a file: it went. Refused: rent.no_such_run, rent.not_doubted."""
    row = page.lock(DebitRun, run)
    if row is None:
        raise Refused("rent.no_such_run")
    if row.doubted_by is None or row.state == "not_gone":
        raise Refused("rent.not_doubted")
    page.write(facts.DebitsTrusted(run=run))
    return run


@action
def confirm_not_gone(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Confirm, as a second person, that a run's file did not go: what banks were to be told by it is told with the next one.

    Its collections follow some at a time. Refused: rent.no_such_run, rent.run_not_submitted, rent.bank_answered,
    rent.not_doubted, rent.doubt_needs_two.
    """
    row = _lock_sent(page, run)
    if row.doubted_by is None:
        raise Refused("rent.not_doubted")
    if row.doubted_by == str(by):
        raise Refused("rent.doubt_needs_two")
    page.write(facts.DebitsNotGone(run=run, untold=_untold(page, run)))
    return run


def _untold(page: Page, run: str) -> list[facts.Untold]:
    """Return what banks were not told by a file, as each instruction stands now."""
    told: dict[str, dict[str, str]] = {}
    for mandate, code, details in queries.told_in(run):
        told.setdefault(mandate, {})[code] = details
    page.preload(DebitMandate, sorted(told))
    rows = {mandate: found for mandate in told if (found := page.lock(DebitMandate, mandate)) is not None}
    stand = {mandate: collecting.untold(found.id, found.state, found.details, told[mandate]) for mandate, found in rows.items()}
    return [one for one in stand.values() if one is not None]


@action
def recall_debits(page: Page, *, run: str, collections: list[str], by: By, at: datetime, command: str) -> int:
    """Take back some collections of a file that did not go. Returns how many.

    What is in the books is reversed there. While there is time they may go with a new run; later they are what we missed.
    Refused: rent.no_such_run, rent.run_not_submitted.
    """
    row = queries.debit_run(run)
    if row is None:
        raise Refused("rent.no_such_run")
    if row.state != "not_gone":
        raise Refused("rent.run_not_submitted")
    page.preload(Collection, sorted(collections))
    found = [one for ident in collections if (one := page.lock(Collection, ident)) is not None]
    left = [one for one in found if one.run == run and one.state in ("sent", "collected")]
    if not left:
        return 0
    both = {"accounts": [one.account for one in left], "collections": [one.id for one in left]}
    _reverse(page, run, [one for one in left if one.state == "collected"])
    page.write(facts.DebitsRecalled(run=run, **both))
    if london_date(at) > row.input_on:  # the instruction held when the file was written: whatever became of it, we missed these
        page.write(facts.DebitsMissed(**both))
    return len(left)


def _reverse(page: Page, run: str, posted: list[Any]) -> None:
    """Take collections off the books again, whole."""
    page.preload(RentBalance, sorted({one.account for one in posted}))
    gone = set(LedgerLine.objects.filter(reverses__in=[one.line for one in posted]).values_list("reverses", flat=True))
    for one in posted:
        page.lock(RentBalance, one.account)
        if one.line not in gone:
            page.write(
                facts.MoneyMoved(
                    account=one.account, debit="rent", credit="collected", pence=one.pence, what="reversal",
                    on=london_date(page.at), why="other", reverses=one.line, source=run, note=_NOTE,
                )
            )  # fmt: skip


def _lock_sent(page: Page, run: str) -> Any:
    """Lock a run whose file was written. What a bank sent back of it says that it went."""
    row = page.lock(DebitRun, run)
    if row is None:
        raise Refused("rent.no_such_run")
    if row.state not in ("submitted", "finished"):
        raise Refused("rent.run_not_submitted")
    if queries.came_back_of(run):
        raise Refused("rent.bank_answered")
    return row
