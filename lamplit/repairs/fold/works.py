"""Folds of the clocks, works, visits and trees of repairs."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.repairs import facts

STATE_AFTER = {"mended": "done", "not_needed": "done", "inspected": "done", "other_trade": "handed_on"}


def start_keys(fact: Any) -> list[str]:
    """The clocks that a fact starts."""
    return [f"{fact.repair}.{clock.code}" for clock in fact.starts]


def stop_keys(fact: Any) -> list[str]:
    """The clocks that a fact stops."""
    return [f"{fact.repair}.{code}" for code in fact.stops]


def ran_out_keys(fact: facts.ClockRanOut) -> list[str]:
    return [f"{fact.repair}.{fact.code}"]


def clock_started(row: Any, fact: Any, entry: Written) -> None:
    clock = next(clock for clock in fact.starts if row.id == f"{fact.repair}.{clock.code}")
    row.repair, row.code, row.starts_at, row.due_at = fact.repair, clock.code, clock.starts_at, clock.due_at
    row.stopped_at = row.ran_out_at = None


def clock_stopped(row: Any, fact: Any, entry: Written) -> None:
    row.stopped_at = entry.at


def clock_ran_out(row: Any, fact: facts.ClockRanOut, entry: Written) -> None:
    row.ran_out_at = entry.at


def ordered(row: Any, fact: facts.WorkOrdered, entry: Written) -> None:
    row.repair, row.home, row.household, row.trade = fact.repair, fact.home, fact.household, fact.trade
    row.contractor, row.follows, row.needs, row.what = fact.contractor, fact.follows, fact.needs, fact.what
    row.state, row.ordered_at, row.ordered_by = "open", entry.at, entry.by
    row.survey, row.target_on, row.pence, row.place, row.price = fact.survey, fact.target_on, fact.pence, fact.place, fact.price


def waiting(row: Any, fact: facts.WorkWaiting, entry: Written) -> None:
    row.state, row.owner, row.look_again_on, row.why = "waiting", fact.owner, fact.look_again_on, fact.why


def cancelled(row: Any, fact: facts.WorkCancelled, entry: Written) -> None:
    row.state, row.why, row.done_at, row.look_again_on = "cancelled", fact.why, entry.at, None
    row.over_by = entry.by


def work_booked(row: Any, fact: facts.VisitBooked, entry: Written) -> None:
    row.state, row.look_again_on = "booked", None


def work_let_go(row: Any, fact: Any, entry: Written) -> None:
    """A visit was called off or missed: the work is to be booked again."""
    row.state = "open" if row.state == "booked" else row.state


def work_attended(row: Any, fact: facts.VisitAttended, entry: Written) -> None:
    row.state, row.outcome, row.look_again_on = STATE_AFTER.get(fact.outcome, "open"), fact.outcome, None
    row.done_at = entry.at if fact.outcome in STATE_AFTER else None
    row.electrics = fact.electrics or row.electrics


def proved(row: Any, fact: facts.WorkProved, entry: Written) -> None:
    row.electrics = fact.electrics or row.electrics


def varied(row: Any, fact: facts.VariationDecided, entry: Written) -> None:
    """More money is added to the work; more work is ordered as one of its own."""
    if fact.agreed and fact.more == "money" and fact.pence is not None:
        row.more_pence = (row.more_pence or 0) + fact.pence


def booked(row: Any, fact: facts.VisitBooked, entry: Written) -> None:
    row.moved_count = 0 if row.first_until_at is None else row.moved_count + 1
    row.moved_by_us = (row.moved_by_us or 0) + 1 if fact.ours else row.moved_by_us
    row.diary, row.set_out_at = fact.diary, None
    row.first_until_at = row.first_until_at or fact.until_at
    row.work, row.repair, row.home, row.state = fact.work, fact.repair, fact.home, "booked"
    row.from_at, row.until_at = fact.from_at, fact.until_at
    row.contractor, row.operative = fact.contractor, fact.operative


def visit_cancelled(row: Any, fact: facts.VisitCancelled, entry: Written) -> None:
    row.state, row.household, row.ours, row.why = "cancelled", fact.household, fact.ours, fact.why


def visit_missed(row: Any, fact: facts.VisitMissed, entry: Written) -> None:
    row.state, row.ours, row.unsaid, row.owed_pence = "missed", True, fact.unsaid, fact.owed_pence


def set_out(row: Any, fact: facts.VisitSetOut, entry: Written) -> None:
    row.set_out_at = entry.at


def attended(row: Any, fact: facts.VisitAttended, entry: Written) -> None:
    """Also makes the row: somebody may come without a booking."""
    row.moved_count = row.moved_count or 0
    row.work, row.repair, row.home, row.household, row.state = fact.work, fact.repair, fact.home, fact.household, "attended"
    row.outcome, row.arrived_at, row.left_at = fact.outcome, fact.arrived_at, fact.left_at
    row.attended_by = f"staff:{fact.on_word_of}" if fact.on_word_of else entry.by
    row.owed_pence = None if fact.after_all else row.owed_pence
    row.electrics, row.made_good = fact.electrics, fact.made_good
    row.found, row.did, row.cause = fact.found, fact.did, fact.cause
    row.evidence, row.tried = fact.evidence, fact.tried


def photo_added(row: Any, fact: facts.PhotoAdded, entry: Written) -> None:
    row.repair, row.household, row.voice, row.work, row.visit = fact.repair, fact.household, fact.voice, fact.work, fact.visit
    row.stage, row.at, row.by = fact.stage, entry.at, entry.by
    row.original, row.large, row.small = fact.original, fact.large, fact.small
    row.file, row.shows, row.audience = fact.file, fact.shows, fact.audience


def video_added(row: Any, fact: facts.VideoAdded, entry: Written) -> None:
    row.repair, row.household, row.voice, row.work, row.visit = fact.repair, fact.household, fact.voice, fact.work, fact.visit
    row.stage, row.at, row.by = fact.stage, entry.at, entry.by
    row.original, row.rest, row.film = fact.original[0], fact.original[1:], fact.film
    row.large, row.small = fact.large, fact.small
    row.file, row.shows, row.audience = fact.file, fact.shows, fact.audience


def summary_written(row: Any, fact: facts.SummaryWritten, entry: Written) -> None:
    row.repair, row.household, row.person = fact.repair, fact.household, fact.person
    row.of, row.finding, row.paper, row.file = fact.of or 1, fact.finding, fact.paper, fact.file
    row.found, row.works, row.no_work = fact.found, fact.works, fact.no_work
    row.written_at, row.by = entry.at, entry.by


def summary_sent(row: Any, fact: facts.SummarySent, entry: Written) -> None:
    row.sent_at, row.sent_how, row.message = entry.at, fact.how, fact.message


def loaded(row: Any, fact: facts.TreeLoaded, entry: Written) -> None:
    row.edition, row.blob, row.loaded_at = fact.edition, fact.blob, entry.at
