"""Reads of tenancies and households. None of this may reach somebody who has not signed in: it says who lives where."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q

from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.people.rules import Need
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.record.search import as_written, spell
from lamplit.tenancies import rules
from lamplit.tenancies.models import Member, Tenancy


class Lives(NamedTuple):
    """One person's place in one household."""

    person: str
    tenancy: str
    home: str
    role: str
    since_on: date
    left_on: date | None


class PersonAt(NamedTuple):
    """One answer of the search box: who lives at an address that matched."""

    person: str
    name: str
    role: str
    home: str
    address: str
    why: str


def _running(on: date) -> Q:
    return Q(started_on__lte=on) & (Q(ended_on=None) | Q(ended_on__gte=on))


def _living(on: date) -> Q:
    return Q(since_on__lte=on) & (Q(left_on=None) | Q(left_on__gt=on))


Places = dict[str, homes.HomeFound]  # homes that a search found, by id

_TENANCY = Ready(lambda tenancy: Tenancy.objects.filter(id=tenancy))
_TENANCIES = Ready(lambda tenancies: Tenancy.objects.filter(id__any=tenancies))
_LET = Ready(lambda home, on: Tenancy.objects.filter(_running(on), home=home).order_by("-started_on", "-id")[:1])
_RUNNING = ReadyColumns(lambda tenancies, on: Tenancy.objects.filter(_running(on), id__any=tenancies), "id", "home")
_LIVING_OF = Ready(lambda person, on: Member.objects.filter(_living(on), person=person))
_LIVING_UNDER = Ready(lambda tenancy, on: Member.objects.filter(_living(on), tenancy=tenancy))
_OF_HOME = Ready(lambda home: Tenancy.objects.filter(home=home).order_by("-started_on", "-id"))
_EVER_UNDER = Ready(lambda tenancies: Member.objects.filter(tenancy__any=tenancies))
_RUNNING_IN = ReadyColumns(lambda homes, on: Tenancy.objects.filter(_running(on), home__any=homes), "id", "home")
_LIVING_IN = Ready(lambda tenancies, on: Member.objects.filter(_living(on), tenancy__any=tenancies))
_EVER = Ready(lambda person: Member.objects.filter(person=person).order_by("-since_on", "-id"))
_HOMES = ReadyColumns(lambda tenancies: Tenancy.objects.filter(id__any=tenancies), "id", "home")
_RUNNING_AFTER = ReadyColumns(lambda after, on: Tenancy.objects.filter(_running(on), id__gt=after).order_by("id"), "id", "home")
_PERSONS_UNDER = ReadyColumns(
    lambda tenancy, on: Member.objects.filter(
        _living(on), tenancy=tenancy, tenancy__in=Tenancy.objects.filter(_running(on), id=tenancy).values("id")
    ),
    "person",
)
_MAY_REPORT = ReadyColumns(
    lambda person, home, on: Member.objects.filter(
        _living(on), person=person, tenancy__in=Tenancy.objects.filter(_running(on), home=home).values("id")
    ).exclude(role="child"),
    "person",
)


def tenancy(tenancy_id: str) -> Tenancy | None:
    return _TENANCY.first(tenancy=tenancy_id)


def by_reference(references: Iterable[str]) -> dict[str, str]:
    """Return the tenancies that another system calls by these references: reference to id."""
    return dict(Tenancy.objects.filter(reference_key__any=list(set(references))).values_list("reference_key", "id"))


def called_before(text: str) -> list[Tenancy]:
    """Return the tenancies that the system before calls so."""
    return list(Tenancy.objects.filter(reference_key__in=as_written(text)).order_by("id"))


def tenancy_of_home(home_id: str, on: date) -> Tenancy | None:
    """Return the tenancy under which a home is let on a day, or None."""
    return _LET.first(home=home_id, on=on)


def tenancies_of_home(home_id: str) -> list[Tenancy]:
    """Return every tenancy that a home has had, newest first."""
    return _OF_HOME.all(home=home_id)


def household(tenancy_id: str, on: date) -> list[Lives]:
    """Return who lives under a tenancy on a day: tenants, then occupants, then children."""
    seen = tenancy(tenancy_id)
    if seen is None or not rules.runs(seen.started_on, seen.ended_on, on):
        return []
    return [_lives(row, seen.home) for row in _in_order(_LIVING_UNDER.all(tenancy=tenancy_id, on=on))]


