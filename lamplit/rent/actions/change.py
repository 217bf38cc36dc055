"""Changes of rents: prepared by one person, released by another; then each tenant is written to, and new terms are set.

A notice that was not served in time changes nothing: the account keeps its old rent and stands on a list.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.words import full_date
from lamplit.basics.working_days import london_date
from lamplit.messages import queries as sent
from lamplit.messages import rules as messages
from lamplit.messages.models import CODE_LENGTH
from lamplit.people import queries as people
from lamplit.record.encode import clean
from lamplit.record.page import Page, action
from lamplit.record.replay import in_order_of_partitions
from lamplit.record.tidy import tidy
from lamplit.rent import facts, queries
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.models import RentBalance, RentChange, RentRun
from lamplit.rent.rules import change, rent_change, runs


class Letter(Plain, frozen=True, kw_only=True):
    """One tenant's own notice."""

    person: str
    template: str
    subject: str
    body: str


class AccountNotice(Plain, frozen=True, kw_only=True):
    """The notices of one account, one for each of its named tenants."""

    account: str
    letters: tuple[Letter, ...]


@action
def prepare_rents(
    page: Page, *, frequency: FrequencyName, from_on: date, services: Sequence[change.Service] = (), by: By, at: datetime,
    command: str,
) -> str:  # fmt: skip
    """Work out a change of rents and let it wait for a second person. Returns the run.

    Refused: rent.books_wrong, rent.not_a_period, rent.change_there, rent.no_cpi, rent.nothing_to_change, rent.above_cap,
    rent.notices_too_late.
    """
    queries.check_books()
    runs.period_of(frequency, from_on)
    if RentRun.objects.filter(frequency=frequency, from_on=from_on).exclude(state="withdrawn").exists():
        raise Refused("rent.change_there")
    _check_in_time(from_on, at)
    worked = queries.work_out_rents(frequency, from_on, services)
    if not worked.lines:
        raise Refused("rent.nothing_to_change")
    run = page.new_id("g")
    page.write(
        facts.RentsPrepared(
            run=run, frequency=frequency, from_on=from_on, cpi=worked.cpi, accounts=len(worked.lines), by_type=worked.by_type,
            left_out=len(worked.left_out), lines=page.keep_blob(change.packed(worked)),
        )
    )  # fmt: skip
    return run


