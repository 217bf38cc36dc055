"""Repairs brought over: open and over, with what the old system knows of them; nobody is told twice."""

from datetime import UTC, datetime

import pytest

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.exchange.columns import TRADES
from lamplit.exchange.tests.test_bringing import CONTACTS, HOMES, PEOPLE, TENANCIES, counts, found
from lamplit.reactions.table import REACTIONS
from lamplit.record.encode import Codec
from lamplit.repairs import facts, queries
from lamplit.repairs.actions import give_repair
from lamplit.repairs.models import Repair
from lamplit.repairs.rules.book import rule_book
from lamplit.staff.actions import join_staff
from lamplit.tenancies.models import Tenancy

HEAD = (
    "RepairReference,PropertyReference,PersonReference,DateReported,Priority,DescriptionOfWork,Trade,Status,DueDate,"
    "CompletedDate,Outcome\n"
)
REPAIRS = (
    HEAD
    + """R1,P1,C1,12/01/2026 09:10,urgent,"Kitchen tap will not turn off.
It drips all night.",plumber,completed,,15/01/2026 11:00,New washer
R2,P1,,2026-11-20,4,Gate off its hinges,carpenter,open,,,
R3,P2,,2019-05-01,emergency,No heating,,completed,,2019-05-02,
R4,P3,,2026-11-01,routine,Fence down,,cancelled,,2026-11-03,Tenant mended it
R5,P1,,2026-11-21,routine,Loose tile,,open,2026-12-24 16:00,,
"""
)


@pytest.fixture
def whole(landlord, bring):
    for kind, text in (("homes", HOMES), ("people", PEOPLE), ("tenancies", TENANCIES), ("contacts", CONTACTS)):
        bring(kind, text)
    assert counts(bring("repairs", REPAIRS)) == (5, 0, 0, 0)
    return landlord


def repair(reference):
    return Repair.objects.get(old_reference=reference)


def test_one_that_is_over_keeps_its_history_and_both_times(whole):
    row = repair("R1")
    assert (row.status, row.closed_how, row.live) == ("closed", "not_confirmed", False)
    assert (row.reporter, row.household) == (found("C1"), Tenancy.objects.get(reference="T1").id)
    assert row.title == "Kitchen tap will not turn off."
    assert row.words == "Kitchen tap will not turn off.\nIt drips all night."
    assert (row.reported_at, row.closed_at) == (datetime(2026, 1, 12, 9, 10, tzinfo=UTC), datetime(2026, 1, 15, 11, tzinfo=UTC))
    assert row.recorded_at > row.closed_at
    case = queries.case(row.id, now=now())
    assert [line.kind for line in case.timeline] == ["repair.reported", "work.ordered", "visit.attended", "repair.closed"]
    assert case.visits[0].did == "New washer"


def test_one_of_a_household_that_left_belongs_to_it(whole):
    assert repair("R3").household == Tenancy.objects.get(reference="T2").id
    assert repair("R4").household == found("P3", "homes")  # nobody lived there
    assert repair("R4").closed_why.startswith("Cancelled in the system")


def test_open_ones_stand_on_the_queue_with_the_clock_that_was_promised(whole):
    lines = {line.reference: line for line in queries.queue(now=now())}
    ours, theirs = repair("R2"), repair("R5")
    assert {ours.reference, theirs.reference} == set(lines)
    assert ours.due_at == datetime(2026, 12, 19, tzinfo=UTC)  # the end of the 28th day
    assert theirs.due_at == datetime(2026, 12, 24, 16, tzinfo=UTC)


def test_two_of_one_home_are_no_repeat_of_each_other(whole):
    history = queries.home_history(found("P1", "homes"))
    assert [(row.reports, row.repeat_of) for row in history] == [(1, None)] * 3


def test_the_same_file_twice_changes_nothing(whole, bring):
    size = whole.seal()
    assert counts(bring("repairs", REPAIRS)) == (0, 0, 5, 0)
    assert whole.seal() == size


def test_what_the_old_system_ended_meanwhile_ends_here(whole, bring):
    ended = REPAIRS.replace("carpenter,open,,,", "carpenter,completed,,2026-11-24,Rehung").replace(
        "open,2026-12-24 16:00,,", "cancelled,2026-12-24 16:00,2026-11-22,"
    )
    assert counts(bring("repairs", ended)) == (0, 2, 3, 0)
    assert [repair(one).status for one in ("R2", "R5")] == ["closed", "closed"]
    assert queries.queue(now=now()) == []
    assert counts(bring("repairs", ended)) == (0, 0, 5, 0)
    assert counts(bring("repairs", REPAIRS)) == (0, 0, 5, 0)  # an older file opens nothing again


def test_one_that_somebody_has_taken_here_is_left_to_her(whole, bring):
    by, at = cli("tester"), now()
    priya = join_staff(
        name="Priya Nair", email="priya@landlord.example", roles=["housing_officer"], by=by, at=at, command="test:1"
    )
    give_repair(repair=repair("R2").id, owner=priya, by=by, at=at, command="test:2")
    ended = REPAIRS.replace("carpenter,open,,,", "carpenter,completed,,2026-11-24,Rehung")
    assert counts(bring("repairs", ended)) == (0, 0, 5, 0)
    assert repair("R2").live