def everyone_ever(tenancy_ids: Iterable[str]) -> dict[str, list[Lives]]:
    """Return everyone who was ever in these households, those who left too, by tenancy."""
    wanted = list(tenancy_ids)
    homes_of: dict[str, str] = dict(_HOMES.all(tenancies=wanted)) if wanted else {}
    found: dict[str, list[Lives]] = {}
    for row in _in_order(_EVER_UNDER.all(tenancies=list(homes_of))) if homes_of else ():
        found.setdefault(row.tenancy, []).append(_lives(row, homes_of[row.tenancy]))
    return found


def households_at(home_ids: Iterable[str], on: date) -> dict[str, list[Lives]]:
    """Return who lives in each of these homes on a day. A home where nobody does is left out."""
    running: dict[str, str] = dict(_RUNNING_IN.all(homes=list(home_ids), on=on))
    found: dict[str, list[Lives]] = {}
    for row in _in_order(_LIVING_IN.all(tenancies=list(running), on=on)) if running else ():
        found.setdefault(running[row.tenancy], []).append(_lives(row, running[row.tenancy]))
    return found


def households(tenancy_ids: Iterable[str], on: date) -> dict[str, list[Lives]]:
    """Return who lives in each of these households on a day. A tenancy that does not run is left out."""
    wanted = list(tenancy_ids)
    return _living_under(dict(_RUNNING.all(tenancies=wanted, on=on)) if wanted else {}, on)


def households_after(after: str, on: date, limit: int) -> dict[str, list[Lives]]:
    """Return the next households of a day in the order of their ids, for whoever goes through all of them."""
    return _living_under(dict(_RUNNING_AFTER.all(after=after, on=on, limit=limit)), on)


def _living_under(running: dict[str, str], on: date) -> dict[str, list[Lives]]:
    found: dict[str, list[Lives]] = {ident: [] for ident in running}
    for row in _in_order(_LIVING_IN.all(tenancies=list(running), on=on)) if running else ():
        found[row.tenancy].append(_lives(row, running[row.tenancy]))
    return found


def count_households(on: date) -> int:
    """Return how many tenancies run on a day."""
    return Tenancy.objects.filter(_running(on)).count()


def count_members(on: date) -> list[tuple[str, int]]:
    """Return how many people live in our homes, by their place in the household."""
    words = {"tenant": "tenants", "occupant": "other people in households", "child": "children"}
    rows = Member.objects.filter(_living(on)).order_by().values_list("role").annotate(count=Count("person", distinct=True))
    found = dict(rows)
    return [(said, found.get(role, 0)) for role, said in words.items()]


def living_of(person_id: str, on: date) -> list[Lives]:
    """Return where a person lives on a day, tenancies of her own first."""
    rows = _in_order(_LIVING_OF.all(person=person_id, on=on))
    running: dict[str, str] = dict(_RUNNING.all(tenancies=[row.tenancy for row in rows], on=on)) if rows else {}
    return [_lives(row, running[row.tenancy]) for row in rows if row.tenancy in running]


def homes_of(person_ids: Iterable[str], on: date) -> dict[str, str]:
    """Return the home in which each of these people lives on a day; of several, one."""
    rows = list(Member.objects.filter(_living(on), person__any=list(person_ids)).order_by("id").values_list("person", "tenancy"))
    let = dict(Tenancy.objects.filter(_running(on), id__any=[tenancy for _, tenancy in rows]).values_list("id", "home"))
    return {person: let[tenancy] for person, tenancy in rows if tenancy in let}


def tenancies_of(person_id: str) -> list[Lives]:
    """Return every place that a person has had in a household, the newest first."""
    rows = _EVER.all(person=person_id)
    known: dict[str, str] = dict(_HOMES.all(tenancies=[row.tenancy for row in rows])) if rows else {}
    return [_lives(row, known[row.tenancy]) for row in rows]


def accounts_of(person_id: str, on: date) -> list[Lives]:
    """Return the tenancies whose rent is a person's to see: what she is a tenant of, or was to its last day. The newest first."""
    rows = [row for row in _EVER.all(person=person_id) if row.role == "tenant"]
    known = {row.id: row for row in _TENANCIES.all(tenancies=[row.tenancy for row in rows])} if rows else {}
    return [
        _lives(row, known[row.tenancy].home) for row in rows if rules.answers_for(row.left_on, known[row.tenancy].ended_on, on)
    ]


