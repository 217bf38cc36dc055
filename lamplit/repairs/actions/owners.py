"""Who sees something through: a named person who works here."""

from datetime import datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.staff import queries as staff


def check_owner(owner: str) -> None:
    """Refused: repairs.no_such_person."""
    member = staff.member(owner)
    if member is None or member.shut:
        raise Refused("repairs.no_such_person", staff=owner)


def who_sees_it_through(row: Any, at: datetime) -> str | None:
    """Return a repair's owner, else who is on call, else a lead; None where nobody works here."""
    owner = staff.member(row.owner) if row.owner else None
    if owner is not None and not owner.shut:
        return str(owner.id)
    on_call = staff.on_call(at)
    someone = on_call.first or on_call.lead or next(iter(staff.with_role("lead")), None)
    return str(someone.id) if someone is not None else None