def test_nobody_is_told_of_what_the_old_system_told_them(whole, bring):
    bring("repairs", REPAIRS.replace("carpenter,open,,,", "carpenter,completed,,2026-11-24,Rehung"))
    whole.seal()
    codec, keys = Codec("lamplit.example/record"), whole.keys()
    told = []
    for raw in whole.entries():
        entry = codec.decode(raw, keys)
        if isinstance(entry.body, facts.RepairReported | facts.RepairClosed | facts.VisitAttended | facts.WorkOrdered):
            told += [wanted for reaction in REACTIONS[type(entry.body)] for wanted in reaction(entry, now())]
    assert told == []


def test_what_is_wrong_and_the_old_reference_stand_sealed(whole, bring):
    bring("repairs", REPAIRS.replace("R1,", "REPAIRREF88,"))
    whole.seal()
    raw = b"\n".join(entry for entry in whole.entries() if b'"repair.' in entry or b'"work.' in entry or b'"visit.' in entry)
    assert raw.count(b'"repair.reported"') == 6
    for secret in (b"Kitchen tap", b"New washer", b"REPAIRREF88", b"Tenant mended"):
        assert secret not in raw


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("R9,P9,,2026-11-20,urgent,Tap,,open,,,", "PropertyReference"),
        ("R9,P1,C9,2026-11-20,urgent,Tap,,open,,,", "PersonReference"),
        ("R9,P1,,2066-11-20,urgent,Tap,,open,,,", "DateReported"),
        ("R9,P1,,2026-11-20 25:00,urgent,Tap,,open,,,", "DateReported"),
        ("R9,P1,,2026-11-20,soon,Tap,,open,,,", "Priority"),
        ("R9,P1,,2026-11-20,urgent,Tap,Mrs Marsh's plumber,open,,,", "Trade"),
        ("R9,P1,,2026-11-20,urgent,Tap,,completed,,2026-11-19,", "CompletedDate"),
        ("R9,P1,,2016-11-20,urgent,Tap,,open,,,", "RequiredCompletionDateTime"),
        ("R9,P1,,2026-11-20,urgent,Tap,,completed,,,", ""),
        ("R1,P1,,2026-11-20,urgent,Tap,,open,,,", "RepairReference"),
    ],
)
def test_bad_rows_are_refused_in_words(whole, bring, row, column):
    outcome = bring("repairs", REPAIRS + row + "\n")
    assert counts(outcome) == (0, 0, 5, 1)
    assert [problem.column for problem in outcome.problems] == [column]


def test_every_trade_is_one_that_we_order():
    ours = {work.trade for work in rule_book().catalogue.works.values()}
    assert set(TRADES) <= ours


HISTORY = """RepairReference,EventDate,Event,Description,By,ShownToTenant
R1,2026-01-13 10:00,no access,Card left,"J Reed, plumber",yes
R1,2026-01-14,,She says that the dog bites,A Moss,
R2,21/11/2026,call,Asked when we come,,
R1,2026-01-14,,She says that the dog bites,A Moss,
"""


def test_what_happened_to_it_there_stands_in_its_timeline_at_its_own_time(whole, bring):
    assert counts(bring("history", HISTORY)) == (3, 0, 1, 0)
    case = queries.case(repair("R1").id, now=now())
    noted = [line for line in case.timeline if line.kind == "repair.noted"]
    assert [line.said for line in noted] == [
        "Visit, nobody let us in, J Reed, plumber: Card left",
        "A Moss: She says that the dog bites",
    ]
    assert [line.audience for line in noted] == ["all", "staff"], "old notes are for staff, unless the file says otherwise"
    assert [line.at for line in noted] == [datetime(2026, 1, 13, 10, tzinfo=UTC), datetime(2026, 1, 14, 12, tzinfo=UTC)]
    assert all(line.recorded_at > line.at for line in noted)
    assert [line.kind for line in case.timeline][-1] == "repair.closed", "it happened before the end"
    assert repair("R1").status == "closed"
    assert repair("R2").live
    size = whole.seal()
    assert counts(bring("history", HISTORY)) == (0, 0, 4, 0)
    assert whole.seal() == size
    raw = b"\n".join(whole.entries())
    assert b"dog bites" not in raw


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("R9,2026-01-13,,Card left,,", "RepairReference"),
        ("R1,2026-01-11,,Card left,,", "EventDate"),
        ("R1,2066-01-13,,Card left,,", "EventDate"),
        ("R1,soon,,Card left,,", "EventDate"),
        ("R1,2026-01-13,came,Card left,,", "Event"),
        ("R1,2026-01-13,visit,,,", "Description"),
        ("R1,2026-01-13,visit,Card left,,perhaps", "ShownToTenant"),
    ],
)
def test_a_wrong_line_of_a_history_is_refused_alone(whole, bring, row, column):
    outcome = bring("history", HISTORY + row + "\n")
    assert counts(outcome) == (3, 0, 1, 1)
    assert [problem.column for problem in outcome.problems] == [column]
