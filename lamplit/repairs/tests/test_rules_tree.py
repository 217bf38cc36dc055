"""The questions: every way ends in an outcome, unsure counts as the graver, mistakes in a file name their line."""

import re

import pytest
from hypothesis import given

from lamplit.basics.lines import LineError
from lamplit.basics.refusal import Refused
from lamplit.repairs.rules import Answer, Outcome, advice_words, load_tree, rule_book
from lamplit.repairs.tests.journeys import every_way, journeys, told

TREE = rule_book().tree


@given(journeys())
def test_it_ends_every_journey_in_an_outcome_that_the_catalogue_knows(answers: tuple[Answer, ...]) -> None:
    outcome = TREE.walk(answers)
    assert isinstance(outcome, Outcome)
    assert outcome.fault in rule_book().catalogue.faults
    assert outcome.edition == TREE.edition
    assert set(outcome.flags) <= set(rule_book().table.flags)


def test_it_ends_every_way_within_ten_questions_and_most_within_eight() -> None:
    lengths = [len(answers) for answers in every_way(TREE)]
    assert max(lengths) == TREE.questions_left([]) <= 10
    direct = [len(a) for a in every_way(TREE) if a[0].option == "none" and a[-1].question != "damp_electrics"]
    assert sorted(direct)[len(direct) // 2] <= 8


@pytest.mark.parametrize(
    ("options", "fault", "group", "flags"),
    [
        (("gas",), "gas_smell", "gas", {"gas_smell"}),
        (("gas_unsure",), "gas_smell", "gas", {"gas_smell"}),
        (
            ("none", "leak", "kitchen", "light", "no", "caught", "above"),
            "leak_from_above",
            "leak",
            {"water_near_electrics", "from_above"},
        ),
        (
            ("none", "leak", "kitchen", "unsure", "unsure", "unsure", "unsure"),
            "leak_unknown",
            "leak",
            {"water_near_electrics", "structural", "leak_not_contained"},
        ),
        (("none", "drains", "toilet_blocked", "no"), "toilet_blocked", "drains", {"only_toilet"}),
        (("none", "water", "none", "no"), "no_water", "water", {"no_water"}),
        (("none", "doors", "no_lock", "no"), "door_no_lock", "doors", {"no_lock"}),
        (("none", "structure", "ceiling", "bedroom"), "ceiling_down", "structure", {"structural"}),
        (("none", "heating", "both", "no", "yes"), "heating_hot_water_off", "heating", set()),
        (("none", "damp", "bedroom", "small", "no", "windows"), "damp_window", "damp", {"sleeping"}),
        (("none", "communal", "lift", "yes"), "trapped_in_lift", "communal", {"trapped"}),
        (("none", "outside", "fence"), "fence_gate", "outside", set()),
        (("hurt", "floors", "trip", "no", "kitchen"), "floor_uneven", "floors", {"hurt"}),
    ],
)
def test_it_finds_what_is_wrong(options: tuple[str, ...], fault: str, group: str, flags: set[str]) -> None:
    outcome = told(*options)
    assert (outcome.fault, outcome.group, set(outcome.flags)) == (fault, group, flags)


@pytest.mark.parametrize("option", ["damp", "heating", "other", "leak", "electrics", "drains", "pests", "outside"])
def test_it_always_takes_damp_heating_and_something_else(option: str) -> None:
    answers = [TREE.answer("danger_now", "none"), TREE.answer("what", option)]
    assert not isinstance(TREE.walk(answers), Outcome)


def test_it_has_a_way_to_something_else_from_every_group() -> None:
    groups = [option.next for option in TREE.questions["what"].options]
    for code in groups:
        if code in ("else_said", "leak_where", "damp_room"):  # leak and damp take "I am not sure" to the end
            continue
        assert "else_said" in {option.next for option in TREE.questions[code].options}, code


def test_it_keeps_her_own_words_and_the_room() -> None:
    outcome = told("none", "other", " The floor hums at night ", "bedroom", "none")
    assert (outcome.fault, outcome.said, outcome.room) == ("something_else", "The floor hums at night", "bedroom")
    assert not outcome.unsure


def test_it_keeps_an_answer_with_the_label_as_she_saw_it() -> None:
    answer = TREE.answer("leak_electrics", "light")
    assert (answer.question, answer.option, answer.said) == ("leak_electrics", "light", "Yes, it comes through a light")


def test_it_gives_danger_advice_as_soon_as_an_answer_calls_for_it_and_first() -> None:
    answers = [TREE.answer("danger_now", "none"), TREE.answer("what", "leak"), TREE.answer("leak_where", "kitchen")]
    assert TREE.advice(answers) == ()
    answers += [TREE.answer("leak_electrics", "unsure")]
    assert TREE.advice(answers) == ("water_electrics",)
    answers += [TREE.answer("leak_ceiling", "no"), TREE.answer("leak_stop", "caught")]
    assert TREE.advice(answers) == ("water_electrics", "leak_stop")
    assert TREE.questions_left(answers) == 1


def test_it_fills_the_landlords_number_into_advice() -> None:
    words = advice_words(("gas",), "0303 100 0100")[0]
    assert words["danger"] is True
    assert "0800 111 999" in str(words["ring"])
    assert "0303 100 0100" in str(words["ring"])
    everything = advice_words(tuple(rule_book().catalogue.advice), "0303 100 0100")
    assert "{" not in str([[advice["steps"], advice["ring"], advice["title"]] for advice in everything])


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([Answer(question="danger_now", option="no_such")], "repairs.no_such_answer"),
        ([Answer(question="danger_now")], "repairs.no_such_answer"),
        ([Answer(question="what", option="leak")], "repairs.answers_out_of_step"),
        ([Answer(question="danger_now", option="gas"), Answer(question="what", option="leak")], "repairs.answers_out_of_step"),
        (
            [
                Answer(question="danger_now", option="none"),
                Answer(question="what", option="other"),
                Answer(question="else_said", said="  "),
            ],
            "repairs.say_what_is_wrong",
        ),
    ],
)
def test_it_refuses_answers_that_do_not_fit(answers: list[Answer], code: str) -> None:
    with pytest.raises(Refused) as caught:
        TREE.walk(answers)
    assert caught.value.code == code


