"""Figures for the board: how old what is open is, and which clocks were missed. Each is a count that its list can show."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Q

from lamplit.repairs.models import Repair, RepairClock

# From how many days on; the last has no end.
AGES = (0, 1, 7, 28, 90, 180)


class Age(NamedTuple):
    """Open repairs between two ages in days; `to_days` is None for the oldest. `emergencies` are among `repairs` too."""

    from_days: int
    to_days: int | None
    repairs: int
    emergencies: int


class Kept(NamedTuple):
    """Clocks of one kind that ended or ran out since a day: how many, how many of these too late, how many run late now."""

    code: str
    ended: int
    missed: int
    late_now: int


def open_by_age(now: datetime) -> list[Age]:
    """Return how many repairs are open, by how long ago they were reported."""
    spans = list(zip(AGES, [*AGES[1:], None], strict=True))
    asked = {}
    for number, (young, old) in enumerate(spans):
        within = Q(reported_at__lte=now - timedelta(days=young)) if young else Q()
        if old is not None:
            within &= Q(reported_at__gt=now - timedelta(days=old))
        asked[f"all{number}"] = Count("id", filter=within or None)
        asked[f"emergency{number}"] = Count("id", filter=within & Q(priority__in=["immediate", "emergency"]))
    found = Repair.objects.filter(live=True).aggregate(**asked)
    return [Age(y, o, found[f"all{n}"], found[f"emergency{n}"]) for n, (y, o) in enumerate(spans)]


def clocks_kept(since: datetime, now: datetime) -> list[Kept]:
    """Return how the clocks that fell due since then were kept, by code, most missed first."""
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True)
    rows = (
        RepairClock.objects.filter(due_at__gte=since, due_at__lt=now)
        .values("code")
        .annotate(ended=Count("id"), missed=Count("id", filter=late), late_now=Count("id", filter=Q(stopped_at__isnull=True)))
    )
    found = [Kept(row["code"], row["ended"], row["missed"], row["late_now"]) for row in rows]
    return sorted(found, key=lambda kept: (-kept.missed, kept.code))


def clocks_missed(code: str, since: datetime, now: datetime, *, limit: int = 200) -> list[tuple[RepairClock, Repair]]:
    """Return the clocks behind one figure of `clocks_kept`, newest first, each with its repair."""
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True)
    fell_due = RepairClock.objects.filter(late, code=code, due_at__gte=since, due_at__lt=now)
    clocks = list(fell_due.order_by("-due_at", "id")[:limit])
    found = Repair.objects.in_bulk({clock.repair for clock in clocks})
    return [(clock, found[clock.repair]) for clock in clocks]


def open_between(from_days: int, to_days: int | None, now: datetime, *, limit: int = 200) -> list[Repair]:
    """Return the repairs behind one figure of `open_by_age`, oldest first."""
    found = Repair.objects.filter(live=True)
    if from_days:
        found = found.filter(reported_at__lte=now - timedelta(days=from_days))
    if to_days is not None:
        found = found.filter(reported_at__gt=now - timedelta(days=to_days))
    return list(found.order_by("reported_at", "id")[:limit])
