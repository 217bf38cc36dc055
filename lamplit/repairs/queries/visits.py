"""Visits of a day, and the works of a contractor: what somebody needs to know before going there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from lamplit.basics.working_days import day_begins_at, day_ends_at
from lamplit.homes.models import HomeNote
from lamplit.homes.queries import addresses
from lamplit.record.ready import Ready
from lamplit.repairs.models import Happening, Repair, Visit, Work
from lamplit.repairs.queries.prices import variations_of_work
from lamplit.repairs.queries.queue import needs_of
from lamplit.repairs.queries.standing import WORKS, running_of
from lamplit.repairs.rules.visits import unsaid_margin

SHEETS_KEPT = timedelta(days=120)  # how old a paper sheet may be that is found by its number
WORKS_LEFT = ("open", "booked", "waiting")
_NOTES = Ready(lambda homes: HomeNote.objects.filter(home__any=homes).order_by("at", "id"))

_SAID = Ready(lambda repairs: Happening.objects.filter(repair__any=repairs, kind="repair.noted").order_by("at", "id"))


@dataclass(frozen=True)
class VisitRow:
    """One visit with what to know: the work, the repair in the tenant's words, where it is, who is there, what to look out for.

    `notes` are facts.HomeNote as plain dicts (asbestos, access, warnings) that have not ended; `said` the lines that were added
    to the repair since, for all who see it.
    """

    visit: Visit
    work: Work
    repair: Repair
    address: Any
    notes: tuple[dict[str, Any], ...]
    at_risk: tuple[str, ...]
    said: tuple[Happening, ...]


@dataclass(frozen=True)
class ContractorWork:
    """One work of a contractor, with its repair and address."""

    work: Work
    repair: Repair
    address: Any


def visits_of_day(on: date, *, staff: str | None = None, contractor: str | None = None) -> list[VisitRow]:
    """Return a London day's visits in order, of one operative or one firm; of everybody when neither is named."""
    found = Visit.objects.filter(from_at__gte=day_begins_at(on), from_at__lt=day_ends_at(on)).exclude(state="cancelled")
    if staff is not None:
        found = found.filter(operative=staff)
    if contractor is not None:
        found = found.filter(contractor=contractor)
    visits = list(found.order_by("from_at", "id"))
    works = Work.objects.in_bulk({v.work for v in visits})
    repairs = Repair.objects.in_bulk({v.repair for v in visits})
    homes = addresses(v.home for v in visits)
    notes, said = notes_of(v.home for v in visits), said_since(repairs)
    return [
        VisitRow(
            v, works[v.work], repairs[v.repair], homes.get(v.home), notes.get(v.home, ()), needs_of(repairs[v.repair]),
            said.get(v.repair, ()),
        )
        for v in visits
    ]  # fmt: skip


def visit_numbered(number: str, *, now: datetime) -> Visit | None:
    """Return the visit with this number on a day sheet (`V-7KDQ-42XR`, from its id), if it was in the last months; or None."""
    spelt = number.removeprefix("V-").replace("-", "").lower()
    if len(spelt) != 8 or not spelt.isalnum():
        return None
    lately = Visit.objects.filter(from_at__gte=now - SHEETS_KEPT, from_at__lt=now + SHEETS_KEPT, id__endswith=spelt)
    return lately.order_by("from_at", "id").first()


def visits_unsaid(now: datetime, *, limit: int = 200) -> list[Visit]:
    """Return booked visits whose time is over by more than the margin, and of which nobody said what came; oldest first."""
    over = Visit.objects.filter(state="booked", until_at__lte=now - unsaid_margin(now))
    live = Repair.objects.filter(live=True).values("id")
    left = Work.objects.filter(state="booked").values("id")
    return list(over.filter(repair__in=live, work__in=left).order_by("until_at", "id")[:limit])


def notes_of(homes: Iterable[str | None]) -> dict[str | None, tuple[dict[str, Any], ...]]:
    """Return what to know before going to these homes: notes that can be read and have not ended."""
    found: dict[str | None, tuple[dict[str, Any], ...]] = {}
    for note in _NOTES.all(homes=list({h for h in homes if h})):
        if isinstance(note.about, dict) and "ended_on" not in note.about:
            found[note.home] = (*found.get(note.home, ()), note.about)
    return found


