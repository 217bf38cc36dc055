"""Somewhere else to stay while a home is not safe: offered, answered, lived in, over. Each is a step of the law as well."""

from datetime import date, datetime
from typing import Any, Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import PERSON, By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.hazards import may_step, numbers_of, steps_of, write_step
from lamplit.repairs.actions.opening import lock_live, lock_repair, words
from lamplit.repairs.facts import StayAnswered, StayBegun, StayEnded, StayOffered
from lamplit.repairs.models import Stay
from lamplit.repairs.rules.prices import MOST_PENCE
from lamplit.tenancies import queries as tenancies

AnswerBy = Literal["portal", "call", "text", "email", "letter", "visit", "counter"]


@action
def offer_stay(
    page: Page, *, repair: str, who: str, place: str, from_on: date, until_on: date | None = None, suits: str | None = None,
    pence: int | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Offer a household somewhere to stay until its home is safe, at our cost. Returns the offer's id.

    For every hazard of the repair that is not safe yet it is a step of the law: its clock F waits for the answer.

    Refused: repairs.no_such_repair, already_over, say_who_stays, say_where, stay_backwards, stay_is_taken, too_much_money,
    too_long.
    """
    row = lock_live(page, repair)
    if any(one.state in ("accepted", "begun") for one in queries.stays_of(row.id)):
        raise Refused("repairs.stay_is_taken")
    if until_on is not None and until_on < from_on:
        raise Refused("repairs.stay_backwards")
    stay = page.new_id("l")
    page.write(
        StayOffered(
            stay=stay, repair=row.id, household=row.household, pence=_cost(pence), from_on=from_on, until_on=until_on,
            who=words(who, needed=Refused("repairs.say_who_stays")), place=words(place, needed=Refused("repairs.say_where")),
            suits=words(suits),
        )
    )  # fmt: skip
    _step(page, row.id, "alternative_offered", unsafe=True)
    return stay


def _cost(pence: int | None) -> int | None:
    if pence is not None and not 0 <= pence <= MOST_PENCE:
        raise Refused("repairs.too_much_money")
    return pence


def _step(page: Page, repair: str, step: str, *, unsafe: bool = False) -> None:
    """Take a step for each hazard for which it can be taken; `unsafe`: only for those that are not made safe yet."""
    for of in numbers_of(lock_repair(page, repair)):
        row = lock_repair(page, repair)
        safe = any(taken == "made_safe" for taken, _, _ in steps_of(row, of))
        if may_step(row, step, of) and not (unsafe and safe):
            write_step(page, row, step, of=of)


def _lock(page: Page, stay: str, *states: str) -> tuple[Any, Any]:
    """Lock a place to stay that stands so, and its repair. Refused: repairs.no_such_stay, repairs.stay_out_of_turn."""
    found = queries.stay(stay)
    if found is None:
        raise Refused("repairs.no_such_stay", stay=stay)
    row = lock_repair(page, found.repair)
    now = page.lock(Stay, stay)
    if now is None or now.state not in states:
        raise Refused("repairs.stay_out_of_turn")
    return row, now


@action
def answer_stay(
    page: Page, *, stay: str, accepted: bool, channel: AnswerBy, person: str | None = None, says: str | None = None,
    by: By, at: datetime, command: str,
) -> None:  # fmt: skip
    """The household takes an offer, or does not. Somebody signed in answers for a household that she lives in.

    Refused: repairs.no_such_stay, stay_out_of_turn, already_over, not_your_home, too_long.
    """
    row, now = _lock(page, stay, "offered")
    lock_live(page, row.id)
    if by.kind == PERSON and not tenancies.may_report(by.id, row.home, london_date(at)):
        raise Refused("repairs.not_your_home")
    page.write(
        StayAnswered(
            stay=stay, repair=row.id, household=now.household, voice=person or row.voice, accepted=accepted, channel=channel,
            says=words(says),
        )
    )  # fmt: skip
    _step(page, row.id, "alternative_accepted" if accepted else "alternative_declined")


@action
def begin_stay(page: Page, *, stay: str, by: By, at: datetime, command: str) -> None:
    """The household moved into the place. Only now is the home empty, which stops the clock of making it safe.

    Refused: repairs.no_such_stay, stay_out_of_turn.
    """
    row, now = _lock(page, stay, "accepted")
    page.write(StayBegun(stay=stay, repair=row.id, household=now.household))
    if row.live:
        _step(page, row.id, "moved_out")


@action
def end_stay(
    page: Page, *, stay: str, moved_back: bool, pence: int | None = None, says: str | None = None,
    by: By, at: datetime, command: str,
) -> None:  # fmt: skip
    """The household is back at home (`moved_back`), or does not need the place after all. `pence` is what it cost us.

    Also when the repair is over. Refused: repairs.no_such_stay, stay_out_of_turn, too_much_money, too_long.
    """
    row, now = _lock(page, stay, "offered", "accepted", "begun")
    page.write(
        StayEnded(stay=stay, repair=row.id, household=now.household, moved_back=moved_back, pence=_cost(pence), says=words(says))
    )
    if row.live and moved_back:
        _step(page, row.id, "moved_back")
