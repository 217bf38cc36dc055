"""More work or more money than was ordered: asked for by whoever does the work, and agreed or refused.

Within policy's limits, and to make a home safe, it is agreed at once. Everything else waits for a named person.
"""

from datetime import datetime
from typing import Any, Literal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import CONTRACTOR, STAFF, By
from lamplit.basics.words import pounds
from lamplit.basics.working_days import add_working_days, day_ends_at, london_date
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.opening import lock_live, lock_repair, words
from lamplit.repairs.actions.rates import Measured, priced
from lamplit.repairs.actions.works import is_unsafe
from lamplit.repairs.facts import RateLine, VariationAsked, VariationDecided, WorkOrdered
from lamplit.repairs.models import Variation, Work
from lamplit.repairs.queries.standing import readable
from lamplit.repairs.rules.law import policy
from lamplit.repairs.rules.prices import MOST_PENCE, Asking, at_once, limit_at_once, limit_to_approve
from lamplit.staff import queries as staff

More = Literal["work", "money"]


class AskedFor(Plain, frozen=True, kw_only=True):
    """What became of asking: `agreed` at once, or it waits for `approver`. `pence` None: not priced yet."""

    variation: str
    agreed: bool
    pence: int | None = None
    approver: str | None = None
    led_to: str | None = None


@action
def ask_variation(
    page: Page, *, work: str, more: More, what: str, why: str, lines: list[Measured] | None = None, pence: int | None = None,
    trade: str | None = None, make_safe: bool = False, by: By, at: datetime, command: str,
) -> AskedFor:  # fmt: skip
    """Ask for more work (a work of its own follows when it is agreed) or for more money for this one.

    Priced by `lines` of the schedule, else by `pence`; without either a person says what it may cost. `make_safe`: it is needed
    to make the home safe. While the home is not, nobody waits for a yes; a person looks at it after.

    Refused: repairs.no_such_work, work_is_over, already_over, say_what_work, say_why, no_such_rate, bad_quantity, say_how_much,
    too_much_money, too_long.
    """
    row, job = _lock_work(page, work)
    price = priced(lines or [], at) or None
    sum_pence = sum(line.pence for line in price) if price else pence
    _check(more, sum_pence)
    asking = Asking(
        pence=sum_pence, before_pence=_at_once_before(job.id), limit_pence=limit_at_once(_roles(by), london_date(at)),
        unsafe=make_safe and is_unsafe(row),
    )  # fmt: skip
    agreed = at_once(asking)
    asked = VariationAsked(
        variation=page.new_id("u"), work=job.id, repair=row.id, household=job.household, contractor=_firm(job, by),
        approver=None if agreed else _approver(row, sum_pence, by, at), more=more, pence=sum_pence,
        limit_pence=asking.limit_pence, make_safe=True if asking.unsafe else None,
        answer_by=None if agreed else _answer_by(at), trade=trade, price=price,
        what=words(what, needed=Refused("repairs.say_what_work")), why=words(why, needed=Refused("repairs.say_why")),
    )  # fmt: skip
    page.write(asked)
    led_to = _decide(page, asked, job, agreed=True, pence=sum_pence, at_once=True) if agreed else None
    return AskedFor(variation=asked.variation, agreed=agreed, pence=sum_pence, approver=asked.approver, led_to=led_to)


def _lock_work(page: Page, work: str) -> tuple[Any, Any]:
    """Lock a work that is not called off, also one that is done: more is often asked for when the bill is written."""
    found = Work.objects.filter(id=work).first()
    if found is None:
        raise Refused("repairs.no_such_work", work=work)
    row = lock_live(page, found.repair)
    job = page.lock(Work, work)
    if job is None or job.state == "cancelled":
        raise Refused("repairs.work_is_over", work=work)
    return row, job


def _check(more: More, pence: int | None) -> None:
    if more == "money" and not pence:
        raise Refused("repairs.say_how_much")
    if pence is not None and not 0 <= pence <= MOST_PENCE:
        raise Refused("repairs.too_much_money")


def _at_once_before(work: str) -> int:
    """Return what was agreed on this work without a person: pieces are added up, or any limit could be cut small."""
    return sum(one.pence or 0 for one in queries.variations_of_work(work) if one.at_once and not one.make_safe)


