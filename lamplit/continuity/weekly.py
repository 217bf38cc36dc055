"""The weekly message of a standby: sent by its own providers from its own domain, so that partners and filters know it.

It goes before and after taking over. What is left of a week that failed is sent again, with the same Message-ID.
"""

import hashlib
from collections.abc import Callable, Mapping
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
Carriers = Mapping[str, Provider]  # who carries a channel


class Sent(Plain, frozen=True, kw_only=True):
    """The last weekly message that everybody has."""

    at: datetime
    addresses: int


class Round(Plain, frozen=True, kw_only=True):
    """To whom it goes, by e-mail and by text, and what it says of the landlord: `landlord`, `phone`, `sender`."""

    addresses: tuple[str, ...]
    texts: tuple[str, ...] = ()
    said: dict[str, str]

    @property
    def everybody(self) -> list[tuple[str, str]]:
        """Each by channel and address or number."""
        return [*(("email", one) for one in self.addresses), *(("text", one) for one in self.texts)]


class Weekly:
    """Sends it when it is due. What one address refuses keeps it from no other."""

    def __init__(self, db: Db, carriers: Carriers, to: Round, clock: Callable[[], datetime] = now) -> None:
        self._db, self._carriers, self._to, self._clock = db, carriers, to, clock
        self._has: set[tuple[str, str]] = set()  # who has this week's already

    def step(self) -> bool:
        """Send what is due. Alarm when somebody could not be sent it: it rings, and is tried again."""
        at, before = self._clock(), last(self._db)
        if before is not None and at < _after(before.at, "every"):
            return False
        wrong = [words for one in self._to.everybody if (words := self._send(one, before, at))]
        if wrong:
            words = f"The weekly message from our own address did not reach all it goes to. {wrong[0]}"
            alarm = Alarm("weekly", words, str(before.at if before else "").encode())
            state.ring(self._db, alarm, at)
            raise alarm
        with self._db.transaction():
            self._db.execute("INSERT INTO continuity.weekly (sent_at, addresses) VALUES (%s, %s)", [at, len(self._to.everybody)])
        self._has.clear()
        return False

    def _send(self, one: tuple[str, str], before: Sent | None, at: datetime) -> str:
        """Send it to one who has not got it. Returns what is wrong, or nothing."""
        if one in self._has:
            return ""
        wrong = give(self._carriers, _words(), self._to.said, one, before.at.isoformat() if before else "first", at)
        if not wrong:
            self._has.add(one)
        return wrong


def give(carriers: Carriers, words: DatedValues, said: Mapping[str, str], to: tuple[str, str], which: str, at: datetime) -> str:
    """Send the words of a file, filled in with `said`, to one channel and address. Returns what is wrong, or nothing.

    `which` tells one message to an address from the next: the same one given twice is one message.
    """
    (channel, address), on = to, london_date(at)
    names = ("text",) if channel == "text" else ("subject", "body")
    filled = [str(words.on(name, on).value).strip().format_map(said) for name in names]
    digest = hashlib.sha256(f"{which}\n{address}".encode()).hexdigest()
    message = Outgoing(key=f"w_{digest[:20]}", channel=channel, to=address, subject=filled[0], body=filled[-1], at=at)
    try:
        carriers[channel].send(message, carriers[channel].form(message))
    except NotSent as no:
        return str(no)
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
