"""An emergency is somebody's: the one on call and the firm are rung, then again and the lead, until a named person has it."""

from datetime import datetime
from typing import Any

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.record.page import Page, action
from lamplit.repairs.actions.opening import lock_live, lock_repair
from lamplit.repairs.facts import OnCallRung, RepairAccepted
from lamplit.repairs.models import Work
from lamplit.repairs.rules.escalation import Ring, RingRound, Roster, next_ring
from lamplit.staff import queries as staff

LIVE_WORKS = ("open", "booked", "waiting")


class Rung(Plain, frozen=True, kw_only=True):
    """What became of a round. `rings`: who was texted and called; none when it is not time yet or somebody has it.

    `next_at`: when to come back, None once somebody has it. `alarm`: nobody at all could be rung; a person must hear of it.
    """

    rings: tuple[Ring, ...] = ()
    next_at: datetime | None = None
    alarm: bool = False


@action
def ring_on_call(page: Page, *, repair: str, by: By, at: datetime, command: str) -> Rung:
    """Ring whoever is next for an emergency that nobody has accepted, if it is time. The worker's timer calls this.

    Refused: repairs.no_such_repair.
    """
    row = lock_repair(page, repair)
    if row.status != "received":
        return Rung()
    due = _next_round(row, _roster(row, at))
    if due is None or due.due_at > at:
        return Rung(next_at=due.due_at if due else None)
    return write_round(page, row, at)


def write_round(page: Page, row: Any, at: datetime, firms: tuple[str, ...] | None = None) -> Rung:
    """Write the next round of rings now. `firms` are those of works ordered on this very page."""
    roster = _roster(row, at, firms)
    due = _next_round(row, roster)
    if due is None:
        return Rung()
    for ring in due.rings:
        firm = ring.role == "contractor"
        page.write(
            OnCallRung(
                repair=row.id, ring=min(due.number, 999), way=ring.way, lead=ring.role == "lead",
                staff=None if firm else ring.whom, contractor=ring.whom if firm else None,
            )
        )  # fmt: skip
    following = _next_round(lock_repair(page, row.id), roster)
    return Rung(rings=due.rings, next_at=following.due_at if following else None, alarm=not due.rings)


def _next_round(row: Any, roster: Roster) -> RingRound | None:
    return next_ring(row.ring_from_at, roster, rounds_done=row.ring_count, accepted_at=row.accepted_at)


def _roster(row: Any, at: datetime, firms: tuple[str, ...] | None = None) -> Roster:
    on_call = staff.on_call(at)
    if firms is None:
        works = Work.objects.filter(repair=row.id, state__in=LIVE_WORKS, contractor__isnull=False)
        firms = tuple(works.order_by("contractor").values_list("contractor", flat=True).distinct())
    return Roster(
        on_call=(on_call.first.id,) if on_call.first else (),
        contractors=firms,
        leads=(on_call.lead.id,) if on_call.lead else tuple(member.id for member in staff.with_role("lead")),
    )


@action
def accept_emergency(page: Page, *, repair: str, staff_id: str, by: By, at: datetime, command: str) -> None:
    """A named person takes an emergency: she has it from now on. A second acceptance hands it on to her.

    Refused: repairs.no_such_repair, already_over, no_such_person.
    """
    row = lock_live(page, repair)
    member = staff.member(staff_id)
    if member is None or member.shut:
        raise Refused("repairs.no_such_person", staff=staff_id)
    page.write(RepairAccepted(repair=row.id, staff=staff_id))
