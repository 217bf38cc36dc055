"""One repair as a whole: clocks, works, visits and the timeline; as staff see it, and as the tenant does."""

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from lamplit.basics.brought import BY_FILE
from lamplit.homes import queries as homes
from lamplit.homes.models import Block, Home
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.repairs.models import Happening, Photo, Repair, RepairClock, RepairHome, Visit, Work
from lamplit.repairs.queries import lists, shared
from lamplit.repairs.queries.once import has_it, same_step, told_by
from lamplit.repairs.queries.photos import photos_of
from lamplit.repairs.queries.queue import needs_of
from lamplit.repairs.queries.standing import WORKS
from lamplit.repairs.queries.visits import notes_of
from lamplit.tenancies.models import Member


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `kind` is the fact's, `at` when it happened, `recorded_at` when it was written down.

    `about` is what it says of the home, `said` somebody's own words (`voice`), `visit` the visit in which it
    happened (with what was found, done and tried). `reference` is the report's, where reports were joined.
    `told`: the lines that say the same (once.py), so only a list of every entry shows this one.
    """

    id: str
    kind: str
    at: datetime
    recorded_at: datetime
    by: str
    reference: str
    details: dict[str, Any]
    about: Any
    said: Any
    voice: str | None
    household: str | None
    audience: Any
    triage: Any
    work: Work | None
    visit: Visit | None
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Promised:
    """Something that we had to do by a time. `what` is a clock's code or `visit`; `state`: running, kept, missed or moved."""

    what: str
    due_at: datetime
    state: str
    at: datetime | None


