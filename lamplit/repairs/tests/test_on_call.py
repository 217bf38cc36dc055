"""An emergency is received until a named person has it; until then somebody is rung, and after fifteen minutes the lead."""

from datetime import timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.repairs.models import Happening
from lamplit.repairs.tests.story import AT, DAY, PHOTO, begin, do, report, row, works
from tests import cast

GAS = Said(fault="gas_smell")
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _cast(landlord):
    begin()


def rings(told):
    lines = Happening.objects.filter(repair=told.leads, kind="on_call.rung").order_by("at", "recorded_at", "id")
    return [
        (line.details["ring"], line.details["way"], line.details.get("staff") or line.details["contractor"]) for line in lines
    ]


def test_it_rings_the_one_on_call_and_the_firm_at_once():
    told = report(Said(fault="leak_fitting", flags=("water_near_electrics",)))
    assert row(told).status == "received"
    assert (1, "text", cast.PRIYA) in rings(told)
    assert (1, "call", cast.PRIYA) in rings(told)
    assert (1, "text", cast.KINDLE) in rings(told)
    assert not any(who == cast.DELE for _, _, who in rings(told))
    assert queries.to_ring() == [row(told)]


def test_it_rings_again_and_then_the_lead_until_somebody_accepts():
    told = report(GAS)
    early = do(actions.ring_on_call, repair=told.repair, at=AT + MINUTE)
    assert early.rings == ()
    assert early.next_at == AT + 5 * MINUTE
    for minutes in (5, 10, 15):
        rung = do(actions.ring_on_call, repair=told.repair, at=AT + minutes * MINUTE)
        assert rung.rings
        assert any(ring.role == "lead" for ring in rung.rings) == (minutes == 15)
    do(actions.accept_emergency, repair=told.repair, staff_id=cast.PRIYA, at=AT + 16 * MINUTE)
    assert row(told).status == "open"
    assert (row(told).accepted_by, row(told).owner) == (cast.PRIYA, cast.PRIYA)
    assert do(actions.ring_on_call, repair=told.repair, at=AT + 20 * MINUTE).next_at is None
    assert queries.to_ring() == []


def test_an_alarm_sounds_when_nobody_can_be_rung():
    told = report(Said(fault="trapped_at_home"), at=AT + 300 * DAY)
    rung = do(actions.ring_on_call, repair=told.repair, at=AT + 300 * DAY + 5 * MINUTE)
    assert rung.alarm == (not rung.rings)
    assert any(who == cast.DELE for _, _, who in rings(told)), "with nobody on call, whoever is a lead is rung"


def test_only_somebody_who_works_here_can_accept():
    told = report(GAS)
    with pytest.raises(Refused) as refused:
        do(actions.accept_emergency, repair=told.repair, staff_id="s_nobody0000000000000")
    assert refused.value.code == "repairs.no_such_person"


def test_whoever_comes_to_an_emergency_has_it():
    told = report(GAS)
    do(
        actions.attend_visit, work=works(told)[0].id, outcome="made_safe", arrived_at=AT + 30 * MINUTE,
        did="Turned off at the meter", evidence=[PHOTO], by=cast.BY_COL, at=AT + 40 * MINUTE,
    )  # fmt: skip
    assert row(told).accepted_by == cast.COL
