"""Staff, firms and turns on call: actions and queries together."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import cli, job, staff
from lamplit.staff import actions, queries

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
_commands = itertools.count()


def now(at=None, by=None):
    """What every action is told beside its matter; each comes a second after the one before."""
    count = next(_commands)
    return {"by": by or cli("root"), "at": at or AT + timedelta(seconds=count), "command": f"form:staff-{count}"}


def joins(name, *roles, at=AT, **more):
    told = {"phone": "07700 900123", "email": f"{name.lower()}@homes.example"} | more
    return actions.join_staff(name=name, roles=list(roles), **told, **now(at))


def test_permissions_are_those_of_the_roles_until_the_account_is_shut(landlord):
    ann = joins("Ann", "planner")
    assert queries.may(ann, "order_work")
    assert not queries.may(ann, "manage_staff")
    assert not queries.may("s_nobody", "see_desk")
    actions.shut_out(staff=ann, because="left", **now())
    assert not queries.may(ann, "order_work")
    assert queries.only_own_jobs(ann)
    assert [row.id for row in queries.everyone()] == []
    assert [row.shut_because for row in queries.everyone(shut=True)] == ["left"]
    actions.let_in(staff=ann, **now(AT + DAY))
    assert queries.may(ann, "order_work")
    assert queries.member(ann).in_since == AT + DAY


def test_changes_count_at_once(landlord):
    ann = joins("Ann", "contact_centre", team="North")
    actions.change_staff(staff=ann, name="Ann Lee", email="ann@homes.example", roles=["surveyor"], **now())
    row = queries.by_email("ANN@homes.example")
    assert (row.name, row.team, row.phone, row.roles) == ("Ann Lee", None, None, ["surveyor"])
    assert queries.members([ann, "s_none"])[ann].name == "Ann Lee"


def test_firms_and_their_people_are_found_by_trade(landlord):
    heat = actions.record_contractor(name="Heath Heating", trades=["gas", "heating", "gas"], phone="020 7946 0018", **now())
    roof = actions.record_contractor(name="Roof & Sons", trades=["roofing"], **now())
    operative = joins("Olu", "operative", contractor=heat)
    assert [firm.id for firm in queries.contractors("gas")] == [heat]
    assert [firm.id for firm in queries.contractors()] == [heat, roof]
    assert queries.contractor(heat).trades == ["gas", "heating"]
    assert [row.id for row in queries.people_of(heat)] == [operative]
    assert queries.only_own_jobs(operative)
    actions.record_contractor(name="Heath Heating Ltd", trades=["gas"], contractor=heat, **now())
    assert queries.full_name(queries.contractor(heat)) == "Heath Heating Ltd"


def test_who_is_on_call_is_who_has_the_turn_and_an_open_account(landlord):
    ann, bob, lee = joins("Ann", "planner"), joins("Bob", "surveyor"), joins("Lee", "lead")
    turn = actions.set_on_call(staff=ann, from_at=AT, until_at=AT + DAY, **now())
    actions.set_on_call(staff=lee, from_at=AT, until_at=AT + DAY, lead=True, **now())
    seen = queries.on_call(AT)
    assert (seen.first.id, seen.lead.id) == (ann, lee)
    assert queries.on_call(AT + DAY) == (None, None)
    actions.set_on_call(staff=bob, from_at=AT, until_at=AT + DAY, **now(AT + timedelta(hours=1)))
    assert queries.on_call(AT).first.id == bob
    actions.shut_out(staff=bob, because="security", **now())
    assert queries.on_call(AT).first.id == ann
    actions.set_on_call(staff=ann, shift=turn, from_at=AT, until_at=AT + timedelta(hours=1), **now())
    assert queries.on_call(AT + timedelta(hours=2)).first is None
    assert len(queries.shifts(AT, AT + DAY)) == 3
    assert queries.shifts(AT + DAY, AT + 2 * DAY) == []


def test_accounts_that_nobody_uses_are_shut_by_themselves(landlord):
    old, used, new = joins("Old", "admin"), joins("Used", "planner"), joins("New", "planner", at=AT + 80 * DAY)
    told = {"by": job("dormant"), "at": AT + 90 * DAY, "command": "job:dormant:2026-05-31"}
    assert actions.shut_dormant(last_seen={used: AT + 89 * DAY}, **told) == [old]
    assert sorted(row.id for row in queries.everyone()) == sorted([used, new])
    assert queries.member(old).shut_because == "dormant"
    assert actions.shut_dormant(last_seen={used: AT + 89 * DAY}, **told) == [old]  # the job run twice
    assert actions.shut_dormant(last_seen={used: AT + 89 * DAY}, **now(AT + 90 * DAY)) == []


def test_it_refuses_what_is_not_there_or_cannot_be(landlord):
    boss, ann, cara = joins("Boss", "admin"), joins("Ann", "planner"), joins("Cara", "complaints")
    dumb = joins("Dumb", "planner", phone=None)
    shut = joins("Shut", "planner")
    actions.shut_out(staff=shut, because="left", **now())

    def change(who, *roles, by=None, **more):
        told = {"name": "x", "email": "x@homes.example"} | more
        actions.change_staff(staff=who, roles=list(roles), **told, **now(by=by))

    def on_call(who, until_at=AT + DAY, **more):
        actions.set_on_call(staff=who, from_at=AT, until_at=until_at, **more, **now())

    tried = [
        ("staff.email_taken", lambda: joins("Ann", "planner", email="ANN@HOMES.EXAMPLE")),
        ("staff.email_taken", lambda: change(ann, "planner", email="boss@homes.example")),
        ("staff.no_such_contractor", lambda: joins("Olu", "operative", contractor="f_none")),
        ("staff.no_such_contractor", lambda: actions.record_contractor(name="x", trades=["gas"], contractor="f_none", **now())),
        ("staff.no_trade", lambda: actions.record_contractor(name="x", trades=[" "], **now())),
        ("staff.no_such_staff", lambda: change("s_none", "planner")),
        ("staff.own_roles", lambda: change(ann, "planner", "admin", by=staff(ann))),
        ("staff.last_admin", lambda: change(boss, "planner")),
        ("staff.last_admin", lambda: actions.shut_out(staff=boss, because="left", **now())),
        ("staff.shut_already", lambda: actions.shut_out(staff=shut, because="left", **now())),
        ("staff.no_such_staff", lambda: actions.let_in(staff="s_none", **now())),
        ("staff.not_shut", lambda: actions.let_in(staff=ann, **now())),
        ("staff.lets_herself_in", lambda: actions.let_in(staff=shut, **now(by=staff(shut)))),
        ("staff.shut_already", lambda: on_call(shut)),
        ("staff.may_not_be_on_call", lambda: on_call(cara)),
        ("staff.no_phone", lambda: on_call(dumb)),
        ("staff.no_such_shift", lambda: on_call(ann, shift="o_none")),
        ("staff.shift_backwards", lambda: on_call(ann, until_at=AT)),
    ]
    for code, attempt in tried:
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == code
    actions.shut_out(staff=boss, because="security", **now())
    assert not queries.may(boss, "manage_staff")


def test_two_accounts_never_share_an_email(landlord):
    joins("Ann", "planner")
    with landlord.connect("owner") as db, pytest.raises(Exception, match="staff_one_email"):
        db.execute(
            "INSERT INTO folded.staff (id, roles, shut, in_since, email) VALUES ('s_x', '[]', false, now(), 'ANN@homes.example')"
        )
