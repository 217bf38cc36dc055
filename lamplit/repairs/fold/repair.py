"""Folds of the table of repairs. The row keeps its own works and everything that runs out, so that one index orders the queue."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from lamplit.basics.fact import Written
from lamplit.basics.working_days import day_begins_at, day_ends_at
from lamplit.repairs import facts

EMERGENCIES = ("immediate", "emergency")
DONE_STATES = ("mended", "settled")
Starts = Iterable[facts.ClockStarted]
ASK_AGAIN = timedelta(days=3)  # orders the queue only; the closing rules say when a repair may be closed

_running = msgspec.json.Decoder(dict[str, datetime])
_states = msgspec.json.Decoder(dict[str, str])

# What a visit's outcome makes of its work. Anything else leaves the work open: a temporary fix, no access, missing parts.
STATE_AFTER = {"mended": "mended", "not_needed": "mended", "inspected": "settled", "other_trade": "settled"}


def reported(row: Any, fact: facts.RepairReported, entry: Written) -> None:
    row.home, row.household, row.voice, row.reporter = fact.home, fact.household, fact.voice, fact.reporter
    row.block = fact.block
    row.reference, row.channel, row.edition, row.follows = fact.reference, fact.channel, fact.edition, fact.follows
    row.keyed_by, row.reported_at, row.aware_at, row.recorded_at = entry.by, entry.at, entry.at, entry.recorded_at
    row.title, row.fault, row.fault_group, row.room = fact.title, fact.fault, fact.group, fact.room
    row.answers, row.triage, row.words, row.caller = fact.answers, fact.triage, fact.words, fact.caller
    row.alone, row.old_reference = fact.alone, fact.old_reference
    row.priority, row.due_at = fact.priority, fact.due_at
    row.ring_from_at = entry.at if fact.priority in EMERGENCIES else None
    row.ring_count = row.reopened_count = row.missed_count = row.asked_count = 0
    row.report_count = 1
    row.works, row.steps, row.asked_by, row.running = {}, [], [], {}
    run(row, entry.at, starts=fact.starts)


def run(
    row: Any, at: datetime, *, starts: Starts = (), stops: Iterable[str] = (), also: dict[str, datetime] | None = None
) -> None:
    """Stop and start clocks and other things that run out, then say how the repair stands.

    An open repair of which nothing runs out is due at once: somebody must say what comes next.
    """
    running = _running_of(row)
    for code in stops:
        running.pop(code, None)
    for clock in starts:
        running[clock.code] = clock.due_at
    if also:
        running |= also
    _settle(row, running, at)


def _settle(row: Any, running: dict[str, datetime], at: datetime) -> None:
    row.status = status = _status(row)
    row.live = status not in ("closed", "joined")
    row.queue_rank = 0 if status == "received" else 1
    if not row.live:
        row.running, row.next_at, row.next_code = {}, None, None
        return
    for code in ("confirm", "finish", "next_step"):
        running.pop(code, None)
    if row.confirmed_at:
        running["finish"] = row.confirmed_at
    elif status == "to_confirm":
        running["confirm"] = row.asked_at + ASK_AGAIN if row.asked_at else row.mended_at
    elif not running:
        running["next_step"] = at
    row.running = running
    row.next_at, row.next_code = min(zip(running.values(), running, strict=True))


# A row read from the database has its JSON as text; one that a replay holds, as it was last set. What a fold sets is new each
# time: whoever locked the row before keeps what he saw.


def _running_of(row: Any) -> dict[str, datetime]:
    return dict(row.running) if row.running.__class__ is dict else _running.decode(row.running)


def _works_of(row: Any) -> dict[str, str]:
    return dict(row.works) if row.works.__class__ is dict else _states.decode(row.works)


def _list_of(kept: Any) -> list[Any]:
    return list(kept) if kept.__class__ is list else msgspec.json.decode(kept)


def _status(row: Any) -> str:
    if row.joined_into:
        return "joined"
    if row.closed_at:
        return "closed"
    if row.priority in EMERGENCIES and row.accepted_at is None:
        return "received"
    if row.mended_at:
        return "to_confirm"
    states = _works_of(row).values()
    return "waiting" if "waiting" in states and "open" not in states else "open"


def _work(row: Any, work: str, state: str, at: datetime) -> None:
    row.works = _works_of(row) | {work: state}
    states = set(row.works.values())
    # A cancelled or inspected work alone mends nothing: one must have been mended, and none may be left.
    row.mended_at = (row.mended_at or at) if "mended" in states and states <= set(DONE_STATES) else None


def retriaged(row: Any, fact: facts.RepairRetriaged, entry: Written) -> None:
    if fact.priority in EMERGENCIES and row.priority not in EMERGENCIES:
        row.ring_from_at = entry.at
        row.ring_count = 0
    row.priority, row.due_at, row.retriage = fact.priority, fact.due_at, fact.triage
    run(row, entry.at, starts=fact.starts, stops=fact.stops)


def joined(row: Any, fact: facts.RepairJoined, entry: Written) -> None:
    row.joined_into = fact.into
    run(row, entry.at)


def counted(row: Any, fact: facts.RepairJoined, entry: Written) -> None:
    row.report_count += 1


def given(row: Any, fact: facts.RepairGiven, entry: Written) -> None:
    row.owner = fact.owner


def rung(row: Any, fact: facts.OnCallRung, entry: Written) -> None:
    row.ring_count, row.rung_at = max(row.ring_count, fact.ring), entry.at


def accepted(row: Any, fact: facts.RepairAccepted, entry: Written) -> None:
    row.accepted_by, row.accepted_at = fact.staff, entry.at
    row.owner = row.owner or fact.staff
    run(row, entry.at)


def work_ordered(row: Any, fact: facts.WorkOrdered, entry: Written) -> None:
    _work(row, fact.work, "open", entry.at)
    row.confirmed_at = None
    run(row, entry.at, also=None if fact.target_on is None else {f"by.{fact.work}": day_ends_at(fact.target_on)})


def work_waiting(row: Any, fact: facts.WorkWaiting, entry: Written) -> None:
    _work(row, fact.work, "waiting", entry.at)
    run(row, entry.at, stops=[f"missed.{fact.work}"], also={f"look.{fact.work}": day_begins_at(fact.look_again_on)})


def work_cancelled(row: Any, fact: facts.WorkCancelled, entry: Written) -> None:
    _work(row, fact.work, "settled", entry.at)
    run(row, entry.at, stops=[f"look.{fact.work}", f"missed.{fact.work}", f"by.{fact.work}"])


def visit_booked(row: Any, fact: facts.VisitBooked, entry: Written) -> None:
    _work(row, fact.work, "open", entry.at)
    run(row, entry.at, stops=[f"look.{fact.work}", f"missed.{fact.work}"], also={f"visit.{fact.visit}": fact.until_at})


def visit_cancelled(row: Any, fact: facts.VisitCancelled, entry: Written) -> None:
    run(row, entry.at, stops=[f"visit.{fact.visit}"])


def visit_missed(row: Any, fact: facts.VisitMissed, entry: Written) -> None:
    """What we missed is due at once: somebody must agree a new time."""
    row.missed_count += 1
    run(row, entry.at, stops=[f"visit.{fact.visit}"], also={f"missed.{fact.work}": entry.at})


def visit_attended(row: Any, fact: facts.VisitAttended, entry: Written) -> None:
    _work(row, fact.work, STATE_AFTER.get(fact.outcome, "open"), entry.at)
    row.electrics = fact.electrics or row.electrics
    row.made_good = row.made_good if fact.made_good is None else fact.made_good
    row.missed_count -= 1 if fact.after_all else 0
    over = [f"visit.{fact.visit}", f"look.{fact.work}", f"missed.{fact.work}"]
    over += [f"by.{fact.work}"] if fact.outcome in STATE_AFTER else []
    run(row, entry.at, starts=fact.starts, stops=[*fact.stops, *over])


def work_proved(row: Any, fact: facts.WorkProved, entry: Written) -> None:
    row.electrics = fact.electrics or row.electrics


def variation_asked(row: Any, fact: facts.VariationAsked, entry: Written) -> None:
    """It stands in the queue until somebody has answered."""
    run(row, entry.at, also=None if fact.answer_by is None else {f"variation.{fact.variation}": fact.answer_by})


def variation_decided(row: Any, fact: facts.VariationDecided, entry: Written) -> None:
    run(row, entry.at, stops=[f"variation.{fact.variation}"])


def cause_recorded(row: Any, fact: facts.CauseRecorded, entry: Written) -> None:
    row.cause = fact.cause
    row.made_good = row.made_good if fact.made_good is None else fact.made_good


def hazard_step(row: Any, fact: facts.HazardStepTaken, entry: Written) -> None:
    taken = [fact.step, entry.at, fact.finding, *([fact.of] if fact.of else [])]
    row.steps = [*_list_of(row.steps), taken]
    run(row, entry.at, starts=fact.starts, stops=fact.stops)


def ran_out(row: Any, fact: facts.ClockRanOut, entry: Written) -> None:
    row.missed_count += 1


def asked(row: Any, fact: facts.TenantAsked, entry: Written) -> None:
    row.asked_count, row.asked_at = row.asked_count + 1, entry.at
    row.asked_by = [*_list_of(row.asked_by), fact.channel]
    run(row, entry.at)


def confirmed(row: Any, fact: facts.RepairConfirmed, entry: Written) -> None:
    """The word of another home that the repair concerns stands with that home."""
    row.confirmed_at = entry.at if fact.home is None else row.confirmed_at
    run(row, entry.at)


def closed(row: Any, fact: facts.RepairClosed, entry: Written) -> None:
    row.closed_at, row.closed_how, row.closed_by, row.closed_why = entry.at, fact.how, entry.by, fact.why
    run(row, entry.at, stops=fact.stops)


def reopened(row: Any, fact: facts.RepairReopened, entry: Written) -> None:
    """What was mended is history; what was still to do goes on. An emergency is received again until a person has it."""
    row.works = {work: state for work, state in _works_of(row).items() if state not in DONE_STATES}
    row.closed_at = row.closed_how = row.closed_by = row.closed_why = row.mended_at = row.confirmed_at = row.asked_at = None
    row.asked_count, row.asked_by, row.reopened_count = 0, [], row.reopened_count + 1
    row.cause = row.electrics = row.made_good = None
    row.priority, row.due_at, row.owner = fact.priority, fact.due_at, fact.owner or row.owner
    if any(clock.code.startswith("awaab.") for clock in fact.starts):
        row.steps, row.aware_at = [], entry.at
    if fact.priority in EMERGENCIES:
        row.accepted_by = row.accepted_at = row.rung_at = None
        row.ring_from_at, row.ring_count = entry.at, 0
    run(row, entry.at, starts=fact.starts)
