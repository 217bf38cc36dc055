"""The way through a report: the questions of its edition, then what else we need to know, then the answers read back."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.utils.html import escape
from markupsafe import Markup

from lamplit.basics.refusal import Refused
from lamplit.config.languages import OURS, speaking
from lamplit.config.speaking import of_data, unmarked
from lamplit.portal.drafts import Answers, Draft, Given
from lamplit.repairs import queries as repairs
from lamplit.repairs.facts import Answer
from lamplit.repairs.queries import book_for

_NUMBER = re.compile(r"\b(?:999|105|0[38]00 \d{3} \d{3,4}|0\d{3,4} \d{3} ?\d{3,4})\b")


class Advice(NamedTuple):
    """What to do at once. `danger` stands above everything; `ring` has the numbers as links, since she holds a phone.

    `new`: the last answer called for it. Later pages show less of it.
    """

    title: str
    danger: bool
    steps: Sequence[str]
    ring: Sequence[Markup]
    new: bool = True


def edition_in_use() -> str:
    """Return the edition of the questions that the landlord loaded last, else of the shipped ones."""
    loaded = repairs.tree()
    return str(loaded.edition if loaded is not None else book_for(None).tree.edition)


def book_of(draft: Draft) -> Any:
    """Return the rule book with the questions that this draft began with."""
    return book_for(draft.answers.edition or None)


def given(answers: Answers) -> list[Answer]:
    """Return the answers as the rules take them."""
    return [msgspec.convert(msgspec.to_builtins(one), Answer) for one in answers.given]


def in_step(draft: Draft) -> bool:
    """Whether the answers still fit the questions. They do not when an edition was taken back, or a page was made up."""
    try:
        book_of(draft).tree.advice(given(draft.answers))
    except Refused:
        return False
    return True


def questions_left(draft: Draft) -> int:
    """Return how many questions are left at most; 0 when all are answered."""
    left: int = book_of(draft).tree.questions_left(given(draft.answers))
    return left


def question_at(draft: Draft, number: int) -> Any:
    """Return question `number`, counted from 1, or None when the answers do not lead so far."""
    before = given(draft.answers)[: number - 1]
    tree = book_of(draft).tree
    if len(before) < number - 1 or tree.questions_left(before) == 0:
        return None
    return tree.walk(before)


def answer_question(draft: Draft, number: int, option: str | None, said: str | None) -> None:
    """Take an answer. What was answered after it stays only when it is the same answer as before.

    Refused: repairs.no_such_answer, repairs.say_what_is_wrong.
    """
    question = question_at(draft, number)
    made = book_of(draft).tree.answer(question.code, option, said)
    new = Given(question=made.question, option=made.option, said=made.said, **_as_shown(question, option))
    before = draft.answers.given
    same = len(before) >= number and before[number - 1].answers_as(new)
    draft.answers.given = [*before[: number - 1], new, *(before[number:] if same else [])]


def _as_shown(question: Any, option: str | None) -> dict[str, str]:
    """Return what the record keeps beside our words when she read the question in another language: the words that she saw."""
    if speaking() is OURS:
        return {}
    shown = {"language": speaking().code, "asked": unmarked(ask_words(question))}
    if option is not None:
        shown["shown"] = unmarked(option_words(question, question.option(option)))
    return shown


def ask_words(question: Any) -> str:
    """Return a question as it is asked on this page."""
    return of_data(f"question.{question.code}", question.ask)


def hint_words(question: Any) -> str:
    """Return what stands under a question; empty when there is nothing."""
    return of_data(f"hint.{question.code}", question.hint or "")


def option_words(question: Any, option: Any) -> str:
    """Return an answer as it is offered on this page."""
    return of_data(f"option.{question.code}.{option.code}", option.label)


def need_words(need: Any) -> str:
    """Return a need as it is offered on this page."""
    return of_data(f"need.{need.code}", need.label)


def advice_so_far(draft: Draft, upto: int | None = None) -> list[Advice]:
    """Return what the answers before question `upto` (or all) call for, danger first."""
    book = book_of(draft)
    answers = given(draft.answers)
    told = answers if upto is None else answers[: upto - 1]
    before = book.tree.advice(told[:-1])
    codes = book.tree.advice(told)
    all_of_it = advice_of(book, codes)
    return [one._replace(new=code not in before) for code, one in zip(codes, all_of_it, strict=True)]


def advice_of(book: Any, codes: Sequence[str]) -> list[Advice]:
    """Return advice ready to show, with the landlord's number filled in."""
    found = [(code, book.catalogue.advice[code]) for code in codes]
    phone = settings.LANDLORD["phone"]
    return [
        Advice(
            of_data(f"advice.{code}", one.title),
            one.danger,
            [of_data(f"advice.{code}", step).replace("{phone}", phone) for step in one.steps],
            [_ringable(of_data(f"advice.{code}", line).replace("{phone}", phone)) for line in one.ring],
        )
        for code, one in found
    ]


