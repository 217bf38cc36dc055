"""Which times are free: what a diary has places for, less what is taken and what is held back for emergencies. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar

from lamplit.basics.clock import LONDON
from lamplit.basics.dated import DatedValues
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import is_working_day, london_date
from lamplit.repairs.rules.clocks import Priority, is_emergency
from lamplit.repairs.rules.law import policy

LONGEST_NAME, MOST_PLACES = 80, 999
_AREA = re.compile(r"[A-Z]{1,2}|[A-Z]{1,2}\d[A-Z\d]?(?: \d)?")
_FRIDAY = 4
Span = tuple[datetime, datetime]
D = TypeVar("D", bound="Whose")


class Part(Plain, frozen=True, kw_only=True):
    """A part of the day for which a visit may be promised."""

    code: str
    words: str
    begins: time
    ends: time

    def on(self, day: date) -> Span:
        """Return this part of a London day as two instants (UTC)."""
        begin, end = (datetime.combine(day, clock, LONDON).astimezone(UTC) for clock in (self.begins, self.ends))
        return begin, end


class Told(Protocol):
    """What somebody said of a diary's places, as `places_on` reads it; the latest last."""

    @property
    def part(self) -> str: ...
    @property
    def weekdays(self) -> Sequence[int]: ...
    @property
    def from_on(self) -> date: ...
    @property
    def until_on(self) -> date | None: ...
    @property
    def places(self) -> int: ...


class Whose(Protocol):
    """A diary, as `diary_for` reads it."""

    @property
    def id(self) -> str: ...
    @property
    def contractor(self) -> str | None: ...
    @property
    def trades(self) -> Sequence[str]: ...
    @property
    def area(self) -> str | None: ...
    @property
    def ended(self) -> bool: ...


class Slot(Plain, frozen=True, kw_only=True):
    """A free time. `free`: how many places are left for whoever asks. `late`: it is over only after we promised to be done."""

    day: date
    part: str
    from_at: datetime
    until_at: datetime
    free: int
    late: bool

    @property
    def code(self) -> str:
        """How a form names it."""
        return f"{self.day.isoformat()}.{self.part}"


def parts(on: date, figures: DatedValues | None = None) -> dict[str, Part]:
    """Return the parts of a day that this landlord promises, by code."""
    known, found = figures or policy(), {}
    for code in known.names("part"):
        entry = known.find(f"part.{code}", on)
        if entry is not None and isinstance(entry.value, tuple):
            begins, ends = (time.fromisoformat(clock) for clock in entry.value)
            found[code] = Part(code=code, words=entry.words or code, begins=begins, ends=ends)
    return found


def normal_area(text: str | None) -> str | None:
    """Return the beginning of postcodes as we keep it, None for everywhere. Refused: repairs.no_such_area."""
    area = " ".join((text or "").upper().split())
    if area and not _AREA.fullmatch(area):
        raise Refused("repairs.no_such_area", area=area[:20])
    return area or None


def covers(area: str | None, postcode: str | None) -> bool:
    """Say whether a postcode lies in an area: "ZZ" and "ZZ1" and "ZZ1 4" hold "ZZ1 4AB"; "ZZ1" does not hold "ZZ10 1AA"."""
    if area is None:
        return True
    bare = "".join((postcode or "").upper().split())
    outward, inward = bare[:-3], bare[-3:]
    if area.isalpha():
        return re.match(r"[A-Z]*", outward)[0] == area  # type: ignore[index]  # it always matches
    return outward == area or (" " in area and f"{outward} {inward}".startswith(area))


def diary_for(diaries: Iterable[D], *, trade: str, contractor: str | None, postcode: str | None) -> D | None:
    """Return the diary for a work: of its firm (or our own people), for its trade, the one with the narrowest area; or None."""
    fit = [
        one
        for one in diaries
        if not one.ended and one.contractor == contractor and trade in one.trades and covers(one.area, postcode)
    ]
    return min(fit, key=lambda one: (-len(one.area or ""), one.id), default=None)


def places_on(told: Iterable[Told], day: date, part: str) -> int:
    """Return for how many visits there is time. The last word counts; a bank holiday is free unless it was named by itself."""
    places, said_of_day = 0, False
    for one in told:
        if one.part != part or day.weekday() not in one.weekdays or day < one.from_on or (one.until_on and day > one.until_on):
            continue
        places, said_of_day = one.places, one.from_on == one.until_on
    holiday = day.weekday() <= _FRIDAY and not is_working_day(day)
    return 0 if holiday and not said_of_day else places


def left_in(
    told: Sequence[Told], taken: Iterable[Span], day: date, part: Part, *, priority: Priority, figures: DatedValues | None = None
) -> int:
    """Return how many places are left for a repair of this priority. A visit takes a place in every part that it touches.

    A share is held back for emergencies, so that one does not break a promise to somebody else; on the day itself nothing is.
    """
    places = places_on(told, day, part.code)
    begin, end = part.on(day)
    used = sum(1 for from_at, until_at in taken if from_at < end and until_at > begin)
    percent = (figures or policy()).number("slot.held_back_percent", day)
    held = 0 if is_emergency(priority) else places * percent // 100
    return max(places - held - used, 0)


def free_slots(
    told: Sequence[Told], taken: Sequence[Span], *, at: datetime, due_at: datetime, priority: Priority,
    figures: DatedValues | None = None,
) -> list[Slot]:  # fmt: skip
    """Return the times that can be chosen, soonest first: from the notice that we need, as far ahead as we plan."""
    today = london_date(at)
    known = figures or policy()
    first = today + timedelta(days=known.number("slot.notice_days", today))
    found = []
    for count in range(known.number("slot.days_ahead", today)):
        day = first + timedelta(days=count)
        for part in parts(day, known).values():
            left = left_in(told, taken, day, part, priority=priority, figures=known)
            begin, end = part.on(day)
            if left and begin > at:
                found.append(Slot(day=day, part=part.code, from_at=begin, until_at=end, free=left, late=end > due_at))
    return sorted(found, key=lambda slot: (slot.from_at, slot.part))


def is_full(
    told: Sequence[Told], taken: Sequence[Span], span: Span, *, priority: Priority, figures: DatedValues | None = None
) -> bool:
    """Say whether a time that a planner or a firm names has no place left. An emergency never waits for one."""
    if is_emergency(priority):
        return False
    day = london_date(span[0])
    touched = [part for part in parts(day, figures).values() if span[0] < part.on(day)[1] and span[1] > part.on(day)[0]]
    worked = [part for part in touched if places_on(told, day, part.code) > 0]
    lefts = [left_in(told, taken, day, part, priority="emergency", figures=figures) for part in worked]
    return not lefts or min(lefts) == 0


def check_capacity(*, part: str, weekdays: Sequence[int], from_on: date, until_on: date | None, places: int) -> None:
    """Refused: repairs.no_such_part, no_weekday, days_backwards, too_many_places."""
    if part not in parts(from_on):
        raise Refused("repairs.no_such_part", part=part)
    if not weekdays or any(day not in range(7) for day in weekdays):
        raise Refused("repairs.no_weekday")
    if until_on is not None and until_on < from_on:
        raise Refused("repairs.days_backwards")
    if not 0 <= places <= MOST_PLACES:
        raise Refused("repairs.too_many_places", most=MOST_PLACES)