@dataclass(frozen=True)
class Case:
    """A repair with all that belongs to it. `reports` are the reports joined to it, `notes` what to know of the home.

    `block` is the building in whose shared parts it is, `homes` the further homes that it concerns.
    """

    repair: Repair
    home: Home | None
    notes: tuple[dict[str, Any], ...]
    at_risk: tuple[str, ...]
    reports: tuple[Repair, ...]
    clocks: tuple[RepairClock, ...]
    works: tuple[Work, ...]
    visits: tuple[Visit, ...]
    photos: tuple[Photo, ...]
    block: Block | None
    homes: tuple[RepairHome, ...]
    timeline: tuple[Line, ...]
    promised: tuple[Promised, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The timeline without what another line says already."""
        return tuple(line for line in self.timeline if not line.told)


_REPORTS = Ready(lambda repair: Repair.objects.filter(joined_into=repair).order_by("reported_at", "id"))
_CLOCKS = Ready(lambda repair: RepairClock.objects.filter(repair=repair).order_by("due_at", "code"))
_VISITS = Ready(lambda repair: Visit.objects.filter(repair=repair).order_by("from_at", "id"))
_LINES = Ready(lambda repairs: Happening.objects.filter(repair__any=repairs).order_by("recorded_at", "id"))
_GROWN = ReadyColumns(
    lambda household, person, on: (
        Member.objects.filter(tenancy=household, person=person).exclude(role="child").exclude(left_on__lte=on)
    ),
    "person",
)


def case(repair: str, *, now: datetime, restricted: bool = False) -> Case | None:
    """Return a repair as staff see it, oldest line first, or None. A joined report leads to the repair under which it goes on.

    Restricted lines only with `restricted`.
    """
    row = _leading(repair)
    if row is None:
        return None
    whole = _read(row, now)
    hidden = () if restricted else ("restricted",)
    return replace(
        whole, timeline=tuple(line for line in whole.timeline if line.audience not in hidden),
        photos=tuple(photo for photo in whole.photos if photo.audience not in hidden),
    )  # fmt: skip


def _leading(repair: str) -> Repair | None:
    row = lists.repair(repair)
    return lists.repair(row.joined_into) if row is not None and row.joined_into else row


def _read(row: Repair, now: datetime) -> Case:
    reports, clocks = tuple(_REPORTS.all(repair=row.id)), tuple(_CLOCKS.all(repair=row.id))
    works, visits = tuple(WORKS.all(repair=row.id)), tuple(_VISITS.all(repair=row.id))
    photos = photos_of([row.id, *(report.id for report in reports)])
    return Case(
        repair=row, home=homes.home(row.home), notes=notes_of([row.home]).get(row.home, ()), at_risk=needs_of(row),
        reports=reports, clocks=clocks, works=works, visits=visits, photos=photos, timeline=_lines(row, reports, works, visits),
        block=homes.block(row.block) if row.block else None, homes=tuple(shared.linked_homes(row.id)),
        promised=_promised(clocks, visits, now),
    )  # fmt: skip


def _lines(row: Repair, reports: Iterable[Repair], works: Iterable[Work], visits: Iterable[Visit]) -> tuple[Line, ...]:
    """Put the lines of a repair and of the reports joined to it in one order; a report's line carries its words.

    People type no seconds: within one minute the record's order holds, or a visit seems made before it was booked.
    """
    repairs = {r.id: r for r in (row, *reports)}
    work_by_id, visit_by_id = {w.id: w for w in works}, {v.id: v for v in visits}
    happened = sorted(_LINES.all(repairs=list(repairs)), key=lambda h: h.at.replace(second=0, microsecond=0))
    mended = {(h.at, h.by) for h in happened if h.kind == "visit.attended"}
    told = told_by(happened, visit_by_id)
    lines = []
    for h in happened:
        report = repairs[h.repair] if h.kind == "repair.reported" else None
        lines.append(
            Line(
                id=h.id, kind=h.kind, at=h.at, recorded_at=h.recorded_at, by=h.by, reference=repairs[h.repair].reference,
                details=h.details if h.kind != "repair.closed" else h.details | _before(h, mended),
                about=report.title if report else h.text, said=report.words if report else h.said,
                voice=h.voice, household=h.household, audience=h.audience, triage=report.triage if report else h.triage,
                work=work_by_id.get(h.work), visit=visit_by_id.get(h.visit) if h.kind == "visit.attended" else None,
                told=told.get(h.id, ()),
            )
        )  # fmt: skip
    return tuple(lines)


def _before(closed: Happening, mended: Collection[tuple[datetime, str]]) -> dict[str, str]:
    """Say how a repair ended that was over before it was brought here: completed or cancelled. Nothing of one that we closed."""
    if not closed.by.startswith(BY_FILE):
        return {}
    return {"before": "completed" if (closed.at, closed.by) in mended else "cancelled"}


def _promised(clocks: Iterable[RepairClock], visits: Iterable[Visit], now: datetime) -> tuple[Promised, ...]:
    found = [Promised(c.code, c.due_at, _clock_state(c, now), c.stopped_at) for c in clocks]
    for visit in visits:
        if visit.until_at is None:
            continue
        if visit.moved_count:
            found.append(Promised("visit", visit.first_until_at, "moved", None))
        found.append(Promised("visit", visit.until_at, _visit_state(visit, now), visit.arrived_at))
    return tuple(sorted(found, key=lambda p: p.due_at))


def _clock_state(clock: RepairClock, now: datetime) -> str:
    if clock.stopped_at is not None:
        return "kept" if clock.stopped_at <= clock.due_at and clock.ran_out_at is None else "missed"
    return "running" if now <= clock.due_at else "missed"


def _visit_state(visit: Visit, now: datetime) -> str:
    if visit.state == "attended":
        return "kept" if visit.arrived_at <= visit.until_at else "missed"
    if visit.state == "cancelled":
        return "missed" if visit.ours else "moved"
    return "missed" if visit.state == "missed" or now > visit.until_at else "running"


# What is about how we run the place, not about her repair.
_STAFF_ONLY = ("on_call.rung", "variation.asked", "variation.decided", "review.given", "photo.original_given")
_AWAY = ("alternative_offered", "alternative_accepted", "alternative_declined", "moved_out", "moved_back", "cannot_make_safe")
# Each tenant has a paper of her own, and reads of hers alone.
_ADDRESSED = ("summary.written", "summary.sent")


def tenant_case(repair: str, person: str, *, now: datetime, on: date) -> Case | None:
    """Return a repair as a tenant sees it, or None if it is not hers to see (`may_tenant_see`).

    The same timeline as staff have, but for notes kept for staff, restricted lines, the words of other people, the reasons of
    the triage (they tell of other people's health), what was found in a neighbour's home, and where another household stays.
    """
    row = _leading(repair)
    if row is None or not may_tenant_see(row, person, on=on):
        return None
    whole = _read(row, now)
    hers, link = _hers(whole, person, on), None
    if not hers & {row.household} and row.reporter != person:
        link = next((one for one in whole.homes if one.household in hers), None)
    had = has_it(whole.timeline) | same_step(whole.timeline)
    lines = [_for_tenant(line, person, hers, had.get(line.id, ())) for line in whole.timeline if _tenant_may_read(line, person)]
    promised = whole.promised
    if link is not None:
        promised = _promised(whole.clocks, (visit for visit in whole.visits if visit.home in hers), now)
    if any(map(_tells_where_they_live, lines)) and not _GROWN.all(household=row.household, person=person, on=on):
        lines = [line for line in lines if not _tells_where_they_live(line)]
        promised = tuple(one for one in promised if not one.what.startswith("awaab.F"))
    return replace(
        whole, promised=promised, at_risk=(), notes=(), reports=tuple(r for r in whole.reports if r.voice == person),
        repair=whole.repair if link is None else _as_it_reaches(whole.repair, link),
        timeline=tuple(line for line in lines if link is None or _of_the_other_home(line)),
        works=tuple(w for w in whole.works if w.household in hers), visits=tuple(v for v in whole.visits if v.home in hers),
        photos=tuple(photo for photo in whole.photos if _tenant_may_see(photo, person, hers)),
        homes=() if link is None else (link,),
    )  # fmt: skip


def _hers(whole: Case, person: str, on: date) -> frozenset[str]:
    """Return the homes and households of hers among those of the repair, of the reports joined to it and of further homes."""
    reports = [r for r in (whole.repair, *whole.reports) if _is_hers(r, person, on)]
    links = [link for link in whole.homes if _lives_in(link.household, person, on)]
    there = [(one.home, one.household) for one in reports] + [(one.home, one.household) for one in links]
    return frozenset(ident for pair in there for ident in pair)


def _as_it_reaches(row: Repair, link: RepairHome) -> Repair:
    """Return a repair of another home as a household that it reaches is told of it: nothing that is the other one's."""
    told = copy(row)
    told.title, told.closed_why, told.household, told.home = link.says, None, link.household, link.home
    told.fault = told.fault_group = told.room = told.answers = told.cause = told.words = told.caller = told.alone = None
    told.triage = told.retriage = told.old_reference = None
    said = link.confirmed_at is not None and row.mended_at is not None and link.confirmed_at >= row.mended_at
    told.confirmed_at = link.confirmed_at if said else None
    return told


# Of what goes on in another home, a household that it reaches is told what it can see through the wall.
_THROUGH_THE_WALL = (
    "repair.reported", "work.ordered", "visit.attended", "visit.booked", "visit.missed", "repair.closed", "repair.reopened",
)  # fmt: skip


def _of_the_other_home(line: Line) -> bool:
    return not line.details.get("elsewhere") or line.kind in _THROUGH_THE_WALL


def _tenant_may_read(line: Line, person: str) -> bool:
    if (
        line.kind in _STAFF_ONLY
        or (line.kind in _ADDRESSED and line.details.get("person") != person)
        or line.audience not in (None, "all", "voice")
    ):
        return False
    return line.audience != "voice" or line.voice == person


def _tells_where_they_live(line: Line) -> bool:
    """True for what tells that a household lives elsewhere for a while: its home is empty, and it may be hiding there."""
    return line.kind.startswith("stay.") or line.details.get("step") in _AWAY


def _tenant_may_see(photo: Photo, person: str, hers: frozenset[str]) -> bool:
    """Her own, and what our people took in her home for her to see. What another person took is that person's to show."""
    if photo.voice == person:
        return True
    return _ours(photo.by) and photo.household in hers and photo.audience == "all"


def _ours(by: str) -> bool:
    return by.split(":", maxsplit=1)[0] in ("staff", "contractor", "job")


def _for_tenant(line: Line, person: str, hers: frozenset[str], had: tuple[str, ...]) -> Line:
    """Take out of a line what is not hers: words of somebody who is not staff, another household, a neighbour's home."""
    line = replace(line, triage=None, said=line.said if _ours(line.by) or line.voice == person else None, told=line.told or had)
    if line.kind == "repair.reported" and line.voice != person:
        line = replace(line, reference="", said=None)
    where = line.details.get("home")
    elsewhere = (line.household is not None and line.household not in hers) or (where is not None and where not in hers)
    elsewhere |= line.work is not None and line.work.household not in hers
    details = {name: value for name, value in line.details.items() if name != "home"}
    if elsewhere:
        told = () if line.kind == "visit.attended" else line.told  # that somebody came she sees; the survey she does not read
        return replace(line, about=None, said=None, work=None, visit=None, told=told, details=details | {"elsewhere": True})
    return replace(line, details=details)


def may_tenant_see(repair: Repair, person: str, *, on: date) -> bool:
    """True if she reported it, or one that was joined to it, or lives in a household of these on that day and is no child.

    So does whoever lives in the block of a shared part, or in a further home that the repair concerns.
    """
    if _is_hers(repair, person, on) or any(_is_hers(r, person, on) for r in _REPORTS.all(repair=repair.id)):
        return True
    return any(_lives_in(link.household, person, on) for link in shared.linked_homes(repair.id))


def _is_hers(report: Repair, person: str, on: date) -> bool:
    if person in (report.reporter, report.voice):
        return True
    return shared.lives_in_block(person, report.block, on) if report.block else _lives_in(report.household, person, on)


def _lives_in(household: str, person: str, on: date) -> bool:
    return bool(_GROWN.all(household=household, person=person, on=on))


def may_see(repair: str, *, staff: str, contractor: str | None) -> bool:
    """True if this member of staff may see this repair: the landlord's own see all, others what is their firm's or theirs."""
    if contractor is None or Work.objects.filter(repair=repair, contractor=contractor).exists():
        return True
    return Visit.objects.filter(repair=repair, operative=staff).exists()
