"""The diary: who keeps one, how much time there is, and a place in it taken so that nobody else can take it too."""

from datetime import date, datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import CONTRACTOR, PERSON, By
from lamplit.record.page import Page, action
from lamplit.repairs import queries
from lamplit.repairs.actions.hazards import lasting_work_arranged
from lamplit.repairs.actions.opening import lock_work, words
from lamplit.repairs.facts import CapacitySet, DiaryRecorded, VisitBooked
from lamplit.repairs.models import Diary, Visit
from lamplit.repairs.rules.diary import LONGEST_NAME, Span, check_capacity, is_full, normal_area
from lamplit.staff import queries as staff


@action
def record_diary(
    page: Page, *, name: str, trades: list[str], contractor: str | None = None, area: str | None = None, ended: bool = False,
    diary: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Give a firm, or people of our own, a diary; or change or end the one named. Returns its id.

    Refused: repairs.no_such_diary, no_such_firm, name_the_diary, say_the_trades, no_such_area, too_long.
    """
    if diary is not None and page.lock(Diary, diary) is None:
        raise Refused("repairs.no_such_diary")
    if contractor is not None and staff.contractor(contractor) is None:
        raise Refused("repairs.no_such_firm", contractor=contractor)
    said = words(name, needed=Refused("repairs.name_the_diary"))
    if not trades:
        raise Refused("repairs.say_the_trades")
    ident = diary or page.new_id("d")
    page.write(
        DiaryRecorded(
            diary=ident, contractor=contractor, name=(said or "")[:LONGEST_NAME], trades=sorted(set(trades)),
            area=normal_area(area), ended=True if ended else None,
        )
    )  # fmt: skip
    return ident


@action
def set_capacity(
    page: Page, *, diary: str, parts: list[str], weekdays: list[int], from_on: date, places: int, until_on: date | None = None,
    by: By, at: datetime, command: str,
) -> None:  # fmt: skip
    """Say how many visits a diary has time for, in these parts of these weekdays. What is booked already stays booked.

    Refused: repairs.no_such_diary, no_such_part, no_weekday, days_backwards, too_many_places.
    """
    if page.lock(Diary, diary) is None:
        raise Refused("repairs.no_such_diary")
    if not parts:
        raise Refused("repairs.no_such_part", part="")
    for part in parts:
        check_capacity(part=part, weekdays=weekdays, from_on=from_on, until_on=until_on, places=places)
        page.write(
            CapacitySet(diary=diary, part=part, weekdays=sorted(set(weekdays)), from_on=from_on, until_on=until_on, places=places)
        )


@action
def book_slot(
    page: Page, *, work: str, slot: str, visit: str | None = None, ours: bool | None = None, operative: str | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Take one of the free times of a work's diary (`Slot.code`), or move the visit named there. Returns the visit's id.

    The diary is locked while we look: of two who ask for the last place, the second is told that it is taken.

    Refused: repairs.no_such_work, work_is_over, already_over, no_such_visit, visit_is_over, no_such_diary, slot_taken,
    already_booked.
    """
    row, job = lock_work(page, work)
    moved = booked_visit(page, job, visit)
    found = queries.diary_of(job)
    if found is None or page.lock(Diary, found.id) is None:
        raise Refused("repairs.no_such_diary")
    free = queries.slots_in(found.id, row, at=at, moving=visit)
    chosen = next((one for one in free if one.code == slot), None)
    if chosen is None:
        raise Refused("repairs.slot_taken")
    booked = VisitBooked(
        visit=visit or page.new_id("v"), work=job.id, repair=row.id, home=job.home, from_at=chosen.from_at,
        until_at=chosen.until_at, contractor=job.contractor, operative=operative or _still_goes(moved, chosen.from_at),
        diary=found.id, ours=whose_doing(by, moved, ours),
    )  # fmt: skip
    page.write(booked)
    lasting_work_arranged(page, row.id, job)
    return booked.visit


def booked_visit(page: Page, job: Any, visit: str | None) -> Any | None:
    """Lock the visit that is to be moved. Refused: no_such_visit, visit_is_over; already_booked when none is named and one is."""
    if visit is None:
        if Visit.objects.filter(work=job.id, state="booked").exists():
            raise Refused("repairs.already_booked")
        return None
    row = page.lock(Visit, visit)
    if row is None or row.work != job.id:
        raise Refused("repairs.no_such_visit", visit=visit)
    if row.state != "booked":
        raise Refused("repairs.visit_is_over", visit=visit)
    return row


def _still_goes(moved: Any | None, from_at: datetime) -> str | None:
    """Whoever was to go still goes when the visit moves within her day; on another day a planner says who."""
    same_day = moved is not None and moved.from_at is not None and moved.from_at.date() == from_at.date()
    return moved.operative if moved is not None and same_day else None


def whose_doing(by: By, moved: Any | None, ours: bool | None) -> bool | None:
    """Say whether a move is our doing: hers when she does it herself; a firm's is ours; staff say whose. None: it is no move."""
    if moved is None:
        return None
    if by.kind == PERSON:
        return False
    return True if by.kind == CONTRACTOR or ours is None else ours


def take_place(
    page: Page, row: Any, job: Any, span: Span, *, contractor: str | None, moving: str | None, over: bool
) -> str | None:
    """Return the diary in which a visit at a time of somebody's own stands; None where nobody keeps one.

    Refused: repairs.diary_full, unless `over`: a planner knows that it can be done all the same.
    """
    found = queries.diary_of(job, contractor=contractor)
    if found is None or page.lock(Diary, found.id) is None:
        return None
    taken = queries.taken_in(found.id, *span, but=moving)
    if not over and is_full(queries.told_of(found.id), taken, span, priority=row.priority):
        raise Refused("repairs.diary_full", diary=str(found.name))
    return str(found.id)
