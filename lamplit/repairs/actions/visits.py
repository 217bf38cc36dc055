"""Visits: booked, moved, called off, missed, and what came of them."""

from datetime import date, datetime
from typing import Any, Literal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import PERSON, By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.diary import booked_visit, take_place, whose_doing
from lamplit.repairs.actions.hazards import (
    Findings,
    begin_to_look,
    conclude,
    lasting_work_arranged,
    lasting_work_started,
    may_step,
    numbers_of,
    write_step,
)
from lamplit.repairs.actions.opening import (
    accept_if_nobody_has,
    lock_repair,
    lock_work,
    words,
)  # fmt: skip
from lamplit.repairs.actions.owners import check_owner
from lamplit.repairs.facts import (
    CauseRecorded,
    Tried,
    VisitAttended,
    VisitBooked,
    VisitCancelled,
    VisitMissed,
    VisitSetOut,
    WorkOrdered,
    WorkWaiting,
)  # fmt: skip
from lamplit.repairs.models import Visit, Work
from lamplit.repairs.queries.standing import readable, running_of, works_of
from lamplit.repairs.rules.clocks import is_emergency
from lamplit.repairs.rules.visits import came_after_all, check_missed, check_sets_out, check_slot, owed_for_missed
from lamplit.staff import queries as staff

OutcomeName = Literal["mended", "temporary", "made_safe", "no_access", "needs_parts", "other_trade", "inspected", "not_needed"]
LEFT = ("open", "waiting")


class FollowOn(Plain, frozen=True, kw_only=True):
    """A piece of work that a visit showed to be needed. `work_after`: the work itself is done, and this goes on from it."""

    trade: str
    what: str
    contractor: str | None = None
    needs: tuple[str, ...] = ()


