"""Ways through the questions, for the tests of the tree and of triage."""

from collections.abc import Iterator

from hypothesis import strategies as st

from lamplit.repairs.rules import Answer, Outcome, Tree, rule_book


def told(*options: str) -> Outcome:
    """Answer one question after the other with these options; a text question takes the option for its words."""
    tree, answers = rule_book().tree, list[Answer]()
    for option in options:
        question = tree.walk(answers)
        assert not isinstance(question, Outcome), f"nothing left to ask before {option}"
        answers.append(tree.answer(question.code, option if question.kind == "choice" else None, option))
    outcome = tree.walk(answers)
    assert isinstance(outcome, Outcome), f"still to answer: {outcome.code}"
    return outcome


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Answer, ...]:
    """Any way through the shipped questions to an end."""
    tree, answers = rule_book().tree, list[Answer]()
    while not isinstance(question := tree.walk(answers), Outcome):
        option = draw(st.sampled_from([option.code for option in question.options] or [None]))
        answers.append(tree.answer(question.code, option, "There is a hum behind the wall"))
    return tuple(answers)


def every_way(tree: Tree) -> Iterator[tuple[Answer, ...]]:
    """Every way through a tree, with one room for all rooms: they lead to the same place."""
    waiting: list[tuple[Answer, ...]] = [()]
    while waiting:
        answers = waiting.pop()
        question = tree.walk(answers)
        if isinstance(question, Outcome):
            yield answers
            continue
        if question.kind == "text":
            waiting.append((*answers, tree.answer(question.code, said="It hums")))
        rooms = [option for option in question.options if option.code in tree.rooms and option.code == option.room]
        skipped = {option.code for option in rooms[1:]} if len(rooms) == len(tree.rooms) else set()
        codes = [option.code for option in question.options if option.code not in skipped]
        waiting += [(*answers, tree.answer(question.code, code)) for code in codes]
