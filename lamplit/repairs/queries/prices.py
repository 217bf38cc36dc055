"""Reads of what work costs: the schedule of rates, and more that was asked for."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from lamplit.record.ready import Ready
from lamplit.repairs.models import Rate, Repair, Variation

LATELY = timedelta(days=30)
_RATE = Ready(lambda code, on: Rate.objects.filter(code=code, from_on__lte=on).order_by("-from_on")[:1])
_OF_REPAIR = Ready(lambda repair: Variation.objects.filter(repair=repair).order_by("asked_at", "id"))
_OF_WORK = Ready(lambda work: Variation.objects.filter(work=work).order_by("asked_at", "id"))


def rate_on(code: str, on: date) -> Rate | None:
    """Return the rate of a code on a day, or None. The newest first day counts; one that has ended is none."""
    row: Rate | None = _RATE.first(code=code.strip().upper(), on=on)
    return None if row is None or (row.until_on is not None and row.until_on < on) else row


def rates(on: date, *, text: str = "", limit: int = 200) -> list[Rate]:
    """Return the rates of a day whose code begins so, or whose words have this, in the order of their codes."""
    found = Rate.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), from_on__lte=on)
    if text:
        found = found.filter(Q(code__startswith=text.upper()) | Q(says__icontains=text))
    newest: dict[str, Rate] = {}
    for row in found.order_by("code", "from_on")[: limit * 2]:
        newest[row.code] = row
    return list(newest.values())[:limit]


def variation(ident: str) -> Variation | None:
    """Return one thing that was asked for, or None."""
    return Variation.objects.filter(id=ident).first()


def variations_of(repair: str) -> list[Variation]:
    """Return what was asked for of a repair, oldest first."""
    return _OF_REPAIR.all(repair=repair)


def variations_of_work(work: str) -> list[Variation]:
    """Return what was asked for of a work, oldest first."""
    return _OF_WORK.all(work=work)


def variations_waiting(*, limit: int = 200) -> list[tuple[Variation, Repair]]:
    """Return what waits for a yes or no, what is due first on top, each with its repair."""
    return _with_repairs(list(Variation.objects.filter(state="waiting").order_by("answer_by", "id")[:limit]))


def variations_to_make_safe(now: datetime, *, limit: int = 50) -> list[tuple[Variation, Repair]]:
    """Return what was done lately without a yes, because a home was not safe; newest first. Somebody looks at these after."""
    found = Variation.objects.filter(make_safe=True, asked_at__gte=now - LATELY).order_by("-asked_at", "-id")
    return _with_repairs(list(found[:limit]))


def _with_repairs(rows: list[Variation]) -> list[tuple[Variation, Repair]]:
    repairs = Repair.objects.in_bulk({row.repair for row in rows})
    return [(row, repairs[row.repair]) for row in rows]
