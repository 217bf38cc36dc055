"""Who looks at whom: noted as it happens in one plain table, written to the record when the minute is over; and how many.

A page notes its looks in one statement, and they stand there before the page is shown: so a web process that is killed loses
none. What the record does not have yet (at most three minutes) is lost only with the database itself.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, cast

from django.db import connection

from lamplit.basics.who import By, job, read
from lamplit.config import planted
from lamplit.config.models import Look
from lamplit.people import actions
from lamplit.people import facts as people
from lamplit.staff import actions as staffed
from lamplit.staff import queries as staff

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SETTLED = timedelta(minutes=1)  # after its minute a slow page may still add to it
ROUND = 200  # readers and minutes that are written at a time
_NOTE = """
INSERT INTO look (reader, at, person, via, about, count)
SELECT %s, %s, person, via, about, 1 FROM unnest(%s::text[], %s::text[], %s::text[]) AS seen (person, via, about)
ON CONFLICT (reader, at, person, via, about) DO UPDATE SET count = look.count + 1
"""

# Whom a reader has seen in an hour and in a day, in the record and in what waits for it; and which of these people.
_COUNT = """
WITH seen AS (
    SELECT person, max(at) AS at FROM (
        SELECT person, at FROM look WHERE reader = %(by)s AND at > %(day)s
        UNION ALL SELECT person, at FROM person_look WHERE reader = %(reader)s AND at > %(day)s AND count > 0
    ) AS looks GROUP BY person
)
SELECT count(*) FILTER (WHERE at > %(hour)s), count(*),
    count(*) FILTER (WHERE at > %(hour)s AND person = ANY(%(people)s)), count(*) FILTER (WHERE person = ANY(%(people)s))
FROM seen
"""

Seen = tuple[str, str, str | None]  # person, via, about


class Stopped(NamedTuple):
    """A page is not shown: whoever asks would have seen more people in an `hour` or a `day` than `most`."""

    span: Literal["hour", "day"]
    most: int


def stop(by: By, roles: Sequence[str], seen: Iterable[Seen], at: datetime) -> Stopped | None:
    """Say whether showing these people passes the landlord's limit, and if so note that in the record. None: show them.

    Whom she has seen in the span already she may see again. `roles`: none for a firm's own system.
    """
    people = sorted({person for person, _, _ in seen})
    asked: dict[str, Any] = {"by": str(by), "reader": by.id, "people": people, "hour": at - HOUR, "day": at - timedelta(days=1)}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, asked)
        hour, day, known_hour, known_day = cursor.fetchone()
    # Nobody new in a span passes nothing, also where a lift has ended and she has seen many.
    counted = {"hour": hour + len(people) - known_hour if len(people) > known_hour else 0}
    counted["day"] = day + len(people) - known_day if len(people) > known_day else 0
    passed = staff.limit_passed(by.id, roles, hour=counted["hour"], day=counted["day"], at=at)
    if passed is None:
        return None
    before = staff.look_limit(by.id)
    lifted = f"{before.lifted_at:%Y%m%d%H%M%S}" if before is not None and before.lifted_at else "never"
    # Once an hour at most: somebody who goes on clicking fills no record, and rings nobody out of bed twice.
    command = f"job:look-limit:{by.id}:{passed.span}:{passed.most}:{at:%Y%m%d%H}:{lifted}"
    staffed.note_limit_reached(reader=by.id, span=passed.span, most=passed.most, by=by, at=at, command=command)
    return Stopped(passed.span, passed.most)


def note(by: By, seen: Iterable[Seen], at: datetime) -> None:
    """Note that somebody looked at these people; if one was planted, it rings. Of a firm's system only the hour counts."""
    seen = list(seen)
    looks = sorted({(person, via, about or "") for person, via, about in seen})
    if not looks:
        return
    moment = at.replace(second=0, microsecond=0) if by.kind == "staff" else at.replace(minute=0, second=0, microsecond=0)
    columns = [list(column) for column in zip(*looks, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [str(by), moment, *columns])
    planted.ring(by, seen, at)


def write_due(at: datetime) -> int:
    """Write to the record what was noted in minutes that are over. Returns how many looks."""
    waiting = Look.objects.filter(at__lt=at - MINUTE - SETTLED).order_by("at", "reader")
    over = [
        (reader, moment)
        for reader, moment in waiting.values_list("reader", "at").distinct()[:ROUND]
        if reader.startswith("staff:") or moment < at - HOUR - SETTLED
    ]
    return sum(_write(reader, moment) for reader, moment in over)


def _write(reader: str, moment: datetime) -> int:
    rows = list(Look.objects.filter(reader=reader, at=moment).order_by("id")[: actions.MOST_LOOKS])
    looks = [
        people.Look(
            person=row.person, via=cast(Any, row.via), about=row.about or None, count=row.count if row.count > 1 else None
        )
        for row in rows
    ]  # fmt: skip
    who = read(reader)
    # Named by the rows: killed before they are gone, the same rows are the same command, and nothing is written twice.
    command = f"job:looks:{rows[0].id}:{rows[-1].id}"
    actions.write_looks(
        reader=who.id, team=_team(who), looked_at=moment, looks=looks, by=job("looks"), at=moment + MINUTE, command=command
    )
    Look.objects.filter(id__in=[row.id for row in rows]).delete()
    return len(rows)


def _team(who: By) -> str | None:
    row = staff.member(who.id) if who.kind == "staff" else None
    return row.team if row is not None else None
