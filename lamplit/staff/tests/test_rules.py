from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.staff import rules

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Turn:
    staff: str
    from_at: datetime
    until_at: datetime
    lead: bool = False
    at: datetime = AT


def test_only_declared_roles_have_permissions():
    assert {role for roles in rules.PERMISSIONS.values() for role in roles} <= set(rules.ROLES)
    assert rules.may(["planner"], "order_work")
    assert not rules.may(["contact_centre"], "order_work")
    assert not rules.may([], "see_desk")
    with pytest.raises(KeyError):
        rules.may(["admin"], "do_anything")


@pytest.mark.parametrize("role", rules.OUTSIDE)
def test_outside_roles_reach_jobs_and_nothing_of_people(role):
    allowed = {name for name in rules.PERMISSIONS if rules.may([role], name)}
    about_work = {"attend_visit", "accept_emergency", "ask_variation", "see_rates", "prove_work"}
    assert allowed == {"see_desk", "see_own_jobs", *about_work}
    assert rules.only_own_jobs([role])
    assert not rules.only_own_jobs([role, "planner"])


def test_an_admin_lets_people_in_and_reads_nothing_of_tenants():
    assert rules.may(["admin"], "manage_staff")
    for permission in ("see_person", "see_restricted", "search", "erase", "see_complaint"):
        assert not rules.may(["admin"], permission)


@pytest.mark.parametrize(
    ("code", "roles", "contractor"),
    [
        ("staff.no_role", [], None),
        ("staff.unknown_role", ["king"], None),
        ("staff.contractor_role_only", ["operative", "planner"], "f_heat"),
        ("staff.contractor_missing", ["contractor"], None),
    ],
)
def test_it_refuses_roles_that_cannot_be(code, roles, contractor):
    with pytest.raises(Refused) as refused:
        rules.check_roles(roles, contractor)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("staff.no_name", {"name": None, "email": "a@example.com"}),
        ("staff.no_email", {"name": "x", "email": None}),
        ("staff.bad_email", {"name": "x", "email": "x"}),
        ("staff.bad_phone", {"name": "x", "email": "a@example.com", "phone": "1"}),
    ],
)
def test_it_refuses_particulars_that_cannot_be(code, who):
    with pytest.raises(Refused) as refused:
        rules.check_who(**({"phone": None, "email_needed": True} | who))
    assert refused.value.code == code


def test_the_turn_that_was_set_last_counts():
    day = timedelta(days=1)
    turns = [
        Turn("ann", AT, AT + day),
        Turn("bob", AT, AT + day, at=AT + timedelta(hours=1)),
        Turn("cat", AT, AT + day, lead=True),
        Turn("dan", AT + day, AT + 2 * day),
    ]
    assert rules.turn_at(turns, AT, lead=False).staff == "bob"
    assert rules.turn_at(turns, AT, lead=True).staff == "cat"
    assert rules.turn_at(turns, AT + day, lead=False).staff == "dan"
    assert rules.turn_at(turns, AT + 2 * day, lead=False) is None


def test_turns_go_forward_and_last_a_month_at_most():
    for code, until_at in [("staff.shift_backwards", AT), ("staff.shift_too_long", AT + timedelta(days=31, seconds=1))]:
        with pytest.raises(Refused) as refused:
            rules.check_shift(AT, until_at)
        assert refused.value.code == code
    rules.check_shift(AT, AT + timedelta(days=31))


def test_an_account_sleeps_after_its_days_counted_from_the_last_use_or_letting_in():
    long_ago = AT - rules.DORMANT_AFTER
    since = {"never": long_ago, "used": long_ago, "new": long_ago + timedelta(seconds=1), "back": AT}
    seen = {"used": AT - timedelta(days=1), "back": long_ago}
    assert rules.dormant(since, seen, AT) == ["never"]


def test_a_limit_on_looking_is_the_widest_of_her_roles_and_is_lifted_by_somebody_else_for_a_while():
    on = AT.date()
    hour, day = rules.most_people(["admin"], "hour", on), rules.most_people(["admin"], "day", on)
    assert rules.limit_passed(["admin"], hour=hour, day=day, on=on) is None
    assert rules.limit_passed(["admin"], hour=hour + 1, day=day + 1, on=on) == ("hour", hour)
    assert rules.limit_passed(["admin"], hour=0, day=day + 1, on=on) == ("day", day)
    assert rules.limit_passed(["admin", "planner"], hour=hour + 1, day=day + 1, on=on) is None
    for role in (*rules.ROLES, *rules.SYSTEM):
        assert 0 < rules.most_people([role], "hour", on) <= rules.most_people([role], "day", on)
    whole = {"why": "Moving a block", "until_at": AT + rules.LIFT_AT_MOST, "at": AT}
    rules.check_lift("s_a", "staff:s_b", **whole)
    for code, by, other in (
        ("lifts_own_limit", "staff:s_a", {}),
        ("no_reason_to_lift", "staff:s_b", {"why": None}),
        ("lift_is_over", "staff:s_b", {"until_at": AT}),
        ("lift_too_long", "staff:s_b", {"until_at": AT + rules.LIFT_AT_MOST + timedelta(seconds=1)}),
    ):
        with pytest.raises(Refused, match=code):
            rules.check_lift("s_a", by, **{**whole, **other})
