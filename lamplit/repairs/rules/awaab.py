"""Awaab's Law: Hazards in Social Housing (Prescribed Requirements) (England) Regulations 2025, SI 2025/1042.

What each clock starts with and what ends it. The figures stand in law.toml; the steps in awaab_steps.py.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

import msgspec

from lamplit.basics.dated import NotInForce
from lamplit.basics.deadlines import Clock, in_time, start_clock
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.clocks import HazardClass
from lamplit.repairs.rules.law import law

Stopped = Literal["stopped", "not_needed"]


class AwaabCase(Plain, frozen=True, kw_only=True):
    """One hazard in one home, and when each thing happened. A time that is None has not happened.

    `aware_at` is the first contact that counts (`aware_from`), not the day a case was opened. `triaged` is what it may
    be; `found`, `renewed_found` and `further_found` what an investigation concluded.
    """

    hazard: str
    triaged: HazardClass
    aware_at: datetime
    concluded_at: datetime | None = None
    found: HazardClass | None = None
    renewed_asked_at: datetime | None = None  # she asked for a visit after a remote investigation
    renewed_concluded_at: datetime | None = None
    renewed_found: HazardClass | None = None
    further_needed_at: datetime | None = None
    further_concluded_at: datetime | None = None
    further_found: HazardClass | None = None
    summary_sent_at: datetime | None = None
    made_safe_at: datetime | None = None
    preventative_needed: bool | None = None  # None: not known yet, so the clocks run
    preventative_begun_at: datetime | None = None  # begun, or steps taken to begin
    preventative_started_at: datetime | None = None  # on site
    completed_at: datetime | None = None
    told_completed_at: datetime | None = None  # she was told that all work is finished
    works_started_at: datetime | None = None
    cannot_make_safe_at: datetime | None = None
    alternative_accepted_at: datetime | None = None
    moved_out_at: datetime | None = None
    alternative_declined_at: datetime | None = None
    third_party_exhausted_at: datetime | None = None  # consent needed, every reasonable step taken and refused


class Contact(Plain, frozen=True, kw_only=True):
    """One time somebody told us or one of ours saw it: any channel, a complaint, a letter of claim, a survey."""

    at: datetime
    how: str
    material_change: bool = False


def numbered(code: str, number: int) -> str:
    """Return a clock's code for the hazard with this number in its repair: `awaab.B1`, then `awaab.B1.2`."""
    return code if number == 1 else f"{code}.{number}"


def number_of(code: str) -> tuple[str, int]:
    """Return a code of Awaab's Law without its hazard's number, and the number."""
    base, _, number = code.rpartition(".")
    return (base, int(number)) if number.isdecimal() else (code, 1)


def of_hazard(clocks: Iterable[Clock], number: int) -> tuple[Clock, ...]:
    """Return the clocks of one hazard under the codes that its number gives them."""
    return tuple(msgspec.structs.replace(clock, code=numbered(clock.code, number)) for clock in clocks)


def in_force(hazard: str, hazard_class: HazardClass, aware_on: date) -> bool:
    """True if Awaab's Law covers a hazard of that class of which we became aware on that day (London)."""
    if hazard_class == "none":
        return False
    entry = law().find(f"awaab.hazards.{hazard_class}", aware_on)
    return entry is not None and isinstance(entry.value, tuple) and hazard in entry.value


def first_aware(contacts: Iterable[Contact]) -> datetime | None:
    """Return when we first knew, whoever says otherwise: the earliest contact of all."""
    return min((contact.at for contact in contacts), default=None)


def aware_from(contacts: Iterable[Contact], hazard: str, hazard_class: HazardClass) -> datetime | None:
    """Return when the law's clocks began: the first contact on a day when the law covered this hazard, or None.

    A hazard known before the law began comes in with a new report or a material change, either of which is a contact.
    """
    covered = (c.at for c in contacts if in_force(hazard, hazard_class, london_date(c.at)))
    return min(covered, default=None)


