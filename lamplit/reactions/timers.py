"""What time itself brings about. Each timer is a function of now that may run again at any moment and does nothing twice."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Literal

from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.basics.working_days import london_date
from lamplit.incidents import queries as incidents
from lamplit.incidents.actions import (
    hold_letters,
    note_answer,
    note_calls_late,
    note_duty_rang,
    note_promise_missed,
    note_promise_near,
    note_rehearsal_overdue,
    write_telling,
)
from lamplit.messages import queries as messages
from lamplit.reactions import chasing, debits, recipients, rent, statements, welfare
from lamplit.reactions.follow import order
from lamplit.reactions.repairs import ASKED_BY, reminders
from lamplit.repairs import queries as repairs
from lamplit.repairs.actions import ask_if_mended, miss_visit, note_clocks_run_out, record_summary_sent, ring_on_call
from lamplit.staff import actions as staff

BY = job("timers")
SUMMARY_MATTERS = timedelta(days=60)  # after that somebody says by hand how it reached her
DAYTIME = range(9, 20)  # hours in which we write to people of our own accord


@dataclass(frozen=True)
class Timer:
    """A function of now and how often it runs; it returns how much it did."""

    name: str
    every: timedelta
    run: Callable[[datetime], int]


TURN = 5  # pieces of long work that one round does


class InTurns:
    """Does long work a few pieces a round, so that whoever rings about an emergency is heard between; done, it begins anew later.

    `work` yields after each piece how much it did; what it is given tells the time of the round.
    """

    def __init__(self, work: Callable[[Callable[[], datetime]], Iterator[int]], every: timedelta) -> None:
        self._work, self._every = work, every
        self._left: Iterator[int] | None = None
        self._at = self._not_before = datetime(1970, 1, 2, tzinfo=UTC)

    def __call__(self, at: datetime) -> int:
        """Do the next pieces. Returns how much was done. A clock that went back stops nothing."""
        self._at = at
        if self._left is None and self._not_before - self._every <= at < self._not_before:
            return 0
        left, self._left = self._left or self._work(lambda: self._at), None  # a piece that fails ends it: it begins anew
        done = list(islice(left, TURN))
        if len(done) == TURN:
            self._left = left
        else:
            self._not_before = at + self._every
        return sum(done)


def ring(at: datetime) -> int:
    """Ring the next person for every emergency that nobody has accepted; the action knows whether it is time."""
    waiting = repairs.to_ring()
    for repair in waiting:
        try:
            ring_on_call(repair=repair.id, by=BY, at=at, command=f"job:ring:{repair.id}:{at:%Y%m%d%H%M}")
        except Refused as refused:
            if not refused.done_before:  # the standby rang in this minute, and we took its entry over
                raise
    return len(waiting)


def say_what_ran_out(at: datetime) -> int:
    """Say of each clock whose time is over that it ran out."""
    over = repairs.clocks_to_run_out(at)
    for clock in over:
        # The same clock may be wound up and run out again, so its time is part of the command.
        command = f"job:ran_out:{clock.id}:{clock.due_at:%Y%m%d%H%M%S}"
        note_clocks_run_out(clocks=[clock.id], by=BY, at=at, command=command)
    return len(over)


def keep_word(at: datetime) -> int:
    """Ring the lead about each promised update that is nearly due; say of each whose time went by that it was missed."""
    count = 0
    for row in incidents.waiting_promises(at):
        # A promise may be moved while we look, so its time is part of the command.
        told = {"line": row.id, "next_at": row.next_at, "by": BY, "at": at}
        when = f"{row.id}:{row.next_at:%Y%m%d%H%M%S}"
        if row.next_at <= at:
            count += note_promise_missed(**told, command=f"job:promise_missed:{when}")
        elif row.rung_at is None:
            count += note_promise_near(**told, command=f"job:promise_near:{when}")
    return count


def ring_duties(at: datetime) -> int:
    """Ring about each duty of an incident whose time is nearly over, and again once it is."""
    count = 0
    for row in incidents.duties_ringing(at):
        overdue = row.due_at <= at
        if (row.overdue_rung_at if overdue else row.near_rung_at) is None:
            command = f"job:duty:{row.id}:{'overdue' if overdue else 'near'}"
            count += note_duty_rang(incident=row.incident, duty=row.duty, overdue=overdue, by=BY, at=at, command=command)
    return count


def ring_rehearsals(at: datetime) -> int:
    """Ring when coming back was not rehearsed for longer than the landlord allows."""
    count = 0
    for how, last in incidents.rehearsals_ringing(at).items():
        command = f"job:rehearsal:{how}:{last:%Y%m%d%H%M%S}"
        count += note_rehearsal_overdue(how=how, last_at=last, by=BY, at=at, command=command)
    return count


BATCHES = 5  # of messages to everybody that one round orders: emergencies ring in between


def tell_everybody(at: datetime) -> int:
    """Order what every household is sent, batch by batch, once two people agreed to the words."""
    count = 0
    for row in incidents.tellings_going():
        stopped = incidents.hold(row.incident)
        if row.what == "put_away" and (stopped is None or stopped.over_at is None):
            continue  # the letters are still looked through
        for _ in range(BATCHES):
            going = incidents.telling(row.id)
            upto = going.upto or "start" if going is not None else "start"
            count += 1
            if write_telling(telling_id=row.id, by=BY, at=at, command=f"job:told:{row.id}:{upto}"):
                break
    return count


def stop_letters(at: datetime) -> int:
    """Stop what follows from letters that ask something, once an incident is open; and say which of them were answered."""
    incident, count = incidents.open_now(drill=False), 0
    for _ in range(BATCHES if incident is not None else 0):
        row = incidents.hold(str(incident))
        if row is not None and row.over_at is not None:
            break
        upto = row.upto if row is not None else "start"
        hold_letters(incident=str(incident), by=BY, at=at, command=f"job:hold:{incident}:{upto}")
        count += 1
    for letter, email in incidents.answers():
        count += note_answer(letter=letter, email=email, by=BY, at=at, command=f"job:answered:{letter}:{email}")
    return count


def ring_about_calls(at: datetime) -> int:
    """Ring whoever leads, once a day, about households on the list of calls that nobody reached for a week."""
    count = 0
    for drill in (False, True):
        incident = incidents.open_now(drill=drill)
        row = incidents.incident(incident) if incident is not None else None
        if row is None or (row.calls_late_at is not None and at - row.calls_late_at < timedelta(days=1)):
            continue
        late = welfare.late(row.id, at)
        if late:
            note_calls_late(
                incident=row.id, households=late, by=BY, at=at, command=f"job:calls:{row.id}:{london_date(at)}:{late}"
            )
            count += 1
    return count


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


def say_summaries_sent(at: datetime) -> int:
    """Say of each written summary whose message left us that it was sent, and when: then the law's clock stops."""
    count = 0
    waiting = repairs.summaries_unsent(at - SUMMARY_MATTERS)
    carried = messages.carried(row.id for row in waiting) if waiting else {}
    for row in waiting:
        message = carried.get(row.id)
        if message is not None:
            how: Literal["post", "email"] = "post" if message.channel == "post" else "email"
            sent = {"message": message.id, "by": BY, "at": message.sent_at, "command": f"job:summary_sent:{row.id}"}
            count += _say_sent(row.id, how, sent)
    return count


