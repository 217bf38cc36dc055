"""Awaab's Law on one repair: the steps that are taken, and the clocks that follow from when each thing happened."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec

from lamplit.basics.deadlines import Clock
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.repairs.actions.opening import accept_if_nobody_has, lock_live, lock_repair, words
from lamplit.repairs.facts import CauseRecorded, ClockStarted, HazardKept, HazardStepTaken, TriageKept
from lamplit.repairs.models import RepairClock, Visit, Work
from lamplit.repairs.queries.standing import running_of, triage_of
from lamplit.repairs.rules.awaab import AwaabCase, awaab_clocks, numbered, of_hazard
from lamplit.repairs.rules.awaab_steps import awaab_step
from lamplit.repairs.rules.triage import hazards_of

Step = tuple[str, datetime, str | None]
HazardFinding = Literal["none", "significant", "emergency"]
Findings = Sequence[tuple[int, HazardFinding]]  # the number of a hazard, and what it was found to be

# The steps that say when something happened, and the time of the case that each sets.
_TIMES = {
    "renewed_investigation_asked": "renewed_asked_at",
    "further_investigation_needed": "further_needed_at",
    "summary_sent": "summary_sent_at",
    "made_safe": "made_safe_at",
    "preventative_begun": "preventative_begun_at",
    "preventative_started": "preventative_started_at",
    "completed": "completed_at",
    "cannot_make_safe": "cannot_make_safe_at",
    "alternative_offered": "cannot_make_safe_at",
    "alternative_accepted": "alternative_accepted_at",
    "moved_out": "moved_out_at",
    "alternative_declined": "alternative_declined_at",
    "consent_exhausted": "third_party_exhausted_at",
}
WORK_CLOCKS = ("awaab.A2", "awaab.D1", "awaab.D2")
INVESTIGATIONS = {"awaab.A1", "awaab.B1"}
# Steps outside the table of states: they set a time and leave the states as they are.
CANNOT_MAKE_SAFE = "cannot_make_safe"
_BESIDE = ("preventative_begun", CANNOT_MAKE_SAFE)


def steps_of(row: Any, of: int = 1) -> list[Step]:
    """Return the steps taken so far for one hazard, in order. A locked row holds them as text, a queried one as lists."""
    every = msgspec.json.decode(row.steps) if isinstance(row.steps, str | bytes) else row.steps
    return msgspec.convert([one[:3] for one in every if (one[3] if len(one) > 3 else 1) == of], list[Step])


def numbers_of(row: Any) -> range:
    """Return the numbers of a repair's hazards."""
    return range(1, len(hazards_of(triage_of(row))) + 1)


def names_of(row: Any) -> dict[int, str]:
    """Return a repair's hazards by number, as codes."""
    return {number: one.hazard for number, one in enumerate(hazards_of(triage_of(row)), 1)}


def _class_of(kept: TriageKept, of: int) -> HazardKept | None:
    known = hazards_of(kept)
    return known[of - 1] if 0 < of <= len(known) else None


def case_of(kept: TriageKept, aware_at: datetime, steps: list[Step], of: int = 1) -> AwaabCase:
    """Return the case that these steps of one hazard make. A second conclusion is of the renewed or further investigation."""
    times: dict[str, Any] = {}
    asked = "concluded_at", "found"
    for step, at, _ in steps:
        if step.startswith("concluded_"):
            times[asked[0]], times[asked[1]] = at, step.removeprefix("concluded_")
        elif step == "all_finished_and_told":
            times["completed_at"] = times["told_completed_at"] = at
        elif step in _TIMES:
            times[_TIMES[step]] = at
        if step == "renewed_investigation_asked":
            asked = "renewed_concluded_at", "renewed_found"
        elif step == "further_investigation_needed":
            asked = "further_concluded_at", "further_found"
    one = _class_of(kept, of)
    hazard, triaged = (one.hazard, one.hazard_class) if one is not None else ("", "none")
    return AwaabCase(hazard=hazard, triaged=triaged, aware_at=aware_at, **times)  # type: ignore[arg-type]


