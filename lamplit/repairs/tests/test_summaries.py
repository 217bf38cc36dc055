"""The written summary of an investigation: one paper a tenant, and the law's clock stops when the last of them has left us."""

from datetime import date

import pytest

from lamplit.basics.refusal import Refused
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Addressed
from lamplit.repairs.actions.hazards import work_due_on
from lamplit.repairs.facts import WorkPlanned
from lamplit.repairs.queries.standing import running_of
from lamplit.repairs.rules.summary import check_summary
from lamplit.repairs.tests.story import AT, DAY, HOUR, begin, do, report, row
from lamplit.repairs.tests.test_hazards import MOULD, step
from tests import cast

FAN = WorkPlanned(what="Fit a fan", begins_on=date(2026, 3, 6), ends_on=date(2026, 3, 9))
CLOCK = "awaab.C"


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


@pytest.fixture
def told():
    told = report(MOULD)
    step(told, "concluded_significant", AT + DAY, "Mould over the window")
    return told


def write(told, *people, **kwargs):
    papers = [Addressed(person=one, pdf=b"%PDF of " + one.encode()) for one in people]
    said = {"found": "Mould over the window", "works": [FAN], "papers": papers, "at": AT + DAY + HOUR, **kwargs}
    return do(actions.write_summary, repair=told.repair, **said)


def sent(summary, at, how="email"):
    do(actions.record_summary_sent, summary=summary, how=how, at=at)


def test_the_clock_stops_when_the_last_tenant_has_hers_sent_and_at_that_time(told):
    hers, his = write(told, cast.RUTH, cast.OTTO)
    assert CLOCK in running_of(row(told))
    sent(hers, AT + DAY + 2 * HOUR)
    assert CLOCK in running_of(row(told))
    sent(his, AT + 2 * DAY, "left")
    assert CLOCK not in running_of(row(told))
    assert row(told).steps[-1][:2] == ["summary_sent", (AT + 2 * DAY).isoformat().replace("+00:00", "Z")]
    kept = {one.person: one for one in queries.summaries_of(told.repair)}
    assert queries.summary_paper(kept[cast.OTTO]) == b"%PDF of " + cast.OTTO.encode()
    assert [kept[who].sent_how for who in (cast.RUTH, cast.OTTO)] == ["email", "left"]


def test_what_it_promises_is_the_laws_last_day(told):
    concluded = date(2026, 3, 3)  # a Tuesday: five working days on is the Tuesday after
    assert row(told).steps[-1][1].startswith(concluded.isoformat())
    assert work_due_on(row(told)) == date(2026, 3, 10)


def test_each_tenant_reads_of_her_own_paper_alone(told):
    write(told, cast.RUTH, cast.OTTO)
    case = queries.tenant_case(told.repair, cast.RUTH, now=AT + 2 * DAY, on=(AT + 2 * DAY).date())
    assert [line.details["person"] for line in case.timeline if line.kind == "summary.written"] == [cast.RUTH]


def test_one_that_was_written_anew_waits_for_nobody(told):
    (first,) = write(told, cast.RUTH)
    (second,) = write(told, cast.RUTH, found="Mould over both windows", at=AT + DAY + 2 * HOUR)
    sent(second, AT + DAY + 3 * HOUR)
    assert CLOCK not in running_of(row(told))
    sent(first, AT + DAY + 4 * HOUR)  # it goes too, late: the step is not taken twice
    assert [one for one, _, _ in row(told).steps].count("summary_sent") == 1


def test_what_cannot_be_summed_up_is_refused(told):
    fresh = report(MOULD, home=cast.TOMASZS_HOME, reporter=cast.TOMASZ)
    for refused, again in {
        "repairs.nothing_to_sum_up": lambda: write(fresh, cast.TOMASZ),
        "repairs.nobody_to_sum_up_for": lambda: write(told),
        "repairs.say_what_was_found": lambda: write(told, cast.RUTH, found=" "),
        "repairs.no_such_summary": lambda: sent("d_00000000000000000000", AT + 2 * DAY),
    }.items():
        with pytest.raises(Refused) as told_why:
            again()
        assert told_why.value.code == refused
    (summary,) = write(told, cast.RUTH)
    sent(summary, AT + 2 * DAY)
    with pytest.raises(Refused, match="summary_sent_before"):
        sent(summary, AT + 2 * DAY)


@pytest.mark.parametrize(
    ("finding", "works", "no_work", "refused"),
    [
        ("significant", [], None, "summary_says_no_work"),
        ("none", [], "", "summary_says_no_work"),
        ("significant", [FAN], "Nothing to do", "summary_says_both"),
        ("significant", [FAN] * 13, None, "summary_too_many_works"),
        ("significant", [WorkPlanned(what="Fan", begins_on=date(2026, 3, 9), ends_on=date(2026, 3, 6))], None, "days_wrong"),
        ("significant", [WorkPlanned(what="Fan", begins_on=date(2026, 2, 1), ends_on=date(2026, 2, 2))], None, "days_wrong"),
    ],
)
def test_it_says_what_is_done_by_when_or_why_nothing_is(finding, works, no_work, refused):
    with pytest.raises(Refused, match=refused):
        check_summary(finding, works, no_work, date(2026, 3, 3))


def test_it_may_say_either():
    check_summary("significant", [FAN], None, date(2026, 3, 3))
    check_summary("none", [], "The wall is dry", date(2026, 3, 3))