def _firm(job: Any, by: By) -> str | None:
    return job.contractor or (by.id if by.kind == CONTRACTOR else None)


def _roles(by: By) -> list[str]:
    if by.kind == CONTRACTOR:
        return [CONTRACTOR]
    member = staff.member(by.id) if by.kind == STAFF else None
    return [] if member is None or member.shut else list(member.roles)


def _approver(row: Any, pence: int | None, by: By, at: datetime) -> str | None:
    """Return who is asked: the repair's owner if she may say yes to so much, else a lead; never whoever asks."""
    owner = staff.member(row.owner) if row.owner else None
    for one in [owner, *staff.with_role("lead")]:
        if one is not None and not one.shut and str(by) != f"staff:{one.id}" and may_say_yes(one.roles, pence, at):
            return str(one.id)
    return None


def may_say_yes(roles: list[str], pence: int | None, at: datetime) -> bool:
    limit = limit_to_approve(roles, london_date(at))
    return limit > 0 and (pence or 0) <= limit


def _answer_by(at: datetime) -> datetime:
    on = london_date(at)
    return day_ends_at(add_working_days(on, policy().number("variation.answer_working_days", on)))


@action
def decide_variation(
    page: Page, *, variation: str, agreed: bool, pence: int | None = None, why: str | None = None,
    by: By, at: datetime, command: str,
) -> str | None:  # fmt: skip
    """Say yes or no to more work or money. Returns the id of the work that was ordered for it, if one was.

    `pence`: what is agreed, where that is another sum than was asked for, or nobody had priced it.

    Refused: repairs.no_such_variation, variation_decided, already_over, named_person, not_your_own, above_your_limit,
    say_how_much, say_why (of a no), too_much_money, too_long.
    """
    asked = queries.variation(variation)
    if asked is None:
        raise Refused("repairs.no_such_variation", variation=variation)
    row = lock_repair(page, asked.repair)
    now = page.lock(Variation, variation)
    if now is None or now.state != "waiting":
        raise Refused("repairs.variation_decided")
    sum_pence = asked.pence if pence is None else pence
    reason = words(why, needed=None if agreed else Refused("repairs.say_why"))
    _check_decider(asked, by, sum_pence if agreed else 0, at)
    if agreed:
        lock_live(page, row.id)
        _check("money", sum_pence)
    job = page.lock(Work, asked.work)
    return _decide(page, _as_asked(asked), job, agreed=agreed, pence=sum_pence, why=reason)


def _check_decider(asked: Variation, by: By, pence: int | None, at: datetime) -> None:
    if by.kind != STAFF:
        raise Refused("repairs.named_person")
    if str(by) == asked.asked_by:
        raise Refused("repairs.not_your_own")
    if not may_say_yes(_roles(by), pence, at):
        raise Refused("repairs.above_your_limit", limit=pounds(limit_to_approve(_roles(by), london_date(at))))


def _as_asked(row: Variation) -> VariationAsked:
    """Return what was asked as its fact had it; what cannot be read any more is left out."""
    price = [RateLine(**line) for line in row.price] if isinstance(row.price, list) else None
    return VariationAsked(
        variation=row.id, work=row.work, repair=row.repair, household=row.household, contractor=row.contractor,
        more=row.more, pence=row.pence, limit_pence=row.limit_pence, trade=row.trade, price=price,
        what=readable(row.what),
    )  # fmt: skip


def _decide(
    page: Page, asked: VariationAsked, job: Any, *, agreed: bool, pence: int | None, why: str | None = None,
    at_once: bool = False,
) -> str | None:  # fmt: skip
    led_to = page.new_id("w") if agreed and asked.more == "work" else None
    page.write(
        VariationDecided(
            variation=asked.variation, work=asked.work, repair=asked.repair, household=asked.household, led_to=led_to,
            agreed=agreed, at_once=True if at_once else None, more=asked.more, pence=pence if agreed else None, why=why,
        )
    )  # fmt: skip
    if led_to is not None:
        page.write(
            WorkOrdered(
                work=led_to, repair=asked.repair, home=job.home, household=job.household, trade=asked.trade or job.trade,
                contractor=asked.contractor, follows=job.id, needs=["note"], what=asked.what, survey=job.survey, pence=pence,
                price=asked.price if pence == asked.pence else None,
            )
        )  # fmt: skip
    return led_to
