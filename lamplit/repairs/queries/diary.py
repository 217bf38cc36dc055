"""Reads of the diary: whose it is, what is taken, and which times are free for a piece of work."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from lamplit.basics.working_days import day_begins_at, day_ends_at, london_date
from lamplit.homes import queries as homes
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.repairs.models import Capacity, Diary, Repair, Visit, Work
from lamplit.repairs.rules.diary import Part, Slot, Span, diary_for, free_slots, left_in, parts, places_on

_DIARIES = Ready(lambda: Diary.objects.order_by("name", "id"))
_TOLD = Ready(lambda diary: Capacity.objects.filter(diary=diary).order_by("recorded_at", "id"))
_TAKEN = ReadyColumns(
    lambda diary, begin, end: (
        Visit.objects.filter(diary=diary, from_at__gte=begin, from_at__lt=end).exclude(state="cancelled").order_by("from_at")
    ),
    "id", "from_at", "until_at",
)  # fmt: skip
AHEAD = timedelta(days=60)


class Day(NamedTuple):
    """One part of a day of a diary: its places, the visits that stand in it, and how many places an ordinary repair can have."""

    day: date
    part: Part
    places: int
    taken: int
    left: int


def parts_of_day(on: date) -> list[Part]:
    """Return the parts of a day for which visits are promised."""
    return list(parts(on).values())


def diaries() -> list[Diary]:
    """Return every diary, ended ones too, by name."""
    return _DIARIES.all()


def diary(ident: str) -> Diary | None:
    return next((one for one in _DIARIES.all() if one.id == ident), None)


def told_of(ident: str) -> list[Capacity]:
    """Return what was said of a diary's places, the latest last."""
    return _TOLD.all(diary=ident)


def taken_in(ident: str, begin: datetime, end: datetime, *, but: str | None = None) -> list[Span]:
    """Return the times that visits take between two moments; without the visit `but`, which is being moved."""
    # A visit may have begun before and still touch: the longest is a day.
    rows = _TAKEN.all(diary=ident, begin=begin - timedelta(days=1), end=end)
    return [(from_at, until_at) for visit, from_at, until_at in rows if visit != but and until_at > begin]


def postcode_of(place: str) -> str | None:
    """Return the postcode of a home or block, or None where it is not known or cannot be read."""
    row: Any = homes.home(place) or homes.block(place)
    return row.postcode if row is not None and isinstance(row.postcode, str) else None


def diary_of(work: Any, *, contractor: str | None = None) -> Diary | None:
    """Return the diary in which the visits of a work stand, or None where nobody keeps one."""
    rows = [one for one in diaries() if not one.ended]
    if not rows:
        return None
    return diary_for(rows, trade=work.trade, contractor=contractor or work.contractor, postcode=postcode_of(work.home))


def slots_for(work: Any, repair: Repair, *, at: datetime, moving: str | None = None) -> list[Slot] | None:
    """Return the times that can be chosen for a work, soonest first; None where nobody keeps a diary for it."""
    found = diary_of(work)
    return None if found is None else slots_in(found.id, repair, at=at, moving=moving)


def slots_in(ident: str, repair: Any, *, at: datetime, moving: str | None = None) -> list[Slot]:
    """Return the free times of a diary for a repair."""
    taken = taken_in(ident, day_begins_at(london_date(at)), at + AHEAD, but=moving)
    return free_slots(told_of(ident), taken, at=at, due_at=repair.due_at, priority=repair.priority)


def days_of(ident: str, first: date, count: int) -> list[Day]:
    """Return the parts of some days for which a diary has places or visits."""
    told, found = told_of(ident), []
    for number in range(count):
        day = first + timedelta(days=number)
        taken = taken_in(ident, day_begins_at(day), day_ends_at(day))
        for part in parts(day).values():
            begin, end = part.on(day)
            places = places_on(told, day, part.code)
            there = sum(1 for from_at, until_at in taken if from_at < end and until_at > begin)
            if places or there:
                found.append(Day(day, part, places, there, left_in(told, taken, day, part, priority="routine")))
    return found


def works_to_book(works: Iterable[Work], repair: Repair) -> list[Work]:
    """Return the works for which a household may choose a time itself: to be booked, with a diary, and no emergency.

    In the shared parts of a block nobody need be at home, and no neighbour decides for all.
    """
    if repair.block or not repair.live or repair.status == "received" or repair.priority in ("immediate", "emergency"):
        return []
    return [work for work in works if work.state == "open" and diary_of(work) is not None]