def _ringable(line: str) -> Markup:
    """Make the telephone numbers in a line links."""
    phone = settings.LANDLORD["phone"]
    pattern = re.compile(f"{re.escape(phone)}|{_NUMBER.pattern}")
    link = r'<a class="govuk-link lamp-phone" href="tel:{}">{}</a>'
    return Markup(pattern.sub(lambda m: link.format(m[0].replace(" ", ""), m[0]), escape(line)))  # noqa: S704 - escaped here


class Step(NamedTuple):
    """One page after the questions."""

    name: str
    needed: Callable[[Answers, bool], bool]
    done: Callable[[Answers], bool]


def _elsewhere(answers: Answers, signed_in: bool) -> bool:
    """Whether we must ask which home it is: nobody is signed in, or she reports for another."""
    return not signed_in or answers.for_whom == "other"


def _has_home(answers: Answers) -> bool:
    return answers.home is not None or answers.address is not None


STEPS = (
    Step("words", lambda _a, _s: True, lambda a: a.words is not None),
    Step("whom", lambda _a, _s: True, lambda a: a.for_whom == "other" or (a.for_whom == "me" and _has_home(a))),
    Step("postcode", _elsewhere, lambda a: a.postcode is not None),
    Step("address", _elsewhere, _has_home),
    Step("name", _elsewhere, lambda a: a.name is not None or a.for_name is not None),
    Step("household", lambda _a, _s: True, lambda a: a.needs is not None),
)


def steps_of(draft: Draft, signed_in: bool) -> list[Step]:
    """Return the pages after the questions that this report needs, in order."""
    return [step for step in STEPS if step.needed(draft.answers, signed_in)]


def done(step: Step, answers: Answers, signed_in: bool) -> bool:
    """Whether a page is answered. Without signing in, whose home it is does not yet say which."""
    if step.name == "whom" and not signed_in:
        return answers.for_whom is not None
    return step.done(answers)


def path_on(draft: Draft, signed_in: bool) -> str:
    """Return the first page that is not answered; the answers read back when all are."""
    if questions_left(draft):
        return f"/report/{len(draft.answers.given) + 1}"
    left = [step for step in steps_of(draft, signed_in) if not done(step, draft.answers, signed_in)]
    return f"/report/{left[0].name}" if left else "/report/check"


def path_back(draft: Draft, name: str, signed_in: bool) -> str:
    """Return the page before the one named; before the first of them stands the last question."""
    names = [step.name for step in steps_of(draft, signed_in)] + ["check"]
    place = names.index(name)
    return f"/report/{names[place - 1]}" if place else f"/report/{len(draft.answers.given)}"


def places(draft: Draft, name: str, signed_in: bool) -> tuple[int, int]:
    """Return where a page after the questions stands, and of about how many."""
    names = [step.name for step in steps_of(draft, signed_in)] + ["check"]
    asked = len(draft.answers.given)
    return asked + names.index(name) + 1, asked + len(names)


def options_with_advice(draft: Draft, question: Any) -> dict[str, Advice]:
    """Return what each option of a question calls for when it is dangerous: shown at once where scripts run."""
    book = book_of(draft)
    found = {option.code: advice_of(book, [option.advice])[0] for option in question.options if option.advice}
    return {code: one for code, one in found.items() if one.danger}
