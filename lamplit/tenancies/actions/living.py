"""Who lives where, one household at a time."""

from datetime import date, datetime
from typing import Literal, cast

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.tenancies import facts, queries, rules
from lamplit.tenancies.actions.leaving import end_reaches_of, reaches_to_end
from lamplit.tenancies.models import Member, Tenancy

TenureName = Literal["secure", "assured", "assured_shorthold", "starter", "licence", "shared_ownership", "other"]
RoleName = Literal["tenant", "occupant", "child"]


@action
def start_tenancy(
    page: Page,
    *,
    home: str,
    tenants: list[str],
    tenure: TenureName,
    started_on: date,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Let a home to one tenant or several joint ones. Returns the tenancy's id.

    Refused: tenancies.no_such_home, tenancies.no_such_person, tenancies.no_tenant, tenancies.same_person_twice,
    tenancies.already_let.
    """
    if page.lock(Home, home) is None:
        raise Refused("tenancies.no_such_home")
    for person in sorted(tenants):
        _lock_person(page, person)
    earlier = [(row.started_on, row.ended_on) for row in queries.tenancies_of_home(home)]
    rules.check_start(tenants, started_on, earlier)
    tenancy = page.new_id("t")
    page.write(facts.TenancyStarted(tenancy=tenancy, home=home, tenants=tenants, tenure=tenure, started_on=started_on))
    return tenancy


@action
def join_household(
    page: Page, *, tenancy: str, person: str, role: RoleName, since_on: date, by: By, at: datetime, command: str
) -> None:
    """Record that somebody came to live there, or that her role changed.

    Refused: tenancies.no_such_tenancy, tenancies.no_such_person, and what `rules.check_join` refuses.
    """
    row = _lock_tenancy(page, tenancy)
    _lock_person(page, person)
    member = page.lock(Member, f"{tenancy}.{person}")
    role_now = member.role if member is not None and member.left_on is None else None
    rules.check_join(row.started_on, row.ended_on, since_on, role_now, role)
    page.write(facts.HouseholdJoined(tenancy=tenancy, person=person, role=role, since_on=since_on))


@action
def leave_household(
    page: Page,
    *,
    tenancy: str,
    person: str,
    left_on: date,
    why: str | None = None,
    end_reaches: list[str],
    by: By,
    at: datetime,
    command: str,
) -> list[str]:
    """Record that somebody left a household, and end the contact points that would tell one what is meant for the other.

    Of hers, those end that somebody who stays has too; and those that `end_reaches` names, hers or of those who stay.
    Returns the ids of the contact points that ended.
    Refused: tenancies.no_such_tenancy, tenancies.not_living_there, tenancies.not_their_reach, and what `rules.check_leave`
    refuses.
    """
    _lock_tenancy(page, tenancy)
    household = [one for one in queries.everyone_ever([tenancy]).get(tenancy, []) if one.left_on is None]
    leaver = next((one for one in household if one.person == person), None)
    if leaver is None:
        raise Refused("tenancies.not_living_there")
    staying = [one for one in household if one.person != person]
    rules.check_leave(leaver.role, [one.role for one in staying], leaver.since_on, left_on, london_date(at))
    for one in sorted(one.person for one in household):
        _lock_person(page, one)
    page.lock(Member, f"{tenancy}.{person}")
    ending = reaches_to_end(person, [one.person for one in staying], end_reaches)
    page.write(facts.HouseholdLeft(tenancy=tenancy, person=person, left_on=left_on, why=tidy(why)))
    return end_reaches_of(page, ending)


@action
def end_tenancy(page: Page, *, tenancy: str, ended_on: date, why: str | None = None, by: By, at: datetime, command: str) -> None:
    """End a tenancy; `ended_on` is its last day, and may lie ahead. Told again with another day, it is put right.

    Refused: tenancies.no_such_tenancy, tenancies.ended, tenancies.ends_before_start, tenancies.already_let.
    """
    row = _lock_tenancy(page, tenancy)
    later = [one.started_on for one in queries.tenancies_of_home(row.home) if one.started_on > row.started_on]
    rules.check_end(row.started_on, row.ended_on, ended_on, min(later, default=None))
    page.write(facts.TenancyEnded(tenancy=tenancy, home=row.home, ended_on=ended_on, why=tidy(why)))


def _lock_tenancy(page: Page, tenancy: str) -> Tenancy:
    """Lock a tenancy and, before it, its home: `start_tenancy` looks at the home's other tenancies under the same lock."""
    seen = queries.tenancy(tenancy)
    if seen is None:
        raise Refused("tenancies.no_such_tenancy")
    page.lock(Home, seen.home)
    return cast(Tenancy, page.lock(Tenancy, tenancy))


def _lock_person(page: Page, person: str) -> None:
    if page.lock(Person, person) is None:
        raise Refused("tenancies.no_such_person")
