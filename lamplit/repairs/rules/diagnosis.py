"""The questions a tenant is asked, and what her answers amount to.

Pure: a tree and the answers so far in, the next question or an outcome out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.repairs.facts import Answer
from lamplit.repairs.rules.catalogue import Catalogue

END = "end"


class Option(Plain, frozen=True, kw_only=True):
    """One answer a tenant may choose, where it leads and what it tells us."""

    code: str
    label: str
    next: str
    fault: str | None = None
    room: str | None = None
    flags: tuple[str, ...] = ()
    advice: str | None = None
    unsure: bool = False


class Question(Plain, frozen=True, kw_only=True):
    """One question on one page. A `text` question has no options: she writes, and goes on to `next`."""

    code: str
    ask: str
    kind: Literal["choice", "text"]
    options: tuple[Option, ...] = ()
    hint: str | None = None
    next: str | None = None

    def option(self, code: str | None) -> Option:
        """Return the option of that code. Refused: repairs.no_such_answer."""
        for option in self.options:
            if option.code == code:
                return option
        raise Refused("repairs.no_such_answer", question=self.code)


class Outcome(Plain, frozen=True, kw_only=True):
    """What a full set of answers amounts to. Triage says how soon; this says what it seems to be.

    `flags` are sorted. `said` holds her own words, in order. `unsure` is True if she was not sure of any answer.
    """

    edition: str
    fault: str
    name: str
    group: str
    flags: tuple[str, ...]
    advice: tuple[str, ...]
    unsure: bool
    room: str | None = None
    said: str | None = None


@dataclass(frozen=True)
class Tree:
    """One edition of the questions, checked when it was loaded: every way through ends and names one fault."""

    edition: str
    start: str
    rooms: dict[str, str]
    questions: dict[str, Question]
    catalogue: Catalogue

    def walk(self, answers: Sequence[Answer]) -> Question | Outcome:
        """Return the next question, or the outcome when nothing is left to ask.

        Refused: repairs.no_such_answer, repairs.say_what_is_wrong (an empty text), repairs.answers_out_of_step (an
        answer to a question that was not asked: the edition changed, or she went back).
        """
        steps, at = self._follow(answers)
        return self._outcome(answers, steps) if at == END else self.questions[at]

    def answer(self, question: str, option: str | None = None, said: str | None = None) -> Answer:
        """Make an answer to keep: with the label as she saw it, or her own words. Refused as in `walk`."""
        asked = self.questions.get(question)
        if asked is None:
            raise Refused("repairs.answers_out_of_step", question=question)
        if asked.kind == "text":
            words = (said or "").strip()
            if not words:
                raise Refused("repairs.say_what_is_wrong", question=question)
            return Answer(question=question, said=words)
        return Answer(question=question, option=option, said=asked.option(option).label)

    def advice(self, answers: Sequence[Answer]) -> tuple[str, ...]:
        """Return the codes of the advice that the answers so far call for, danger first, each once."""
        steps, _ = self._follow(answers)
        codes = dict.fromkeys(step.advice for step in steps if step is not None and step.advice)
        return tuple(sorted(codes, key=lambda code: not self.catalogue.advice[code].danger))

    def questions_left(self, answers: Sequence[Answer]) -> int:
        """Return how many questions are left at most, the next one included: "Question 3 of about 7"."""
        return self.depths.get(self._follow(answers)[1], 0)

    @cached_property
    def depths(self) -> dict[str, int]:
        """The longest way from each question to an end, itself included."""
        depths: dict[str, int] = {END: 0}

        def depth(code: str) -> int:
            if code not in depths:
                question = self.questions[code]
                ways = [option.next for option in question.options] or [question.next or END]
                depths[code] = 1 + max(depth(way) for way in ways)
            return depths[code]

        depth(self.start)
        return depths

    def _follow(self, answers: Sequence[Answer]) -> tuple[list[Option | None], str]:
        """Return the option taken at each answer (None for a text) and where the answers lead."""
        at, steps = self.start, list[Option | None]()
        for answer in answers:
            if answer.question != at:
                raise Refused("repairs.answers_out_of_step", question=answer.question)
            question = self.questions[at]
            if question.kind == "text":
                if not (answer.said or "").strip():
                    raise Refused("repairs.say_what_is_wrong", question=at)
                steps.append(None)
                at = question.next or END
            else:
                option = question.option(answer.option)
                steps.append(option)
                at = option.next
        return steps, at

    def _outcome(self, answers: Sequence[Answer], steps: list[Option | None]) -> Outcome:
        chosen = [step for step in steps if step is not None]
        fault = self.catalogue.faults[next(step.fault for step in chosen if step.fault)]
        rooms = [step.room for step in chosen if step.room]
        words = [answer.said for answer, step in zip(answers, steps, strict=True) if step is None and answer.said]
        return Outcome(
            edition=self.edition,
            fault=fault.code,
            name=fault.name,
            group=fault.group,
            flags=tuple(sorted({flag for step in chosen for flag in step.flags})),
            advice=self.advice(answers),
            unsure=any(step.unsure for step in chosen),
            room=rooms[-1] if rooms else None,
            said="\n".join(words) or None,
        )
