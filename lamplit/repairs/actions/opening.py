"""How every action on a repair begins: the repair locked, and what it knows of itself read."""

from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import STAFF, By
from lamplit.record.encode import clean
from lamplit.record.page import Page
from lamplit.repairs.facts import RepairAccepted
from lamplit.repairs.models import Repair, Work
from lamplit.repairs.rules.clocks import is_emergency

LONGEST = 8_000  # characters: in an entry of 48,000 bytes there is room for any alphabet


def lock_repair(page: Page, repair: str) -> Any:
    """Lock a repair, or the one under which it goes on. Refused: repairs.no_such_repair."""
    row = page.lock(Repair, repair)
    if row is not None and row.joined_into:
        row = page.lock(Repair, row.joined_into)
    if row is None:
        raise Refused("repairs.no_such_repair", repair=repair)
    return row


def lock_live(page: Page, repair: str) -> Any:
    """Lock a repair that is not over. Refused: repairs.no_such_repair, repairs.already_over."""
    row = lock_repair(page, repair)
    if not row.live:
        raise Refused("repairs.already_over", reference=row.reference)
    return row


def lock_work(page: Page, work: str) -> tuple[Any, Any]:
    """Lock a repair that is not over, and one of its works that is still to do.

    Refused: repairs.no_such_work, repairs.work_is_over, repairs.already_over.
    """
    found = Work.objects.filter(id=work).first()
    if found is None:
        raise Refused("repairs.no_such_work", work=work)
    row = lock_live(page, found.repair)
    job = page.lock(Work, work)
    if job is None or job.state not in ("open", "booked", "waiting"):
        raise Refused("repairs.work_is_over", work=work)
    return row, job


def words(text: str | None, *, needed: Refused | None = None) -> str | None:
    """Return what somebody typed as the record keeps it, or None for nothing.

    Refused: what is given as `needed`, when nothing stands there; repairs.too_long.
    """
    said = clean(text).strip() if text else ""
    if not said and needed is not None:
        raise needed
    if len(said) > LONGEST:
        raise Refused("repairs.too_long", longest=f"{LONGEST:,}")
    return said or None


def accept_if_nobody_has(page: Page, row: Any, by: By) -> None:
    """Somebody who acts on an emergency that nobody has accepted has it from then on."""
    if by.kind == STAFF and row.accepted_at is None and is_emergency(row.priority):
        page.write(RepairAccepted(repair=row.id, staff=by.id))
