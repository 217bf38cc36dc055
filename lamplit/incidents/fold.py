"""How each fact of an incident changes one row."""

from typing import Any

import msgspec

from lamplit.basics.fact import Written
from lamplit.incidents.facts import (
    CallsLate,
    ClashFound,
    ClashSettled,
    DutyDone,
    DutyGiven,
    DutyRang,
    DutyStarted,
    HouseholdRung,
    IncidentEnded,
    IncidentOpened,
    KindDeclared,
    PromiseMissed,
    PromiseMoved,
    PromiseNear,
    RehearsalDone,
    RehearsalOverdue,
    ServiceSaid,
    StatementCorrected,
    TakeoverConfirmed,
    TakeoverDeclared,
    TakeoverEnded,
    TellingAgreed,
    TellingPrepared,
    TellingWritten,
    UndoAgreed,
    UndoEnded,
    UpdateSaid,
)
from lamplit.record.facts import RecordRestored

Saying = IncidentOpened | ServiceSaid | UpdateSaid | IncidentEnded


def open_keys(fact: IncidentOpened | IncidentEnded) -> list[str]:
    """Return which of the two rows: what is real and what is a drill are open beside each other."""
    return ["drill" if fact.drill else "real"]


def ended_keys(fact: IncidentEnded) -> list[str]:
    """Return every line whose promise ends with the incident."""
    return fact.keeps


def now_open(row: Any, fact: IncidentOpened, entry: Written) -> None:
    row.incident = fact.incident


def none_open(row: Any, fact: IncidentEnded, entry: Written) -> None:
    row.incident = None


def opened(row: Any, fact: IncidentOpened, entry: Written) -> None:
    row.drill, row.opened_at, row.opened_by, row.aware_at = fact.drill, entry.at, entry.by, fact.aware_at


def ended(row: Any, fact: IncidentEnded, entry: Written) -> None:
    row.ended_at, row.ended_by = entry.at, entry.by


def whole_said(row: Any, fact: IncidentOpened | UpdateSaid | IncidentEnded, entry: Written) -> None:
    _said(row, fact, entry)
    row.about = "incident"


def update_said(row: Any, fact: UpdateSaid, entry: Written) -> None:
    whole_said(row, fact, entry)
    row.next_at = fact.next_at
    _checked(row, fact)


def opening_said(row: Any, fact: IncidentOpened, entry: Written) -> None:
    whole_said(row, fact, entry)
    row.next_at = fact.next_at


def service_said(row: Any, fact: ServiceSaid, entry: Written) -> None:
    _said(row, fact, entry)
    row.about, row.state, row.known = fact.service, fact.state, fact.known
    row.works, row.instead, row.looked_at = fact.works, fact.instead, fact.looked_at
    row.back_at, row.next_at = fact.back_at, fact.next_at
    _checked(row, fact)


def _said(row: Any, fact: Saying, entry: Written) -> None:
    row.incident, row.says, row.said_at, row.said_by = fact.incident, fact.says, entry.at, entry.by


def _checked(row: Any, fact: ServiceSaid | UpdateSaid) -> None:
    row.checked_by, row.checked_what, row.checked_at = fact.checked_by, fact.checked_what, fact.checked_at
    row.checker = fact.checker


def kept(row: Any, fact: ServiceSaid | UpdateSaid | IncidentEnded, entry: Written) -> None:
    row.kept_at = entry.at


def moved(row: Any, fact: PromiseMoved, entry: Written) -> None:
    move = {"from_at": fact.from_at.isoformat(), "to_at": fact.next_at.isoformat(), "why": fact.why, "at": entry.at.isoformat()}
    row.moves = [*_list_of(row.moves), move]
    row.next_at, row.rung_at = fact.next_at, None


def near(row: Any, fact: PromiseNear, entry: Written) -> None:
    row.rung_at = entry.at


def missed(row: Any, fact: PromiseMissed, entry: Written) -> None:
    row.missed_at = entry.at


def corrected(row: Any, fact: StatementCorrected, entry: Written) -> None:
    row.corrected_at, row.corrected_why, row.corrected_by_line = entry.at, fact.why, fact.right


def kind_declared(row: Any, fact: KindDeclared, entry: Written) -> None:
    row.kinds = [*_list_of(row.kinds), fact.kind]


def duty_keys(fact: DutyStarted | DutyGiven | DutyDone | DutyRang) -> list[str]:
    return [f"{fact.incident}.{fact.duty}"]


