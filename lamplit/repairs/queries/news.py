"""What happened to works, in the order in which it was written: for a firm's system, which reads on from where it stopped.

When it happened is no such order: a paper that is keyed today tells of a visit of last week.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from lamplit.record.ready import Ready, ReadyColumns
from lamplit.repairs.models import Happening, Visit, Work

KINDS = (
    "work.ordered", "work.waiting", "work.cancelled", "visit.booked", "visit.cancelled", "visit.missed", "visit.attended",
    "variation.decided",
)  # fmt: skip
LOOK = 2_000  # lines of all firms that are looked through at a time

_OF_WORK = Ready(
    lambda repair, work, kinds: Happening.objects.filter(repair=repair, work=work, kind__any=kinds).order_by("recorded_at", "id")
)
# `work__isnull` is what the index is for (happening_of_work).
_SINCE = ReadyColumns(
    lambda at, same, entry, until, kinds: (
        Happening.objects.filter(work__isnull=False, recorded_at__gte=at, recorded_at__lt=until, kind__any=kinds)
        .exclude(recorded_at=same, id__lte=entry)
        .order_by("recorded_at", "id")
    ),
    "id", "recorded_at", "repair", "work",
)  # fmt: skip
_THEIRS = ReadyColumns(lambda works, contractor: Work.objects.filter(id__any=works, contractor=contractor), "id")
_VISITED = ReadyColumns(lambda repairs, contractor: Visit.objects.filter(repair__any=repairs, contractor=contractor), "work")
_LINES = Ready(lambda lines: Happening.objects.filter(id__any=lines))


class Mark(NamedTuple):
    """Where somebody stopped: the last line that was read, and when it was written. `entry` empty: at that moment."""

    at: datetime
    entry: str = ""


class News(NamedTuple):
    """Lines of a firm's works, oldest first; where to read on; and whether there is more already."""

    lines: list[Happening]
    reached: Mark
    more: bool


def news_of_work(work: Work) -> list[Happening]:
    """Return what a firm is told of one work, oldest first."""
    return _OF_WORK.all(repair=work.repair, work=work.id, kinds=list(KINDS))


def news_of_firm(contractor: str, *, after: Mark, until: datetime, limit: int) -> News:
    """Return what was written of a firm's works after a place and before a moment (`record.settled`), `limit` lines at most.

    Its works are those that it was given, and those to which it makes a visit. At most LOOK lines of all firms are looked
    through: so there may be more though few are returned.
    """
    found = _SINCE.all(limit=LOOK, at=after.at, same=after.at, entry=after.entry, until=until, kinds=list(KINDS))
    works = _of_firm(contractor, found)
    theirs = [row for row in found if row[3] in works]
    chosen, cut = theirs[:limit], len(theirs) > limit
    last = chosen[-1] if cut else found[-1] if found else None
    rows = {row.id: row for row in _LINES.all(lines=[row[0] for row in chosen])}
    return News(
        [rows[row[0]] for row in chosen], after if last is None else Mark(last[1], last[0]), cut or len(found) == LOOK
    )  # fmt: skip


def _of_firm(contractor: str, found: Iterable[Any]) -> set[str]:
    works, repairs = {row[3] for row in found}, {row[2] for row in found}
    given = _THEIRS.column(works=list(works), contractor=contractor)
    return {*given, *_VISITED.column(repairs=list(repairs), contractor=contractor)} & works
