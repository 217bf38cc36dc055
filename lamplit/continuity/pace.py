"""How much happens on main: entries, records of people that were looked at, keys that are to be destroyed; hour by hour.

Counted from headers alone, which every release reads and no key opens. What is far above the busiest hour of the last two weeks
rings (`data/pace.toml`).
"""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec
import psycopg

from lamplit.basics.dated import DatedValues
from lamplit.basics.figures import figures_of
from lamplit.continuity.state import Alarm
from lamplit.record.encode import Header
from lamplit.record.store import Store, read_bundle
from lamplit.record.tiles import WIDTH

Db = psycopg.Connection[Any]
AT_A_TURN = 16 * WIDTH  # entries that are counted at a time
OLDEST = 500_000  # entries before the newest: what is older is no measure of the usual
RECENT = timedelta(hours=2)  # hours that ended longer ago ring no more
_HOUR = "in the hour from {hour:%d %B %H:%M} UTC. Before, {usual:,} at most."
YOUNG = timedelta(days=1)  # a record begins with everything that is brought over: until then nobody knows what is usual
WORDS = {
    "entries": "The main system writes far more than usual: over {limit:,} entries " + _HOUR,
    "reads": f"Records of people are read far more than usual: over {{limit:,}} times {_HOUR} See on main's desk who looked.",
    "erasures": f"Over {{limit:,}} keys were ordered to be destroyed {_HOUR} `lamplit erasures` on main calls them off.",
}
_header = msgspec.json.Decoder(Header).decode


@cache
def policy() -> DatedValues:
    return figures_of("continuity", "pace.toml")


def count_new(db: Db, mirror: Store, held: int) -> bool:
    """Count the next entries that we hold. Returns whether there are more."""
    with db.transaction():
        row = db.execute("SELECT size FROM continuity.counted FOR UPDATE").fetchone()
        assert row is not None  # noqa: S101 - the schema makes it
        start = max(int(row[0]), held - OLDEST)
        end = min(held, start + AT_A_TURN)
        for hour, found in _hours(_entries(mirror, start, end, held)).items():
            db.execute(
                "INSERT INTO continuity.pace AS p (hour, entries, reads, erasures) VALUES (%s, %s, %s, %s) ON CONFLICT (hour)"
                " DO UPDATE SET entries = p.entries + excluded.entries, reads = p.reads + excluded.reads,"
                " erasures = p.erasures + excluded.erasures",
                [hour, *(found[name] for name in WORDS)],
            )
        db.execute("UPDATE continuity.counted SET size = %s", [end])
    return end < held


def _entries(mirror: Store, start: int, end: int, held: int) -> list[bytes]:
    first = start // WIDTH
    found = [raw for n in range(first, -(-end // WIDTH)) for raw in read_bundle(mirror, n, min(WIDTH, held - n * WIDTH))]
    return found[start - first * WIDTH : end - first * WIDTH]


def _hours(entries: list[bytes]) -> dict[datetime, Counter[str]]:
    """Return what happened in which hour. Whoever writes an entry says when; one that is no entry is passed over."""
    hours: dict[datetime, Counter[str]] = {}
    for raw in entries:
        try:
            header = _header(raw)
        except msgspec.DecodeError:
            continue
        of = hours.setdefault(header.recorded_at.replace(minute=0, second=0, microsecond=0), Counter())
        of["entries"] += 1
        if header.kind == "records.read":
            of["reads"] += len(header.subjects) - 1  # the first is who read
        of["erasures"] += header.kind == "erasure.ordered"
    return hours


def unusual(db: Db, at: datetime) -> list[Alarm]:
    """Return an alarm for each measure that ran far above the usual in the last hours."""
    said, on = policy(), at.date()
    since = at - timedelta(days=said.number("days", on))
    with db.transaction():
        rows = db.execute(
            "SELECT hour, entries, reads, erasures FROM continuity.pace WHERE hour >= %s ORDER BY hour", [since]
        ).fetchall()
        oldest = db.execute("SELECT min(hour) FROM continuity.pace").fetchone()
    alarms, now_from = [], at - RECENT - timedelta(hours=1)
    young = oldest is None or oldest[0] is None or oldest[0] > at - YOUNG
    for place, name in enumerate(WORDS, 1):
        if name == "entries" and young:
            continue
        usual = max((row[place] for row in rows if row[0] < now_from), default=0)
        limit = max(said.number(f"{name}.floor", on), usual * said.number(f"{name}.times", on))
        for row in rows:
            if row[0] >= now_from and row[place] > limit:
                words = WORDS[name].format(limit=limit, hour=row[0], usual=usual)  # the same while the hour goes on: told once
                alarms.append(Alarm(name, words, f"{name} {row[0].isoformat()}".encode()))
    return alarms