def duty_started(row: Any, fact: DutyStarted, entry: Written) -> None:
    row.incident, row.duty, row.starts_at, row.due_at = fact.incident, fact.duty, fact.starts_at, fact.due_at


def duty_given(row: Any, fact: DutyGiven, entry: Written) -> None:
    row.owner = fact.owner


def duty_done(row: Any, fact: DutyDone, entry: Written) -> None:
    row.outcome, row.done_at, row.done_by = fact.outcome, entry.at, entry.by
    row.reference, row.spoken_to, row.why = fact.reference, fact.spoken_to, fact.why


def duty_rang(row: Any, fact: DutyRang, entry: Written) -> None:
    if fact.overdue:
        row.overdue_rung_at = entry.at
    else:
        row.near_rung_at = entry.at


def _list_of(value: Any) -> list[Any]:
    """A list column is JSON text in a live page and a list in a replay."""
    return list(msgspec.json.decode(value)) if isinstance(value, str) else list(value or [])


def taken_over(row: Any, fact: TakeoverDeclared, entry: Written) -> None:
    row.main, row.size, row.drill, row.alone = fact.main, fact.size, fact.drill, fact.alone
    row.asked_at, row.declared_at = fact.asked_at, entry.at
    row.first, row.second, row.why = fact.first, fact.second, fact.why


def takeover_confirmed(row: Any, fact: TakeoverConfirmed, entry: Written) -> None:
    row.second, row.confirmed_at = fact.second, entry.at


def takeover_ended(row: Any, fact: TakeoverEnded, entry: Written) -> None:
    row.ended_at, row.standby = entry.at, fact.standby


def clash_found(row: Any, fact: ClashFound, entry: Written) -> None:
    row.about, row.reason, row.standby, row.found_at = fact.about, fact.why, fact.standby, entry.at
    row.main_kinds, row.standby_kinds = fact.main_kinds, fact.standby_kinds


def clash_settled(row: Any, fact: ClashSettled, entry: Written) -> None:
    row.settled_at, row.settled_by, row.outcome, row.why = entry.at, entry.by, fact.outcome, fact.why


def undo_agreed(row: Any, fact: UndoAgreed, entry: Written) -> None:
    row.account, row.from_at, row.to_at, row.entries = fact.account, fact.from_at, fact.to_at, fact.entries
    row.agreed, row.agreed_at = fact.agreed, entry.at


def undo_ended(row: Any, fact: UndoEnded, entry: Written) -> None:
    row.answered, row.left, row.more, row.ended_at = fact.answered, fact.left, fact.more, entry.at


def came_back(row: Any, fact: RecordRestored, entry: Written) -> None:
    row.held, row.size, row.last_at, row.at = fact.held, fact.size, fact.last_at, entry.at


def rehearsed(row: Any, fact: RehearsalDone, entry: Written) -> None:
    row.how, row.at, row.by, row.holds, row.size = fact.how, entry.at, entry.by, fact.holds, fact.size
    row.seconds, row.rows, row.differences, row.who = fact.seconds, fact.rows, fact.differences, fact.who


def rehearsed_well(row: Any, fact: RehearsalDone, entry: Written) -> None:
    if fact.holds:
        row.done_at, row.rang_at = entry.at, None


def rehearsal_overdue(row: Any, fact: RehearsalOverdue, entry: Written) -> None:
    row.rang_at = entry.at


def telling_prepared(row: Any, fact: TellingPrepared, entry: Written) -> None:
    row.incident, row.what, row.number, row.next_at = fact.incident, fact.what, fact.number, fact.next_at
    row.subject, row.short, row.long, row.script = fact.subject, fact.short, fact.long, fact.script
    row.prepared_at, row.prepared_by, row.households, row.people = entry.at, entry.by, 0, 0


def telling_agreed(row: Any, fact: TellingAgreed, entry: Written) -> None:
    if fact.second:
        row.second_at, row.second_by = entry.at, entry.by
    else:
        row.first_at, row.first_by = entry.at, entry.by


def telling_written(row: Any, fact: TellingWritten, entry: Written) -> None:
    row.upto, row.households, row.people = fact.upto, row.households + fact.households, row.people + fact.people
    if fact.over:
        row.over_at = entry.at


def household_rung(row: Any, fact: HouseholdRung, entry: Written) -> None:
    row.incident, row.household, row.person = fact.incident, fact.household, fact.person
    row.at, row.by, row.outcome, row.needs, row.next_on = entry.at, entry.by, fact.outcome, fact.needs, fact.next_on


def calls_late(row: Any, fact: CallsLate, entry: Written) -> None:
    row.calls_late_at = entry.at