def lives_at(person_id: str, home_id: str, on: date) -> bool:
    """Say whether a person lives in a home on a day. Children do not ask for repairs; `may_report` says who does."""
    return any(one.home == home_id for one in living_of(person_id, on))


def may_report(person_id: str, home_id: str, on: date) -> bool:
    """Say whether a signed-in person may ask for a repair of a home: a tenant or grown occupant who lives there."""
    return bool(_MAY_REPORT.all(person=person_id, home=home_id, on=on))


def household_needs(tenancy_id: str, on_date: date) -> list[Need]:
    """Return the needs and risks of everyone who lives under a tenancy on a day (`people.queries.live_needs`)."""
    return people.live_needs(_PERSONS_UNDER.column(tenancy=tenancy_id, on=on_date), on_date)


def search(text: str, on: date, limit: int = 20) -> list[PersonAt]:
    """Find people by where they live: postcode, words of the address, UPRN."""
    return people_at(homes.search(text, limit), on, limit)


def people_at(found: Iterable[homes.HomeFound], on: date, limit: int = 20) -> list[PersonAt]:
    """Return who lives in homes that a search found, in its order; a page that shows both searches once."""
    there = {one.home: one for one in found}
    living = households_at(there, on)
    names = people.people(one.person for lives in living.values() for one in lives)
    answers = [
        PersonAt(one.person, people.full_name(names[one.person]), one.role, home, seen.address, seen.why)
        for home, seen in there.items()
        for one in living.get(home, [])
        if one.person in names
    ]
    return answers[:limit]


MOST_OF_A_NAME = 3000  # of the commonest surname, those that are spelt so come first
MOST_AT_AN_ADDRESS = 100  # homes; "flat 4" alone is more


def name_apart(text: str) -> tuple[str, str] | None:
    """Return the name and the address that were typed together, each alone: for when they do not belong together."""
    return rules.name_apart(spell(text).split())


def people_named_at(text: str, on: date, limit: int = 20) -> list[PersonAt]:
    """Find people by name and address typed together, in either order: "Abbott Flat 4", "12 mill lane smith"."""
    whole: list[tuple[frozenset[str], Places]] = []
    for name, address in rules.name_and_address(spell(text).split()):
        found = _named_at(name, _at_address(address, whole), address, on, limit)
        if found:
            households = people_at((home for _, home in found), on, MOST_OF_A_NAME)
            order = [person for person, _ in found]
            return sorted((one for one in households if one.person in order), key=lambda one: order.index(one.person))
    return []


def _at_address(address: str, whole: list[tuple[frozenset[str], Places]]) -> Places:
    """Return the homes at an address, by id. `whole`: of which words every home is known already: more words leave fewer."""
    words = frozenset(address.split())
    known = next((places for fewer, places in whole if fewer <= words), None)
    if known is not None:
        return {one.home: one for one in homes.among(known, address)} if known else {}
    there = {one.home: one for one in homes.at_address(address, MOST_AT_AN_ADDRESS + 1)}
    if len(there) <= MOST_AT_AN_ADDRESS:
        whole.append((words, there))
    return there


def _named_at(name: str, there: Places, address: str, on: date, limit: int) -> list[tuple[str, homes.HomeFound]]:
    """Return whoever of that name lives at an address: from whichever side has fewer to look at."""
    if not there:
        return []
    if len(there) <= MOST_AT_AN_ADDRESS:
        living = {one.person: home for home, lives in households_at(there, on).items() for one in lives}
        named = people.named(name, MOST_OF_A_NAME, among=living)
    else:
        named = people.named(name, MOST_OF_A_NAME)
        living = homes_of(named, on)
        there = {one.home: one for one in homes.among(set(living.values()), address)}
    return [(person, there[living[person]]) for person in named if living.get(person) in there][:limit]


def _in_order(rows: Iterable[Member]) -> list[Member]:
    return sorted(rows, key=lambda row: (rules.ROLES.index(row.role), row.since_on, row.id))


def _lives(row: Member, home: str) -> Lives:
    return Lives(row.person, row.tenancy, home, row.role, row.since_on, row.left_on)
