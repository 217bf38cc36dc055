"""Repairs that a file brings over from another system, open and over, many at a time: keyed from the old system."""

from datetime import date, datetime
from typing import Any, Literal

from lamplit.basics.brought import BY_FILE, Became, Brought, Tally
from lamplit.basics.dated import NotInForce
from lamplit.basics.fact import Fact
from lamplit.basics.ids import reference
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.record.page import Item, Page, action, letter_here
from lamplit.repairs.actions.opening import words
from lamplit.repairs.facts import ClockStarted, RepairClosed, RepairReported, VisitAttended, WorkCancelled, WorkOrdered
from lamplit.repairs.models import Repair
from lamplit.repairs.queries.standing import running_of, works_of
from lamplit.repairs.rules.clocks import target_clock
from lamplit.repairs.rules.triage import starts
from lamplit.staff import queries as staff
from lamplit.tenancies.models import Tenancy

PriorityName = Literal["immediate", "emergency", "urgent", "routine", "planned"]
StateName = Literal["open", "completed", "cancelled"]
# An old system's words say what it is; its codes are not ours. Without a group, so that no two of them count as a repeat.
FAULT = "something_else"
LONGEST_TITLE = 80
DONE, CANCELLED = "Completed in the system it was brought over from", "Cancelled in the system it was brought over from"


class RepairRow(Plain, frozen=True, kw_only=True):
    """A repair as a line of a file tells of it. `reference`, `home` and `person` are what the other system calls them."""

    line: int
    reference: str
    home: str
    person: str | None = None
    reported_at: datetime
    priority: PriorityName
    says: str
    trade: str = "multi_trade"
    state: StateName
    due_at: datetime | None = None
    over_at: datetime | None = None
    did: str | None = None


