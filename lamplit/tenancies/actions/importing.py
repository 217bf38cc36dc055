"""Tenancies and their households that a file brings over from another system, many at a time."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any, Literal

from lamplit.basics.brought import Became, Brought, Tally
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.record.page import Page, action
from lamplit.tenancies import facts, rules
from lamplit.tenancies.actions.leaving import end_reaches_of, reaches_to_end
from lamplit.tenancies.models import Member, Tenancy, member_id

TenureName = Literal["secure", "assured", "assured_shorthold", "starter", "licence", "shared_ownership", "other"]
RoleName = Literal["tenant", "occupant", "child"]


class TenancyRow(Plain, frozen=True, kw_only=True):
    """One person of one tenancy as a line of a file tells of her. The three references are the other system's."""

    line: int
    tenancy: str
    home: str
    person: str
    role: RoleName
    tenure: TenureName
    started_on: date
    ended_on: date | None = None
    since_on: date | None = None
    left_on: date | None = None


@action
def import_tenancies(page: Page, *, rows: list[TenancyRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Start the tenancies that are new; let people join and leave, and tenancies end, as the file says.

    Rows of one tenancy that stand together are brought together. Refused, each row by itself: tenancies.home_not_known,
    tenancies.person_not_known, tenancies.rows_disagree, tenancies.not_by_file, and what `rules.check_fits`, `check_join`,
    `check_leave` and `check_end` refuse. A rehearsal writes nothing and raises `Rehearsed`.
    """
    bringing = _Bringing(page, rows, london_date(at))
    for _, group in groupby(rows, key=lambda row: row.tenancy):
        bringing.bring(list(group))
    return bringing.tally.answer(rehearse=rehearse)


class _Bringing:
    """One batch: everything that it has to know is read in a handful of queries."""

    def __init__(self, page: Page, rows: list[TenancyRow], today: date) -> None:
        self._page, self._today = page, today
        self.tally: Tally[TenancyRow] = Tally()
        self._homes = _ids(Home, (row.home for row in rows))
        self._people = _ids(Person, (row.person for row in rows))
        # The same order as one at a time: homes, then tenancies, then people.
        page.preload(Home, self._homes.values())
        self._tenancies = _ids(Tenancy, (row.tenancy for row in rows))
        page.preload(Tenancy, self._tenancies.values())
        page.preload(Person, self._people.values())
        page.preload(Member, self._living(rows))
        self._let: dict[str, dict[str, tuple[date, date | None]]] = {}
        let = Tenancy.objects.filter(home__any=list(self._homes.values()))
        for home, tenancy, *span in let.values_list("home", "id", "started_on", "ended_on"):
            self._let.setdefault(home, {})[tenancy] = (span[0], span[1])
        self._members: dict[str, dict[str, Any]] = {}
        living = Member.objects.filter(tenancy__any=list(self._tenancies.values()))
        for tenancy, person, *how in living.values_list("tenancy", "person", "role", "since_on", "left_on"):
            self._members.setdefault(tenancy, {})[person] = tuple(how)

    def _living(self, rows: list[TenancyRow]) -> list[str]:
        """Return the ids of the rows that say who lives where, of the tenancies that we have."""
        known = [row for row in rows if row.tenancy in self._tenancies and row.person in self._people]
        return [member_id(self._tenancies[row.tenancy], self._people[row.person]) for row in known]

    def bring(self, rows: list[TenancyRow]) -> None:
        """Bring what stands together of one tenancy. What is wrong with the tenancy itself is wrong with each row."""
        head = rows[0]
        fine: list[TenancyRow] = []
        for row in rows:
            try:
                self._check(row, head)
                fine.append(row)
            except Refused as refused:
                self.tally.refuse(row.line, refused)
        if not fine:
            return
        try:
            tenancy, founders, changed = self._tenancy(head, fine)
        except Refused as refused:
            for row in fine:
                self.tally.refuse(row.line, refused)
            return
        first = fine[0]
        self.tally.bring(
            sorted(fine, key=lambda row: row.left_on is not None),  # who leaves needs to know who stays
            lambda row: row.line,
            lambda row: self._member(tenancy, row, is_new=row.person in founders, changed=changed and row is first),
        )

    def _check(self, row: TenancyRow, head: TenancyRow) -> None:
        if row.home not in self._homes:
            raise Refused("tenancies.home_not_known")
        if row.person not in self._people:
            raise Refused("tenancies.person_not_known")
        if (row.home, row.tenure, row.started_on, row.ended_on) != (head.home, head.tenure, head.started_on, head.ended_on):
            raise Refused("tenancies.rows_disagree", line=head.line)

    def _tenancy(self, head: TenancyRow, rows: list[TenancyRow]) -> tuple[str, set[str], bool]:
        """Return the tenancy's id, the references of those with whom it starts now, and whether its end changed."""
        there = self._tenancies.get(head.tenancy)
        if there is not None:
            return there, set(), self._end_changed(there, head)
        home = self._homes[head.home]
        founding = {row.person for row in rows if row.role == "tenant" and (row.since_on or row.started_on) <= row.started_on}
        tenants = list(dict.fromkeys(self._people[row.person] for row in rows if row.person in founding and row.role == "tenant"))
        others = self._let.setdefault(home, {})
        rules.check_fits(tenants, head.started_on, head.ended_on, others.values())
        tenancy = self._tenancies[head.tenancy] = self._page.new_id("t")
        others[tenancy] = (head.started_on, head.ended_on)
        self._page.write(
            facts.TenancyStarted(
                tenancy=tenancy, home=home, tenants=tenants, tenure=head.tenure, started_on=head.started_on,
                reference=head.tenancy,
            )
        )  # fmt: skip
        self._members[tenancy] = dict.fromkeys(tenants, ("tenant", head.started_on, None))
        if head.ended_on is not None:
            self._page.write(facts.TenancyEnded(tenancy=tenancy, home=home, ended_on=head.ended_on))
        return tenancy, founding, False

    def _end_changed(self, tenancy: str, head: TenancyRow) -> bool:
        """End a tenancy that we have, or put its end right. A file that says nothing of an end undoes none."""
        row = self._page.lock(Tenancy, tenancy)
        if row is None or (row.home, row.tenure, row.started_on) != (self._homes[head.home], head.tenure, head.started_on):
            raise Refused("tenancies.not_by_file")
        if head.ended_on is None or head.ended_on == row.ended_on:
            return False
        let = self._let[row.home]
        later = [first for other, (first, _) in let.items() if other != tenancy and first > row.started_on]
        rules.check_end(row.started_on, row.ended_on, head.ended_on, min(later, default=None))
        let[tenancy] = (row.started_on, head.ended_on)
        self._page.write(facts.TenancyEnded(tenancy=tenancy, home=row.home, ended_on=head.ended_on))
        return True

    def _member(self, tenancy: str, row: TenancyRow, *, is_new: bool, changed: bool) -> Became:
        """Let somebody join, take another role or leave. `is_new`: the tenancy started with her; `changed`: its end did."""
        person, members = self._people[row.person], self._members.setdefault(tenancy, {})
        role, _, left_on = members.get(person, (None, None, None))
        became: Became = "written" if is_new else "changed" if changed else "there"
        if left_on is not None:  # who left stays away, whatever an old list says
            return became
        leaves = row.left_on if row.ended_on is None or row.left_on is None or row.left_on < row.ended_on else None
        since = row.since_on or row.started_on
        if role != row.role:
            rules.check_join(row.started_on, row.ended_on, since, role, row.role)
        others = [other for name, (other, _, gone) in members.items() if name != person and gone is None]
        if leaves is not None:
            rules.check_leave(row.role, others, since, leaves, self._today)
        if role != row.role:
            self._page.write(facts.HouseholdJoined(tenancy=tenancy, person=person, role=row.role, since_on=since))
            became = "written" if role is None or is_new else "changed"
        members[person] = (row.role, since, leaves)
        if leaves is not None:
            staying = [name for name, (_, _, gone) in members.items() if name != person and gone is None]
            ending = reaches_to_end(person, staying, [])
            self._page.write(facts.HouseholdLeft(tenancy=tenancy, person=person, left_on=leaves))
            end_reaches_of(self._page, ending)
            became = became if became == "written" else "changed"
        return became


def _ids(model: type[Any], references: Iterable[str]) -> dict[str, str]:
    return dict(model.objects.filter(reference_key__any=list(set(references))).values_list("reference_key", "id"))
