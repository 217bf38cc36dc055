"""Lists of repairs: of a home, around it, of a person; and what the worker looks for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from lamplit.homes import queries as homes
from lamplit.homes.models import Home
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.record.search import as_written
from lamplit.repairs.models import Happening, Repair, RepairClock, Tree, Visit, Work
from lamplit.repairs.queries import shared
from lamplit.tenancies.models import Member

HISTORY = 500
LATELY = timedelta(days=30)


_OF_HOME = Ready(lambda home: Repair.objects.filter(home=home).order_by("-reported_at", "-id"))
_OPEN_IN = Ready(lambda homes: Repair.objects.filter(home__any=homes, live=True).order_by("next_at", "id"))
_LIVES_IN = ReadyColumns(lambda person: Member.objects.filter(person=person, left_on__isnull=True), "tenancy")


@dataclass(frozen=True)
class HistoryRow:
    """One report in a home's story. `repeat_of` is the newest earlier report of the same group of faults in this home within
    `REPEAT_DAYS`, `reports` how many of that group there were in the year before it, this one counted."""

    repair: Repair
    repeat_of: str | None
    reports: int


def home_history(home: str, *, limit: int = HISTORY) -> list[HistoryRow]:
    """Return everything ever reported of a home, by whichever tenant, newest first, with repeats marked.

    Joined reports stand among them and count.
    """
    oldest_first = _OF_HOME.all(home=home, limit=limit)[::-1]
    rows = [_placed(repair, oldest_first[:number]) for number, repair in enumerate(oldest_first)]
    return rows[::-1]


REPEAT_DAYS = 90
YEAR = timedelta(days=365)


def _placed(repair: Repair, earlier: list[Repair]) -> HistoryRow:
    same = [r for r in earlier if isinstance(r.fault_group, str) and r.fault_group == repair.fault_group]
    near = [r for r in same if repair.reported_at - r.reported_at <= timedelta(days=REPEAT_DAYS)]
    year = [r for r in same if repair.reported_at - r.reported_at <= YEAR]
    return HistoryRow(repair, near[-1].id if near else None, len(year) + 1)


def open_around(home: str) -> dict[str, list[tuple[Home, list[Repair]]]]:
    """Return the homes `above`, `below` and `beside` in the block, each with its open repairs. Empty for a house."""
    around = homes.neighbours(home)._asdict()
    ids = [there.id for listed in around.values() for there in listed]
    open_now: dict[str, list[Repair]] = {ident: [] for ident in ids}
    for repair in _OPEN_IN.all(homes=ids) if ids else ():
        open_now[repair.home].append(repair)
    return {where: [(there, open_now[there.id]) for there in listed] for where, listed in around.items()}


def open_of_homes(home_ids: Iterable[str]) -> dict[str, list[Repair]]:
    """Return the open repairs of these homes, by home; what runs out first comes first. Homes with none are left out."""
    found: dict[str, list[Repair]] = {}
    for one in _OPEN_IN.all(homes=list(home_ids)):
        found.setdefault(one.home, []).append(one)
    return found


def happening(entry: str) -> Happening | None:
    """Return the line of a timeline that an entry of the record wrote, or None."""
    return Happening.objects.filter(id=entry).first()


def bookings_of(repair: str, visit: str) -> list[str]:
    """Return the entries that booked or moved a visit."""
    return list(Happening.objects.filter(repair=repair, kind="visit.booked", visit=visit).values_list("id", flat=True))


def of_person(person: str, *, limit: int = HISTORY) -> list[Repair]:
    """Return every repair that she reported or that is of a household she lives in now, newest first."""
    return _OF_PERSON.all(person=person, **_of_hers(person), since=None, limit=limit)


def open_of_person(person: str, *, at: datetime) -> list[Repair]:
    """Return her repairs that are not over, and those that ended within 30 days, newest first. Joined reports are left out."""
    return _OF_PERSON.all(person=person, **_of_hers(person), since=at - LATELY, limit=HISTORY)


def _of_hers(person: str) -> dict[str, list[str]]:
    """Return her households, the blocks where she lives, and the repairs of other homes that reach hers."""
    tenancies = _LIVES_IN.column(person=person)
    return {"tenancies": tenancies, "blocks": shared.blocks_of(tenancies), "linked": shared.linked_to(tenancies)}


def _of_person(
    person: str, tenancies: list[str], blocks: list[str], linked: list[str], since: datetime | None
) -> QuerySet[Repair]:
    hers = Q(reporter=person) | Q(household__any=tenancies) | Q(block__any=blocks) | Q(id__any=linked)
    found = Repair.objects.filter(hers).order_by("-reported_at", "-id")
    return found if since is None else found.filter(Q(live=True) | Q(closed_at__gte=since), joined_into__isnull=True)


_OF_PERSON = Ready(_of_person)


_REPAIR = Ready(lambda repair: Repair.objects.filter(id=repair))
_REFERENCE = Ready(lambda reference: Repair.objects.filter(reference=reference))
_NEWEST_TREE = Ready(lambda: Tree.objects.order_by("-loaded_at", "-id")[:1])
_EDITION = Ready(lambda edition: Tree.objects.filter(edition=edition).order_by("-loaded_at", "-id")[:1])


def by_reference(reference: str) -> Repair | None:
    """Return the repair with this number, or None. Spaces and case do not matter."""
    return _REFERENCE.first(reference="".join(reference.split()).upper())


def by_old_reference(text: str) -> Repair | None:
    """Return the repair that the system before calls so, or None."""
    return Repair.objects.filter(old_reference_key__in=as_written(text)).order_by("id").first()


def clocks_to_run_out(now: datetime, *, limit: int = 200) -> list[RepairClock]:
    """Return clocks whose time is over and of which nobody has said so yet, oldest first."""
    over = RepairClock.objects.filter(stopped_at__isnull=True, ran_out_at__isnull=True, due_at__lt=now)
    return list(over.order_by("due_at", "id")[:limit])


def repair(ident: str) -> Repair | None:
    """Return one repair's row as it stands, or None. A joined report stays itself; `case` leads on."""
    return _REPAIR.first(repair=ident)


def work(ident: str) -> Work | None:
    """Return one piece of work, or None."""
    return Work.objects.filter(id=ident).first()


def visit(ident: str) -> Visit | None:
    """Return one visit, or None."""
    return Visit.objects.filter(id=ident).first()


def to_ring() -> list[Repair]:
    """Return emergencies that nobody has accepted, oldest first."""
    return list(Repair.objects.filter(live=True, queue_rank=0).order_by("next_at", "id")[:200])


def tree(edition: str | None = None) -> Tree | None:
    """Return a version of the diagnosis questions, the newest when no edition is named, or None."""
    return _NEWEST_TREE.first() if edition is None else _EDITION.first(edition=edition)
