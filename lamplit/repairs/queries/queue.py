"""The queue: every repair that is not over, ordered by what runs out next. One index gives the order, three reads the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from lamplit.basics.fact import Unavailable
from lamplit.homes.models import Home
from lamplit.repairs.models import Repair, RepairClock, Work
from lamplit.staff.models import Staff

LIMIT = 50
Cursor = tuple[int, datetime, str]  # queue_rank, next_at and id of the last row seen


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue. `next_code` says what runs out at `next_at` (models.Repair); `starts_at` is when that clock
    began, if it is one. `at_risk` lists the needs kept with the triage. `address` is lines, or None."""

    id: str
    reference: str
    title: Any
    room: Any
    home: str
    address: Any
    at_risk: tuple[str, ...]
    priority: str
    status: str
    reported_at: datetime
    due_at: datetime
    next_at: datetime
    next_code: str
    starts_at: datetime | None
    owner: str | None
    owner_name: Any
    accepted_by: str | None
    report_count: int
    reopened_count: int
    missed_count: int
    queue_rank: int

    @property
    def cursor(self) -> Cursor:
        """Pass as `after` to go on behind this row."""
        return self.queue_rank, self.next_at, self.id


EMERGENCIES = ("immediate", "emergency")
FILTERS = ("all", "mine", "emergencies", "unaccepted", "overdue", "hazards", "waiting", "to_confirm", "nobody", "reopened")


def _filters(me: str | None, now: datetime) -> dict[str, Q]:
    return {
        "all": Q(),
        "mine": Q(owner=me),
        "emergencies": Q(priority__in=EMERGENCIES),
        "unaccepted": Q(queue_rank=0),
        "overdue": Q(next_at__lt=now),
        "hazards": Q(running__contains='"awaab.'),
        "waiting": Q(status="waiting"),
        "to_confirm": Q(status="to_confirm"),
        "nobody": Q(owner__isnull=True),
        "reopened": Q(reopened_count__gt=0),
    }


def queue(
    which: str = "all", *, now: datetime, me: str | None = None, contractor: str | None = None,
    limit: int = LIMIT, after: Cursor | None = None,
) -> list[QueueRow]:  # fmt: skip
    """Return the queue: emergencies that nobody has accepted, then what runs out first. `which` is one of FILTERS.

    `contractor` narrows it to repairs with work of that firm that is not over. KeyError for an unknown filter.
    """
    found = _live(contractor).filter(_filters(me, now)[which])
    if after is not None:
        rank, next_at, ident = after
        behind = Q(next_at__gt=next_at) | Q(next_at=next_at, id__gt=ident)
        found = found.filter(Q(queue_rank__gt=rank) | Q(queue_rank=rank) & behind, queue_rank__gte=rank)
    return rows_of(
        list(found.defer("answers", "words", "caller", "works", "steps").order_by("queue_rank", "next_at", "id")[:limit])
    )


def _live(contractor: str | None) -> QuerySet[Repair]:
    found = Repair.objects.filter(live=True)
    if contractor is not None:
        theirs = Work.objects.filter(contractor=contractor, state__in=["open", "booked", "waiting"]).values("repair")
        found = found.filter(id__in=theirs)
    return found


def queue_counts(*, now: datetime, me: str | None = None, contractor: str | None = None) -> dict[str, int]:
    """Return how many repairs each filter would show."""
    counts = {name: Count("id", filter=wanted or None) for name, wanted in _filters(me, now).items()}
    return _live(contractor).aggregate(**counts)


def rows_of(repairs: list[Repair]) -> list[QueueRow]:
    """Return the lines of these repairs, with their addresses, clocks and owners in one read each."""
    homes = dict(Home.objects.filter(id__in={r.home for r in repairs}).values_list("id", "address"))
    names = staff_names(r.owner for r in repairs)
    clocks = RepairClock.objects.filter(id__in=[f"{r.id}.{r.next_code}" for r in repairs])
    starts = dict(clocks.values_list("id", "starts_at"))
    return [
        QueueRow(
            id=r.id, reference=r.reference, title=r.title, room=r.room, home=r.home, address=homes.get(r.home),
            at_risk=needs_of(r), priority=r.priority, status=r.status, reported_at=r.reported_at, due_at=r.due_at,
            next_at=r.next_at, next_code=r.next_code, starts_at=starts.get(f"{r.id}.{r.next_code}"), owner=r.owner,
            owner_name=names.get(r.owner), accepted_by=r.accepted_by, report_count=r.report_count,
            reopened_count=r.reopened_count, missed_count=r.missed_count, queue_rank=r.queue_rank,
        )
        for r in repairs
    ]  # fmt: skip


def staff_names(ids: Iterable[str | None]) -> dict[str | None, Any]:
    """Return the names of staff by id."""
    wanted = {ident for ident in ids if ident}
    return dict(Staff.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def needs_of(repair: Repair) -> tuple[str, ...]:
    """Return the needs that were known when the repair was last triaged; none where that cannot be read."""
    triage = repair.retriage or repair.triage
    return () if triage is None or isinstance(triage, Unavailable) else tuple(triage["needs"])
