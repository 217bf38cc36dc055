"""Real cases played through the actions: what their publishers ask a good record to make plain, it makes plain."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.lines import LineError
from lamplit.basics.working_days import day_begins_at, london_date
from lamplit.cli.replay.heard import heard
from lamplit.cli.replay.playing import MAKE_GOOD, Player
from lamplit.cli.replay.retold import read_cases
from lamplit.homes import queries as homes
from lamplit.repairs import queries

OWN = """
- case: "ours"
  home: flat on the first floor; a baby
  events:
    - {on: 2026-01-05, by: tenant, what: "no heating or hot water since last night"}
    - {on: 2026-01-06, by: landlord, what: "an engineer attends and repairs the boiler"}
    - {on: 2026-01-08, by: tenant, what: "something hums", fault: boiler_noise, time: "18:30"}
"""


@pytest.fixture
def played(landlord, material):
    """Play one published case to its end. Returns the player and its days."""

    def play(number):
        text = (material / "repairs" / "ombudsman-timelines.yaml").read_text(encoding="utf-8")
        player = Player(next(case for case in read_cases(text, "timelines") if case.case == number))
        return player, {day.on: day for day in player.play()}

    return play


def whole(repair, now):
    found = queries.case(repair.id, now=now)
    assert found is not None
    return found


def open_now(player, now):
    return [repair for repair in queries.open_of_person(player.cast.tenant, at=now) if repair.live]


@pytest.mark.material
def test_the_leak_from_above_is_one_case_in_two_homes(played):
    player, days = played("202226767")
    end = datetime(2024, 4, 30, tzinfo=UTC)
    (repair,) = open_now(player, end)
    case = whole(repair, end)
    assert repair.report_count == 3
    assert {work.home for work in case.works} == {player.cast.home, player.cast.above}
    assert london_date(repair.reported_at) == date(2022, 12, 13)
    assert london_date(min(clock.starts_at for clock in case.clocks)) == date(2022, 12, 13)
    assert [code for _, _, code in days[date(2022, 12, 16)].ran_out], "nobody stops a clock because access is refused above"
    hers = [line.said for line in case.timeline if line.audience == "voice"]
    assert len(hers) == 2
    assert queries.tenant_case(repair.id, player.cast.neighbour, now=end, on=date(2024, 4, 30)) is None
    assert player.cast.above is not None
    assert [line.repair.id for line in queries.home_history(player.cast.above)] == []


@pytest.mark.material
def test_the_ceiling_over_a_childs_bed_is_made_safe_whatever_else_waits(played):
    player, days = played("202308353")
    end = datetime(2025, 5, 20, tzinfo=UTC)
    (repair,) = open_now(player, end)
    case = whole(repair, end)
    assert repair.priority == "emergency"
    assert repair.due_at == repair.reported_at + timedelta(hours=24), "an emergency on the day"
    assert any(code == "target.emergency" for _, _, code in days[date(2023, 4, 13)].ran_out)
    waiting = [work for work in case.works if work.state == "waiting"]
    assert waiting
    assert all(work.why and work.owner and work.look_again_on for work in waiting)
    left = {work.what for work in case.works if work.state == "open"}
    assert "Prop or take down what may fall" in left
    assert "Offer the household somewhere to stay until the home is safe" in left
    notes = homes.know_before_visit(player.cast.home, date(2023, 4, 16))
    assert notes
    assert notes[0].about is not None
    assert notes[0].about.what == "asbestos"


@pytest.mark.material
def test_five_years_of_leaks_are_one_story_that_began_in_2017(played):
    player, _ = played("202340783")
    end = datetime(2024, 12, 18, tzinfo=UTC)
    by_group = {repair.fault_group: repair for repair in open_now(player, end)}
    assert london_date(by_group["leak"].reported_at) == date(2017, 11, 15), "aware since then, whoever says otherwise"
    assert by_group["leak"].report_count == 2
    assert by_group["damp"].report_count == 2
    history = queries.home_history(player.cast.home)
    assert len(history) == 6
    power = {clock.code: clock for clock in whole(by_group["electrics"], end).clocks}
    assert london_date(power["right_to_repair.no_power"].starts_at) == date(2017, 11, 15)
    assert london_date(power["right_to_repair.part_power"].starts_at) == date(2021, 10, 4)
    assert not any(clock.code.endswith("power") for clock in whole(by_group["leak"], end).clocks)
    (complaint,) = player.complaints
    assert (complaint.respond_by_on - date(2022, 10, 26)).days <= 30
    assert (date(2023, 3, 17) - complaint.respond_by_on).days > 100


@pytest.mark.material
def test_a_home_without_water_is_an_emergency_and_the_second_order_the_same_repair(played):
    player, _ = played("202218930")
    end = datetime(2023, 9, 5, tzinfo=UTC)
    (repair,) = open_now(player, end)
    case = whole(repair, end)
    assert repair.priority in ("emergency", "immediate")
    assert "flags:water_turned_off" in repair.triage["inputs"]
    assert london_date(repair.reported_at) == date(2022, 6, 15)
    assert any(work.follows for work in case.works if "again" in str(work.what))
    decided = [line for line in case.timeline if str(line.said or "").startswith("Whose it is")]
    assert [(london_date(line.at), line.by) for line in decided] == [(date(2022, 6, 15), f"staff:{player.cast.planner}")]


@pytest.mark.material
def test_the_second_leak_at_the_sink_is_flagged_and_the_floor_is_follow_on_work(played):
    player, _ = played("202437796")
    end = datetime(2025, 6, 6, tzinfo=UTC)
    (repair,) = open_now(player, end)
    second, first = queries.home_history(player.cast.home)
    assert (second.repeat_of, second.reports) == (first.repair.id, 2)
    assert second.repair.joined_into == repair.id
    assert "repeats:again" in second.repair.triage["inputs"]
    case = whole(repair, end)
    follow = [work for work in case.works if work.what == MAKE_GOOD]
    assert follow
    assert all(work.follows for work in follow)
    assert repair.cause == "waste pipe under the sink"


@pytest.mark.material
def test_no_case_ends_in_silence(played, material):
    text = (material / "repairs" / "ombudsman-timelines.yaml").read_text(encoding="utf-8")
    for case in read_cases(text, "timelines")[:2]:
        player = Player(case)
        days = list(player.play())
        assert all(day.tenant for day in days)
        assert all(day.desk for day in days)


def test_a_case_of_our_own_plays_to_its_end(landlord):
    (case,) = read_cases(OWN, "own.yaml")
    player = Player(case)
    days = list(player.play())
    assert [day.on for day in days] == [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 8)]
    first = queries.open_of_person(player.cast.tenant, at=day_begins_at(date(2026, 1, 9)))[-1]
    assert (first.fault, first.priority) == ("heating_hot_water_off", "emergency")
    assert "baby" in first.triage["needs"]
    assert "boiler_noise" in {line.repair.fault for line in queries.home_history(player.cast.home)}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("water is coming through the light in the hall, the ceiling is dripping", {"leak_unknown"}),
        ("I can smell gas in the kitchen", {"gas_smell"}),
        ("black mould and a leak in the roof", {"damp_mould", "leak_roof"}),
        ("the toilet is blocked and sewage comes up", {"sewage"}),
        ("the ceiling came down because of a burst pipe", {"ceiling_down"}),
        ("I am not happy", set()),
    ],
)
def test_it_hears_what_is_wrong(text, faults):
    assert {said.fault for said in heard(text).troubles} == faults


def test_it_hears_dangers_rooms_and_causes():
    light = heard("a leak in the bathroom runs into the light")
    assert light.troubles[0].flags == ("water_near_electrics",)
    assert light.troubles[0].room == "bathroom"
    fallen = heard("the bedroom ceiling came down because of a burst pipe")
    assert [cause.fault for cause in fallen.causes] == ["leak_pipe"]
    assert heard("leak in the hall, mould in the bathroom").troubles[1].room == "bathroom"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- case: x\n  home: y\n  events: []\n", 3),
        ("- case: x\n  home: y\n  events:\n    - {on: yesterday, by: tenant, what: z}\n", 4),
        ("- case: x\n  home: y\n  events:\n    - {on: 2026-01-01, by: tenant, what: z, colour: red}\n", 4),
        ("- case: x\n  events:\n    - {on: 2026-01-01, by: tenant, what: z}\n", 1),
    ],
)
def test_a_file_that_is_wrong_says_where(text, line):
    with pytest.raises(LineError) as wrong:
        read_cases(text, "cases.yaml")
    assert wrong.value.line == line
