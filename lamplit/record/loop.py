"""A loop that keeps going: it tells that it is alive and what is wrong, tries again by itself, and stops when asked.

Its row in `record.loop` holds when it was last alive and its trouble in one plain sentence. A lost database is connected
to again, what has to wait is tried again at growing distances, and what a person must decide ends the loop.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.record.publish import RefusesStore
from lamplit.record.seal import CannotSeal, become_the_sealer
from lamplit.record.store import StoreConflict, StoreUnavailable

log = logging.getLogger(__name__)
ALIVE_EVERY = 5.0  # seconds between two signs of life
LONGEST_WAIT = 60.0  # seconds between two tries of what has to wait
WAITS = (CannotSeal, StoreUnavailable, OSError)
ENDS = (RefusesStore, StoreConflict)

Step = Callable[[psycopg.Connection[Any]], bool]


class Stop:
    """Asked to end, by a signal or by another thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def on_signals(self) -> "Stop":
        """Be asked by SIGTERM and SIGINT. Only in the main thread."""
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, lambda *_: self.ask())
        return self

    def ask(self) -> None:
        self._asked.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait that long, or until asked. Returns whether asked."""
        return self._asked.wait(seconds)


@dataclass
class Loop:
    """One loop. `step(db)` does a bounded piece of work and returns whether there is more to do at once.

    `every`: seconds between two steps when there is no more. `alone`: only one such loop at a time works on a database
    (the sealer); a second one waits and says so. `waits`: what has to wait and is tried again, `longest` seconds apart at most.
    """

    name: str
    connect: Callable[[], psycopg.Connection[Any]]
    step: Step
    every: float = 0.25
    alone: bool = False
    waits: tuple[type[Exception], ...] = WAITS
    longest: float = LONGEST_WAIT
    trouble: str = field(default="", init=False)
    _db: psycopg.Connection[Any] | None = field(default=None, init=False)
    _first: bool = field(default=False, init=False)  # this connection holds the lock of the one sealer
    _told_at: float = field(default=float("-inf"), init=False)
    _wait: float = field(default=1.0, init=False)

    def run(self, stop: Stop) -> None:
        """Go on until asked to stop. RefusesStore or StoreConflict when a person has to decide."""
        log.info("%s begins", self.name)
        try:
            while not stop.asked:
                stop.wait(self.once())
        finally:
            self.close()
        log.info("%s ends", self.name)

    def once(self) -> float:
        """Do one step, whatever comes. Returns how many seconds to wait before the next."""
        try:
            if self._db is None:
                self._db = self.connect()
            if self.alone and not self._is_first(self._db):
                return self._tell("Another one is at work. This one waits for it to end.", 1.0)
            more = self.step(self._db)
        except ENDS as refusal:
            self._tell(str(refusal), 0)
            raise
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            self.close()
            return self._tell(f"The database does not answer ({_first_line(error)}). We try again.", self._longer())
        except self.waits as reason:
            return self._tell(_words(reason), self._longer())
        self._wait = 1.0
        return self._tell("", 0 if more else self.every)

    def _is_first(self, db: psycopg.Connection[Any]) -> bool:
        """Whether this loop holds the lock. It goes with the connection."""
        self._first = self._first or become_the_sealer(db, wait=False)
        return self._first

    def _longer(self) -> float:
        wait, self._wait = self._wait, min(self._wait * 2, self.longest)
        return wait

    def _tell(self, trouble: str, wait: float) -> float:
        """Log a trouble when it begins and ends, and write the loop's row when it changes or is due. Returns `wait`."""
        changed, self.trouble = trouble != self.trouble, trouble
        if changed:
            log.log(logging.WARNING if trouble else logging.INFO, "%s: %s", self.name, trouble or "goes on")
        if self._db is not None and (changed or time.monotonic() - self._told_at >= ALIVE_EVERY):
            with suppress(psycopg.Error):  # the next step meets the same error and says so
                _write_row(self._db, self.name, trouble)
                self._told_at = time.monotonic()
        return wait

    def close(self) -> None:
        """Let go of the connection, and of the lock of the one sealer with it."""
        db, self._db, self._first = self._db, None, False
        if db is not None:
            with suppress(psycopg.Error):
                db.close()


def _write_row(db: psycopg.Connection[Any], name: str, trouble: str) -> None:
    with db.transaction():
        db.execute(
            "INSERT INTO record.loop AS l (name, alive_at, trouble, since_at) VALUES (%(name)s, %(at)s, %(trouble)s,"
            " CASE WHEN %(trouble)s <> '' THEN %(at)s END)"
            " ON CONFLICT (name) DO UPDATE SET alive_at = excluded.alive_at, trouble = excluded.trouble, since_at = CASE"
            " WHEN excluded.trouble <> '' AND l.trouble <> '' THEN l.since_at ELSE excluded.since_at END",
            {"name": name, "at": now(), "trouble": trouble},
        )


def _words(reason: Exception) -> str:
    """Return one plain sentence of what has to wait."""
    if isinstance(reason, OSError) and not isinstance(reason, StoreUnavailable) and reason.strerror:
        where = f" ({reason.filename})" if reason.filename else ""
        return f"{reason.strerror}{where}. We try again."
    return str(reason)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no reason given"])[0]
