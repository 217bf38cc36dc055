"""Closing: her word and the evidence, never silence where it matters, never no access."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from lamplit.repairs.rules import Asked, Closing, Missing, WorkState, catalogue, may_close
from lamplit.repairs.rules import closing as rules

AT = datetime(2026, 12, 14, 10, tzinfo=UTC)
DONE = WorkState(work="w1", what="Mend the woodwork", standing="done", wanted=("photo",), evidence=("photo",))
SHELF = Closing(how="confirmed", at=AT, unsilent=False, group="fittings", works=(DONE,), word="mended")
LEAK = Closing(
    how="confirmed",
    at=AT,
    unsilent=True,
    group="leak",
    works=(WorkState(work="w1", what="Stop the leak", standing="done", wanted=("photo", "cause"), evidence=("photo",)),),
    word="mended",
    cause="A worn seal in the bath above",
    made_good=True,
)
SILENT = msgspec.structs.replace(
    LEAK,
    how="not_confirmed",
    word=None,
    asked=(Asked(channel="text", at=AT - timedelta(days=3)), Asked(channel="call", at=AT - timedelta(days=1))),
    decided_by="staff:s_1",
    why="The visit of 10 December found it dry",
)


def codes(missing: tuple[Missing, ...]) -> list[str]:
    return [one.code for one in missing]


def test_it_lets_a_mended_repair_end_by_her_word() -> None:
    assert may_close(SHELF) == ()
    assert may_close(LEAK) == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"word": None}, ["word"]),
        ({"word": "not_mended"}, ["not_mended"]),
        ({"cause": None}, ["evidence", "cause"]),
        ({"cause": "  "}, ["cause"]),
        ({"made_good": None}, ["made_good"]),
        ({"made_good": False}, ["made_good"]),
        ({"flags": ("water_near_electrics",)}, ["electrics"]),
        ({"flags": ("water_near_electrics",), "electrics": "isolated"}, []),
        ({"flags": ("water_near_electrics",), "electrics": "tested"}, []),
        ({"law_running": ("awaab.C",)}, ["law"]),
        ({"group": "damp", "made_good": None}, ["made_good"]),
    ],
)
def test_it_says_what_a_leak_still_lacks(change: dict[str, object], missing: list[str]) -> None:
    assert codes(may_close(msgspec.structs.replace(LEAK, **change))) == missing


@pytest.mark.parametrize(
    ("standing", "missing"),
    [
        ("open", ["work_open"]),
        ("temporary", ["work_temporary"]),
        ("no_access", ["work_no_access"]),
        ("cancelled", []),
        ("done", []),
    ],
)
@pytest.mark.parametrize("closing", [SHELF, SILENT], ids=["her word", "no word"])
def test_it_closes_on_no_work_that_is_open_temporary_or_not_reached(standing: str, missing: list[str], closing: Closing) -> None:
    work = msgspec.structs.replace(DONE, standing=standing)
    assert codes(may_close(msgspec.structs.replace(closing, works=(work,)))) == missing


def test_it_wants_the_evidence_of_each_work_and_names_it() -> None:
    bare = msgspec.structs.replace(DONE, evidence=())
    missing = may_close(msgspec.structs.replace(SHELF, works=(bare,)))
    assert [(one.code, one.work) for one in missing] == [("evidence", "w1")]
    assert missing[0].words == "No proof yet of Mend the woodwork: photo"


def test_it_takes_the_electricians_result_for_the_evidence_of_his_work() -> None:
    test = WorkState(work="w2", what="Test", standing="done", wanted=("test_or_isolation",))
    wet = msgspec.structs.replace(LEAK, flags=("water_near_electrics",), works=(test,))
    assert codes(may_close(wet)) == ["evidence", "electrics"]
    assert may_close(wet)[0].words == "No proof yet of Test: the electrician's test, or that it is cut off"
    assert set(rules._data()["evidence"]) == set(catalogue.EVIDENCE), "each kind has a name"
    assert may_close(msgspec.structs.replace(wet, electrics="tested")) == ()


def test_it_keeps_water_near_electrics_open_even_when_the_leak_is_not_ours() -> None:
    ours_not = msgspec.structs.replace(SILENT, how="not_ours", flags=("water_near_electrics",))
    assert codes(may_close(ours_not)) == ["electrics"]


def test_it_lets_a_person_close_without_her_word_after_two_tries_by_different_ways() -> None:
    assert may_close(SILENT) == ()


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"asked": ()}, ["tries"]),
        ({"asked": (Asked(channel="text", at=AT), Asked(channel="text", at=AT))}, ["tries"]),
        ({"decided_by": None}, ["person"]),
        ({"decided_by": "job:closing"}, ["person"]),
        ({"why": None}, ["why"]),
        ({"word": "not_mended"}, ["not_mended"]),
        ({"asked": (), "decided_by": None, "why": ""}, ["tries", "person", "why"]),
    ],
)
def test_it_never_lets_silence_close_what_matters(change: dict[str, object], missing: list[str]) -> None:
    assert codes(may_close(msgspec.structs.replace(SILENT, **change))) == missing


def test_it_does_not_let_time_alone_close_what_matters() -> None:
    long_ago = (Asked(channel="text", at=AT - timedelta(days=400)),)
    waited = msgspec.structs.replace(SILENT, asked=long_ago, decided_by=None, why=None)
    assert codes(may_close(waited)) == ["tries", "person", "why"]


@pytest.mark.parametrize(
    ("days", "decided_by", "missing"),
    [(14, None, []), (13, None, ["quiet"]), (0, "staff:s_1", []), (0, "job:closing", ["quiet"])],
)
def test_it_lets_an_ordinary_repair_lapse_after_a_fortnight_or_by_a_person(
    days: int, decided_by: str | None, missing: list[str]
) -> None:
    asked = (Asked(channel="text", at=AT - timedelta(days=days)),)
    closing = msgspec.structs.replace(SHELF, how="not_confirmed", word=None, asked=asked, decided_by=decided_by, why="She moved")
    assert codes(may_close(closing)) == missing


def test_it_asks_her_before_an_ordinary_repair_lapses() -> None:
    closing = msgspec.structs.replace(SHELF, how="not_confirmed", word=None)
    assert codes(may_close(closing)) == ["not_asked"]


def test_it_joins_a_report_only_by_a_person_and_into_something() -> None:
    joined = Closing(how="joined", at=AT, unsilent=True, group="leak", works=())
    assert codes(may_close(joined)) == ["person", "why", "into"]
    whole = msgspec.structs.replace(joined, decided_by="staff:s_1", why="The same leak", into="r_2")
    assert may_close(whole) == ()


def test_a_work_of_a_survey_is_never_done_without_any_proof() -> None:
    asked_for = WorkState(work="w2", what="Line the roof", standing="done", identified=True)
    assert codes(may_close(msgspec.structs.replace(SHELF, works=(DONE, asked_for)))) == ["unproved"]
    for kind in ("note", "photo", "test_or_isolation"):
        shown = msgspec.structs.replace(asked_for, evidence=(kind,))
        assert may_close(msgspec.structs.replace(SHELF, works=(DONE, shown))) == ()
    taken_out = msgspec.structs.replace(asked_for, standing="cancelled")
    assert may_close(msgspec.structs.replace(SHELF, works=(DONE, taken_out))) == ()
