"""What is to be done about each entry of a stolen account, worked out from the record alone. Writes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from lamplit.basics.fact import Fact, Unavailable
from lamplit.cli.undo import ANSWER
from lamplit.cli.undo.answers import ANSWERS
from lamplit.cli.undo.kinds import Answer
from lamplit.record.authored import Line, Wrote, about, line_of, written_by
from lamplit.record.encode import Codec, Header
from lamplit.record.keys import HeldKeys

Db = psycopg.Connection[Any]
OVERTAKEN = "Somebody else said what it is since: that stands."
ANSWERED_LATER = "Its answer is that of a later entry about the same thing."
UNREADABLE = "What was said before cannot be read any more. Look at it."


@dataclass
class Step:
    """One entry of the account. `before`: what somebody else said last; `follows`: what others wrote later about the same."""

    wrote: Wrote
    answer: Answer
    before: Fact | None = None
    skip: str = ""
    follows: list[Line] = field(default_factory=list)

    @property
    def wrote_line(self) -> Line:
        return line_of(self.wrote)

    @property
    def does(self) -> str:
        """Return `answers`, `person` or `nothing`: what becomes of it."""
        if self.skip:
            return "person" if self.skip == UNREADABLE else "nothing"
        if self.answer.how == "again" and self.before is None and self.answer.alone is None:
            return "person"
        return "answers" if self.answer.how in ("answers", "again") else self.answer.how

    @property
    def words(self) -> str:
        if self.skip:
            return self.skip
        if self.answer.how == "again" and self.before is None:
            return (
                "Nobody else said anything of it. It ends."
                if self.answer.alone
                else "Nobody else said anything of it. Look at it."
            )
        return self.answer.words


def plan(db: Db, codec: Codec, keys: HeldKeys, actor: str, since: datetime, until: datetime) -> list[Step]:
    """Return a step for each entry, in the record's order. The owner's connection."""
    steps = [Step(wrote, ANSWERS[type(wrote.entry.body)]) for wrote in written_by(db, codec, keys, actor, since, until)]
    if not steps:
        return []
    stolen = {step.wrote.entry.id for step in steps}
    subjects = {subject for step in steps for subject in step.wrote.entry.subjects}
    setters = _Setters(codec, keys, steps)
    by_subject: dict[str, list[Step]] = {}
    for number, raw, header in about(db, subjects):
        if header.command.startswith(ANSWER):  # an answer of ours; what it said again, somebody else had said before
            continue
        setters.see(raw, header, stolen)
        if header.id in stolen:
            _note(by_subject, next(step for step in steps if step.wrote.entry.id == header.id))
        elif header.by != actor:
            _follow(by_subject, number, header)
    for step in reversed(steps):
        setters.decide(step)
    return steps


def _note(by_subject: dict[str, list[Step]], step: Step) -> None:
    for subject in step.wrote.entry.subjects:
        by_subject.setdefault(subject, []).append(step)


def _follow(by_subject: dict[str, list[Step]], number: int | None, header: Header) -> None:
    line = Line(number, header.id, header.at, header.recorded_at, header.kind, header.by, header.subjects)
    for step in {id(step): step for subject in header.subjects for step in by_subject.get(subject, ())}.values():
        step.follows.append(line)


class _Setters:
    """Who said last what a row is: by kind of thing and key."""

    def __init__(self, codec: Codec, keys: HeldKeys, steps: Iterable[Step]) -> None:
        self._codec, self._keys = codec, keys
        self._answers = {step.answer.setters: step.answer for step in steps if step.answer.setters}
        self._last: dict[tuple[Any, str], str] = {}  # the id of the last entry, whoever wrote it
        self._right: dict[tuple[Any, str], bytes] = {}  # the bytes of the last one that somebody else wrote
        self._taken: set[tuple[Any, str]] = set()
        self._stolen: set[str] = set()

    def see(self, raw: bytes, header: Header, stolen: set[str]) -> None:
        """Take in one entry, in order."""
        self._stolen = stolen
        cls = self._codec.kind(raw).cls
        for setters, answer in self._answers.items():
            if cls in setters:
                row = setters, str(getattr(self._codec.clear(raw).body, answer.key))
                self._last[row] = header.id
                if header.id not in stolen:
                    self._right[row] = raw

    def decide(self, step: Step) -> None:
        """Say what becomes of a step; newest first, so that each row is answered once."""
        if not step.answer.setters:
            return
        row = step.answer.setters, str(getattr(step.wrote.entry.body, step.answer.key))
        if self._last[row] not in self._stolen:
            step.skip = OVERTAKEN
        elif row in self._taken:
            step.skip = ANSWERED_LATER
        elif step.answer.how == "again" and row in self._right:
            step.before = self._codec.decode(self._right[row], self._keys).body
            if any(isinstance(getattr(step.before, name), Unavailable) for name in step.before.__struct_fields__):
                step.skip = UNREADABLE
        self._taken.add(row)