def awaab_clocks(case: AwaabCase) -> tuple[Clock, ...]:
    """Return every clock of a case, run or ended, soonest first; none where the law does not cover the hazard.

    The law's phase is that of the day of awareness, so a case keeps the rules under which it began.
    """
    if not any(_covered(case, hazard_class) for hazard_class in _classes(case)):
        return ()
    clocks = [*_investigations(case), *_safety(case), *_summary(case), *_prevention(case), *_standing(case)]
    return tuple(sorted(clocks, key=lambda c: (c.due_at is None, c.due_at or c.starts_at, c.code)))


def _classes(case: AwaabCase) -> list[HazardClass]:
    found = (case.triaged, case.found, case.renewed_found, case.further_found)
    return [cls for cls in found if cls is not None]


def _covered(case: AwaabCase, hazard_class: HazardClass | None) -> bool:
    return hazard_class is not None and in_force(case.hazard, hazard_class, london_date(case.aware_at))


def conclusion(case: AwaabCase) -> tuple[datetime | None, HazardClass | None]:
    """Return the conclusion that counts: the first that found a hazard, otherwise the last."""
    ends = _conclusions(case)
    with_hazard = [end for end in ends if end[1] in ("significant", "emergency")]
    return next(iter(with_hazard or ends[-1:]), (None, None))


def _conclusions(case: AwaabCase) -> list[tuple[datetime, HazardClass | None]]:
    return [
        (at, found)
        for at, found in (
            (case.concluded_at, case.found),
            (case.renewed_concluded_at, case.renewed_found),
            (case.further_concluded_at, case.further_found),
        )
        if at is not None
    ]


def _start(case: AwaabCase, letter: str, starts_at: datetime) -> Clock:
    code = f"awaab.{letter}"
    entry = law().find(code, london_date(case.aware_at))
    if entry is None:
        raise NotInForce(f"law.toml: {code} has no value for {london_date(case.aware_at)}")
    return start_clock(code, entry, starts_at, law=True, about=case.hazard)


def _done(clock: Clock, at: datetime | None) -> Clock:
    return clock if at is None else msgspec.structs.replace(clock, ended_at=at, ended_by="done")


def _ended(clock: Clock, at: datetime, by: Stopped, why: str) -> Clock:
    return msgspec.structs.replace(clock, ended_at=at, ended_by=by, why=why)


def _investigations(case: AwaabCase) -> list[Clock]:
    """A1 or B1 from awareness, B2 from her request, B3 from the day that more was needed."""
    clocks: list[Clock] = []
    if _covered(case, case.triaged):
        letter = "A1" if case.triaged == "emergency" else "B1"
        clocks.append(_done(_start(case, letter, case.aware_at), case.concluded_at))
    if case.renewed_asked_at is not None:
        clocks.append(_done(_start(case, "B2", case.renewed_asked_at), case.renewed_concluded_at))
    if case.further_needed_at is not None:
        clocks.append(_done(_start(case, "B3", case.further_needed_at), case.further_concluded_at))
    return clocks


def _safety(case: AwaabCase) -> list[Clock]:
    """A2 from awareness; A3 or D1 from the conclusion; F by the same moment when the home cannot be made safe."""
    concluded_at, found = conclusion(case)
    clocks: list[Clock] = []
    if case.triaged == "emergency":
        clocks.append(_emergency_safety(case, _start(case, "A2", case.aware_at)))
    fell_away = all(clock.ended_by == "not_needed" for clock in clocks)
    if found == "emergency" and concluded_at is not None and fell_away:
        clocks.append(_emergency_safety(case, _start(case, "A3", concluded_at)))
    if found == "significant" and concluded_at is not None and _covered(case, found):
        clocks.append(_done(_start(case, "D1", concluded_at), _safe_at(case)))
    due = [clock for clock in clocks if clock.ended_by != "not_needed"]
    return [*clocks, *_alternative(case, due)]


