"""The worker: one loop that follows the sealed record, sends what was ordered, and runs the timers.

One a landlord: a second waits for the first to end. It holds nothing that a kill could lose: where it stands is in the
database, and whatever it does twice has the same command id.
"""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection

from lamplit.basics.clock import now
from lamplit.reactions.follow import Follower, Table
from lamplit.reactions.send import Carriers, send_waiting
from lamplit.reactions.table import REACTIONS
from lamplit.reactions.timers import Timer
from lamplit.record.encode import Codec

log = logging.getLogger(__name__)
NAME = "worker"
ONE_WORKER = 7_141_003  # advisory lock held for as long as a worker runs
PAUSE = 0.5  # seconds between two rounds that found nothing
AFTER_TROUBLE = 2.0  # seconds before trying again when the database is away
BEAT = timedelta(seconds=5)
TRY_AGAIN = timedelta(minutes=1)
_BEAT = """
INSERT INTO record.loop (name, alive_at, trouble, since_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (name) DO UPDATE SET alive_at = EXCLUDED.alive_at, trouble = EXCLUDED.trouble, since_at = CASE
    WHEN EXCLUDED.trouble = '' THEN NULL
    WHEN record.loop.trouble = '' THEN EXCLUDED.alive_at
    ELSE record.loop.since_at END
"""


class Worker:
    """`reader` opens an autocommit connection of the reader's role; everything else goes through Django, as the app."""

    def __init__(
        self,
        *,
        reader: Callable[[], psycopg.Connection[Any]],
        codec: Codec,
        carriers: Carriers,
        timers: Sequence[Timer],
        clock: Callable[[], datetime] = now,
        table: Table = REACTIONS,
    ) -> None:
        self._open_reader, self._codec, self._table = reader, codec, table
        self._carriers, self._timers, self._clock = carriers, timers, clock
        self._reader: psycopg.Connection[Any] | None = None
        self._next: dict[str, datetime] = {}
        self._troubles: dict[str, str] = {}
        self._stop = threading.Event()

    def stop(self, *_: object) -> None:
        """Ask the loop to end after what it is doing now. May be a signal's function."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped. SIGTERM and SIGINT stop it, when this is the main thread."""
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, self.stop)
            signal.signal(signal.SIGINT, self.stop)
        try:
            while not self._stop.is_set():
                self._stop.wait(self._go_round())
        finally:
            self._close()

    def _go_round(self) -> float:
        """Do one round; return how long to pause. What fails here is said in the log and in the loop's row."""
        try:
            if not self._be_the_one():
                return AFTER_TROUBLE
            return 0.0 if self.turn() else PAUSE
        except Exception as error:
            log.exception("the worker's round failed")
            self._close()
            self._troubles["round"] = f"A round failed ({type(error).__name__}). It tries again by itself."
            self._say_so()
            return AFTER_TROUBLE

    def turn(self) -> bool:
        """Do one bounded round: entries, messages, timers. Returns True if there may be more to do at once."""
        at = self._clock()
        follower = Follower(self._connected(), self._codec, self._table)
        read = follower.follow(at, self._stop.is_set)
        if self._is_time("try again", TRY_AGAIN, at):
            owed = follower.try_again(at)
            self._note("owed", _failed(owed, follower.unwritten) if owed else "")
        sent = send_waiting(self._carriers, at, self._clock, self._stop.is_set)
        for timer in self._timers:
            if not self._stop.is_set() and self._is_time(timer.name, timer.every, at):
                self._run_timer(timer, at)
        self._note("round", "")
        if self._is_time("beat", BEAT, at):
            self._beat(at)
        return bool(read or sent)

    def _run_timer(self, timer: Timer, at: datetime) -> None:
        """Run one timer. One that fails holds up nothing else."""
        try:
            timer.run(at)
        except (OperationalError, InterfaceError):
            raise  # the database is away: the whole round is done again
        except Exception as error:
            log.exception("the timer %r failed", timer.name)
            self._note(timer.name, f"The timer '{timer.name}' failed ({type(error).__name__}). It runs again by itself.")
        else:
            self._note(timer.name, "")

    def _is_time(self, name: str, every: timedelta, at: datetime) -> bool:
        due = self._next.get(name)
        # A clock that went back must not stop a timer until it has caught up.
        if due is not None and at < due <= at + every:
            return False
        self._next[name] = at + every
        return True

    def _note(self, what: str, trouble: str) -> None:
        self._troubles[what] = trouble

    def _beat(self, at: datetime) -> None:
        trouble = " ".join(said for said in self._troubles.values() if said)
        with connection.cursor() as cursor:
            cursor.execute(_BEAT, [NAME, at, trouble, at if trouble else None])

    def _say_so(self) -> None:
        try:
            self._beat(self._clock())
        except Exception:
            log.exception("the worker cannot say that it is in trouble")
            connection.close()

    def _connected(self) -> psycopg.Connection[Any]:
        if self._reader is None or self._reader.closed:
            self._reader = self._open_reader()
        return self._reader

    def _be_the_one(self) -> bool:
        """Take the lock that one worker holds, for as long as its reader's connection lives."""
        if self._reader is not None and not self._reader.closed:
            return True
        row = self._connected().execute("SELECT pg_try_advisory_lock(%s)", [ONE_WORKER]).fetchone()
        if row and row[0]:
            return True
        self._close()
        return False

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None
        connection.close()


def _failed(owed: int, unwritten: Sequence[str]) -> str:
    """Say what is owed, and of letters that could not be written what they need: somebody reads it at the desk and mends it."""
    waits = "1 entry waits" if owed == 1 else f"{owed:,} entries wait"
    reasons = " ".join(dict.fromkeys(unwritten)) if unwritten else "The log says why."
    return f"{waits} for a reaction that failed. {reasons[:600]}"
