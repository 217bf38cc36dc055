"""A visit that was promised: when it counts as missed, and when what is keyed later puts that right."""

from datetime import datetime, timedelta

from lamplit.basics.dated import DatedValues
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.law import policy


def unsaid_margin(at: datetime, figures: DatedValues | None = None) -> timedelta:
    """Return how long after its time a visit of which nobody said anything counts as missed."""
    return timedelta(hours=(figures or policy()).number("visit.unsaid_after_hours", london_date(at)))


def check_missed(from_at: datetime, until_at: datetime, at: datetime, *, unsaid: bool) -> None:
    """Check that a visit may be called missed: by a person once its time began, by time itself after the margin.

    Refused: repairs.visit_not_over_yet.
    """
    if at < (until_at + unsaid_margin(until_at) if unsaid else from_at):
        raise Refused("repairs.visit_not_over_yet")


def came_after_all(state: str, until_at: datetime | None, arrived_at: datetime) -> bool:
    """Say whether a visit that counts as missed was none: somebody came within its time, and it is told only now."""
    return state == "missed" and until_at is not None and arrived_at <= until_at
