"""Figures for the board: how old what is open is, and which clocks were missed. Each is a count that its list can show."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from lamplit.repairs.models import Repair, RepairClock, Visit
from lamplit.repairs.rules.clocks import is_emergency

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


class Week(NamedTuple):
    """The clocks that fell due in the seven days from `since`."""

    since: datetime
    kept: int
    missed: int


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


def missed_by_week(now: datetime, weeks: int) -> list[Week]:
    """Return the clocks that fell due in each of the last weeks, the oldest first: how many were kept, how many missed."""
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True)
    spans = [(now - timedelta(weeks=number + 1), now - timedelta(weeks=number)) for number in reversed(range(weeks))]
    asked = {}
    for number, (since, until) in enumerate(spans):
        within = Q(due_at__gte=since, due_at__lt=until)
        asked[f"all{number}"], asked[f"missed{number}"] = Count("id", filter=within), Count("id", filter=within & late)
    found = RepairClock.objects.filter(due_at__gte=spans[0][0], due_at__lt=now).aggregate(**asked)
    return [Week(since, found[f"all{n}"] - found[f"missed{n}"], found[f"missed{n}"]) for n, (since, _) in enumerate(spans)]


def why_missed(since: datetime, now: datetime) -> list[tuple[str, int]]:
    """Return what stood in the way of the clocks that were missed since then: a code of WHY and how many, most first.

    It is read from the visits before the clock ran out, the first of these that fits: nobody let us in, we did not come when we
    said, we came and it was not enough, the visit was booked too late, nobody was sent.
    """
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at__isnull=True)
    seen = Visit.objects.filter(repair=OuterRef("repair"))
    came = seen.filter(arrived_at__lt=OuterRef("due_at"))
    reason = Case(
        When(Exists(came.filter(outcome="no_access")), then=Value("no_access")),
        When(Exists(seen.filter(Q(state="missed") | Q(state="cancelled", ours=True), until_at__lt=OuterRef("due_at"))),
             then=Value("we_did_not_come")),
        When(Exists(came), then=Value("more_was_needed")),
        When(Exists(seen.filter(Q(from_at__isnull=False) | Q(arrived_at__isnull=False))), then=Value("too_late")),
        default=Value("nobody_sent"),
    )  # fmt: skip
    missed = RepairClock.objects.filter(late, due_at__gte=since, due_at__lt=now).annotate(why=reason)
    rows = missed.values("why").annotate(count=Count("id")).values_list("why", "count")
    return sorted(rows, key=lambda row: (-row[1], row[0]))


class VisitsKept(NamedTuple):
    """Visits whose time came since a day: promised, kept, missed by us, moved or called off by us, by them, nobody let us in.

    `owed_pence` is what our policy pays to those whom we missed.
    """

    promised: int
    kept: int
    missed: int
    by_us: int
    by_them: int
    no_access: int
    owed_pence: int


def visits_kept(since: datetime, now: datetime) -> VisitsKept:
    """Return how the visits were kept whose time came since then, in six numbers of one question."""
    called_off = Q(state="cancelled")
    moved_by_them = Q(moved_count__gt=Coalesce("moved_by_us", 0))
    found = Visit.objects.filter(until_at__gte=since, until_at__lt=now).aggregate(
        promised=Count("id"),
        kept=Count("id", filter=Q(state="attended", arrived_at__lte=F("until_at"))),
        missed=Count("id", filter=MISSED),
        by_us=Count("id", filter=(called_off & Q(ours=True)) | (~called_off & Q(moved_by_us__gt=0))),
        by_them=Count("id", filter=(called_off & Q(ours=False)) | (~called_off & moved_by_them)),
        no_access=Count("id", filter=Q(outcome="no_access")),
        owed_pence=Coalesce(Sum("owed_pence"), 0),
    )
    return VisitsKept(**found)


MISSED = Q(state="missed") | Q(state="attended", arrived_at__gt=F("until_at"))


def visits_missed(since: datetime, now: datetime, *, limit: int = 200) -> list[tuple[Visit, Repair]]:
    """Return the visits behind the missed ones of `visits_kept`, newest first, each with its repair."""
    rows = list(Visit.objects.filter(MISSED, until_at__gte=since, until_at__lt=now).order_by("-until_at", "id")[:limit])
    found = Repair.objects.in_bulk({row.repair for row in rows})
    return [(row, found[row.repair]) for row in rows]


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


def ran_out_between(since: datetime, until: datetime, *, limit: int = 200) -> list[tuple[RepairClock, Repair]]:
    """Return the clocks of open repairs that fell due between two moments and still run, each with its repair: risk first.

    Emergencies come first, then the law's own clocks, then what we promised; of each the longest overdue first.
    """
    over = RepairClock.objects.filter(due_at__gte=since, due_at__lt=until, stopped_at__isnull=True)
    clocks = list(over.order_by("due_at", "id")[:limit])
    found = Repair.objects.filter(live=True).in_bulk({clock.repair for clock in clocks})
    rows = [(clock, found[clock.repair]) for clock in clocks if clock.repair in found]
    return sorted(rows, key=lambda row: (not is_emergency(row[1].priority), row[0].code.startswith("target."), row[0].due_at))
