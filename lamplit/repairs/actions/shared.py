"""Cases bigger than one home: a report for a block's shared parts, "me too", and the further homes that a repair concerns."""

from datetime import datetime
from typing import Any, Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import PERSON, By
from lamplit.basics.working_days import london_date
from lamplit.homes import queries as homes
from lamplit.homes.models import Block
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.opening import lock_live, words
from lamplit.repairs.actions.reporting import Channel, Place, Reported, decide_again, take_report
from lamplit.repairs.actions.triaging import Said, is_graver, write_retriage
from lamplit.repairs.actions.works import household_at
from lamplit.repairs.facts import Caller, RepairHomeLinked
from lamplit.repairs.models import Repair, RepairHome
from lamplit.repairs.queries.standing import readable
from lamplit.tenancies import queries as tenancies


@action
def report_shared(
    page: Page, *, block: str, channel: Channel, said: Said, words_said: str | None = None, reporter: str | None = None,
    caller: Caller | None = None, needs: list[str] | None = None, separate: bool = False, by: By, at: datetime, command: str,
) -> Reported:  # fmt: skip
    """Report something in the shared parts of a block. A report of what is open there already joins it, unless `separate`.

    The needs of the reporter's household count. Refused: repairs.no_such_block, not_your_block, no_such_fault, too_long.
    """
    if page.lock(Block, block) is None:
        raise Refused("repairs.no_such_block")
    person = reporter or (by.id if by.kind == PERSON else None)
    lives = person is not None and queries.lives_in_block(person, block, london_date(at))
    if by.kind == PERSON and not lives:
        raise Refused("repairs.not_your_block")
    return take_report(
        page, _shared_part(block), hers=lives, channel=channel, said=said, words_said=words_said, reporter=reporter,
        caller=caller, needs=[*(needs or []), *_needs(person, block, at)], separate=separate,
    )  # fmt: skip


def _shared_part(block: str) -> Place:
    return Place(block, block, homes.Neighbours([], [], []), block)


def _needs(person: str | None, block: str, at: datetime) -> list[str]:
    on = london_date(at)
    household = queries.household_in_block(person, block, on) if person is not None else None
    return [need.code for need in tenancies.household_needs(household, on)] if household is not None else []


@action
def say_me_too(page: Page, *, repair: str, person: str, said: str | None = None, by: By, at: datetime, command: str) -> Reported:
    """Somebody who lives in the block has the same trouble: it counts as a report of her own, and joins the one that is open.

    Refused: repairs.no_such_repair, already_over, not_your_block, told_us_already, too_long.
    """
    row = lock_live(page, repair)
    if row.block is None or not queries.lives_in_block(person, row.block, london_date(at)):
        raise Refused("repairs.not_your_block")
    if row.reporter == person or Repair.objects.filter(joined_into=row.id, reporter=person).exists():
        raise Refused("repairs.told_us_already")
    fault = readable(row.fault) or "something_else"
    return take_report(
        page, _shared_part(row.block), hers=True, channel="portal", said=Said(fault=fault, room=readable(row.room)),
        words_said=said, reporter=person, needs=_needs(person, row.block, at), into=row,
    )  # fmt: skip


@action
def link_home(
    page: Page, *, repair: str, home: str, part: Literal["source", "affected"], says: str | None = None, ended: bool = False,
    by: By, at: datetime, command: str,
) -> None:  # fmt: skip
    """Say that a repair concerns another home too: the trouble comes from there, or reaches it; `ended`: that it does not.

    `says` is what that household is told of it. What its people need counts for how pressing the repair is.

    Refused: repairs.no_such_repair, already_over, no_such_home, its_own_home, not_linked, say_what_they_are_told, too_long.
    """
    row = lock_live(page, repair)
    if home == row.home:
        raise Refused("repairs.its_own_home")
    known = page.lock(RepairHome, f"{row.id}.{home}")
    if ended:
        _end_link(page, row.id, home, known, words(says))
        return
    household, told = household_at(home, at), words(says, needed=Refused("repairs.say_what_they_are_told"))
    page.write(RepairHomeLinked(repair=row.id, home=home, household=household, part=part, says=told))
    needs = [need.code for need in tenancies.household_needs(household, london_date(at))]
    decision = decide_again(row, Said(fault=""), needs, at)
    if is_graver(row, decision):
        write_retriage(page, row, decision, "It reaches another home too.")


def _end_link(page: Page, repair: str, home: str, known: Any | None, says: str | None) -> None:
    if known is None or known.ended:
        raise Refused("repairs.not_linked")
    told = says or readable(known.says)
    page.write(RepairHomeLinked(repair=repair, home=home, household=known.household, part=known.part, ended=True, says=told))
