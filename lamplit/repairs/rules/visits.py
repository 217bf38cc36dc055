"""A visit that was promised: when it counts as missed, what we owe then, and when what is keyed later puts that right."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lamplit.basics.dated import DatedValues
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.law import policy

FURTHEST = timedelta(days=400)  # a year, and time to change it: what is beyond is a slip


def check_slot(from_at: datetime, until_at: datetime, at: datetime) -> None:
    """Check the time of a visit. Refused: repairs.slot_backwards, slot_in_the_past, slot_too_far."""
    if from_at >= until_at:
        raise Refused("repairs.slot_backwards")
    if until_at <= at:
        raise Refused("repairs.slot_in_the_past")
    if until_at > at + FURTHEST:
        raise Refused("repairs.slot_too_far")


def unsaid_margin(at: datetime, figures: DatedValues | None = None) -> timedelta:
    """Return how long after its time a visit of which nobody said anything counts as missed."""
    return timedelta(hours=(figures or policy()).number("visit.unsaid_after_hours", london_date(at)))


def check_missed(from_at: datetime, until_at: datetime, at: datetime, *, unsaid: bool, whole: bool = False) -> None:
    """Check that a visit may be called missed: by staff once its time began, by the household once the `whole` of it is over,
    by time itself after the margin.

    Refused: repairs.visit_not_over_yet.
    """
    if at < (until_at + unsaid_margin(until_at) if unsaid else until_at if whole else from_at):
        raise Refused("repairs.visit_not_over_yet")


def owed_for_missed(promised_at: datetime, figures: DatedValues | None = None) -> int:
    """Return what we owe whoever waited in vain, in pence, by the policy of that day; 0 where it has none."""
    return (figures or policy()).number("missed.owed_pence", london_date(promised_at))


def shows_it(outcome: str, stages: Iterable[str | None]) -> bool:
    """Say whether photos taken on the job are the evidence that an outcome needs.

    What was wrong before the work shows not that it is mended. That nobody let us in shows any photo of the job.
    """
    stages = set(stages)
    return bool(stages - {"before"}) if outcome == "mended" else bool(stages)


def came_after_all(state: str, until_at: datetime | None, arrived_at: datetime) -> bool:
    """Say whether a visit that counts as missed was none: somebody came within its time, and it is told only now."""
    return state == "missed" and until_at is not None and arrived_at <= until_at


def check_sets_out(from_at: datetime, set_out_at: datetime | None, at: datetime) -> None:
    """Check that somebody may say that she is on the way: once, on the day. Refused: not_that_day, on_the_way_already."""
    if london_date(from_at) != london_date(at):
        raise Refused("repairs.not_that_day")
    if set_out_at is not None:
        raise Refused("repairs.on_the_way_already")
