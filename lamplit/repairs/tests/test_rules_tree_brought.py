"""Questions of another system, read through a mapping: ours about danger come first, and nothing is guessed."""

from pathlib import Path

import pytest

from lamplit.basics.lines import LineError
from lamplit.repairs.rules.book import data, rule_book
from lamplit.repairs.rules.tree_brought import bring_tree
from lamplit.repairs.rules.tree_file import load_tree

MAPPINGS = Path(__file__).parent / "mappings"
NESTED = """{"kitchen": {"sink": {"taps": "N1", "leak": "N2"}, "damp": {"damp": "N3"}}, "roof": {"loose": ""}}"""
MAP = """
edition: ours-2
shape: nested
ask: ["Where?", "What?", "Which?"]
else: else_said
rooms: {kitchen: kitchen}
leaves:
  "*/taps": {fault: tap_drips}
  "*/leak": {next: leak_electrics}
  "*/damp": {next: damp_size}
  "roof/*": {fault: roof_worn}
"""
ASKED = """
where: {question: "Where is it?", answers: [{text: Kitchen, next: what_is_it}, {text: I smell gas, page: gas}]}
what_is_it: {question: "What is it?", answers: [{text: A tap, sor_code: 1}, {text: Something else}]}
old_one: {question: "Never asked?", answers: [{text: A, next: where}, {text: B, next: where}]}
"""
ASKED_MAP = """
edition: ours-3
shape: questions
start: where
rooms: {Kitchen: kitchen}
leaves:
  "what_is_it/A tap": {fault: tap_drips}
  "*/I smell gas": {fault: gas_smell, flags: [gas_smell], advice: gas}
  "*": {next: else_said}
"""


def bring(theirs: str, mapping: str):
    brought = bring_tree(theirs, mapping, data("tree.yaml"))
    book = rule_book()
    return brought, load_tree(brought.text, book.catalogue, book.table)


def test_levels_of_names_become_questions_behind_ours_about_danger():
    brought, tree = bring(NESTED, MAP)
    assert (brought.leaves, tree.edition, tree.start) == (4, "ours-2", "danger_now")
    assert tree.questions["danger_now"].option("none").next == "own"
    assert [option.label for option in tree.questions["own_kitchen"].options] == [
        "Sink",
        "Damp",
        "Something else, or I am not sure",
    ]
    assert tree.questions["own"].option("kitchen").room == "kitchen"
    assert tree.questions["own_kitchen_sink"].option("taps").fault == "tap_drips"
    assert tree.questions["own_kitchen"].option("damp").next == "damp_size"  # one answer alone is no question
    assert "leak_source" in tree.questions
    assert "doors_what" not in tree.questions


def test_questions_with_answers_are_followed_and_what_nobody_reaches_is_named():
    brought, tree = bring(ASKED, ASKED_MAP)
    assert brought.left_out == ("old_one",)
    assert tree.questions["own_where"].option("i_smell_gas").advice == "gas"
    assert tree.questions["own_what_is_it"].option("something_else").next == "else_said"


@pytest.mark.parametrize(
    ("theirs", "mapping", "line", "says"),
    [
        (NESTED, MAP.replace('  "*/taps": {fault: tap_drips}\n', ""), 1, "no line fits 1 of 4 last answers: kitchen/sink/taps"),
        (NESTED, MAP + '  "*/bath": {fault: tap_drips}\n', 12, "fits none"),
        (NESTED, MAP.replace("shape: nested", "shape: round"), 3, "nested or questions"),
        (NESTED, MAP.replace("{fault: tap_drips}", "{room: kitchen}"), 8, "write a fault"),
        ("[1, 2", MAP, 1, "neither JSON nor YAML"),
        ("word", MAP, 1, "holds no questions"),
        (ASKED, ASKED_MAP.replace("start: where", "start: here"), 1, "there is no question here"),
    ],
)
def test_a_mapping_that_leaves_something_open_names_its_line(theirs, mapping, line, says):
    with pytest.raises(LineError, match=says) as wrong:
        bring(theirs, mapping)
    assert wrong.value.line == line


@pytest.mark.material
@pytest.mark.parametrize(
    ("name", "file", "leaves"),
    [("lincoln", "lincoln-diagnosis-tree.json", 120), ("hackney", "hackney-diagnosis-questions.yml", 87)],
)
def test_two_councils_questions_come_through(material: Path, name: str, file: str, leaves: int):
    text = (material / "repairs" / file).read_text(encoding="utf-8")
    brought, tree = bring(text, (MAPPINGS / f"{name}.yaml").read_text(encoding="utf-8"))
    assert brought.leaves == leaves
    faults = {option.fault for question in tree.questions.values() for option in question.options if option.fault}
    assert {"tap_drips", "toilet_no_flush", "glass_broken", "gas_smell"} <= faults
