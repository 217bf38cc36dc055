"""The queue: every repair that is not over, ordered by what runs out next. One index gives the order, three reads the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from lamplit.basics.fact import Unavailable
from lamplit.homes.queries import addresses
from lamplit.record.ready import ReadyColumns, counted
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


COLUMNS = (
    "id", "reference", "title", "room", "home", "triage", "retriage", "priority", "status", "reported_at", "due_at", "next_at",
    "next_code", "owner", "accepted_by", "report_count", "reopened_count", "missed_count", "queue_rank",
)  # fmt: skip


def queue(
    which: str = "all", *, now: datetime, me: str | None = None, contractor: str | None = None,
    limit: int = LIMIT, after: Cursor | None = None,
) -> list[QueueRow]:  # fmt: skip
    """Return the queue: emergencies that nobody has accepted, then what runs out first. `which` is one of FILTERS.

    `contractor` narrows it to repairs with work of that firm that is not over. KeyError for an unknown filter.
    """
    rank, next_at, ident = after or (None, None, None)
    values = {"rank": rank, "next_at": next_at, "ident": ident, "contractor": contractor} | _needed(which, me, now)
    return rows_of(_QUEUES[which].all(limit=limit, **values))


def _needed(which: str, me: str | None, now: datetime) -> dict[str, Any]:
    return {"me": me or ""} if which == "mine" else {"now": now} if which == "overdue" else {}


def _spell(
    which: str, rank: int | None, next_at: Any, ident: Any, contractor: str | None, me: Any = None, now: Any = None
) -> QuerySet[Repair]:
    found = Repair.objects.filter(_filters(me, now)[which], live=True).order_by("queue_rank", "next_at", "id")
    if contractor is not None:
        theirs = Work.objects.filter(contractor=contractor, state__in=["open", "booked", "waiting"]).values("repair")
        found = found.filter(id__in=theirs)
    if rank is not None:
        behind = Q(next_at__gt=next_at) | Q(next_at=next_at, id__gt=ident)
        found = found.filter(Q(queue_rank__gt=rank) | Q(queue_rank=rank) & behind, queue_rank__gte=rank)
    return found


_QUEUES = {which: ReadyColumns(partial(_spell, which), *COLUMNS) for which in FILTERS}
_COUNTS = ReadyColumns(lambda me, now: counted(Repair.objects.filter(live=True), **_filters(me, now)), *FILTERS)


def queue_counts(*, now: datetime, me: str | None = None) -> dict[str, int]:
    """Return how many repairs each filter would show."""
    return dict(zip(FILTERS, _COUNTS.all(me=me or "", now=now)[0], strict=True))


_STARTS = ReadyColumns(lambda clocks: RepairClock.objects.filter(id__any=clocks), "id", "starts_at")
_NAMES = ReadyColumns(lambda staff: Staff.objects.filter(id__any=staff), "id", "name")


def rows_of(found: Iterable[Iterable[Any]]) -> list[QueueRow]:
    """Return the lines of repairs that were read by COLUMNS, with their addresses, clocks and owners in one read each."""
    read: list[dict[str, Any]] = [dict(zip(COLUMNS, values, strict=True)) for values in found]
    homes, names = addresses(one["home"] for one in read), staff_names(one["owner"] for one in read)
    clocks = [f"{one['id']}.{one['next_code']}" for one in read]
    starts = dict(_STARTS.all(clocks=clocks)) if clocks else {}
    rows = []
    for one, clock in zip(read, clocks, strict=True):
        first, again = one.pop("triage"), one.pop("retriage")
        one |= {"address": homes.get(one["home"]), "starts_at": starts.get(clock), "owner_name": names.get(one["owner"])}
        rows.append(QueueRow(**one, at_risk=needs_in(again or first)))
    return rows


def staff_names(ids: Iterable[str | None]) -> dict[str | None, Any]:
    """Return the names of staff by id."""
    wanted = {ident for ident in ids if ident}
    return dict(_NAMES.all(staff=list(wanted))) if wanted else {}


def needs_of(repair: Repair) -> tuple[str, ...]:
    """Return the needs that were known when the repair was last triaged; none where that cannot be read."""
    return needs_in(repair.retriage or repair.triage)


def needs_in(triage: Any) -> tuple[str, ...]:
    """Return the needs in a triage as it was kept."""
    return () if triage is None or isinstance(triage, Unavailable) else tuple(triage["needs"])
