"""Ordering work, letting it wait, calling it off; and who sees a repair through."""

from datetime import date, datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import STAFF, By
from lamplit.basics.working_days import london_date
from lamplit.homes import queries as homes
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.hazards import CANNOT_MAKE_SAFE, may_step, numbers_of, steps_of, write_step
from lamplit.repairs.actions.opening import lock_live, lock_repair, lock_work, words
from lamplit.repairs.actions.owners import check_owner
from lamplit.repairs.actions.rates import Measured, priced
from lamplit.repairs.facts import RepairGiven, RepairNoted, WorkCancelled, WorkOrdered, WorkWaiting
from lamplit.repairs.models import Visit
from lamplit.repairs.queries.standing import running_of
from lamplit.repairs.rules.awaab import number_of
from lamplit.staff import queries as staff
from lamplit.tenancies import queries as tenancies

AUDIENCES = ("all", "voice", "staff", "restricted")


@action
def order_work(
    page: Page, *, repair: str, trade: str, what: str, contractor: str | None = None, follows: str | None = None,
    home: str | None = None, needs: list[str] | None = None, place: str | None = None, target_on: date | None = None,
    rates: list[Measured] | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Order a piece of work. Returns its id. Without a `contractor` it goes to the firm that covers the trade there.

    `home`: where it is done, when the fault lies in a neighbour's home; `place`: where in it. `needs`: codes of the evidence
    without which it is not done (rules.catalogue.EVIDENCE). `rates`: what it costs by the schedule. Refused:
    repairs.no_such_repair, already_over, no_such_home, no_such_firm, no_such_rate, bad_quantity, say_what_work, too_long.
    """
    row = lock_live(page, repair)
    return write_order(
        page, row, trade=trade, what=what, contractor=contractor, follows=follows, home=home, needs=needs or [], place=place,
        target_on=target_on, rates=rates or [],
    )  # fmt: skip


def write_order(
    page: Page, row: Any, *, trade: str, what: str, contractor: str | None, needs: list[str], place: str | None,
    target_on: date | None, rates: list[Measured], follows: str | None = None, home: str | None = None,
    survey: str | None = None,
) -> str:  # fmt: skip
    """Write an order for a locked repair; refused as `order_work`."""
    if contractor is not None and staff.contractor(contractor) is None:
        raise Refused("repairs.no_such_firm", contractor=contractor)
    where, household = row.home, row.household
    if home is not None and home != row.home:
        where, household = home, household_at(home, page.at)
    price, work = priced(rates, page.at), page.new_id("w")
    page.write(
        WorkOrdered(
            work=work, repair=row.id, home=where, household=household, trade=trade, follows=follows, needs=needs,
            contractor=contractor or queries.firm_for(trade, where, london_date(page.at)),
            what=words(what, needed=Refused("repairs.say_what_work")), place=words(place), target_on=target_on, survey=survey,
            price=price or None, pence=sum(line.pence for line in price) if price else None,
        )
    )  # fmt: skip
    return work


def household_at(home: str, at: datetime) -> str:
    """Return the tenancy that lives in a home, or the home itself when nobody does. Refused: repairs.no_such_home."""
    if homes.home(home) is None:
        raise Refused("repairs.no_such_home", home=home)
    return household_in(home, at)


def household_in(home: str, at: datetime) -> str:
    """Return the same of a home that is known to be there."""
    tenancy = tenancies.tenancy_of_home(home, london_date(at))
    return tenancy.id if tenancy is not None else home


@action
def wait_work(page: Page, *, work: str, why: str, owner: str, look_again_on: date, by: By, at: datetime, command: str) -> None:
    """Let a work wait: for what, who has it, and when we look again. The law's clocks run on.

    While an emergency is not safe yet, the household is offered somewhere to stay meanwhile (SI 2025/1042).

    Refused: repairs.no_such_work, work_is_over, already_over, say_why, no_such_person, look_again_in_the_future.
    """
    row, job = lock_work(page, work)
    check_owner(owner)
    if look_again_on <= london_date(at):
        raise Refused("repairs.look_again_in_the_future")
    why_kept = words(why, needed=Refused("repairs.say_why"))
    page.write(
        WorkWaiting(work=job.id, repair=row.id, household=job.household, owner=owner, look_again_on=look_again_on, why=why_kept)
    )
    _offer_somewhere_to_stay(page, row)


UNSAFE = {"target.immediate", "target.emergency", "awaab.A2", "awaab.A3"}


def is_unsafe(row: Any) -> bool:
    """True while a clock runs within which the home has to be made safe."""
    return bool(UNSAFE & {number_of(code)[0] for code in running_of(row)})


def _offer_somewhere_to_stay(page: Page, row: Any) -> None:
    """Make safe and a place to stay wait for nothing: no survey, no parts, no birds."""
    said = any(step == CANNOT_MAKE_SAFE for of in numbers_of(row) for step, _, _ in steps_of(row, of))
    of = next((of for of in numbers_of(row) if may_step(row, CANNOT_MAKE_SAFE, of)), None)
    if not is_unsafe(row) or said or of is None:
        return
    write_step(page, lock_repair(page, row.id), CANNOT_MAKE_SAFE, of=of)
    page.write(
        WorkOrdered(
            work=page.new_id("w"), repair=row.id, home=row.home, household=row.household, trade="housing_officer",
            needs=["note"], what="Offer the household somewhere to stay until the home is safe",
        )
    )  # fmt: skip


@action
def cancel_work(page: Page, *, work: str, why: str, by: By, at: datetime, command: str) -> None:
    """Say that a work is not needed after all. One that a survey asked for is taken out by a named person.

    Refused: repairs.no_such_work, work_is_over, already_over, say_why, visit_is_booked, named_person.
    """
    row, job = lock_work(page, work)
    if job.survey is not None and by.kind != STAFF:
        raise Refused("repairs.named_person")
    if Visit.objects.filter(work=work, state="booked").exists():
        raise Refused("repairs.visit_is_booked")
    page.write(
        WorkCancelled(work=job.id, repair=row.id, household=job.household, why=words(why, needed=Refused("repairs.say_why")))
    )


@action
def give_repair(page: Page, *, repair: str, owner: str, by: By, at: datetime, command: str) -> None:
    """Give a repair to a named person, who sees it through. Refused: repairs.no_such_repair, already_over, no_such_person."""
    row = lock_live(page, repair)
    check_owner(owner)
    page.write(RepairGiven(repair=row.id, owner=owner))


@action
def note_repair(
    page: Page, *, repair: str, says: str, audience: str = "all", voice: str | None = None,
    by: By, at: datetime, command: str,
) -> None:  # fmt: skip
    """Add a note. `audience`: all, voice (she and staff), staff or restricted. `voice`: whose words they are, if a person's.

    What she asks us not to pass on (whom she does not want to meet) is a note for `voice`: no neighbour ever sees it.
    Refused: repairs.no_such_repair, nothing_said, too_long, no_such_choice.
    """
    if audience not in AUDIENCES:
        raise Refused("repairs.no_such_choice", audience=audience)
    row = lock_repair(page, repair)
    page.write(
        RepairNoted(
            repair=row.id, household=row.household, voice=voice or row.id,
            says=words(says, needed=Refused("repairs.nothing_said")), audience=audience,
        )
    )  # fmt: skip
