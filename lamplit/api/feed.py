"""What happened to a firm's jobs, read on from where its system stopped.

Where it stopped is the last line that was read and when that was written (repairs/queries/news.py). It stays right when tables
are made again from the record, and while others write: nothing is told before all that was written earlier can be seen.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from lamplit.api.updates import is_for, message_of
from lamplit.api.writing import moment
from lamplit.basics.refusal import Refused
from lamplit.basics.who import CONTRACTOR, PERSON, STAFF, VISITOR, read
from lamplit.record.settled import seen_until
from lamplit.repairs import queries
from lamplit.staff import queries as staff

MOST = 50  # messages in one answer
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_MARK = re.compile(r"([0-9a-f]{1,14})\.((?:e_[0-9a-z]{20})?)", re.ASCII)


class Told(NamedTuple):
    """One answer: the messages, the jobs that they are of, from where to read on, and whether there is more already."""

    messages: list[dict[str, Any]]
    jobs: list[queries.Job]
    next: str
    more: bool


def mark_of(text: str | None) -> queries.Mark | None:
    """Read from where to go on: what an answer gave as `next`, or a moment. None for nothing. Refused: api.no_such_place."""
    if not text:
        return None
    try:
        if found := _MARK.fullmatch(text):
            return queries.Mark(BEGIN + int(found[1], 16) * MICROSECOND, found[2])
        at = datetime.fromisoformat(text)
        return queries.Mark((at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC))
    except (ValueError, OverflowError) as error:
        raise Refused("api.no_such_place") from error


def spell(mark: queries.Mark) -> str:
    """Return a mark as an answer gives it."""
    return f"{(mark.at - BEGIN) // MICROSECOND:x}.{mark.entry}"


def read_on(contractor: str, after: queries.Mark | None, now: datetime) -> Told:
    """Return what a firm's system is told next, MOST messages at most. Without `after` nothing: it begins now."""
    until = seen_until(now)
    if after is None:
        return Told([], [], spell(queries.Mark(until)), False)
    news = queries.news_of_firm(contractor, after=after, until=until, limit=MOST)
    jobs = {work: queries.job(work, staff="", contractor=contractor) for work in dict.fromkeys(one.work for one in news.lines)}
    told = [
        _told(line, job, contractor) for line in news.lines
        if (job := jobs[line.work]) is not None and is_for(contractor, line, job)
    ]  # fmt: skip
    return Told(told, [one for one in jobs.values() if one is not None], spell(news.reached), news.more)


def _told(line: Any, job: queries.Job, contractor: str) -> dict[str, Any]:
    name, said = message_of(line, job)
    return {
        "id": line.id, "name": name, "workOrder": job.work.id, "repair": job.repair.reference, "at": moment(line.at),
        "by": _whose(line.by, contractor), "message": said,
    }  # fmt: skip


def _whose(by: str, contractor: str) -> str:
    """Return who did it: `system` (the firm's own, by this door), its `people`, the `household` or the `landlord`."""
    who = read(by)
    if who.kind == CONTRACTOR:
        return "system" if who.id == contractor else "landlord"
    if who.kind in (PERSON, VISITOR):
        return "household"
    member = staff.member(who.id) if who.kind == STAFF else None
    return "people" if member is not None and member.contractor == contractor else "landlord"
