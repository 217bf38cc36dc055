"""Days without a charge: agreed by a person, or after a tenancy's end; what was charged for them already is credited."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.words import full_date
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts, queries
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.fold.ledger import income_of
from lamplit.rent.models import UnchargedDays
from lamplit.rent.rules import days as rules
from lamplit.rent.rules.charging import Span


@action
def leave_days_out(
    page: Page, *, account: str, from_on: date, to_on: date, why: Literal["decanted", "cannot_live_there", "agreed"],
    note: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Charge nothing for some days of an account, and credit what was charged for them. Returns the days.

    A larger credit waits for a second person (`credit_days`); no run charges for the days meanwhile.
    Refused: rent.no_such_account, rent.run_going, rent.say_why, and those of `rules.days.check_days`.
    """
    lock_account(page, account)
    row = queries.account(account)
    if row is None:
        raise Refused("rent.no_such_account")
    _check_no_run()
    if (said := tidy(note)) is None:
        raise Refused("rent.say_why")
    span, before = Span(from_on=from_on, to_on=to_on), queries.spans_of(account)
    rules.check_days(span, before, row.started_on, row.ended_on, london_date(at))
    days = page.new_id("y")
    page.write(facts.DaysNotCharged(days=days, account=account, from_on=from_on, to_on=to_on, why=why, note=said))
    credits_ = rules.credits_for(queries.sets_of(account), queries.charged_lines(account), before, span)
    if not rules.takes_two(credits_, london_date(at)):
        _credit(page, account, credits_, "agreed", source=days, note=said)
    return days


@action
def credit_days(page: Page, *, days: str, by: By, at: datetime, command: str) -> str:
    """Credit, as a second person, what was charged for days that somebody else left out. Returns the account.

    Refused: rent.no_such_days, rent.days_need_two, rent.run_going.
    """
    row = page.lock(UnchargedDays, days)
    waiting = queries.credit_waiting(days)
    if row is None or not waiting:
        raise Refused("rent.no_such_days")
    if row.by == str(by):
        raise Refused("rent.days_need_two")
    lock_account(page, row.account)
    _check_no_run()
    note = row.note if isinstance(row.note, str) else None
    _credit(page, row.account, waiting, "agreed", source=days, note=note)
    return str(row.account)


def _credit(
    page: Page, account: str, found: Sequence[rules.Credit], why: Literal["agreed", "ended"], *, source: str | None = None,
    note: str | None = None,
) -> int:  # fmt: skip
    """Credit what was charged for some days, not before it is due. Returns how much, in pence."""
    today = london_date(page.at)
    for credit in found:
        page.write(
            facts.MoneyMoved(
                account=account, debit=income_of(credit.charge), credit="rent", pence=credit.pence,  # type: ignore[arg-type]
                what="reversal" if credit.line else "adjustment", on=max(today, credit.on), why=why, reverses=credit.line,
                source=source, note=note,
            )
        )  # fmt: skip
    return sum(credit.pence for credit in found)


@action
def give_back(page: Page, *, account: str, by: By, at: datetime, command: str) -> int:
    """Credit what was charged for days after a tenancy's end. Returns how much, in pence; done once, nothing is left.

    Refused: rent.no_such_account, rent.run_going.
    """
    owes, row = lock_account(page, account), queries.account(account)
    if row is None:
        raise Refused("rent.no_such_account")
    _check_no_run()
    if row.ended_on is None or owes.charged_to_on is None or owes.charged_to_on <= row.ended_on:
        return 0
    after = Span(from_on=row.ended_on + timedelta(days=1), to_on=owes.charged_to_on)
    before, lines = queries.spans_of(account), queries.given_back(account)
    found = rules.credits_for(queries.sets_of(account), queries.charged_lines(account), before, after)
    less: int = sum(line.pence for line in lines)
    if sum(credit.pence for credit in found) <= less:
        return 0
    for line in lines:  # it ended earlier than we had been told: what was credited in part is worked out anew
        page.write(
            facts.MoneyMoved(
                account=account, debit=line.credit, credit=line.debit, pence=line.pence, what="reversal",
                on=london_date(at), why="ended", reverses=line.id,
            )
        )  # fmt: skip
    return _credit(page, account, found, "ended") - less


@action
def cut_days(page: Page, *, days: str, to_on: date | None, by: By, at: datetime, command: str) -> str:
    """Let days without a charge end earlier, or take them back altogether. Returns the account.

    Days that are credited already stay. Refused: rent.no_such_days, rent.run_going, rent.days_wrong, rent.days_credited.
    """
    row = page.lock(UnchargedDays, days)
    if row is None or row.to_on is None:
        raise Refused("rent.no_such_days")
    owes = lock_account(page, row.account)
    _check_no_run()
    if to_on is not None and not row.from_on <= to_on < row.to_on:
        raise Refused("rent.days_wrong")
    if not _still_open(row, to_on, owes.charged_to_on):
        raise Refused("rent.days_credited", to=full_date(owes.charged_to_on))
    page.write(facts.DaysCut(days=days, account=row.account, to_on=to_on))
    return str(row.account)


def _still_open(row: Any, to_on: date | None, charged_to_on: date | None) -> bool:
    """Whether no day that would be charged again is credited, or was passed over by a run."""
    if charged_to_on is None or charged_to_on < row.from_on or (to_on is not None and to_on >= charged_to_on):
        return True
    return to_on is None and bool(queries.credit_waiting(row.id)) and not queries.charged_since(row.account, row.at)


def _check_no_run() -> None:
    """A run that is being charged has worked its sums out: days that change under it would be charged and not credited."""
    if queries.unfinished():
        raise Refused("rent.run_going")
