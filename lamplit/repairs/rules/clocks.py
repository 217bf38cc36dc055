"""The landlord's own promises as clocks, and which priority is higher than which."""

from datetime import datetime
from typing import Literal, get_args

from lamplit.basics.dated import DatedValues
from lamplit.basics.deadlines import Clock, start_clock
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.law import policy

Priority = Literal["planned", "routine", "urgent", "emergency", "immediate"]
HazardClass = Literal["none", "significant", "emergency"]

PRIORITIES: tuple[Priority, ...] = get_args(Priority)  # lowest first
HAZARD_CLASSES: tuple[HazardClass, ...] = get_args(HazardClass)  # lowest first


def rank(priority: Priority) -> int:
    """Return how high a priority is: 0 planned to 4 immediate."""
    return PRIORITIES.index(priority)


def higher(one: Priority, other: Priority) -> Priority:
    """Return the higher of two priorities."""
    return max(one, other, key=rank)


def higher_class(one: HazardClass, other: HazardClass) -> HazardClass:
    """Return the graver of two hazard classes."""
    return max(one, other, key=HAZARD_CLASSES.index)


def is_emergency(priority: Priority) -> bool:
    """True for emergency and immediate: somebody must accept it, and silence never closes it."""
    return rank(priority) >= rank("emergency")


def target_clock(priority: Priority, starts_at: datetime, figures: DatedValues | None = None) -> Clock:
    """Start the clock of the landlord's promise for a priority. NotInForce when the policy has none for that day."""
    code = f"target.{priority}"
    return start_clock(code, (figures or policy()).on(code, london_date(starts_at)), starts_at, law=False)