def test_it_refuses_to_make_an_answer_that_does_not_fit() -> None:
    for question, option, said, code in [
        ("nowhere", None, None, "repairs.answers_out_of_step"),
        ("what", "nothing", None, "repairs.no_such_answer"),
        ("else_said", None, " ", "repairs.say_what_is_wrong"),
    ]:
        with pytest.raises(Refused) as caught:
            TREE.answer(question, option, said)
        assert caught.value.code == code


SMALL = """edition: "1"
start: first
rooms:
  kitchen: Kitchen
  hall: Hall
questions:
  first:
    ask: Is the water near a light?
    options:
      yes: {label: "Yes", flags: [water_near_electrics], fault: leak_pipe, next: where}
      no: {label: "No", fault: leak_pipe, next: where}
      unsure: {label: I am not sure, flags: [water_near_electrics], fault: leak_pipe, unsure: true, next: where}
  where:
    ask: Where?
    rooms: true
    next: words
  words:
    ask: Tell us more
    text: true
    next: end
"""


def test_it_loads_a_small_tree() -> None:
    tree = load_tree(SMALL, rule_book().catalogue, rule_book().table)
    assert len(list(every_way(tree))) == 3
    assert tree.questions_left([]) == 3


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("start: first", "start: frist", 2, "frist is no known question; did you mean first?"),
        ("next: words", "next: end_of_it", 16, "end_of_it is no known question"),
        ("next: words", "next: where", 14, "run in a circle: first > where > where"),
        ('"No", fault: leak_pipe, next: where', '"No", next: where', 20, "no fault was named on the way"),
        (
            "fault: leak_pipe, next: where}\n      no",
            "fault: leak_drip, next: where}\n      no",
            10,
            "leak_drip is no known code",
        ),
        ("flags: [water_near_electrics], fault: leak_pipe, unsure", "fault: leak_pipe, unsure", 12, "treat unsure as the graver"),
        ("    ask: Where?\n", "    ask: Where?\n    note: x\n", 15, "note is no field here"),
        ("    ask: Where?\n", "", 14, "ask is missing"),
        ("    rooms: true\n", "", 14, "write one of options, rooms: true or text: true"),
        ("    next: words\n", "", 14, "next is missing"),
        ("    text: true\n", "    text: false\n", 19, "remove this line, or write true"),
        ("{label: I am not sure", '{label: "No"', 12, "'No' stands here twice"),
        (
            "  words:\n",
            "  lonely:\n    ask: Hm?\n    text: true\n    next: end\n  words:\n",
            18,
            "no answer leads to this question",
        ),
        ("[water_near_electrics], fault: leak_pipe, next", "[wet], fault: leak_pipe, next", 10, "wet is no known flag"),
        ("  where:\n", "  end:\n", 14, "no question may be called end"),
        ("rooms: true", "rooms: maybe", 15, "write true or false"),
    ],
)
def test_it_names_the_line_of_what_is_wrong_in_a_tree(old: str, new: str, line: int, what: str) -> None:
    assert old in SMALL
    with pytest.raises(LineError) as caught:
        load_tree(SMALL.replace(old, new, 1), rule_book().catalogue, rule_book().table)
    assert what in caught.value.what
    assert caught.value.line == line, str(caught.value)


def test_it_refuses_a_second_fault_on_one_way() -> None:
    second = SMALL.replace("    rooms: true\n    next: words\n", "    options:\n" + "".join(
        f"      {code}: {{label: {code}, fault: leak_roof, next: words}}\n" for code in ("one", "two")
    ))  # fmt: skip
    with pytest.raises(LineError, match=r"names a second fault on the way first > where"):
        load_tree(second, rule_book().catalogue, rule_book().table)


def test_it_speaks_in_short_plain_sentences() -> None:
    book = rule_book()
    said = [text for q in TREE.questions.values() for text in (q.ask, q.hint or "", *(o.label for o in q.options))]
    said += [line for advice in book.catalogue.advice.values() for line in (*advice.steps, *advice.ring, advice.title)]
    said += [need.label for need in book.catalogue.needs.values()]
    for text in said:
        for sentence in re.split(r"(?<=[.?!]) ", text):
            assert len(sentence.split()) <= 25, sentence
        assert not re.search(r"successful|please|tenant|resident|customer|the property", text, re.IGNORECASE), text


def test_it_offers_so_many_answers_as_fit_on_a_phone() -> None:
    assert max(len(question.options) for question in TREE.questions.values()) <= 15
    assert all(len(option.label) <= 90 for question in TREE.questions.values() for option in question.options)