@action
def import_repairs(page: Page, *, rows: list[RepairRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Record repairs with what the old system knows of them; end those that it has ended meanwhile. Nobody is told by us.

    An open one has the landlord's own time limit, from the day that it was reported on; for the law's clocks a person triages
    it again. Refused, each row by itself: repairs.home_not_known, person_not_known, say_what_is_wrong, not_yet,
    over_before_it_began, due_not_known, too_long. A rehearsal writes nothing and raises `Rehearsed`.
    """
    bringing = _Bringing(page, rows, by, at)
    tally: Tally[RepairRow] = Tally()
    tally.bring(rows, lambda row: row.line, bringing.bring)
    return tally.answer(rehearse=rehearse)


class _Bringing:
    """One batch: everything that it has to know is read in a handful of queries."""

    def __init__(self, page: Page, rows: list[RepairRow], by: By, at: datetime) -> None:
        self._page, self._by, self._at = page, by, at
        self._homes = _ids(Home, {row.home for row in rows})
        self._people = _ids(Person, {row.person for row in rows if row.person})
        known = Repair.objects.filter(old_reference_key__any=[row.reference for row in rows])
        self._repairs: dict[str, str] = dict(known.values_list("old_reference_key", "id"))
        page.preload(Home, self._homes.values())
        page.preload(Repair, self._repairs.values())
        self._let: dict[str, list[tuple[date, date | None, str]]] = {}
        for one in Tenancy.objects.filter(home__any=list(self._homes.values())).order_by("-started_on", "-id"):
            self._let.setdefault(one.home, []).append((one.started_on, one.ended_on, one.id))
        households = [ident for lets in self._let.values() for _, _, ident in lets]
        self._firms = staff.firms_by_trade()
        page.preload_keys([*self._homes.values(), *households, *self._people.values()])

    def bring(self, row: RepairRow) -> Became:
        home = self._homes.get(row.home)
        if home is None:
            raise Refused("repairs.home_not_known")
        if row.person is not None and row.person not in self._people:
            raise Refused("repairs.person_not_known")
        says = words(row.says, needed=Refused("repairs.say_what_is_wrong"))
        did = words(row.did)
        self._check_times(row)
        there = self._repairs.get(row.reference)
        if there is not None:
            return self._end_changed(there, row, did)
        self._report(row, home, says or "", did)
        return "written"

    def _check_times(self, row: RepairRow) -> None:
        if london_date(max(row.reported_at, row.over_at or row.reported_at)) > london_date(self._at):
            raise Refused("repairs.not_yet")
        if row.over_at is not None and london_date(row.over_at) < london_date(row.reported_at):
            raise Refused("repairs.over_before_it_began")

    def _report(self, row: RepairRow, home: str, says: str, did: str | None) -> None:
        at = min(row.reported_at, self._at)
        due_at, clocks = self._due(row, at)
        repair, household = self._page.new_id("r", at), self._household(home, london_date(at))
        person = self._people[row.person] if row.person else None
        self._tell(
            RepairReported(
                repair=repair, home=home, household=household, voice=person or repair, reporter=person,
                reference=reference(letter_here(), repair), channel="old_system", priority=row.priority, due_at=due_at,
                starts=clocks if row.state == "open" else [], title=_title(says), fault=FAULT,
                words=says, old_reference=row.reference,
            ),
            at,
        )  # fmt: skip
        self._repairs[row.reference] = repair
        work = self._page.new_id("w", at)
        self._tell(
            WorkOrdered(
                work=work, repair=repair, home=home, household=household, trade=row.trade, needs=[], what=_title(says),
                contractor=self._firms.get(row.trade) if row.state == "open" else None,
            ),
            at,
        )  # fmt: skip
        if row.state != "open":
            self._end(row, repair, work, home, household, [], did)

    def _due(self, row: RepairRow, at: datetime) -> tuple[datetime, list[ClockStarted]]:
        """Return by when it is due, and the landlord's clock that says so. What the old system promised comes first."""
        if row.due_at is not None:
            return row.due_at, [ClockStarted(code=f"target.{row.priority}", starts_at=at, due_at=row.due_at)]
        try:
            clocks = starts([target_clock(row.priority, at)])
        except NotInForce as no:
            raise Refused("repairs.due_not_known") from no
        return clocks[0].due_at, clocks

    def _end_changed(self, repair: str, row: RepairRow, did: str | None) -> Became:
        """End a repair that the old system has ended since. One that somebody works on here is left to her."""
        now: Any = self._page.lock(Repair, repair)
        works = works_of(now)
        if (
            row.state == "open"
            or not now.live
            or now.owner
            or not now.keyed_by.startswith(BY_FILE)
            or list(works.values()) != ["open"]
        ):
            return "there"
        stops = sorted(code for code in running_of(now) if code.startswith("target."))
        self._end(row, repair, next(iter(works)), now.home, now.household, stops, did)
        return "changed"

    def _end(self, row: RepairRow, repair: str, work: str, home: str, household: str, stops: list[str], did: str | None) -> None:
        at = min(max(row.over_at or row.reported_at, row.reported_at), self._at)
        if row.state == "completed":
            visit = self._page.new_id("v", at)
            self._tell(
                VisitAttended(
                    visit=visit, work=work, repair=repair, home=home, household=household, outcome="mended", arrived_at=at,
                    stops=stops, starts=[], did=did or DONE,
                ),
                at,
            )  # fmt: skip
            stops = []
        else:
            self._tell(WorkCancelled(work=work, repair=repair, household=household, why=did or CANCELLED), at)
        why = DONE if row.state == "completed" else CANCELLED
        self._tell(RepairClosed(repair=repair, household=household, how="not_confirmed", stops=stops, why=why), at)

    def _household(self, home: str, on: date) -> str:
        """Return the tenancy that lived there on a day, or the home when nobody did."""
        lets = self._let.get(home, [])
        return next((ident for first, last, ident in lets if first <= on and (last is None or on <= last)), home)

    def _tell(self, fact: Fact, at: datetime) -> None:
        self._page.write_many([Item(fact, self._by, at)])


def _title(says: str) -> str:
    """Return the first line, short enough for a list."""
    line = says.split("\n", 1)[0]
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rstrip() + "…"


def _ids(model: type[Any], references: set[str]) -> dict[str, str]:
    return dict(model.objects.filter(reference_key__any=list(references)).values_list("reference_key", "id"))
