"""Triage: which rule fires and why, dangers never below emergency, needs move deadlines by themselves."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.basics.lines import LineError
from lamplit.repairs.rules import (
    DANGERS,
    Answer,
    Earlier,
    Outcome,
    Triage,
    is_emergency,
    kept,
    load_book,
    load_catalogue,
    load_triage_rules,
    rank,
    rule_book,
    starts,
    triage,
)
from lamplit.repairs.rules.law import data
from lamplit.repairs.tests.journeys import journeys, told

WINTER = datetime(2026, 12, 14, 10, tzinfo=UTC)
SUMMER = datetime(2026, 7, 6, 10, tzinfo=UTC)
NEEDS = sorted(rule_book().catalogue.needs)
CATALOGUE = (data("faults.yaml"), data("needs.yaml"), data("advice.yaml"))

WET_LIGHT = ("none", "leak", "kitchen", "light", "no", "caught", "above")
NO_HEATING = ("none", "heating", "heating", "no", "yes")
MOULD = ("none", "damp", "kitchen", "medium", "no", "windows")


def decide(*options: str, needs: tuple[str, ...] = (), at: datetime = WINTER) -> Triage:
    return triage(told(*options), needs=needs, at=at)


@pytest.mark.parametrize(
    ("options", "rule", "priority", "hazard"),
    [
        (("gas",), "danger.gas", "immediate", "uncombusted_gas"),
        (("carbon_monoxide",), "danger.carbon_monoxide", "immediate", "carbon_monoxide"),
        (("electric",), "danger.electric", "immediate", "electrical"),
        (("trapped", "lift"), "danger.trapped", "immediate", "entrapment"),
        (WET_LIGHT, "danger.water_near_electrics", "emergency", "electrical"),
        (("none", "doors", "no_lock", "no"), "danger.no_lock", "emergency", "intruders"),
        (("none", "structure", "ceiling", "bedroom"), "danger.structure", "emergency", "structural"),
        (("none", "water", "none", "no"), "danger.no_water", "emergency", "water_supply"),
        (("none", "drains", "toilet_flush", "no"), "danger.only_toilet", "emergency", "sanitation"),
        (("none", "leak", "hall", "no", "no", "turned_off", "ground"), "water.turned_off", "emergency", "water_supply"),
        (("none", "leak", "hall", "no", "no", "no", "pipe"), "danger.leak_not_contained", "immediate", None),
        (("none", "drains", "dirty_water", "bathroom"), "danger.sewage", "emergency", "sanitation"),
        (("none", "alarms", "smoke"), "fault.smoke_alarm", "immediate", "fire"),
        (("none", "electrics", "all_off", "only_mine"), "fault.power_off", "emergency", "electrical"),
        (("none", "leak", "hall", "no", "no", "caught", "pipe"), "fault.leak_pipe", "urgent", None),
        (("none", "fittings", "cupboard", "kitchen"), "fault.cupboard", "routine", None),
        (("none", "outside", "fence"), "fault.fence_gate", "planned", None),
        (("none", "other", "It hums", "hall", "unsure"), "danger.not_sure", "immediate", None),
    ],
)
def test_it_says_which_rule_set_the_priority(options: tuple[str, ...], rule: str, priority: str, hazard: str | None) -> None:
    decision = decide(*options)
    assert (decision.rule, decision.priority, decision.hazard) == (rule, priority, hazard)
    assert decision.rings == is_emergency(decision.priority)


def test_it_orders_both_the_leak_and_the_electrician_when_water_is_near_electrics() -> None:
    for where in ("light", "socket", "unsure"):
        decision = decide("none", "leak", "kitchen", where, "no", "stopped", "fitting")
        wanted = {work.trade: work for work in decision.works}
        assert set(wanted) == {"plumber", "electrician"}
        assert wanted["electrician"].evidence == ("test_or_isolation",)
        assert decision.advice[0] == "water_electrics"
        assert {clock.code for clock in decision.clocks} >= {"awaab.A1", "awaab.A2", "target.emergency"}


def test_it_orders_a_leak_stop_for_water_in_a_light_however_it_was_told() -> None:
    for options in (
        ("none", "electrics", "wet", "hall", "mine"),
        ("none", "damp", "hall", "small", "no", "unsure", "yes"),
        ("none", "other", "Drops from the lamp", "hall", "water_electrics"),
        ("none", "electrics", "item", "no", "unsure", "kitchen", "unsure"),
    ):
        decision = decide(*options)
        assert {"stop_leak", "electric_test"} <= {work.code for work in decision.works}
        assert (decision.rule, decision.hazard_class) == ("danger.water_near_electrics", "emergency")


@given(journeys(), st.lists(st.sampled_from(NEEDS), unique=True), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_it_never_lets_a_danger_below_emergency(answers: tuple[Answer, ...], needs: list[str], later: timedelta) -> None:
    outcome = rule_book().tree.walk(answers)
    assert isinstance(outcome, Outcome)
    decision = triage(outcome, needs=needs, at=WINTER + later)
    if set(outcome.flags) & set(DANGERS):
        assert is_emergency(decision.priority)
        assert decision.unsilent
        assert decision.due_at <= WINTER + later + timedelta(hours=24)


@given(journeys(), st.sampled_from(["sagging", *NEEDS]), st.lists(st.sampled_from(NEEDS)), st.sampled_from([WINTER, SUMMER]))
def test_it_never_lowers_anything_for_a_need(answers: tuple[Answer, ...], need: str, others: list[str], at: datetime) -> None:
    outcome = rule_book().tree.walk(answers)
    assert isinstance(outcome, Outcome)
    without = triage(outcome, needs=others, at=at)
    with_need = triage(outcome, needs=[*others, need], at=at)
    assert rank(with_need.priority) >= rank(without.priority)
    assert with_need.due_at <= without.due_at
    assert {work.code for work in with_need.works} >= {work.code for work in without.works}
    assert {fired.rule for fired in with_need.fired} >= {fired.rule for fired in without.fired}


@given(journeys())
def test_it_always_gives_work_a_deadline_and_a_reason_that_fired(answers: tuple[Answer, ...]) -> None:
    outcome = rule_book().tree.walk(answers)
    assert isinstance(outcome, Outcome)
    decision = triage(outcome, needs=(), at=SUMMER)
    assert decision.works
    assert decision.due_at > SUMMER
    assert decision.rule in {fired.rule for fired in decision.fired}
    assert all(work.evidence for work in decision.works)
    assert max(rank(fired.floor) for fired in decision.fired if fired.floor) == rank(decision.priority)


@pytest.mark.parametrize(
    ("needs", "at", "priority", "rule"),
    [
        ((), SUMMER, "urgent", "fault.heating_off"),
        ((), WINTER, "emergency", "winter.no_heating"),
        (("baby",), SUMMER, "emergency", "need.no_heating"),
        (("over_75",), SUMMER, "emergency", "need.no_heating"),
        (("deaf",), SUMMER, "urgent", "fault.heating_off"),
    ],
)
def test_it_moves_loss_of_heating_by_season_and_by_need(needs: tuple[str, ...], at: datetime, priority: str, rule: str) -> None:
    decision = decide(*NO_HEATING, needs=needs, at=at)
    assert (decision.priority, decision.rule) == (priority, rule)


@pytest.mark.parametrize(
    ("at", "winter"),
    [
        (datetime(2026, 10, 31, 12, tzinfo=UTC), False),
        (datetime(2026, 11, 1, 12, tzinfo=UTC), True),
        (datetime(2027, 4, 30, 12, tzinfo=UTC), True),
        (datetime(2027, 5, 1, 12, tzinfo=UTC), False),
    ],
)
def test_it_keeps_to_the_edges_of_winter(at: datetime, winter: bool) -> None:
    decision = decide(*NO_HEATING, at=at)
    assert (decision.priority == "emergency") is winter
    assert decision.right_to_repair == ("no_heating_winter" if winter else "no_heating_summer")


@pytest.mark.parametrize(
    ("options", "needs", "priority", "hazard_class"),
    [
        (MOULD, (), "routine", "significant"),
        (MOULD, ("respiratory",), "urgent", "significant"),
        (("none", "damp", "several", "wide", "no", "windows"), (), "urgent", "significant"),
        (("none", "damp", "several", "wide", "no", "windows"), ("respiratory",), "emergency", "emergency"),
        (("none", "damp", "kitchen", "small", "unwell", "windows"), ("baby",), "emergency", "emergency"),
        (("none", "damp", "kitchen", "small", "unwell", "windows"), (), "urgent", "significant"),
        (("none", "damp", "kitchen", "small", "breathing", "windows"), (), "emergency", "emergency"),
        (("none", "damp", "kitchen", "unsure", "no", "windows"), ("oxygen",), "emergency", "emergency"),
    ],
)
def test_it_weighs_damp_by_who_lives_there(
    options: tuple[str, ...], needs: tuple[str, ...], priority: str, hazard_class: str
) -> None:
    decision = decide(*options, needs=needs)
    assert (decision.priority, decision.hazard, decision.hazard_class) == (priority, "damp_mould", hazard_class)


def test_it_starts_the_laws_clock_for_the_child_with_asthma() -> None:
    decision = decide(*MOULD, needs=("respiratory",), at=datetime(2026, 12, 14, 12, tzinfo=UTC))
    clocks = {clock.code: clock for clock in decision.clocks}
    assert str(clocks["awaab.B1"].due_on) == "2026-12-30"
    assert str(clocks["target.urgent"].due_on) == "2026-12-21"
    assert decision.due_at == clocks["target.urgent"].due_at


def test_it_counts_the_laws_clocks_from_when_we_knew_not_from_when_we_decided() -> None:
    known_at = WINTER - timedelta(days=3)
    decision = triage(told(*MOULD), needs=(), at=WINTER, aware_at=known_at)
    assert {clock.starts_at for clock in decision.clocks} == {known_at}


def test_it_has_no_clock_of_awaabs_law_before_the_law() -> None:
    decision = decide("none", "structure", "ceiling", "bedroom", at=datetime(2023, 4, 11, 9, tzinfo=UTC))
    assert [clock.code for clock in decision.clocks] == ["target.emergency"]
    assert decision.hazard_class == "emergency"


@pytest.mark.parametrize(
    ("options", "needs", "priority"),
    [
        (("none", "electrics", "all_off", "only_mine"), ("medical_electric",), "immediate"),
        (("none", "electrics", "all_off", "street"), ("oxygen",), "immediate"),
        (("none", "electrics", "part_off", "no", "no", "part", "hall"), ("dialysis",), "emergency"),
        (("none", "water", "none", "no"), ("baby",), "immediate"),
        (("none", "communal", "lift", "no"), ("mobility",), "emergency"),
        (("none", "communal", "lift", "no"), (), "urgent"),
        (("none", "floors", "rail", "no", "hall"), ("under_5",), "emergency"),
        (("none", "alarms", "beeps"), ("deaf",), "immediate"),
        (("none", "fittings", "shower", "bathroom"), ("mobility",), "urgent"),
        (("none", "doors", "window", "high", "bedroom"), ("under_5",), "emergency"),
        (("none", "heating", "too_hot"), ("over_75",), "urgent"),
        (("none", "pests", "insects", "kitchen"), ("baby",), "urgent"),
    ],
)
def test_it_moves_the_deadline_for_a_need(options: tuple[str, ...], needs: tuple[str, ...], priority: str) -> None:
    assert decide(*options, needs=needs, at=SUMMER).priority == priority


def test_it_lets_every_need_change_something() -> None:
    book = rule_book()
    for need in book.catalogue.needs.values():
        assert book.table.naming(need.code) or need.visit, need.code


def test_it_keeps_a_need_that_it_does_not_know_without_a_change() -> None:
    decision = decide(*NO_HEATING, needs=("from_an_old_edition",), at=SUMMER)
    assert decision.needs == ("from_an_old_edition",)
    assert decision.priority == "urgent"
    assert decision.unsilent


def test_it_keeps_every_rule_that_fired_with_what_it_saw() -> None:
    decision = decide(*WET_LIGHT, needs=("respiratory",))
    fired = {one.rule: one.inputs for one in decision.fired}
    assert fired["danger.water_near_electrics"] == ("flags:water_near_electrics",)
    assert fired["block.other_homes"] == ("flags:from_above",)
    assert "need:respiratory" not in decision.inputs
    assert "needs:respiratory" in decision.inputs
    assert decision.review


def test_it_finds_more_than_one_hazard_and_runs_the_clocks_of_each() -> None:
    decision = decide(*WET_LIGHT)
    assert [(found.hazard, found.hazard_class) for found in decision.hazards] == [
        ("electrical", "emergency"),
        ("damp_mould", "significant"),
    ]
    codes = [clock.code for clock in decision.clocks]
    assert {"awaab.A1", "awaab.A2", "awaab.B1.2"} <= set(codes)
    assert len(codes) == len(set(codes))


def test_it_offers_the_right_to_repair_only_where_it_applies() -> None:
    outcome = told("none", "leak", "hall", "no", "no", "caught", "pipe")
    assert triage(outcome, needs=(), at=WINTER).period == "1 working day"
    without = triage(outcome, needs=(), at=WINTER, right_to_repair_applies=False)
    assert (without.right_to_repair, without.period) == (None, None)
    assert without.due_at > triage(outcome, needs=(), at=WINTER).due_at


def test_it_takes_the_history_into_account() -> None:
    earlier = [
        Earlier(report=f"r{days}", relation="above", at=WINTER - timedelta(days=days), group="leak", room="hall")
        for days in (30, 150)
    ]
    decision = triage(told("none", "leak", "kitchen", "no", "no", "caught", "above"), needs=(), at=WINTER, history=earlier)
    assert {"repeat.again", "repeat.review", "repeat.survey"} <= {fired.rule for fired in decision.fired}
    assert "root_cause_survey" in {work.code for work in decision.works}
    assert decision.review
    assert decision.repeats.matched == ("r30", "r150")


@pytest.mark.parametrize(
    ("options", "needs", "unsilent"),
    [
        (("none", "fittings", "cupboard", "kitchen"), (), False),
        (("none", "fittings", "cupboard", "kitchen"), ("language",), True),
        (("none", "leak", "hall", "no", "no", "caught", "pipe"), (), True),
        (MOULD, (), True),
        (("none", "electrics", "item", "no", "no", "fixed", "hall"), (), True),
    ],
)
def test_it_says_when_silence_never_closes(options: tuple[str, ...], needs: tuple[str, ...], unsilent: bool) -> None:
    assert decide(*options, needs=needs).unsilent is unsilent


def test_it_can_be_kept_in_the_record_as_it_stood() -> None:
    decision = decide(*WET_LIGHT, needs=("baby",))
    record = kept(decision)
    assert record.rule == "danger.water_near_electrics"
    assert record.fired[0].startswith("danger.water_near_electrics: Water near electrics is an emergency.")
    assert record.inputs[0] == f"edition:{decision.edition}"
    assert (record.needs, record.hazard, record.hazard_class, record.unsilent) == (["baby"], "electrical", "emergency", True)
    assert {clock.code for clock in starts(decision.clocks)} == {c.code for c in decision.clocks if c.due_at}
    assert b"." not in msgspec.json.encode(decision.repeats)  # no float anywhere near the record


def test_it_reads_a_landlords_own_files() -> None:
    faults = CATALOGUE[0].replace("name: Leaks", "name: Drips").replace("A broken cupboard or worktop", "A cupboard")
    book = load_book(faults=faults, rules=data("triage.yaml").replace('edition: "2026-11"', 'edition: "mine"', 1))
    decision = triage(told("none", "fittings", "cupboard", "kitchen"), needs=(), at=WINTER, book=book)
    assert decision.edition == "mine"
    assert decision.fired[-1].words == "A cupboard: at least routine."


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "flags: [gas_smell]\n    floor: immediate",
            "flags: [gas_smell]\n    floor: urgent",
            "gas_smell must never be below emergency",
        ),
        ("flags: [no_lock]\n", "flags: [no_lock]\n    needs: [baby]\n", "no_lock must never be below emergency"),
        ("id: danger.fire", "id: danger.gas", "rule danger.gas stands here twice"),
        ("    flags: [gas_smell]\n", "", "write at least one condition"),
        ("flags: [gas_smell]\n", "flags: []\n", "write at least one condition"),
        ("floor: immediate", "floor: at_once", "at_once is no known code"),
        ("    hazard: uncombusted_gas\n", "", "hazard and hazard_class stand together"),
        ("works: [gas_make_safe]", "works: [gas_make_saef]", "did you mean gas_make_safe?"),
        ("citation: Our repairs policy", "source: Our repairs policy", "source is no field here"),
        ("needs: [deaf]", "needs: [deef]", "deef is no known needs"),
    ],
)
def test_it_refuses_a_table_that_would_let_a_danger_through_or_cannot_be_read(old: str, new: str, what: str) -> None:
    text = data("triage.yaml")
    assert old in text
    with pytest.raises(LineError, match=r"^triage\.yaml:\d+: ") as caught:
        load_triage_rules(text.replace(old, new, 1), rule_book().catalogue)
    assert what in caught.value.what


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        (0, "works: [stop_leak]", "works: []", "a fault without work would be a dead end"),
        (0, "evidence: [photo, cause]", "evidence: []", "say which evidence"),
        (0, "evidence: [photo, cause]", "evidence: [foto]", "did you mean photo?"),
        (0, "    hazard_class: emergency\n", "", "hazard and hazard_class stand together"),
        (0, "right_to_repair: leak_pipe", "right_to_repair: leak_pip", "did you mean leak_pipe?"),
        (0, "group: gas", "group: gaz", "gaz is no known code"),
        (1, "visit: [text_only]", "visit: [text_olny]", "did you mean text_only?"),
        (1, "changes: We book an interpreter", "change: We book an interpreter", "change is no field here"),
        (2, "    danger: true", "    danger: yes", "write true or false"),
        (2, "    title: Do this now\n", "", "title is missing"),
    ],
)
def test_it_names_the_line_of_what_is_wrong_in_the_catalogue(file: int, old: str, new: str, what: str) -> None:
    texts = list(CATALOGUE)
    assert old in texts[file]
    texts[file] = texts[file].replace(old, new, 1)
    with pytest.raises(LineError) as caught:
        load_catalogue(*texts)
    assert what in caught.value.what
    assert caught.value.line > 1