def _emergency_safety(case: AwaabCase, clock: Clock) -> Clock:
    """End A2 or A3 by whatever came first in time: made safe, moved out, consent exhausted, or no emergency was found.

    What comes after that changes nothing: a duty that fell away at the survey is not kept by works that the survey asked for.
    """
    ends: list[tuple[datetime | None, Stopped | None, str]] = [
        (_safe_at(case), None, ""),
        (case.moved_out_at, "stopped", "moved_out"),
        (case.third_party_exhausted_at, "stopped", "third_party"),
        (case.further_concluded_at if case.further_found == "none" else None, "stopped", "no_hazard_found"),
    ]
    for at, found in _conclusions(case):
        if found in ("none", "significant") and at >= clock.starts_at:
            ends.append((at, "not_needed", f"found_{found}"))
    held = [(at, by, why) for at, by, why in ends if at is not None and in_time(clock, at)]
    if not held:
        return _done(clock, _safe_at(case))
    at, by, why = min(held, key=lambda end: end[0])
    return _done(clock, at) if by is None else _ended(clock, at, by, why)


def _safe_at(case: AwaabCase) -> datetime | None:
    """Return when the home was safe: made so, or all works on it finished."""
    return _first(case.made_safe_at, _finished_at(case))


def _finished_at(case: AwaabCase) -> datetime | None:
    """Return when all works on what was found were finished. What was finished before it was found was another case's."""
    concluded_at, _ = conclusion(case)
    held = case.completed_at is not None and concluded_at is not None and case.completed_at >= concluded_at
    return case.completed_at if held else None


def _first(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


def _alternative(case: AwaabCase, safety: list[Clock]) -> list[Clock]:
    """F: somewhere else to stay, by the moment the home had to be safe, unless she declines. It is secured once she takes it."""
    if case.cannot_make_safe_at is None or not safety:
        return []
    by = min(safety, key=lambda c: c.due_at or c.starts_at)
    clock = msgspec.structs.replace(
        _start(case, "F", case.cannot_make_safe_at), due_at=by.due_at, due_on=by.due_on, limit=f"by {by.code}"
    )
    secured_at = _first(case.alternative_accepted_at, case.moved_out_at)
    declined_at = case.alternative_declined_at
    if declined_at is not None and (secured_at is None or secured_at < declined_at):
        return [_ended(clock, declined_at, "not_needed", "declined")]
    return [_done(clock, secured_at)]


def _summary(case: AwaabCase) -> list[Clock]:
    """C: the summary is sent within its days, or all work is finished and she is told within them."""
    concluded_at, found = conclusion(case)
    if concluded_at is None or found is None:
        return []
    clock = _start(case, "C", concluded_at)
    told_at = case.told_completed_at
    finished = case.completed_at is not None and told_at is not None and in_time(clock, max(case.completed_at, told_at))
    if finished and told_at is not None and case.summary_sent_at is None:
        return [_ended(clock, told_at, "not_needed", "all_work_finished")]
    return [_done(clock, case.summary_sent_at)]


def _prevention(case: AwaabCase) -> list[Clock]:
    """D2 begin or take steps to begin; D3 start on site, where D2 did not already do so.

    Once all works are finished, what had to begin has begun, or was never needed.
    """
    concluded_at, found = conclusion(case)
    if concluded_at is None or not _covered(case, found) or case.preventative_needed is False:
        return []
    started_at = _first(case.preventative_started_at, _finished_at(case))
    begun_at = _first(case.preventative_begun_at, started_at)
    return [
        _done(_start(case, "D2", concluded_at), begun_at),
        _done(_start(case, "D3", concluded_at), started_at),
    ]


def _standing(case: AwaabCase) -> list[Clock]:
    """E and G have no limit in the law; they stand so that nobody forgets them."""
    clocks = [_done(_start(case, "G", case.aware_at), case.completed_at)]
    if case.works_started_at is not None:
        clocks.append(_done(_start(case, "E", case.works_started_at), case.completed_at))
    return clocks