def _say_sent(summary: str, how: Literal["post", "email"], sent: dict[str, Any]) -> int:
    try:
        record_summary_sent(summary=summary, how=how, **sent)
    except Refused as refused:
        if refused.code != "repairs.summary_sent_before" and not refused.done_before:
            raise
        return 0
    return 1


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
            if not refused.done_before:
                raise
            return 0

    return shut


def timers(last_seen: Callable[[], Mapping[str, datetime]]) -> tuple[Timer, ...]:
    """Return every timer."""
    return (
        Timer("ring", timedelta(seconds=15), ring),
        Timer("say what ran out", timedelta(seconds=30), say_what_ran_out),
        Timer("keep word", timedelta(seconds=15), keep_word),
        Timer("ring duties", timedelta(minutes=1), ring_duties),
        Timer("ring rehearsals", timedelta(minutes=10), ring_rehearsals),
        Timer("tell everybody", timedelta(seconds=2), tell_everybody),
        Timer("ring about calls", timedelta(hours=1), ring_about_calls),
        Timer("stop letters", timedelta(seconds=10), stop_letters),
        Timer("say visits missed", timedelta(minutes=1), say_visits_missed),
        Timer("say summaries sent", timedelta(seconds=30), say_summaries_sent),
        Timer("ask tenants", timedelta(minutes=10), ask_tenants),
        Timer("remind of visits", timedelta(minutes=10), remind_of_visits),
        Timer("give back what was charged after an end", timedelta(minutes=10), rent.give_back),
        Timer("move what ended tenancies owe", timedelta(seconds=10), InTurns(rent.former_ones, timedelta(minutes=10))),
        Timer("note answers about rent", timedelta(minutes=1), chasing.note_answers),
        Timer("take arrears steps", timedelta(hours=1), chasing.take_steps),
        Timer("end Direct Debits with their tenancies", timedelta(minutes=10), debits.end_with_tenancies),
        Timer("give notice of Direct Debits", timedelta(seconds=2), InTurns(debits.notices, timedelta(minutes=10))),
        Timer("post Direct Debits", timedelta(minutes=5), debits.post_due),
        Timer("take back Direct Debits", timedelta(seconds=2), InTurns(debits.recalls, timedelta(minutes=1))),
        Timer("look for missed Direct Debits", timedelta(seconds=2), InTurns(debits.missed_ones, timedelta(minutes=5))),
        Timer("look for late statements", timedelta(hours=6), statements.look_for_late),
        Timer("shut dormant accounts", timedelta(hours=1), shut_dormant_accounts(last_seen)),
    )