@action
def release_rents(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Release a change that somebody else prepared. From then on the tenants are written to.

    Refused: rent.books_wrong, rent.no_such_change, rent.run_over, rent.run_needs_two, rent.rents_differ, rent.above_cap,
    rent.notices_too_late.
    """
    queries.check_books()
    row = _lock(page, run)
    if row.state != "prepared":
        raise Refused("rent.run_over")
    if row.prepared_by == str(by):
        raise Refused("rent.run_needs_two")
    worked = queries.worked_of(row)
    if queries.no_longer(worked.lines, row.from_on):
        raise Refused("rent.rents_differ")
    change.check_cap(worked)
    _check_in_time(row.from_on, at)
    page.write(facts.RentsReleased(run=run))
    return run


@action
def withdraw_rents(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Take a change back of which nobody was written to yet. Refused: rent.no_such_change, rent.run_over."""
    if _lock(page, run).state not in ("prepared", "released") or queries.rent_progress(run).begun:
        raise Refused("rent.run_over")
    page.write(facts.RentsWithdrawn(run=run))
    return run


@action
def notice_rents(page: Page, *, run: str, notices: list[AccountNotice], by: By, at: datetime, command: str) -> int:
    """Order the notices of some accounts, as letters to the tenants' home. Returns how many accounts now wait for service.

    Who names nobody, or is no longer as it was worked out, keeps the old rent.
    Refused: rent.books_wrong, rent.no_such_change, rent.run_not_released.
    """
    queries.check_books()
    row = _released(page, run)
    of_account = queries.worked_of(row).of_account
    begun = {one.account for one in RentChange.objects.filter(id__any=[f"{one.account}.{run}" for one in notices])}
    waiting = [one for one in notices if one.account not in begun]
    why: dict[str, facts.KeptName] = {**queries.no_longer([of_account[one.account] for one in waiting], row.from_on)}
    why.update({one.account: "names_nobody" for one in waiting if not one.letters and one.account not in why})
    going = [one for one in waiting if one.account not in why]
    known = people.addressees((to.person for one in going for to in one.letters), "message", london_date(at))
    page.preload_keys(known)
    written = [[_order(page, one.account, run, to, known.get(to.person)) for to in one.letters] for one in going]
    if going:
        lines = [of_account[one.account] for one in going]
        page.write(
            facts.RentsNoticed(
                run=run, accounts=[line.account for line in lines], old_pence=[line.old_pence for line in lines],
                new_pence=[line.new_pence for line in lines], messages=written,
            )
        )  # fmt: skip
    _keep(page, run, why, {line: of_account[line].old_pence for line in why})
    return len(going)


def _order(page: Page, account: str, run: str, letter: Letter, to: people.Addressee | None) -> str:
    """Order one letter. By post to her home, for a notice must be proved; nowhere else, where that may not be safe."""
    message, code = page.new_id("m"), page.new_id("m")[-CODE_LENGTH:].upper()
    way = sent.at_home(letter.person, london_date(page.at))
    wishes = messages.Wishes()
    if to is not None:
        wishes = messages.Wishes(
            language=to.wishes.language, channel=to.wishes.channel, format=to.wishes.format, interpreter=to.interpreter
        )
    order = messages.Order(
        template=letter.template, subject=clean(letter.subject), body=clean(letter.body), voice=letter.person,
        person=letter.person, name=to.name if to is not None else None, about=account, because=run,
    )  # fmt: skip
    conveyed = messages.convey(wishes, settings.LANDLORD["phone"])
    for fact in messages.facts_of_order(order, message, way, conveyed, code, page.at, lambda: page.new_id("v")):
        page.write(fact)
    return message


@action
def give_notice(page: Page, *, run: str, account: str, on: date, how: str, by: By, at: datetime, command: str) -> str:
    """Say that every tenant of an account was given her notice by hand. Returns the account.

    Refused: rent.no_such_change, rent.notice_not_open, rent.say_how, rent.notice_not_yet, rent.notices_too_late.
    """
    row = queries.rent_run(run)
    if row is None:
        raise Refused("rent.no_such_change")
    found = page.lock(RentChange, f"{account}.{run}")
    if found is None or found.state != "noticed":
        raise Refused("rent.notice_not_open")
    if (said := tidy(how)) is None:
        raise Refused("rent.say_how")
    if on > london_date(at) or on < london_date(row.released_at):
        raise Refused("rent.notice_not_yet")
    last = rent_change.last_day_to_serve(row.from_on)
    if on > last:
        raise Refused("rent.notices_too_late", last=full_date(last))
    page.write(facts.NoticeGiven(run=run, account=account, on=on, how=said))
    return account


@action
def settle_rents(
    page: Page, *, run: str, served: list[tuple[str, date]], late: list[str], by: By, at: datetime, command: str
) -> int:
    """Set the new terms of accounts whose notices were served in time; the others keep their rent. Returns how many were set.

    Refused: rent.no_such_change, rent.run_not_released.
    """
    row = _released(page, run)
    of_account, last = queries.worked_of(row).of_account, rent_change.last_day_to_serve(row.from_on)
    accounts = [*(account for account, _ in served), *late]
    page.preload(RentChange, [f"{account}.{run}" for account in accounts])
    open_ = {one for one in accounts if (found := page.lock(RentChange, f"{one}.{run}")) and found.state == "noticed"}
    page.preload(RentBalance, sorted(open_))
    why: dict[str, facts.KeptName] = {one: "late" for one in late if one in open_}
    why.update({one: "late" for one, on in served if one in open_ and on > last})
    why.update(queries.no_longer([of_account[one] for one in accounts if one in open_], row.from_on))
    for one in open_:
        owes = page.lock(RentBalance, one)
        if owes is not None and owes.charged_to_on is not None and owes.charged_to_on >= row.from_on:
            why[one] = "charged"
    setting = {one: on for one, on in served if one in open_ and one not in why}
    for some in change.in_entries(of_account[one] for one in in_order_of_partitions(setting)):
        _set(page, row, some, setting)
    _keep(page, run, why, {one: of_account[one].old_pence for one in why})
    return len(setting)


def _set(page: Page, row: RentRun, some: list[change.Line], noticed: dict[str, date]) -> None:
    changes = [
        facts.NewTerms(
            home=line.home, weeks=line.weeks, rent_type=line.rent_type, terms=list(line.new), noticed_on=noticed[line.account],
            formula_pence=line.formula_pence,
        )
        for line in some
    ]  # fmt: skip
    page.write(
        facts.TermsChanged(
            run=row.id,
            from_on=row.from_on,
            frequency=row.frequency,
            accounts=[line.account for line in some],
            changes=changes,
        )
    )


def _keep(page: Page, run: str, why: dict[str, facts.KeptName], old: dict[str, int]) -> None:
    if why:
        some = in_order_of_partitions(why)
        page.write(facts.RentsKept(run=run, accounts=some, why=[why[one] for one in some], old_pence=[old[one] for one in some]))


@action
def finish_rents(page: Page, *, run: str, by: By, at: datetime, command: str) -> str:
    """Close a change in which every account has its new terms or keeps its old ones: together they are what was released.

    Refused: rent.no_such_change, rent.run_not_released, rent.rents_open, rent.totals_differ.
    """
    row = _lock(page, run)
    if row.state != "released":
        raise Refused("rent.run_not_released")
    if queries.rent_progress(run).noticed:
        raise Refused("rent.rents_open")
    if differing := queries.rents_differ(row):
        raise Refused("rent.totals_differ", differing="; ".join(differing))
    (changed, pence), (kept, kept_pence) = queries.set_by(row), queries.kept_by(run)
    page.write(facts.RentsFinished(run=run, changed=changed, kept=kept, pence=pence + kept_pence))
    return run


def _check_in_time(from_on: date, at: datetime) -> None:
    """Refuse a change whose notices cannot be served in time any more, even if all were posted today."""
    last = rent_change.last_day_to_serve(from_on)
    if rent_change.served_on(london_date(at)) > last:
        raise Refused("rent.notices_too_late", last=full_date(last))


def _lock(page: Page, run: str) -> Any:
    row = page.lock(RentRun, run)
    if row is None:
        raise Refused("rent.no_such_change")
    return row


def _released(page: Page, run: str) -> Any:
    """Return a released change. While somebody is written to, nobody takes it back or closes it."""
    row = page.share(RentRun, run)
    if row is None:
        raise Refused("rent.no_such_change")
    if row.state != "released":
        raise Refused("rent.run_not_released")
    return row
