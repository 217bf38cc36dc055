"""What can be done in an incident. Its row is locked first, so that what is said stands in one order."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.incidents import facts, queries
from lamplit.incidents.actions.letters import hold_letters, let_letters_go, note_answer
from lamplit.incidents.actions.takeover import confirm_takeover, end_takeover, note_clash, record_takeover, settle_clash
from lamplit.incidents.actions.telling import agree_telling, prepare_telling, write_telling
from lamplit.incidents.actions.welfare import note_calls_late, record_call
from lamplit.incidents.models import Duty, Incident, Line, Open, Rehearsed, Undo
from lamplit.incidents.rules import duties, rehearsals, status
from lamplit.incidents.rules.duties import Proof
from lamplit.incidents.rules.history import WHOLE
from lamplit.incidents.rules.status import Checked, Said
from lamplit.record.encode import clean
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy

__all__ = [
    "Checked",
    "Proof",
    "Said",
    "agree_telling",
    "confirm_takeover",
    "end_takeover",
    "hold_letters",
    "let_letters_go",
    "note_answer",
    "note_calls_late",
    "note_clash",
    "prepare_telling",
    "record_call",
    "record_takeover",
    "settle_clash",
    "write_telling",
]  # fmt: skip


@action
def open_incident(
    page: Page,
    *,
    says: str,
    next_at: datetime | None,
    aware_at: datetime,
    kinds: list[str],
    drill: bool,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Declare an incident, or a drill. `aware_at` is when we knew. Returns its id.

    `kinds` are of the dated configuration; the duties of each begin. Refused: incidents.open_already,
    incidents.nothing_said, incidents.aware_later, and those of `rules.status` and `rules.duties.check_kinds`.
    """
    row = page.lock(Open, "drill" if drill else "real")
    if row is not None and row.incident is not None:
        raise Refused("incidents.open_already")
    if aware_at > at:
        raise Refused("incidents.aware_later")
    _check_whole(says, None, at)
    until, about = status.check_next(next_at, at), duties.check_kinds(kinds, at)
    made = page.new_id("i")
    page.write(
        facts.IncidentOpened(
            incident=made, line=page.new_id("l"), drill=drill, says=clean(says), next_at=until, aware_at=aware_at
        )
    )
    _declare(page, made, about, aware_at, ())
    return made


@action
def say_service(page: Page, *, incident: str, service: str, said: Said, by: By, at: datetime, command: str) -> str:
    """Say how a service stands. It keeps the promise of the line before, and makes the next. Returns the line.

    Refused: incidents.not_open, and those of `rules.status.check_service`.
    """
    _lock(page, incident)
    return _say_service(page, incident, service, said)


