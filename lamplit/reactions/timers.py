"""What time itself brings about. Each timer is a function of now that may run again at any moment and does nothing twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.basics.working_days import london_date
from lamplit.messages import queries as messages
from lamplit.reactions import recipients
from lamplit.reactions.follow import order
from lamplit.reactions.repairs import ASKED_BY, reminders
from lamplit.repairs import queries as repairs
from lamplit.repairs.actions import ask_if_mended, miss_visit, note_clocks_run_out, ring_on_call
from lamplit.staff import actions as staff

BY = job("timers")
DAYTIME = range(9, 20)  # hours in which we write to people of our own accord


@dataclass(frozen=True)
class Timer:
    """A function of now and how often it runs; it returns how much it did."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


def ring(at: datetime) -> int:
    """Ring the next person for every emergency that nobody has accepted; the action knows whether it is time."""
    waiting = repairs.to_ring()
    for repair in waiting:
        ring_on_call(repair=repair.id, by=BY, at=at, command=f"job:ring:{repair.id}:{at:%Y%m%d%H%M}")
    return len(waiting)


def say_what_ran_out(at: datetime) -> int:
    """Say of each clock whose time is over that it ran out."""
    over = repairs.clocks_to_run_out(at)
    for clock in over:
        # The same clock may be wound up and run out again, so its time is part of the command.
        command = f"job:ran_out:{clock.id}:{clock.due_at:%Y%m%d%H%M%S}"
        note_clocks_run_out(clocks=[clock.id], by=BY, at=at, command=command)
    return len(over)


def say_visits_missed(at: datetime) -> int:
    """Say of each visit whose time is long over that nobody told us of anybody who came: it counts as missed."""
    count = 0
    for visit in repairs.visits_unsaid(at):
        # A visit may be moved while we look, so its time is part of the command.
        command = f"job:unsaid:{visit.id}:{visit.until_at:%Y%m%d%H%M%S}"
        try:
            miss_visit(visit=visit.id, unsaid=True, by=BY, at=at, command=command)
            count += 1
        except Refused as refused:
            if refused.code not in ("repairs.visit_is_over", "repairs.visit_not_over_yet"):  # said or moved meanwhile
                raise
    return count


def ask_tenants(at: datetime) -> int:
    """Ask whether it is mended, each time in another way that we can write to; then it is for people on the queue."""
    if not is_daytime(at):
        return 0
    count = 0
    for line in repairs.queue("to_confirm", now=at):
        row = repairs.repair(line.id)
        if row is not None and line.next_code == "confirm" and line.next_at <= at and _ask(row, at):
            count += 1
    return count


def _ask(repair: recipients.Row, at: datetime) -> bool:
    """Ask once by the first way that was not tried. False when none is left."""
    to = next(iter(recipients.concerned(repair, at)), None)
    ways = recipients.channels(to) if to else []
    channel = next((ASKED_BY[way] for way in ways if way in ASKED_BY and ASKED_BY[way] not in repair.asked_by), None)
    if to is None or channel is None:
        return False
    command = f"job:ask:{repair.id}:{repair.mended_at:%Y%m%d%H%M%S}:{channel}"
    ask_if_mended(repair=repair.id, channel=channel, person=to.person, by=BY, at=at, command=command)
    return True


def is_daytime(at: datetime) -> bool:
    return at.astimezone(LONDON).hour in DAYTIME


def remind_of_visits(at: datetime) -> int:
    """Remind of tomorrow's visits, by day."""
    if not is_daytime(at):
        return 0
    count = 0
    for row in repairs.visits_of_day(london_date(at) + timedelta(days=1)):
        if row.visit.state != "booked" or already_reminded(row.visit.id, at):
            continue
        for wanted in reminders(row.repair, row.visit, at):
            order(wanted, f"job:reminder:{row.visit.id}:{row.visit.from_at:%Y%m%d%H%M}", at)
            count += 1
    return count


def already_reminded(visit: str, at: datetime) -> bool:
    """True if a reminder went out lately: after a rebuild the commands are gone and the messages are not."""
    return messages.already_sent(because=visit, template="visit_reminder", since=at - timedelta(days=1))


def shut_dormant_accounts(last_seen: Callable[[], Mapping[str, datetime]]) -> Callable[[datetime], int]:
    """Return the timer that shuts the accounts of staff that nobody uses, once a day. `last_seen` says when each was used."""

    def shut(at: datetime) -> int:
        try:
            command = f"job:dormant:{london_date(at)}"
            return len(staff.shut_dormant(last_seen=dict(last_seen()), by=BY, at=at, command=command))
        except Refused as refused:
            # Done today, before somebody else was seen, or before the record was restored.
            if refused.code not in ("record.command_reused", "record.done_before"):
                raise
            return 0

    return shut


def timers(last_seen: Callable[[], Mapping[str, datetime]]) -> tuple[Timer, ...]:
    """Return every timer."""
    return (
        Timer("ring", timedelta(seconds=15), ring),
        Timer("say what ran out", timedelta(seconds=30), say_what_ran_out),
        Timer("say visits missed", timedelta(minutes=1), say_visits_missed),
        Timer("ask tenants", timedelta(minutes=10), ask_tenants),
        Timer("remind of visits", timedelta(minutes=10), remind_of_visits),
        Timer("shut dormant accounts", timedelta(hours=1), shut_dormant_accounts(last_seen)),
    )
