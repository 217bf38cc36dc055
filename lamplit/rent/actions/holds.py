"""Holds on an account, breathing spaces, and that a person considered the needs."""

from datetime import date, datetime, timedelta
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import add_working_days, london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts, queries
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.actions.mandates import spare_protected
from lamplit.rent.models import AccountHold, RentProtection
from lamplit.rent.rules import holds
from lamplit.rent.rules.ladder import steps_file

USUAL_LOOK = 10  # working days until somebody looks again, where nobody said


@action
def place_hold(
    page: Page, *, account: str, kind: str, words: str | None, review_on: date | None = None, owner: str | None = None,
    because: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Place a hold: no step is taken while it stands. Returns the hold.

    Refused: rent.no_such_account, rent.say_why, rent.no_such_hold_kind, rent.review_passed, rent.review_too_far.
    """
    lock_account(page, account)
    return hold_account(page, account, kind, words, review_on, owner, because)


def hold_account(
    page: Page, account: str, kind: str, words: str | None, review_on: date | None, owner: str | None, because: str | None = None
) -> str:
    """Place a hold as part of another act. Returns it. Refused: as `place_hold`."""
    on, said = london_date(page.at), tidy(words)
    if said is None and because is None:
        raise Refused("rent.say_why")
    if review_on is None and kind in holds.KINDS:
        review_on = holds.review_day(kind, on)
    holds.check_hold(kind, review_on or on, on)
    hold = page.new_id("o")
    page.write(
        facts.AccountHeld(
            hold=hold, account=account, review_on=review_on or on, owner=owner, because=because, kind=kind, words=said
        )
    )
    return hold


@action
def move_hold(
    page: Page, *, hold: str, words: str | None, review_on: date, owner: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Leave a hold standing, to be looked at again on another day. Returns the hold.

    Refused: rent.no_such_hold, rent.hold_over, rent.say_why, rent.review_passed, rent.review_too_far.
    """
    row = _lock_hold(page, hold)
    said = _said(words)
    holds.check_review(review_on, london_date(at))
    page.write(facts.HoldMoved(hold=hold, account=row.account, review_on=review_on, owner=owner or row.owner, words=said))
    return hold


@action
def look_at_hold(
    page: Page, *, account: str, code: str, words: str | None, review_on: date, by: By, at: datetime, command: str
) -> str:
    """Say that a person looked at a hold that follows from something else: it is looked at again on another day.

    Refused: rent.no_such_account, rent.no_such_hold_kind, rent.say_why, rent.review_passed, rent.review_too_far.
    """
    lock_account(page, account)
    if code not in steps_file().hold:
        raise Refused("rent.no_such_hold_kind")
    holds.check_review(review_on, london_date(at))
    return page.write(facts.HoldLookedAt(account=account, code=code, review_on=review_on, words=_said(words)))


@action
def end_hold(page: Page, *, hold: str, words: str | None, by: By, at: datetime, command: str) -> str:
    """End a hold and say why. Returns its account. Refused: rent.no_such_hold, rent.hold_over, rent.say_why."""
    row = _lock_hold(page, hold)
    page.write(facts.HoldEnded(hold=hold, account=row.account, words=_said(words)))
    account: str = row.account
    return account


def _lock_hold(page: Page, hold: str) -> Any:
    row = page.lock(AccountHold, hold)
    if row is None:
        raise Refused("rent.no_such_hold")
    if row.ended_at is not None:
        raise Refused("rent.hold_over")
    return row


def _said(words: str | None) -> str:
    said = tidy(words)
    if said is None:
        raise Refused("rent.say_why")
    return said


@action
def start_protection(page: Page, *, account: str, about: facts.Protection, by: By, at: datetime, command: str) -> str:
    """Write down a breathing space: what the account stands at now is protected, and no Direct Debit collects it.

    Returns the protection.

    Refused: rent.no_such_account, and those of `rules.holds.check_space`.
    """
    lock_account(page, account)
    holds.check_space(queries.space_of(about), london_date(at), running=bool(queries.running([account])))
    from_on = about.registered_on + timedelta(days=1)
    standing = queries.owed_before(account, from_on)
    protection = page.new_id("z")
    spare_protected(page, account, from_on)
    page.write(facts.ProtectionStarted(protection=protection, account=account, from_on=from_on, pence=standing, about=about))
    return protection


@action
def review_protection(
    page: Page, *, protection: str, about: facts.Protection, words: str | None, by: By, at: datetime, command: str
) -> str:
    """Write down what became known of a breathing space. Returns its account.

    Refused: rent.no_such_protection, rent.protection_over, rent.say_why, and those of `rules.holds.check_days`.
    """
    row = _lock_protection(page, protection)
    holds.check_days(queries.space_of(about))
    page.write(facts.ProtectionReviewed(protection=protection, account=row.account, about=about, words=_said(words)))
    account: str = row.account
    return account


@action
def end_protection(page: Page, *, protection: str, words: str | None, by: By, at: datetime, command: str) -> str:
    """End a breathing space. Returns its account. Refused: rent.no_such_protection, rent.protection_over, rent.say_why."""
    row = _lock_protection(page, protection)
    page.write(facts.ProtectionEnded(protection=protection, account=row.account, words=_said(words)))
    account: str = row.account
    return account


def _lock_protection(page: Page, protection: str) -> Any:
    row = page.lock(RentProtection, protection)
    if row is None:
        raise Refused("rent.no_such_protection")
    if row.ended_at is not None:
        raise Refused("rent.protection_over")
    return row


@action
def consider_needs(
    page: Page, *, account: str, words: str | None, review_on: date | None = None, by: By, at: datetime, command: str
) -> str:
    """Write down that a person considered the needs in a home. Returns the entry.

    To whoever has no key it is a look at a hold like any other: that somebody has needs is nobody's to read.
    Refused: rent.no_such_account, rent.say_why, rent.review_passed, rent.review_too_far.
    """
    lock_account(page, account)
    again = review_on or add_working_days(london_date(at), USUAL_LOOK)
    holds.check_review(again, london_date(at))
    return page.write(facts.HoldLookedAt(account=account, code=holds.CONSIDERED, review_on=again, words=_said(words)))
