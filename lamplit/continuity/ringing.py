"""Ringing people: what the standby saw goes to whoever the landlord named, by the standby's own e-mail and texts.

Main's desk cannot say it when main is what is lost. One message holds all that is new, and the next waits a while.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.dated import DatedValues
from lamplit.basics.deadlines import run_out
from lamplit.basics.figures import figures_of
from lamplit.basics.words import full_moment
from lamplit.basics.working_days import london_date
from lamplit.continuity.weekly import Carriers, Round, give

Db = psycopg.Connection[Any]
NEWS_FOR = timedelta(days=1)  # what was seen earlier is no news to anybody who is named now
MOST = 10  # alarms that one message spells out

_NEW = """
SELECT id, at, words FROM continuity.alarm
WHERE at > %s AND NOT EXISTS (SELECT FROM continuity.rung WHERE rung.alarm = alarm.id) ORDER BY id"""


class Ringing:
    """Tells everybody who is named of what is new. Who cannot be told keeps nobody else from being told."""

    def __init__(self, db: Db, carriers: Carriers, to: Round, clock: Callable[[], datetime] = now) -> None:
        self._db, self._carriers, self._to, self._clock = db, carriers, to, clock
        self._has: dict[tuple[str, str], set[int]] = {}  # which alarms each was told, of those that not all have yet

    def step(self) -> bool:
        """Tell what is new. OSError where somebody could not be told: the loop says so and tries again; no alarm comes of it."""
        at = self._clock()
        with self._db.transaction():
            rows = self._db.execute(_NEW, [at - NEWS_FOR]).fetchall()
        if not rows or not self._may_ring(at):
            return False
        wrong = [words for channel, to in self._to.everybody if (words := self._tell(channel, to, rows, at))]
        if wrong:
            raise OSError(f"Somebody could not be told that this standby rings. {wrong[0]}")
        people = len(self._to.everybody)
        with self._db.transaction(), self._db.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO continuity.rung (alarm, rung_at, people) VALUES (%s, %s, %s)", [(row[0], at, people) for row in rows]
            )
        self._has.clear()
        return False

    def _may_ring(self, at: datetime) -> bool:
        with self._db.transaction():
            row = self._db.execute("SELECT max(rung_at) FROM continuity.rung").fetchone()
        if row is None or row[0] is None:
            return True
        again, _ = run_out(str(_words().on("every", london_date(row[0])).value), row[0])
        return again is None or at >= again

    def _tell(self, channel: str, to: str, rows: list[tuple[int, datetime, str]], at: datetime) -> str:
        """Tell one of what she has not been told. Returns what is wrong, or nothing."""
        has = self._has.setdefault((channel, to), set())
        news = [row for row in rows if row[0] not in has]
        if not news:
            return ""
        lines = [f"{full_moment(when)}: {words}" for _, when, words in news[:MOST]]
        more = [f"And {len(news) - MOST} more."] if len(news) > MOST else []
        said = self._to.said | {"all": "\n".join([*lines, *more]), "first": news[-1][2]}
        wrong = give(self._carriers, _words(), said, (channel, to), f"alarm:{news[-1][0]}", at)
        if not wrong:
            has.update(row[0] for row in news)
        return wrong


@cache
def _words() -> DatedValues:
    return figures_of("continuity", "ringing.toml")