def states_of(kept: TriageKept, steps: list[Step], of: int = 1) -> dict[str, str]:
    """Return where a case stands on each track. Refused: repairs.no_such_hazard_step, repairs.hazard_step_out_of_turn."""
    one = _class_of(kept, of)
    states = awaab_step({}, f"triaged_{one.hazard_class if one is not None else 'none'}")
    for step, _, _ in steps:
        states = states if step in _BESIDE else awaab_step(states, step)
    return states


def changes_of(row: Any, clocks: tuple[Clock, ...], of: int = 1) -> tuple[list[ClockStarted], list[str]]:
    """Compare the law's clocks of one hazard with those that a locked repair has; return what starts and what stops."""
    known = dict(RepairClock.objects.filter(repair=row.id).values_list("code", "starts_at"))
    running = {code for code in running_of(row) if code.startswith("awaab.")}
    starts = [
        ClockStarted(code=c.code, starts_at=c.starts_at, due_at=c.due_at)
        for c in clocks
        if c.due_at is not None and c.ended_at is None and known.get(c.code) != c.starts_at
    ]
    ended = {c.code for c in clocks if c.ended_at is not None}
    investigations = {numbered(code, of) for code in INVESTIGATIONS}
    if any(c.code in investigations and c.ended_at is not None for c in clocks):
        ended |= investigations  # it was thought the lesser at first, so both run; another hazard's go on
    return starts, sorted(running & ended)


def ended_undone(row: Any) -> dict[str, str]:
    """Return the law's clocks that ended though nobody did what they ask for, by code: "not_needed" or "stopped"."""
    kept = triage_of(row)
    if kept is None:
        return {}
    cases = ((of, case_of(kept, row.aware_at, steps_of(row, of), of)) for of in numbers_of(row))
    clocks = [one for of, case in cases for one in of_hazard(awaab_clocks(case), of)]
    return {one.code: one.ended_by for one in clocks if one.ended_by in ("not_needed", "stopped")}


@action
def take_hazard_step(
    page: Page, *, repair: str, step: str, of: int = 1, says: str | None = None, by: By, at: datetime, command: str
) -> None:
    """Take a step of Awaab's Law: `step` is an event of rules.awaab_steps, `preventative_begun` or `cannot_make_safe`.

    Each hazard of a repair is a case of its own, with its own clocks and steps; `of` is its number.

    A conclusion names its finding (`concluded_emergency`) and starts the clocks of the summary and the work. `at` is when
    it was done. Refused: repairs.no_such_repair, already_over, no_hazard, no_such_hazard_step, hazard_step_out_of_turn, too_long.
    """
    row = lock_live(page, repair)
    accept_if_nobody_has(page, row, by)
    write_step(page, lock_repair(page, row.id), step, says, of)


def write_step(page: Page, row: Any, step: str, says: str | None = None, of: int = 1) -> None:
    """Write a step with the clocks that it starts and stops. A conclusion implies that the investigation was begun."""
    kept = triage_of(row)
    one = _class_of(kept, of) if kept is not None else None
    if kept is None or one is None or (one.hazard_class == "none" and not step.startswith("concluded")):
        raise Refused("repairs.no_hazard", reference=row.reference)
    if step.startswith("concluded_"):
        begin_to_look(page, row, of)
        row = lock_repair(page, row.id)
    _write(page, row, kept, step, says, of)
    if step == "made_safe":
        lasting_work_arranged(page, row.id)


def conclude(page: Page, repair: str, findings: Findings | None) -> None:
    """Write what was found of each hazard, by its number."""
    for of, finding in findings or ():
        write_step(page, lock_repair(page, repair), f"concluded_{finding}", of=of)


def lasting_work_arranged(page: Page, repair: str, job: Any | None = None) -> None:
    """Write that steps are taken to begin the lasting work (D2) once a visit is booked for what a survey asked for.

    `job`: the work for which one was booked just now. Only after the home was made safe: before, a work may be what makes it
    safe. Of several hazards nobody guesses whose work it is.
    """
    row = lock_repair(page, repair)
    if "awaab.D2" not in running_of(row) or len(numbers_of(row)) > 1 or not _was_made_safe(row):
        return
    asked = Work.objects.filter(repair=repair, survey__isnull=False).values("id")
    booked = Visit.objects.filter(repair=repair, state="booked", work__in=asked).order_by("id").values_list("id", flat=True)
    # The visit that has just made the home safe is over in this page, though it still stands booked in the database.
    if (job is not None and job.survey is not None) or any(_is_booked(page, visit) for visit in booked):
        write_step(page, row, "preventative_begun")


