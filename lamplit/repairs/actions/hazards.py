"""Awaab's Law on one repair: the steps that are taken, and the clocks that follow from when each thing happened."""

from datetime import datetime
from typing import Any

import msgspec

from lamplit.basics.deadlines import Clock
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.record.page import Page, action
from lamplit.repairs.actions.opening import accept_if_nobody_has, lock_live, lock_repair, words
from lamplit.repairs.facts import CauseRecorded, ClockStarted, HazardStepTaken, TriageKept
from lamplit.repairs.models import RepairClock
from lamplit.repairs.queries.standing import running_of, triage_of
from lamplit.repairs.rules.awaab import AwaabCase, awaab_clocks
from lamplit.repairs.rules.awaab_steps import awaab_step

Step = tuple[str, datetime, str | None]

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
    "alternative_accepted": "moved_out_at",
    "alternative_declined": "alternative_declined_at",
    "consent_exhausted": "third_party_exhausted_at",
}
INVESTIGATIONS = {"awaab.A1", "awaab.B1"}
# Steps outside the table of states: they set a time and leave the states as they are.
CANNOT_MAKE_SAFE = "cannot_make_safe"
_BESIDE = ("preventative_begun", CANNOT_MAKE_SAFE)


def steps_of(row: Any) -> list[Step]:
    """Return the steps taken so far of a repair, in order. A locked row holds them as text, a queried one as they are meant."""
    if isinstance(row.steps, str | bytes):
        return msgspec.json.decode(row.steps, type=list[Step])
    return msgspec.convert(row.steps, list[Step])


def case_of(kept: TriageKept, aware_at: datetime, steps: list[Step]) -> AwaabCase:
    """Return the case that these steps make. A second conclusion is of the renewed or the further investigation."""
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
    return AwaabCase(hazard=kept.hazard or "", triaged=kept.hazard_class or "none", aware_at=aware_at, **times)  # type: ignore[arg-type]


def states_of(kept: TriageKept, steps: list[Step]) -> dict[str, str]:
    """Return where a case stands on each track. Refused: repairs.no_such_hazard_step, repairs.hazard_step_out_of_turn."""
    states = awaab_step({}, f"triaged_{kept.hazard_class or 'none'}")
    for step, _, _ in steps:
        states = states if step in _BESIDE else awaab_step(states, step)
    return states


def changes_of(row: Any, clocks: tuple[Clock, ...]) -> tuple[list[ClockStarted], list[str]]:
    """Compare the law's clocks of a case with those that a locked repair has; return what starts and what stops."""
    known = dict(RepairClock.objects.filter(repair=row.id).values_list("code", "starts_at"))
    running = {code for code in running_of(row) if code.startswith("awaab.")}
    starts = [
        ClockStarted(code=c.code, starts_at=c.starts_at, due_at=c.due_at)
        for c in clocks
        if c.due_at is not None and c.ended_at is None and known.get(c.code) != c.starts_at
    ]
    ended = {c.code for c in clocks if c.ended_at is not None}
    if any(c.code in INVESTIGATIONS and c.ended_at is not None for c in clocks):
        ended |= INVESTIGATIONS  # a second, lesser hazard was looked into on the same visit
    return starts, sorted(running & ended)


@action
def take_hazard_step(page: Page, *, repair: str, step: str, says: str | None = None, by: By, at: datetime, command: str) -> None:
    """Take a step of Awaab's Law: `step` is an event of rules.awaab_steps, `preventative_begun` or `cannot_make_safe`.

    A conclusion names its finding (`concluded_emergency`) and starts the clocks of the summary and the work. `at` is when
    it was done. Refused: repairs.no_such_repair, already_over, no_hazard, no_such_hazard_step, hazard_step_out_of_turn, too_long.
    """
    row = lock_live(page, repair)
    accept_if_nobody_has(page, row, by)
    write_step(page, lock_repair(page, row.id), step, says)


def write_step(page: Page, row: Any, step: str, says: str | None = None) -> None:
    """Write a step with the clocks that it starts and stops. A conclusion implies that the investigation was begun."""
    kept = triage_of(row)
    if kept is None or kept.hazard is None or (kept.hazard_class in (None, "none") and not step.startswith("concluded")):
        raise Refused("repairs.no_hazard", reference=row.reference)
    steps = steps_of(row)
    if step.startswith("concluded_") and states_of(kept, steps)["hazard"].endswith("_expected"):
        _write(page, row, kept, "investigation_begun", None)
        row = lock_repair(page, row.id)
    _write(page, row, kept, step, says)


def _write(page: Page, row: Any, kept: TriageKept, step: str, says: str | None) -> None:
    steps = [*steps_of(row), (step, page.at, None)]
    states_of(kept, steps)
    starts, stops = changes_of(row, awaab_clocks(case_of(kept, row.aware_at, steps)))
    finding = step.removeprefix("concluded_") if step.startswith("concluded_") else None
    page.write(
        HazardStepTaken(
            repair=row.id, household=row.household, step=step, starts=starts, stops=stops,
            finding=finding, says=words(says),  # type: ignore[arg-type]
        )
    )  # fmt: skip


def may_step(row: Any, step: str) -> bool:
    """True if a step can be taken now on a repair, locked or queried."""
    kept = triage_of(row)
    if kept is None or kept.hazard is None or kept.hazard_class in (None, "none"):
        return False
    try:
        states_of(kept, [*steps_of(row), (step, row.reported_at, None)])
    except Refused:
        return False
    return True


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
