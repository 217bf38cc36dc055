"""Steps in an incident: declared, said, promised, moved, missed, corrected, ended; its duties. As `steps.py`."""

from datetime import timedelta
from typing import Any

from lamplit.incidents import actions as incidents
from lamplit.incidents.models import Duty, Incident, Line
from lamplit.staff.models import Staff
from tests.attack.player import Player, Step

HOUR = timedelta(hours=1)
SERVICES = ["phones", "rent", "your_data"]


def _told(p: Player) -> incidents.Said:
    state = p.dice.choice(["working", "working", "limited", "down"])
    known = p.dice.choice(["known", "known", "not_yet", "cannot"])
    looked = incidents.Checked(by="North Forensics", name=p.words(), what="All logs", at=p.at)
    return incidents.Said(
        state=state, known=known, works=p.words(), instead=p.words(), looked_at="Logs", checked=looked,
        back_at=p.maybe(p.at + 9 * HOUR), next_at=p.at + p.dice.choice([1, 30]) * HOUR,
    )  # fmt: skip


def declare(p: Player) -> Any:
    told = {"says": p.words(), "next_at": p.at + HOUR, "aware_at": p.at - HOUR, "drill": p.dice.choice([True, False])}
    return p.do(incidents.open_incident, kinds=[p.dice.choice(["crime", "payments"])], **told)


def declare_more(p: Player) -> Any:
    kind = p.dice.choice(["personal_data", "payments", "services_down"])
    return p.do(incidents.declare_kind, incident=p.pick(Incident, ended_at=None), kind=kind, aware_at=p.at)


def say_service(p: Player) -> Any:
    told = {"service": p.dice.choice(SERVICES), "said": _told(p)}
    return p.do(incidents.say_service, incident=p.pick(Incident, ended_at=None), **told)


def say_update(p: Player) -> Any:
    return p.do(incidents.say_update, incident=p.pick(Incident, ended_at=None), says=p.words(), next_at=p.at + 30 * HOUR)


def move_promise(p: Player) -> Any:
    line = p.pick(Line, kept_at=None, next_at__gt=p.at)
    return p.do(incidents.move_promise, line=line, next_at=p.at + p.dice.choice([2, 40]) * HOUR, why=p.words())


def promises_ring(p: Player) -> Any:
    """What the timers do when time has passed."""
    row = Line.objects.filter(kept_at=None, next_at__lte=p.at).order_by("id").first()
    if row is None:
        return None
    p.do(incidents.note_promise_near, line=row.id, next_at=row.next_at)
    return p.do(incidents.note_promise_missed, line=row.id, next_at=row.next_at)


def correct(p: Player) -> Any:
    line = Line.objects.filter(corrected_at=None, about=p.dice.choice(["incident", *SERVICES])).order_by("-id").first()
    if line is None or line.about == "incident":
        told = {"says": p.words(), "next_at": p.at + HOUR}
        return p.do(incidents.correct_update, line=line.id if line else "l_none", why=p.words(), **told)
    return p.do(incidents.correct_service, line=line.id, why=p.words(), said=_told(p))


def end_incident(p: Player) -> Any:
    return p.do(incidents.end_incident, incident=p.pick(Incident, ended_at=None), says=p.words())


def duty(p: Player) -> Any:
    incident, _, code = p.pick(Duty, outcome=None).partition(".")
    if p.maybe(1):
        return p.do(incidents.give_duty, incident=incident, duty=code, owner=p.pick(Staff))
    if p.maybe(1):
        return p.do(incidents.note_duty_rang, incident=incident, duty=code, overdue=p.dice.choice([True, False]))
    proof = incidents.Proof(reference=p.words(), why=p.words())
    return p.do(incidents.do_duty, incident=incident, duty=code, outcome=p.dice.choice(["done", "not_needed"]), proof=proof)


INCIDENTS: list[Step] = [
    declare, declare_more, say_service, say_update, move_promise, promises_ring, correct, end_incident, duty,
]  # fmt: skip
