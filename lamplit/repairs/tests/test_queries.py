"""The queue, one repair for staff and for the tenant, and a home's whole story."""

import pytest

from lamplit.basics.working_days import london_date
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.repairs.tests.story import AT, DAY, HOUR, begin, do, mend_all, report, row, works
from tests import cast


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def ids(rows):
    return [r.id for r in rows]


def test_the_queue_puts_unaccepted_emergencies_first_then_what_runs_out():
    planned = report(Said(fault="fence_gate"), at=AT - 5 * DAY)
    shelf = report(Said(fault="cupboard"))
    leak = report(needs=["deaf"])
    gas = report(Said(fault="gas_smell"), at=AT + HOUR, home=cast.TOMASZS_HOME, reporter=cast.TOMASZ)
    rows = queries.queue(now=AT + 2 * HOUR)
    assert ids(rows)[0] == gas.repair
    assert ids(rows)[1:] == ids(sorted([row(planned), row(shelf), row(leak)], key=lambda r: r.next_at))
    first = next(r for r in rows if r.id == leak.repair)
    assert first.at_risk == ("deaf",)
    assert first.address == ["5 Ember Rise", "Lampton"]
    assert first.next_code.split(".")[0] in ("target", "right_to_repair", "awaab")
    assert first.starts_at == AT
    assert ids(queries.queue(now=AT, limit=2)) + ids(
        queries.queue(now=AT, limit=2, after=queries.queue(now=AT, limit=2)[-1].cursor)
    ) == ids(rows)


def test_the_counts_are_what_the_filters_show():
    leak = report()
    mended = report(Said(fault="cupboard"))
    mend_all(mended, at=AT + DAY)
    report(Said(fault="gas_smell"), at=AT + DAY)
    do(actions.give_repair, repair=leak.repair, owner=cast.PRIYA)
    now = AT + 40 * DAY
    counts = queries.queue_counts(now=now, me=cast.PRIYA)
    assert counts == {which: len(queries.queue(which, now=now, me=cast.PRIYA)) for which in queries.FILTERS}
    assert counts["to_confirm"] == counts["mine"] == counts["unaccepted"] == 1
    assert leak.repair in ids(queries.queue(now=now, contractor=cast.KINDLE))


def test_it_reads_the_queue_in_as_many_queries_for_many_rows_as_for_one():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    report()
    with CaptureQueriesContext(connection) as one:
        queries.queue(now=AT)
    for fault in ("cupboard", "window_stuck", "fence_gate", "tap_drips"):
        report(Said(fault=fault))
    with CaptureQueriesContext(connection) as five:
        assert len(queries.queue(now=AT)) == 5
    assert len(five) <= len(one) + 1


def test_a_tenant_sees_the_staffs_timeline_without_what_is_not_hers():
    told = report()

    def note(says, **kwargs):
        do(actions.note_repair, repair=told.repair, says=says, at=AT + HOUR, **kwargs)

    note("We order a dryer")
    note("She may move out", audience="staff")
    note("Her brother threatens her", audience="restricted")
    note("I do not want to meet the man upstairs", audience="voice", voice=cast.RUTH, by=cast.BY_RUTH)
    note("My own words", voice=cast.TOMASZ, by=cast.BY_TOMASZ)
    now, on = AT + DAY, london_date(AT + DAY)
    staff = [line.said for line in queries.case(told.repair, now=now).timeline if line.kind == "repair.noted"]
    hers = [
        line.said for line in queries.tenant_case(told.repair, cast.RUTH, now=now, on=on).timeline if line.kind == "repair.noted"
    ]
    assert "Her brother threatens her" not in staff
    assert "Her brother threatens her" in [line.said for line in queries.case(told.repair, now=now, restricted=True).timeline]
    assert hers == ["We order a dryer", "I do not want to meet the man upstairs", None]
    assert not any(line.triage for line in queries.tenant_case(told.repair, cast.RUTH, now=now, on=on).timeline)
    assert queries.tenant_case(told.repair, cast.OTTO, now=now, on=on) is None
    assert queries.tenant_case(told.repair, cast.MIA, now=now, on=on) is None, "a child signs in to nothing"


def test_a_joined_neighbour_sees_her_own_report_and_not_the_others():
    upstairs = report(words_said="My bath overflowed, I am sorry.")
    below = report(home=cast.TOMASZS_HOME, reporter=cast.TOMASZ, words_said="Water comes in from above.")
    for work in works(below):
        do(actions.cancel_work, work=work.id, why="It comes from above")
    do(actions.join_repair, repair=below.repair, into=upstairs.repair, why="The same water")
    seen = queries.tenant_case(below.repair, cast.TOMASZ, now=AT + DAY, on=london_date(AT + DAY))
    said = {line.said for line in seen.timeline if line.said}
    assert said == {"Water comes in from above."}
    assert all(line.about is None for line in seen.timeline if line.household == cast.RUTHS_TENANCY)


def test_a_home_keeps_its_whole_story_with_repeats_marked_and_the_stack_in_sight():
    first = report(at=AT - 60 * DAY)
    mend_all(first, at=AT - 59 * DAY, made_good=True)
    do(actions.confirm_mended, repair=first.repair, channel="phone", person=cast.RUTH, at=AT - 58 * DAY)
    second = report(at=AT)
    below = report(home=cast.TOMASZS_HOME, reporter=cast.TOMASZ, at=AT)
    history = queries.home_history(cast.RUTHS_HOME)
    assert [(h.repair.id, h.repeat_of, h.reports) for h in history] == [(second.repair, first.repair, 2), (first.repair, None, 1)]
    around = queries.open_around(cast.RUTHS_HOME)
    assert [(home.id, ids(repairs)) for home, repairs in around["below"]] == [(cast.TOMASZS_HOME, [below.repair])]
    assert [home.id for home, _ in around["above"]] == [cast.EMPTY_HOME]


def test_her_repairs_are_hers_wherever_they_ended():
    told = report()
    joined = report(at=AT + HOUR)
    assert ids(queries.open_of_person(cast.RUTH, at=AT + DAY)) == [told.repair]
    assert set(ids(queries.of_person(cast.RUTH))) == {told.repair, joined.repair}
    assert queries.open_of_person(cast.OTTO, at=AT) == []
    assert queries.by_reference(f" {told.reference.lower()} ").id == told.repair
