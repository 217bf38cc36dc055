"""The weekly message of a standby: sent by its own providers from its own domain, so that partners and filters know it.

It goes before and after taking over. What is left of a week that failed is sent again, with the same Message-ID.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.dated import DatedValues
from lamplit.basics.deadlines import run_out
from lamplit.basics.figures import figures_of
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.continuity import state
from lamplit.continuity.state import Alarm
from lamplit.reactions.providers.interface import NotSent, Outgoing, Provider

Db = psycopg.Connection[Any]


class Sent(Plain, frozen=True, kw_only=True):
    """The last weekly message that everybody has."""

    at: datetime
    addresses: int


class Round(Plain, frozen=True, kw_only=True):
    """To whom it goes, and what it says of the landlord: `landlord`, `phone`, `sender`."""

    addresses: tuple[str, ...]
    said: dict[str, str]


class Weekly:
    """Sends it when it is due. What one address refuses keeps it from no other."""

    def __init__(self, db: Db, provider: Provider, to: Round, clock: Callable[[], datetime] = now) -> None:
        self._db, self._provider, self._to, self._clock = db, provider, to, clock
        self._has: set[str] = set()  # who has this week's already

    def step(self) -> bool:
        """Send what is due. Alarm when somebody could not be sent it: it rings, and is tried again."""
        at, before = self._clock(), last(self._db)
        if before is not None and at < _after(before.at, "every"):
            return False
        wrong = [words for address in self._to.addresses if (words := self._send(address, before, at))]
        if wrong:
            words = f"The weekly message from our own address did not reach all it goes to. {wrong[0]}"
            alarm = Alarm("weekly", words, str(before.at if before else "").encode())
            state.ring(self._db, alarm, at)
            raise alarm
        with self._db.transaction():
            self._db.execute("INSERT INTO continuity.weekly (sent_at, addresses) VALUES (%s, %s)", [at, len(self._to.addresses)])
        self._has.clear()
        return False

    def _send(self, address: str, before: Sent | None, at: datetime) -> str:
        """Send it to one address that has not got it. Returns what is wrong, or nothing."""
        if address in self._has:
            return ""
        week = hashlib.sha256(f"{before.at.isoformat() if before else 'first'}\n{address}".encode()).hexdigest()
        on = london_date(at)
        subject, body = (str(_words().on(name, on).value).strip().format_map(self._to.said) for name in ("subject", "body"))
        message = Outgoing(key=f"w_{week[:20]}", channel="email", to=address, subject=subject, body=body, at=at)
        try:
            self._provider.send(message, self._provider.form(message))
        except NotSent as no:
            return str(no)
        self._has.add(address)
        return ""


def last(db: Db) -> Sent | None:
    """Return the last weekly message that all have, or None."""
    with db.transaction():
        row = db.execute("SELECT sent_at, addresses FROM continuity.weekly ORDER BY id DESC LIMIT 1").fetchone()
    return Sent(at=row[0], addresses=row[1]) if row else None


def is_overdue(sent: Sent | None, at: datetime) -> bool:
    """Whether the last one is too long ago, or none ever went."""
    return sent is None or at >= _after(sent.at, "overdue")


def _after(at: datetime, name: str) -> datetime:
    late, _ = run_out(str(_words().on(name, london_date(at)).value), at)
    assert late is not None, name  # noqa: S101 - hours, or the file is wrong
    return late


@cache
def _words() -> DatedValues:
    return figures_of("continuity", "weekly.toml")