def _is_booked(page: Page, visit: str) -> bool:
    row = page.lock(Visit, visit)
    return row is not None and row.state == "booked"


def lasting_work_started(page: Page, repair: str) -> None:
    """Write that the lasting work was begun on site (D3): somebody did what a survey asked for, in a home made safe before."""
    row = lock_repair(page, repair)
    if "awaab.D3" in running_of(row) and len(numbers_of(row)) == 1 and may_step(row, "preventative_started"):
        write_step(page, row, "preventative_started")


def _was_made_safe(row: Any) -> bool:
    return any(step == "made_safe" for step, _, _ in steps_of(row))


def conclusion_of(row: Any, of: int) -> tuple[Any, datetime] | None:
    """Return what the last investigation of a hazard found, and when; None when none has ended."""
    ended = [(step.removeprefix("concluded_"), at) for step, at, _ in steps_of(row, of) if step.startswith("concluded_")]
    return ended[-1] if ended else None


def begin_to_look(page: Page, row: Any, of: int = 1) -> None:
    """Write that the investigation was begun, if nobody said so yet: whoever concludes writes it before what was found."""
    kept = triage_of(row)
    if kept is None or _class_of(kept, of) is None:
        return  # there is no hazard to look into: the conclusion is refused
    if states_of(kept, steps_of(row, of), of)["hazard"].endswith("_expected"):
        _write(page, row, kept, "investigation_begun", None, of)


def _write(page: Page, row: Any, kept: TriageKept, step: str, says: str | None, of: int) -> None:
    steps = [*steps_of(row, of), (step, page.at, None)]
    states_of(kept, steps, of)
    clocks = of_hazard(awaab_clocks(case_of(kept, row.aware_at, steps, of)), of)
    starts, stops = changes_of(row, clocks, of)
    finding = step.removeprefix("concluded_") if step.startswith("concluded_") else None
    page.write(
        HazardStepTaken(
            repair=row.id, household=row.household, step=step, starts=starts, stops=stops,
            finding=finding, says=words(says), of=of if of > 1 else None,  # type: ignore[arg-type]
        )
    )  # fmt: skip


def may_step(row: Any, step: str, of: int = 1) -> bool:
    """True if a step can be taken now for one hazard of a repair, locked or queried."""
    kept = triage_of(row)
    one = _class_of(kept, of) if kept is not None else None
    if kept is None or one is None or one.hazard_class == "none":
        return False
    try:
        states_of(kept, [*steps_of(row, of), (step, row.reported_at, None)], of)
    except Refused:
        return False
    return True


def work_due_on(row: Any, of: int = 1) -> date | None:
    """Return the law's last day for the next work on a hazard (A2, D1 or D2), or None when none of these clocks runs."""
    kept = triage_of(row)
    clocks = awaab_clocks(case_of(kept, row.aware_at, steps_of(row, of), of)) if kept is not None else ()
    due = [clock.due_at for clock in clocks if clock.code in WORK_CLOCKS and clock.due_at and clock.ended_at is None]
    return london_date(min(due) - timedelta(microseconds=1)) if due else None  # a clock of whole days ends as the next begins


@action
def record_cause(
    page: Page, *, repair: str, cause: str, made_good: bool | None = None, by: By, at: datetime, command: str
) -> None:
    """Record the cause of a leak, of damp or of a repeat; `made_good` once spoiled surfaces are put right.

    Refused: repairs.no_such_repair, already_over, say_the_cause, too_long.
    """
    row = lock_live(page, repair)
    page.write(
        CauseRecorded(
            repair=row.id,
            household=row.household,
            made_good=made_good,
            cause=words(cause, needed=Refused("repairs.say_the_cause")),
        )
    )
