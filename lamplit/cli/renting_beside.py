"""The timers of rent: charges and changes that two people released, in processes of their own, and the books, checked."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from lamplit.reactions import kept, rent
from lamplit.reactions.timers import Timer
from lamplit.rent import queries

AGAIN_AFTER = timedelta(minutes=10)
SETTLED_EVERY = timedelta(minutes=30)


class OwnProcess:
    """Does long work in a process of its own, so that whoever rings about an emergency is heard meanwhile."""

    def __init__(self, *command: str, waits: Callable[[datetime], bool]) -> None:
        self._command, self._waits = command, waits
        self._running: subprocess.Popen[bytes] | None = None
        self._not_before: datetime | None = None

    def __call__(self, at: datetime) -> int:
        """Start the command when it has something to do and is not at it. Returns how many were started.

        One that failed is tried again after a while: what stopped it is for a person (a run's page says what she can do).
        """
        if self._running is not None and (code := self._running.poll()) is None:
            return 0
        if self._running is not None and code:
            self._running, self._not_before = None, at + AGAIN_AFTER
        if (self._not_before is not None and at < self._not_before) or not self._waits(at):
            return 0
        self._running = subprocess.Popen([sys.executable, "-m", "lamplit.cli", *self._command])
        return 1


def _is_night(at: datetime) -> bool:
    """Whether the accounts are to be looked at. A standby that took over takes no step, and has not all entries to draw from."""
    from lamplit.config import standing_by
    from lamplit.reactions import chasing

    return chasing.is_due(at) and standing_by.taken_over() is None


def _rents_wait() -> Callable[[datetime], bool]:
    """Whether a change of rents goes on. Whose notice was served is asked now and then: letters take days."""
    asked: list[datetime] = []

    def waits(at: datetime) -> bool:
        from lamplit.reactions import rent_changes

        if rent_changes.writes():
            return True
        if asked and at - asked[0] < SETTLED_EVERY:
            return False
        asked[:] = [at]
        return rent_changes.settles(at)

    return waits


CHARGES = Timer("charge rent", timedelta(seconds=5), OwnProcess("rent", "charge", waits=lambda _: bool(queries.unfinished())))
LOOK = Timer("look at rent accounts", timedelta(minutes=10), OwnProcess("rent", "look", waits=_is_night))
CHANGES = Timer("change rents", timedelta(seconds=10), OwnProcess("rent", "notices", waits=_rents_wait()))


def check_books(at: datetime) -> int:
    """Check what came into the books since the last time, and say what is wrong. All of them are read in a process of its own."""
    return 0 if kept.whole_is_due(at) or kept.being_checked() else rent.note_books(at)


BOOKS = Timer("check the books", timedelta(minutes=10), check_books)
WHOLE = Timer("check all of the books", timedelta(minutes=1), OwnProcess("rent", "check", "--whole", waits=kept.whole_is_due))
