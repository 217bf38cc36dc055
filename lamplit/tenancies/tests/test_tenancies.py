"""Tenancies and households: rules, actions and queries together."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli, staff
from lamplit.homes.actions import record_home
from lamplit.people import queries as people
from lamplit.people.actions import note_person, record_person, set_reach
from lamplit.people.facts import PersonNote, Reach
from lamplit.tenancies import actions, queries

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY = AT.date()
START = date(2020, 4, 1)
_commands = itertools.count()


def now(at=None):
    """What every action is told beside its matter; each comes a second after the one before."""
    count = next(_commands)
    return {"by": staff("s_officer"), "at": at or AT + timedelta(seconds=count), "command": f"form:tenancies-{count}"}


def a_home(number=1):
    return record_home(address=[f"{number} Alder Row"], postcode="HH1 2AB", **now())


def a_person(name, **more):
    return record_person(name=name, **more, **now())


def let(home, *tenants, on=START):
    return actions.start_tenancy(home=home, tenants=list(tenants), tenure="assured", started_on=on, **now())


def give(person, channel, value):
    how = Reach(channel=channel, value=value, state="works", safe=True)
    return set_reach(person=person, how=how, **now() | {"by": cli("import")})


def leave(tenancy, person, on=TODAY, end_reaches=()):
    return actions.leave_household(
        tenancy=tenancy, person=person, left_on=on, why="Moved out", end_reaches=list(end_reaches), **now()
    )


def names(lives):
    return [(one.person, one.role) for one in lives]


def test_a_household_is_joint_tenants_then_occupants_then_children(landlord):
    home, mary, ben, sam, kit = a_home(), a_person("Mary"), a_person("Ben"), a_person("Sam"), a_person("Kit")
    tenancy = let(home, mary, ben)
    actions.join_household(tenancy=tenancy, person=kit, role="child", since_on=date(2024, 1, 1), **now())
    actions.join_household(tenancy=tenancy, person=sam, role="occupant", since_on=date(2025, 1, 1), **now())
    assert names(queries.household(tenancy, TODAY)) == [(mary, "tenant"), (ben, "tenant"), (sam, "occupant"), (kit, "child")]
    assert names(queries.household(tenancy, date(2024, 6, 1))) == [(mary, "tenant"), (ben, "tenant"), (kit, "child")]
    assert queries.household(tenancy, date(2020, 3, 31)) == []
    assert queries.tenancy_of_home(home, TODAY).id == tenancy
    assert names(queries.households_at([home, "h_none"], TODAY)[home])[0] == (mary, "tenant")
    assert [(one.home, one.role) for one in queries.living_of(sam, TODAY)] == [(home, "occupant")]
    assert queries.may_report(sam, home, TODAY)
    assert queries.lives_at(kit, home, TODAY)
    assert not queries.may_report(kit, home, TODAY)
    assert not queries.lives_at(sam, "h_none", TODAY)


def test_a_role_changes_and_somebody_may_come_back(landlord):
    mary, ben = a_person("Mary"), a_person("Ben")
    tenancy = let(a_home(), mary)
    actions.join_household(tenancy=tenancy, person=ben, role="occupant", since_on=date(2024, 1, 1), **now())
    actions.join_household(tenancy=tenancy, person=ben, role="tenant", since_on=date(2025, 1, 1), **now())
    assert names(queries.household(tenancy, TODAY)) == [(mary, "tenant"), (ben, "tenant")]
    leave(tenancy, ben, date(2026, 3, 1))
    assert names(queries.household(tenancy, TODAY)) == [(mary, "tenant")]
    assert [one.left_on for one in queries.everyone_ever([tenancy])[tenancy]] == [None, date(2026, 3, 1)]
    actions.join_household(tenancy=tenancy, person=ben, role="occupant", since_on=TODAY, **now())
    assert names(queries.household(tenancy, TODAY)) == [(mary, "tenant"), (ben, "occupant")]


def test_who_leaves_loses_the_contact_points_that_who_stays_has_too(landlord):
    mary, ben = a_person("Mary"), a_person("Ben")
    tenancy = let(a_home(), mary, ben)
    marys = give(mary, "email", "family@example.com")
    bens, own = give(ben, "email", "Family@example.com"), give(ben, "text", "07700 900124")
    assert leave(tenancy, ben) == [bens]
    assert [way.id for way in people.ways_to_reach(ben, "code")] == [own]
    assert [way.id for way in people.ways_to_reach(mary, "code")] == [marys]
    assert [way.person for way in people.reached_at("family@example.com")] == [mary]
    assert queries.living_of(ben, TODAY) == []


def test_a_number_that_he_takes_with_him_ends_for_her(landlord):
    mary, ben = a_person("Mary"), a_person("Ben")
    tenancy = let(a_home(), mary, ben)
    marys = give(mary, "text", "07700 900124")
    assert leave(tenancy, ben, end_reaches=[marys]) == [marys]
    assert people.ways_to_reach(mary, "message") == []
    stranger = give(a_person("Ann"), "text", "07700 900125")
    actions.join_household(tenancy=tenancy, person=ben, role="tenant", since_on=TODAY, **now())
    with pytest.raises(Refused, match=r"tenancies\.not_their_reach"):
        leave(tenancy, ben, end_reaches=[stranger])


def test_a_home_is_let_again_when_the_tenancy_before_is_over(landlord):
    home, mary, ben = a_home(), a_person("Mary"), a_person("Ben")
    first = let(home, mary)
    with pytest.raises(Refused, match=r"tenancies\.already_let"):
        let(home, ben, on=TODAY)
    actions.end_tenancy(tenancy=first, ended_on=date(2026, 3, 10), **now())
    with pytest.raises(Refused, match=r"tenancies\.already_let"):
        let(home, ben, on=date(2026, 3, 10))
    actions.end_tenancy(tenancy=first, ended_on=date(2026, 3, 8), why="Keys came back early", **now())
    second = let(home, ben, on=date(2026, 3, 9))
    assert [queries.tenancy_of_home(home, date(2026, 3, day)).id for day in (8, 9)] == [first, second]
    assert queries.living_of(mary, date(2026, 3, 8))
    assert queries.living_of(mary, date(2026, 3, 9)) == []
    assert [one.tenancy for one in queries.tenancies_of(mary)] == [first]
    with pytest.raises(Refused, match=r"tenancies\.already_let"):
        actions.end_tenancy(tenancy=first, ended_on=date(2026, 3, 9), **now())


def test_the_needs_of_a_household_are_those_of_who_lives_there(landlord):
    mary, ben = a_person("Mary"), a_person("Ben", born_on=date(1940, 1, 1))
    kit = a_person("Kit", born_on=date(2025, 9, 1))
    tenancy = let(a_home(), mary, ben)
    actions.join_household(tenancy=tenancy, person=kit, role="child", since_on=date(2025, 9, 1), **now())
    note_person(person=mary, about=PersonNote(what="need", code="asthma", source="GP letter"), **now())
    assert [(need.person, need.code) for need in queries.household_needs(tenancy, TODAY)] == [
        (mary, "asthma"),
        (ben, "over_65"),
        (ben, "over_75"),
        (kit, "baby"),
        (kit, "under_5"),
    ]
    leave(tenancy, ben)
    assert {need.person for need in queries.household_needs(tenancy, TODAY)} == {mary, kit}


def test_people_are_found_by_where_they_live(landlord):
    home, mary = a_home(), a_person("Mary Okafor")
    let(home, mary)
    a_home(2)
    assert [(one.name, one.why, one.address) for one in queries.search("hh1 2ab", TODAY)] == [
        ("Mary Okafor", "postcode", "1 Alder Row, HH1 2AB")
    ]
    assert [one.person for one in queries.search("1 alder", TODAY)] == [mary]
    assert queries.search("elm", TODAY) == []


@pytest.mark.parametrize("most", [100, 0])
def test_people_are_found_by_name_and_address_together_in_either_order(landlord, monkeypatch, most):
    monkeypatch.setattr(queries, "MOST_AT_AN_ADDRESS", most)
    home, mary, ben = a_home(), a_person("Mary Ann Okafor"), a_person("Mary Okafor")
    let(home, mary)
    let(a_home(11), ben)
    for typed in (
        "okafor 1 alder row",
        "1 Alder Row, Okafor",
        "mary ann okafor hh1 2ab",
        "Okafur 1 ald",
        "alder row 1 mary okafor",
    ):
        assert [(one.person, one.home) for one in queries.people_named_at(typed, TODAY)] == [(mary, home)], typed
    assert [one.person for one in queries.people_named_at("okafor alder row", TODAY)] == [mary, ben]
    for typed in (
        "okafor",
        "1 alder row",
        "okafor alder",
        "obi 1 alder row",
        "okafor 7 alder row",
        "okafor 1 elm row",
        "",
        "1 2",
    ):
        assert queries.people_named_at(typed, TODAY) == [], typed


@pytest.mark.parametrize(
    ("typed", "parted"),
    [
        ("Mary Okafor, Flat 4, 12 Mill Lane", ("mary okafor", "flat 4 12 mill lane")),
        ("okafor hh1 2ab", ("okafor", "hh1 2ab")),
        ("12 mill lane okafor", None),  # where the name begins nobody can say
        ("mary okafor", None),
        ("Flat 4", None),
        ("old mill house by quay 4", None),  # too many words for a name
    ],
)
def test_a_name_and_an_address_are_told_apart_by_the_first_number(typed, parted):
    assert queries.name_apart(typed) == parted


def test_it_refuses_what_is_not_there_or_cannot_be(landlord):
    home, mary, ben, ann = a_home(), a_person("Mary"), a_person("Ben"), a_person("Ann")
    tenancy = let(home, mary)
    over = let(a_home(2), ann)
    actions.end_tenancy(tenancy=over, ended_on=date(2021, 1, 1), **now())

    def join(tenancy, person, since_on=TODAY, role="occupant"):
        actions.join_household(tenancy=tenancy, person=person, role=role, since_on=since_on, **now())

    def end(tenancy, on):
        actions.end_tenancy(tenancy=tenancy, ended_on=on, **now())

    join(tenancy, ben)
    tried = [
        ("tenancies.no_such_home", lambda: let("h_none", mary)),
        ("tenancies.no_such_person", lambda: let(a_home(3), "p_none")),
        ("tenancies.no_tenant", lambda: let(a_home(4))),
        ("tenancies.same_person_twice", lambda: let(a_home(5), mary, mary)),
        ("tenancies.no_such_tenancy", lambda: join("t_none", ben)),
        ("tenancies.no_such_person", lambda: join(tenancy, "p_none")),
        ("tenancies.lives_there_already", lambda: join(tenancy, ben)),
        ("tenancies.before_start", lambda: join(tenancy, ann, date(2019, 1, 1))),
        ("tenancies.ended", lambda: join(over, ben)),
        ("tenancies.no_such_tenancy", lambda: leave("t_none", ben)),
        ("tenancies.not_living_there", lambda: leave(tenancy, ann)),
        ("tenancies.left_before_joining", lambda: leave(tenancy, ben, date(2025, 1, 1))),
        ("tenancies.leaves_later", lambda: leave(tenancy, ben, date(2026, 3, 3))),
        ("tenancies.last_tenant", lambda: leave(tenancy, mary)),
        ("tenancies.no_such_tenancy", lambda: end("t_none", TODAY)),
        ("tenancies.ended", lambda: end(over, date(2021, 1, 1))),
        ("tenancies.ends_before_start", lambda: end(tenancy, date(2019, 1, 1))),
    ]
    for code, attempt in tried:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code


def test_two_who_let_one_home_at_once_cannot_both(landlord):
    home, tenants = a_home(), [a_person("Mary"), a_person("Ben")]
    ready = threading.Barrier(2)

    def let_at_once(tenant):
        ready.wait()
        try:
            return let(home, tenant)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(let_at_once, tenants))
    assert answers.count("tenancies.already_let") == 1
    assert len(queries.tenancies_of_home(home)) == 1