@action
def book_visit(
    page: Page, *, work: str, from_at: datetime, until_at: datetime, visit: str | None = None,
    contractor: str | None = None, operative: str | None = None, over: bool = False, ours: bool | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Book a visit at any time, or move the one named. Returns its id. `book_slot` takes one of the free times instead.

    Where a diary is kept for the work it takes a place there; `over`: although there is none. `ours`: whose wish a move is.

    Refused: repairs.no_such_work, work_is_over, already_over, no_such_visit, visit_is_over, slot_backwards, slot_in_the_past,
    slot_too_far, diary_full.
    """
    row, job = lock_work(page, work)
    check_slot(from_at, until_at, at)
    moved = booked_visit(page, job, visit) if visit is not None else None
    diary = take_place(page, row, job, (from_at, until_at), contractor=contractor, moving=visit, over=over)
    booked = VisitBooked(
        visit=visit or page.new_id("v"), work=job.id, repair=row.id, home=job.home, from_at=from_at, until_at=until_at,
        contractor=contractor or job.contractor, operative=operative, diary=diary, ours=whose_doing(by, moved, ours),
    )  # fmt: skip
    page.write(booked)
    lasting_work_arranged(page, row.id, job)
    return booked.visit


@action
def set_out(page: Page, *, visit: str, by: By, at: datetime, command: str) -> None:
    """Say that whoever makes a visit is on the way; the household is told.

    Refused: repairs.no_such_visit, visit_is_over, not_that_day, on_the_way_already.
    """
    found = Visit.objects.filter(id=visit).first()
    if found is None:
        raise Refused("repairs.no_such_visit", visit=visit)
    repair = lock_repair(page, found.repair)
    row = _booked(page, visit)
    check_sets_out(row.from_at, row.set_out_at, at)
    accept_if_nobody_has(page, repair, by)
    page.write(VisitSetOut(visit=visit, work=row.work, repair=row.repair))


def _booked(page: Page, visit: str, job: Any | None = None, *, or_unsaid: bool = False) -> Any:
    """Lock a visit that is still to come; `or_unsaid`: or of which nobody said what came of it.

    Refused: repairs.no_such_visit, repairs.visit_is_over.
    """
    row = page.lock(Visit, visit)
    if row is None or (job is not None and row.work != job.id):
        raise Refused("repairs.no_such_visit", visit=visit)
    if row.state != "booked" and not (or_unsaid and row.state == "missed" and row.unsaid):
        raise Refused("repairs.visit_is_over", visit=visit)
    return row


@action
def cancel_visit(page: Page, *, visit: str, ours: bool, why: str | None = None, by: By, at: datetime, command: str) -> None:
    """Call a visit off; `ours` when we do. The work stays to be booked again. When it is ours we say why.

    Refused: repairs.no_such_visit, visit_is_over, say_why, too_long.
    """
    found = Visit.objects.filter(id=visit).first()
    if found is None:
        raise Refused("repairs.no_such_visit", visit=visit)
    lock_repair(page, found.repair)
    row, job = _booked(page, visit), page.lock(Work, found.work)
    reason = words(why, needed=Refused("repairs.say_why") if ours else None)
    page.write(
        VisitCancelled(visit=visit, work=row.work, repair=row.repair, household=job.household, ours=ours, why=reason)  # type: ignore[union-attr]
    )


@action
def miss_visit(page: Page, *, visit: str, unsaid: bool = False, by: By, at: datetime, command: str) -> None:
    """Say that nobody came in the time that we promised; `unsaid`: that nobody told us of anybody who came.

    Somebody of the household may say it once the time is over: we missed it, whatever we hear later.

    Refused: repairs.no_such_visit, visit_is_over, visit_not_over_yet.
    """
    found = Visit.objects.filter(id=visit).first()
    if found is None:
        raise Refused("repairs.no_such_visit", visit=visit)
    lock_repair(page, found.repair)
    row = _booked(page, visit)
    check_missed(row.from_at, row.until_at, at, unsaid=unsaid, whole=by.kind == PERSON)
    owed = owed_for_missed(row.from_at)
    page.write(
        VisitMissed(visit=visit, work=row.work, repair=row.repair, unsaid=True if unsaid else None, owed_pence=owed or None)
    )


@action
def attend_visit(
    page: Page, *, work: str, outcome: OutcomeName, arrived_at: datetime, visit: str | None = None,
    left_at: datetime | None = None, found: str | None = None, did: str | None = None, cause: str | None = None,
    made_good: bool | None = None, electrics: Literal["tested", "isolated"] | None = None,
    evidence: list[str] | None = None, tried: list[Tried] | None = None, findings: Findings | None = None,
    follow_on: list[FollowOn] | None = None, waits_for: str | None = None, owner: str | None = None,
    look_again_on: date | None = None, on_word_of: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Say what came of a visit. Returns the visit's id. Without `visit` somebody came unbooked.

    One that counts as missed because nobody said anything is put right so, if somebody came in its time.

    `evidence`: "<kind>: what was seen or measured" by kinds of rules.catalogue.EVIDENCE, or "blob:<hash>" for a photo.
    `findings`: what a competent person found of each hazard, by its number; it concludes the investigation. `follow_on` orders
    what is needed next; `on_word_of`: who was there, where somebody else keys what she wrote on paper; `at` is when it happened.
    `waits_for`, `owner` and `look_again_on` let the work wait. A temporary fix, no access and missing parts leave
    the work open. `made_safe`, or `mended` with nothing left, makes a hazard safe unless electrics still wait for a test.

    Refused: repairs.no_such_work, work_is_over, already_over, no_such_visit, visit_is_over, say_what_was_tried,
    say_what_was_done, show_the_evidence, name_the_other_trade, say_when_to_look_again, no_such_person, too_long,
    told_already.
    """
    row, job = lock_work(page, work)
    _check_paper(job.id, visit, on_word_of, arrived_at)
    accept_if_nobody_has(page, row, by)
    _check_outcome(outcome, evidence or [], tried or [], did=did, follow_on=follow_on or [], look_again_on=look_again_on)
    came = write_visit(
        page, row, job, visit, outcome=outcome, arrived_at=arrived_at, left_at=left_at, found=found, did=did, cause=cause,
        made_good=made_good, electrics=electrics, evidence=evidence, tried=tried, findings=findings, on_word_of=on_word_of,
    )  # fmt: skip
    for more in follow_on or []:
        order_follow_on(page, row, job, more)
    if outcome in ("needs_parts", "temporary") and look_again_on is not None:
        _wait(page, row, job, waits_for, owner or row.owner or by.id, look_again_on)
    return came


def write_visit(
    page: Page, row: Any, job: Any, visit: str | None, *, outcome: OutcomeName, arrived_at: datetime,
    left_at: datetime | None = None, found: str | None = None, did: str | None = None, cause: str | None = None,
    made_good: bool | None = None, electrics: Literal["tested", "isolated"] | None = None,
    evidence: list[str] | None = None, tried: list[Tried] | None = None, findings: Findings | None = None,
    on_word_of: str | None = None,
) -> str:  # fmt: skip
    """Write what came of a visit, with what follows for the clocks, the cause and the law. Returns the visit's id."""
    known = _booked(page, visit, job, or_unsaid=True) if visit is not None else None
    came = known.id if known is not None else page.new_id("v")
    after_all = known is not None and came_after_all(known.state, known.until_at, arrived_at)
    for of, _ in findings or ():
        begin_to_look(page, lock_repair(page, row.id), of)
    stops = stopped_by(lock_repair(page, row.id), job, outcome, electrics)
    page.write(
        VisitAttended(
            visit=came, work=job.id, repair=row.id, home=job.home, household=job.household, outcome=outcome,
            arrived_at=arrived_at, left_at=left_at, stops=stops, starts=[], electrics=electrics, made_good=made_good,
            found=words(found), did=words(did), cause=words(cause), evidence=evidence or None, tried=tried or None,
            after_all=True if after_all else None, on_word_of=on_word_of,
        )
    )  # fmt: skip
    if words(cause) is not None or made_good is not None:
        _cause(page, row, words(cause), made_good)
    _hazard(page, row.id, job, outcome, electrics, findings)
    return came


def _check_paper(work: str, visit: str | None, on_word_of: str | None, arrived_at: datetime) -> None:
    """What somebody told from her phone already is not keyed once more from her paper. Refused: no_such_person, told_already."""
    if on_word_of is None:
        return
    if staff.member(on_word_of) is None:
        raise Refused("repairs.no_such_person", staff=on_word_of)
    told = Visit.objects.filter(work=work, state="attended", attended_by=f"staff:{on_word_of}")
    if visit is None and any(london_date(one.arrived_at) == london_date(arrived_at) for one in told if one.arrived_at):
        raise Refused("repairs.told_already")


def _check_outcome(
    outcome: str, evidence: list[str], tried: list[Tried], *, did: str | None, follow_on: list[FollowOn],
    look_again_on: date | None,
) -> None:  # fmt: skip
    """No access says what was tried and shows it; what is done shows that it is; what is not done says what comes next."""
    if outcome == "no_access" and not tried:
        raise Refused("repairs.say_what_was_tried")
    if outcome in ("mended", "made_safe", "temporary", "no_access") and not evidence:
        raise Refused("repairs.show_the_evidence")
    if outcome in ("mended", "made_safe", "temporary", "not_needed") and words(did) is None:
        raise Refused("repairs.say_what_was_done")
    if outcome == "other_trade" and not follow_on:
        raise Refused("repairs.name_the_other_trade")
    if outcome == "needs_parts" and look_again_on is None:
        raise Refused("repairs.say_when_to_look_again")


def is_safe_after(row: Any, job: Any, outcome: str, electrics: str | None) -> bool:
    """True if a visit leaves the home safe: it was made so, or nothing is left; but not while electrics wait for a test."""
    left = {work for work, state in works_of(row).items() if state in LEFT and work != job.id}
    if outcome == "mended" and not left:
        return True
    if outcome != "made_safe":
        return False
    waiting_for_test = Work.objects.filter(id__in=left, needs__contains="test_or_isolation").exists()
    own_test = "test_or_isolation" in str(job.needs) and electrics is None
    return not waiting_for_test and not own_test


def stopped_by(row: Any, job: Any, outcome: str, electrics: str | None) -> list[str]:
    """Return the landlord's clocks that a visit stops: "make it safe" once it is safe, the others once nothing is left."""
    left = [work for work, state in works_of(row).items() if state in LEFT and work != job.id]
    mended = outcome == "mended" and not left
    safe = is_safe_after(row, job, outcome, electrics)
    running = running_of(row)
    over = [code for code in running if code.startswith("right_to_repair.") and mended]
    targets = [code for code in running if code.startswith("target.")]
    return sorted(over + [code for code in targets if mended or (safe and is_emergency(code.removeprefix("target.")))])  # type: ignore[arg-type]


def _cause(page: Page, row: Any, cause: str | None, made_good: bool | None) -> None:
    said = lock_repair(page, row.id).cause if cause is None else cause
    page.write(CauseRecorded(repair=row.id, household=row.household, made_good=made_good, cause=readable(said)))


def _hazard(page: Page, repair: str, job: Any, outcome: str, electrics: str | None, findings: Findings | None) -> None:
    """Take the steps of Awaab's Law that a visit amounts to, for each hazard by itself."""
    conclude(page, repair, findings)
    if job.survey is not None and outcome in ("mended", "temporary"):
        lasting_work_started(page, repair)  # before this visit's own making safe: what makes a home safe is no lasting work
    for of in numbers_of(lock_repair(page, repair)):
        if outcome == "no_access" and may_step(lock_repair(page, repair), "no_access", of):
            write_step(page, lock_repair(page, repair), "no_access", of=of)
        row = lock_repair(page, repair)
        if is_safe_after(row, job, outcome, electrics) and may_step(row, "made_safe", of):
            write_step(page, row, "made_safe", of=of)


def order_follow_on(page: Page, row: Any, job: Any, more: FollowOn) -> None:
    page.write(
        WorkOrdered(
            work=page.new_id("w"), repair=row.id, home=job.home, household=job.household, trade=more.trade,
            contractor=more.contractor or queries.firm_for(more.trade, job.home, london_date(page.at)), follows=job.id,
            needs=list(more.needs), survey=job.survey,
            what=words(more.what, needed=Refused("repairs.say_what_work")),
        )
    )  # fmt: skip


def _wait(page: Page, row: Any, job: Any, why: str | None, owner: str, look_again_on: date) -> None:
    check_owner(owner)
    if look_again_on <= london_date(page.at):
        raise Refused("repairs.look_again_in_the_future")
    page.write(
        WorkWaiting(
            work=job.id, repair=row.id, household=job.household, owner=owner, look_again_on=look_again_on,
            why=words(why, needed=Refused("repairs.say_why")),
        )
    )  # fmt: skip