@action
def say_update(
    page: Page, *, incident: str, says: str, next_at: datetime | None, checked: Checked | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Say something of the incident as a whole. Returns the line. Refused: incidents.not_open, incidents.nothing_said."""
    _lock(page, incident)
    return _say_update(page, incident, says, next_at, checked)


@action
def move_promise(page: Page, *, line: str, next_at: datetime | None, why: str, by: By, at: datetime, command: str) -> None:
    """Put off a promised update before it is due, and say why; both times stay visible.

    Refused: incidents.no_such_line, incidents.not_open, incidents.no_promise, incidents.promise_over, incidents.say_why,
    incidents.same_time.
    """
    row = _line(page, line)
    until = status.check_next(next_at, at)
    status.check_words(why)
    if not why.strip():
        raise Refused("incidents.say_why")
    if row.next_at is None or row.kept_at is not None:
        raise Refused("incidents.no_promise")
    if row.missed_at is not None or row.next_at <= at:
        raise Refused("incidents.promise_over")
    if until == row.next_at:
        raise Refused("incidents.same_time")
    status.check_claims([why], None, claims=False, at=at)
    page.write(facts.PromiseMoved(incident=row.incident, line=line, from_at=row.next_at, next_at=until, why=clean(why)))


@action
def correct_service(page: Page, *, line: str, said: Said, why: str, by: By, at: datetime, command: str) -> str:
    """Correct what was said of a service: the old words stay, marked; the right ones stand now. Returns the new line.

    Refused: incidents.corrected_before, incidents.say_why, and those of `say_service`.
    """
    row = _wrong(page, line, why)
    right = _say_service(page, row.incident, row.about, said)
    page.write(facts.StatementCorrected(incident=row.incident, line=line, right=right, why=clean(why)))
    return right


@action
def correct_update(
    page: Page, *, line: str, says: str, next_at: datetime | None, why: str, checked: Checked | None = None,
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Correct what was said of the incident as a whole; as `correct_service`."""
    row = _wrong(page, line, why)
    right = _say_update(page, row.incident, says, next_at, checked)
    page.write(facts.StatementCorrected(incident=row.incident, line=line, right=right, why=clean(why)))
    return right


@action
def end_incident(page: Page, *, incident: str, says: str, by: By, at: datetime, command: str) -> None:
    """End an incident. Refused: incidents.not_open, incidents.nothing_said, and those of `rules.status.check_end`."""
    row = _lock(page, incident)
    _check_whole(says, None, at)
    now = queries.standing(queries.lines_of(incident))
    status.check_end({about: (one.state, one.known) for about, one in now.items() if about != WHOLE}, at)
    waiting = sorted(one.id for one in queries.promised(now.values()))
    ended = facts.IncidentEnded(incident=incident, line=page.new_id("l"), drill=row.drill, says=clean(says), keeps=waiting)
    page.write(ended)


@action
def note_promise_near(page: Page, *, line: str, next_at: datetime, by: By, at: datetime, command: str) -> bool:
    """Write down that the lead is rung about a promise. False when it was kept, moved or rung about meanwhile."""
    row = _line_of_open(page, line)
    if row is None or row.next_at != next_at or row.kept_at or row.rung_at:
        return False
    page.write(facts.PromiseNear(incident=row.incident, line=line, next_at=next_at))
    return True


@action
def note_promise_missed(page: Page, *, line: str, next_at: datetime, by: By, at: datetime, command: str) -> bool:
    """Write down that a promise was missed. False when it was kept or moved meanwhile, or its time has not come."""
    row = _line_of_open(page, line)
    if row is None or row.next_at != next_at or row.kept_at or row.missed_at:
        return False
    if at < next_at:
        return False
    page.write(facts.PromiseMissed(incident=row.incident, line=line, next_at=next_at))
    return True


@action
def declare_kind(page: Page, *, incident: str, kind: str, aware_at: datetime, by: By, at: datetime, command: str) -> list[str]:
    """Say what else an incident is about. Returns the duties that began.

    Refused: incidents.not_open, incidents.aware_later, incidents.declared_before, and those of `rules.duties.check_kinds`.
    """
    _lock(page, incident)
    (about,) = duties.check_kinds([kind], at)
    declared = queries.incident(incident)
    if declared is not None and about in (declared.kinds or []):
        raise Refused("incidents.declared_before")
    if aware_at > at:
        raise Refused("incidents.aware_later")
    return _declare(page, incident, [about], aware_at, [one.duty for one in queries.duties_of(incident)])


def _declare(page: Page, incident: str, about: list[str], aware_at: datetime, running: Collection[str]) -> list[str]:
    """Write what was declared, and start each duty that does not run yet: one that runs keeps its earlier clock."""
    for kind in about:
        page.write(facts.KindDeclared(incident=incident, kind=kind, aware_at=aware_at))
    started = [duty for duty in duties.duties_of(about, aware_at) if duty not in running]
    for duty in started:
        due_at = duties.clock(duty, aware_at).due_at
        assert due_at is not None, duty  # noqa: S101 - each duty of the file has a limit; a test reads them all
        page.write(facts.DutyStarted(incident=incident, duty=duty, starts_at=aware_at, due_at=due_at))
    return started


@action
def give_duty(page: Page, *, incident: str, duty: str, owner: str, by: By, at: datetime, command: str) -> None:
    """Give a duty to somebody. Refused: incidents.no_such_duty, incidents.duty_over."""
    _waiting(page, incident, duty)
    page.write(facts.DutyGiven(incident=incident, duty=duty, owner=owner))


@action
def do_duty(
    page: Page,
    *,
    incident: str,
    duty: str,
    outcome: Literal["done", "not_needed"],
    proof: Proof,
    by: By,
    at: datetime,
    command: str,
) -> None:
    """Say that a duty was done, with its proof, or that it is not needed, and why. `at` is when it was done.

    Refused: incidents.no_such_duty, incidents.duty_over, and those of `rules.duties.check_done`.
    """
    _waiting(page, incident, duty)
    duties.check_done(outcome, proof)
    parts = {name: _or_none(getattr(proof, name)) for name in ("reference", "spoken_to", "why")}
    page.write(facts.DutyDone(incident=incident, duty=duty, outcome=outcome, **parts))


@action
def note_duty_rang(page: Page, *, incident: str, duty: str, overdue: bool, by: By, at: datetime, command: str) -> bool:
    """Write down that a duty rings. False when it was done or rang before."""
    row = page.lock(Duty, f"{incident}.{duty}")
    if row is None or row.outcome is not None or (row.overdue_rung_at if overdue else row.near_rung_at) is not None:
        return False
    page.write(facts.DutyRang(incident=incident, duty=duty, overdue=overdue))
    return True


def _waiting(page: Page, incident: str, duty: str) -> None:
    """Lock a duty that waits."""
    row = page.lock(Duty, f"{incident}.{duty}")
    if row is None:
        raise Refused("incidents.no_such_duty")
    if row.outcome is not None:
        raise Refused("incidents.duty_over")


def _lock(page: Page, incident: str) -> Incident:
    row = page.lock(Incident, incident)
    if row is None or row.ended_at is not None:
        raise Refused("incidents.not_open")
    return row  # type: ignore[no-any-return]  # the row has the model's columns


def _line_of_open(page: Page, line: str) -> Line | None:
    """Lock a line's incident, then the line, in the order of everything else here. None when the incident is over."""
    found = queries.line(line)
    over = found is None or (row := page.lock(Incident, found.incident)) is None or row.ended_at is not None
    return None if over else page.lock(Line, line)


def _line(page: Page, line: str) -> Line:
    """Lock a line's incident, then the line."""
    found = queries.line(line)
    if found is None:
        raise Refused("incidents.no_such_line")
    _lock(page, found.incident)
    return page.lock(Line, line)  # type: ignore[return-value]  # it is there: lines are never taken away


def _wrong(page: Page, line: str, why: str) -> Line:
    row = _line(page, line)
    if row.corrected_at is not None:
        raise Refused("incidents.corrected_before")
    if not why.strip():
        raise Refused("incidents.say_why")
    status.check_words(why)
    return row


def _say_service(page: Page, incident: str, service: str, said: Said) -> str:
    status.check_service(service, said, page.at)
    line = page.new_id("l")
    page.write(
        facts.ServiceSaid(
            incident=incident, line=line, service=service, state=said.state, known=said.known,
            works=_or_none(said.works), instead=_or_none(said.instead), says=_or_none(said.says),
            looked_at=_or_none(said.looked_at), back_at=said.back_at, next_at=said.next_at,
            keeps=_keeps(incident, service), **_check(said.checked),
        )
    )  # fmt: skip
    return line


def _say_update(page: Page, incident: str, says: str, next_at: datetime | None, checked: Checked | None) -> str:
    _check_whole(says, checked, page.at)
    until, line = status.check_next(next_at, page.at), page.new_id("l")
    page.write(
        facts.UpdateSaid(
            incident=incident, line=line, says=clean(says), next_at=until, keeps=_keeps(incident, WHOLE), **_check(checked)
        )
    )
    return line


def _check_whole(says: str, checked: Checked | None, at: datetime) -> None:
    if not says.strip():
        raise Refused("incidents.nothing_said")
    status.check_words(says)
    status.check_claims([says], checked, claims=False, at=at)


def _keeps(incident: str, about: str) -> str | None:
    """Return the line of the same thing whose promise this one keeps."""
    before = queries.standing(queries.lines_of(incident)).get(about)
    return before.id if before is not None and before.next_at is not None and before.kept_at is None else None


def _check(checked: Checked | None) -> dict[str, Any]:
    if checked is None or not any((checked.by.strip(), checked.name.strip(), checked.what.strip())):
        return {}
    return {
        "checked_by": _or_none(checked.by), "checked_what": _or_none(checked.what), "checked_at": checked.at,
        "checker": _or_none(checked.name),
    }  # fmt: skip


def _or_none(text: str) -> str | None:
    return clean(text) if text.strip() else None


MOST_LEFT = 1_500  # ids that one entry holds


@action
def agree_undo(
    page: Page, *, account: str, from_at: datetime, to_at: datetime, entries: int, agreed: list[str],
    by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Write down that two members of staff agreed to answer what a stolen account wrote. Returns the id of the undoing.

    Refused: incidents.undo_needs_two, incidents.nothing_to_undo.
    """
    two = sorted(set(agreed))
    if len(two) != 2 or account in two:
        raise Refused("incidents.undo_needs_two")
    if not entries:
        raise Refused("incidents.nothing_to_undo")
    undo = page.new_id("u")
    page.write(facts.UndoAgreed(undo=undo, account=account, from_at=from_at, to_at=to_at, entries=entries, agreed=two))
    return undo


@action
def end_undo(page: Page, *, undo: str, answered: int, left: list[str], by: By, at: datetime, command: str) -> None:
    """Write down how much was answered, and what is left for a person. Refused: incidents.no_such_undo."""
    if page.lock(Undo, undo) is None:
        raise Refused("incidents.no_such_undo")
    page.write(facts.UndoEnded(undo=undo, answered=answered, left=left[:MOST_LEFT], more=len(left[MOST_LEFT:]) or None))


@action
def note_owed_released(page: Page, *, entries: int, by: By, at: datetime, command: str) -> None:
    """Write down that somebody let the worker tell what tenants may not have been told."""
    page.write(facts.OwedReleased(entries=entries))


@action
def record_rehearsal(
    page: Page, *, how: Literal["nightly", "custodians"], holds: bool, size: int, seconds: int, rows: int, differences: int,
    who: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Write down a rehearsal of coming back. Returns its id. Refused: those of `rules.rehearsals.check_done`."""
    rehearsals.check_done(how, seconds, tidy(who))
    made = page.new_id("z")
    page.lock(Rehearsed, how)
    page.write(
        facts.RehearsalDone(
            rehearsal=made, how=how, holds=holds, size=size, seconds=seconds, rows=rows, differences=differences, who=tidy(who)
        )
    )
    return made


@action
def note_rehearsal_overdue(
    page: Page, *, how: Literal["nightly", "custodians"], last_at: datetime, by: By, at: datetime, command: str
) -> bool:
    """Write down that the absence of a rehearsal rings. False when one was done or it rang meanwhile."""
    row = page.lock(Rehearsed, how)
    if row is not None and (row.rang_at is not None or (row.done_at is not None and row.done_at > last_at)):
        return False
    page.write(facts.RehearsalOverdue(how=how, last_at=last_at))
    return True