def said_since(repairs: Iterable[str]) -> dict[str, tuple[Happening, ...]]:
    """Return what was added to these repairs for all who see them, oldest first, by repair; what cannot be read is left out."""
    found: dict[str, tuple[Happening, ...]] = {}
    for line in _SAID.all(repairs=list(repairs)):
        if line.audience == "all" and isinstance(line.said, str):
            found[line.repair] = (*found.get(line.repair, ()), line)
    return found


def works_of_contractor(contractor: str, *, states: Iterable[str] = WORKS_LEFT, limit: int = 200) -> list[ContractorWork]:
    """Return a contractor's works, oldest first: what it still has to do, unless other states are named."""
    works = list(Work.objects.filter(contractor=contractor, state__in=list(states)).order_by("ordered_at", "id")[:limit])
    repairs = Repair.objects.in_bulk({w.repair for w in works})
    homes = addresses(w.home for w in works)
    return [ContractorWork(w, repairs[w.repair], homes.get(w.home)) for w in works]


_FROM_ELSEWHERE = Ready(
    lambda home, now: (
        Visit.objects.filter(home=home, state="booked", until_at__gte=now)
        .exclude(repair__in=Repair.objects.filter(home=home).values("id"))
        .order_by("from_at", "id")
    )
)


def visits_from_elsewhere(home: str, *, now: datetime) -> list[Visit]:
    """Return visits to a home that are still to come and belong to a neighbour's repair. Whose, its household is not told."""
    return _FROM_ELSEWHERE.all(home=home, now=now)


@dataclass(frozen=True)
class Job:
    """A piece of work with what to know: its repair, its visits, and as `VisitRow`."""

    work: Work
    repair: Repair
    visits: tuple[Visit, ...]
    address: Any
    notes: tuple[dict[str, Any], ...]
    at_risk: tuple[str, ...]
    said: tuple[Happening, ...]


def job(work: str, *, staff: str, contractor: str | None, every: bool = False) -> Job | None:
    """Return a work as whoever does it sees it; None when it is not there, or is given to neither her firm nor her.

    `every`: of the landlord's own people, who see all works.
    """
    row = Work.objects.filter(id=work).first()
    if row is None:
        return None
    visits = tuple(Visit.objects.filter(repair=row.repair, work=work).order_by("from_at", "id"))  # by the index on the repair
    firms = contractor is not None and (row.contractor == contractor or any(v.contractor == contractor for v in visits))
    if not every and not firms and not any(v.operative == staff for v in visits):
        return None
    repair = Repair.objects.get(id=row.repair)
    return Job(
        row, repair, visits, addresses([row.home]).get(row.home), notes_of([row.home]).get(row.home, ()), needs_of(repair),
        said_since([row.repair]).get(row.repair, ()),
    )  # fmt: skip


OF_ONE_WORK = ("visit", "look", "by", "missed", "variation")  # how clocks begin that run for one work of a repair


class JobClock(NamedTuple):
    """A time that runs out. `whole`: of the whole repair, and not of this work alone."""

    code: str
    due_at: datetime
    whole: bool


def clocks_of_job(one: Job, *, now: datetime) -> list[JobClock]:
    """Return what runs out of a work, and what first of its whole repair: nothing of another work of it.

    Once the work is over, nothing that ran out is its affair.
    """
    hers = {one.work.id, *(visit.id for visit in one.visits), *(row.id for row in variations_of_work(one.work.id))}
    found = []
    for code, due_at in sorted(running_of(one.repair).items(), key=lambda pair: pair[1]):
        what, __, of = code.partition(".")
        if (what not in OF_ONE_WORK or of in hers) and (one.work.state in WORKS_LEFT or due_at >= now):
            found.append(JobClock(code, due_at, what not in OF_ONE_WORK))
    return [clock for clock in found if not clock.whole] + [clock for clock in found if clock.whole][:1]


def jobs_of_repair(repair: str, *, contractor: str) -> list[Job]:
    """Return a firm's works of a repair, the oldest first: those that are left, or all of them once none is."""
    seen = [job(one.id, staff="", contractor=contractor) for one in WORKS.all(repair=repair)]
    theirs = [one for one in seen if one is not None]
    return [one for one in theirs if one.work.state in WORKS_LEFT] or theirs


def follow_ons(work: Work) -> list[str]:
    """Return the ids of the works that go on from one."""
    return [one.id for one in WORKS.all(repair=work.repair) if one.follows == work.id]
