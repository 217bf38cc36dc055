"""Incidents as the status page, the desk and the timers read them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from lamplit.basics.deadlines import Clock
from lamplit.incidents.models import Clash, Comeback, Duty, Incident, Line, Rehearsal, Rehearsed, Takeover, Undo
from lamplit.incidents.models import Open as OpenRow
from lamplit.incidents.queries.telling import (
    Letter,
    answers,
    count_fates,
    email,
    held_letters,
    hold,
    newest_telling,
    sent_between,
    telling,
    tellings_going,
    tellings_of,
    told_already,
    unreached,
)
from lamplit.incidents.queries.welfare import calls_in, calls_of, may_be_rung
from lamplit.incidents.rules import duties, rehearsals, status
from lamplit.incidents.rules.history import WHOLE, Event, Move, history, moves
from lamplit.record.ready import Ready

__all__ = [
    "WHOLE",
    "Event",
    "Letter",
    "Move",
    "answers",
    "calls_in",
    "calls_of",
    "count_fates",
    "email",
    "held_letters",
    "history",
    "hold",
    "may_be_rung",
    "moves",
    "newest_telling",
    "sends_from",
    "sent_between",
    "telling",
    "tellings_going",
    "tellings_of",
    "told_already",
    "unreached",
]  # fmt: skip

MOST = 500  # lines of an incident that a page shows
ENDED = 20  # incidents of the past on the status page

_LINES = Ready(lambda incident: Line.objects.filter(incident=incident).order_by("said_at", "id"))
_OPEN = Ready(lambda: OpenRow.objects.exclude(incident=None).order_by("id"))
_REAL = Ready(lambda: Incident.objects.filter(drill=False).order_by("-opened_at", "-id"))


def incident(ident: str) -> Incident | None:
    """Return one incident, or None."""
    return Incident.objects.filter(id=ident).first()


def open_now(*, drill: bool) -> str | None:
    """Return the incident that is open, or the drill, or None."""
    wanted = "drill" if drill else "real"
    return next((str(row.incident) for row in _OPEN.all() if row.id == wanted), None)


def real_ones() -> list[Incident]:
    """Return what was no drill, newest first."""
    return _REAL.all(limit=ENDED)


def drills() -> list[Incident]:
    """Return the drills, newest first."""
    return list(Incident.objects.filter(drill=True).order_by("-opened_at", "-id")[:ENDED])


def lines_of(incident: str) -> list[Any]:
    """Return everything said in an incident, oldest first."""
    return _LINES.all(limit=MOST, incident=incident)


def line(ident: str) -> Line | None:
    """Return one thing said, or None."""
    return Line.objects.filter(id=ident).first()


def standing(lines: Iterable[Any]) -> dict[str, Any]:
    """Return the newest line of each service, and of the incident as a whole."""
    return {row.about: row for row in lines}


def promised(lines: Iterable[Any]) -> list[Any]:
    """Return the newest lines whose promise of an update is open or missed and not made good, soonest first."""
    waiting = [row for row in standing(lines).values() if row.next_at is not None and row.kept_at is None]
    return sorted(waiting, key=lambda row: row.next_at)


def service_names(at: datetime) -> dict[str, str]:
    """Return the services with what they are called, in the order of the page."""
    return status.services(at)


def about_data(at: datetime) -> tuple[str, ...]:
    """Return the services of which "working" says that nothing happened to them."""
    return status.about_data(at)


def waiting_promises(at: datetime) -> list[Any]:
    """Return lines of open incidents whose promise was neither kept nor missed and rings by now, soonest first."""
    return [row for row in _promises(_open_ids()) if status.rings_at(row.next_at) <= at]


def missed_promises() -> list[Any]:
    """Return lines of open incidents whose promise was missed and is not made good."""
    return list(Line.objects.filter(incident__in=_open_ids(), kept_at=None).exclude(missed_at=None).order_by("next_at", "id"))


def _open_ids() -> list[str]:
    return [str(row.incident) for row in _OPEN.all()]


def _promises(incidents: list[str]) -> QuerySet[Line]:
    running = Line.objects.filter(incident__in=incidents, kept_at=None, missed_at=None)
    return running.exclude(next_at=None).order_by("next_at", "id")


def real(ident: str) -> Incident | None:
    """Return an incident that was no drill, or None: the public reads of no other."""
    return Incident.objects.filter(id=ident, drill=False).first()


def before_now() -> list[Incident]:
    """Return what ended and was no drill, newest first."""
    return [row for row in real_ones() if row.ended_at is not None]


def now_said() -> tuple[Incident | None, list[Any]]:
    """Return the incident that is open, and all that was said in it. None and nothing where there is none."""
    ident = open_now(drill=False)
    row = incident(ident) if ident else None
    return (row, lines_of(row.id)) if row is not None else (None, [])


def left_of_the_last(at: datetime) -> dict[str, Any]:
    """Return what the last incident left: what it did to data stays said when everything works again."""
    last = next(iter(before_now()), None)
    if last is None:
        return {}
    stands = standing(lines_of(last.id))
    return {about: stands[about] for about in about_data(at) if about in stands and stands[about].state != "working"}


def kinds(at: datetime) -> dict[str, str]:
    """Return what can be declared, with its words."""
    return duties.kinds(at)


def duties_of(incident: str) -> list[Duty]:
    """Return the duties of an incident, what is due first first."""
    return list(Duty.objects.filter(incident=incident).order_by("due_at", "id"))


def duty(incident: str, code: str) -> Duty | None:
    """Return one duty, or None."""
    return Duty.objects.filter(id=f"{incident}.{code}").first()


def duty_clock(row: Duty) -> Clock:
    """Return a duty as a clock: what must be done, in how long, and who says so."""
    return duties.clock(row.duty, row.starts_at)


def duties_ringing(at: datetime) -> list[Duty]:
    """Return the duties that wait and ring by now, soonest first. Those of a drill end with the drill."""
    over = Incident.objects.filter(drill=True).exclude(ended_at=None).values("id")
    waiting = Duty.objects.filter(outcome=None).exclude(incident__in=over).order_by("due_at", "id")
    return [row for row in waiting if duties.rings_at(row.starts_at, row.due_at) <= at]


def changes_key(row: Duty) -> bool:
    """Whether a duty changes a key."""
    return duties.changes_key(row.duty, row.starts_at)


def keys_to_change(at: datetime) -> list[Clock]:
    """Return the keys to change, had somebody taken them at a moment."""
    return duties.keys(at)


def how(row: Duty, filled: Mapping[str, str]) -> list[str]:
    """Return how a duty is done, step by step; nothing where its draft says all."""
    return duties.how(row.duty, row.starts_at, filled)


def draft(row: Duty, filled: Mapping[str, str]) -> str:
    """Return the draft of a duty, filled in."""
    return duties.draft(row.duty, row.starts_at, filled)


def takeovers() -> list[Takeover]:
    """Return every time that a standby took over, newest first."""
    return list(Takeover.objects.order_by("-declared_at", "-id"))


def clashes() -> list[Clash]:
    """Return what main and a standby both wrote about and nobody looked at yet, oldest first."""
    return list(Clash.objects.filter(settled_at=None).order_by("found_at", "id"))


def comebacks() -> list[Comeback]:
    """Return when the record came back from a store, newest first."""
    return list(Comeback.objects.order_by("-at", "-id")[:ENDED])


def came_back(at: datetime) -> datetime | None:
    """Return when the record came back, for a day, as long as nobody declared an incident or ended one since."""
    back = next(iter(comebacks()), None)
    if back is None or at - back.at >= timedelta(days=1):
        return None
    spoken = any(max(row.opened_at, row.ended_at or row.opened_at) >= back.at for row in real_ones())
    return None if spoken else back.at


def sends_from() -> datetime | None:
    """Return from when on messages go out by themselves: since the record came back, or a standby took over, or gave back.

    None where nothing was ever lost.
    """
    back = Comeback.objects.order_by("-at").values_list("at", flat=True).first()
    taken = [row.ended_at or row.declared_at for row in takeovers() if not row.drill]
    return max((at for at in (back, *taken) if at is not None), default=None)


def undoings() -> list[Undo]:
    """Return what was undone of stolen accounts, newest first."""
    return list(Undo.objects.order_by("-agreed_at", "-id")[:ENDED])


def rehearsals_of(how: str, limit: int = 30) -> list[Rehearsal]:
    """Return the last rehearsals of a kind, newest first."""
    return list(Rehearsal.objects.filter(how=how).order_by("-at", "-id")[:limit])


def last_rehearsed(how: str) -> datetime | None:
    """Return when one of a kind succeeded last, or None."""
    row = Rehearsed.objects.filter(id=how).first()
    return row.done_at if row is not None else None


def rehearsal_words(how: str, at: datetime) -> str:
    """Return what a kind of rehearsal is."""
    return rehearsals.what(how, at)


def rehearsals_overdue(at: datetime) -> dict[rehearsals.How, datetime]:
    """Return each kind whose last success is too long ago, with when that was, or when any was first rehearsed.

    Nothing is overdue before the first rehearsal: `lamplit doctor` asks for that one.
    """
    first = Rehearsal.objects.order_by("at").first()
    if first is None:
        return {}
    last = {how: last_rehearsed(how) or first.at for how in rehearsals.KINDS}
    return {how: since for how, since in last.items() if rehearsals.overdue_at(how, since, at) <= at}


def rehearsals_ringing(at: datetime) -> dict[rehearsals.How, datetime]:
    """Return those that are overdue and have not rung since."""
    rang = set(Rehearsed.objects.exclude(rang_at=None).values_list("id", flat=True))
    return {how: since for how, since in rehearsals_overdue(at).items() if how not in rang}
