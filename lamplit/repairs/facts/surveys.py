"""Surveys: what a surveyor found, and what shows that the works that it asked for are done."""

from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.keys import FAULT, Plain

ProofKind = Literal["photo", "note", "test_or_isolation", "gas_record", "reading", "report"]


@fact("survey.recorded", 1, subjects=("survey", "repair", "home", "household", "surveyor"))
class SurveyRecorded(Fact, frozen=True, kw_only=True):
    """A surveyor wrote down what was found in a home. The works that it asks for are ordered with it and name it."""

    survey: Id
    repair: Id
    home: Id
    household: Id
    surveyor: Id
    found: Annotated[Personal[str], FAULT] = None
    cause: Annotated[Personal[str], FAULT] = None
    readings: Annotated[Personal[str], FAULT] = None
    there: Annotated[Personal[str], FAULT] = None  # who was there


@fact("work.proved", 1, subjects=("work", "repair", "household", "photo"))
class WorkProved(Fact, frozen=True, kw_only=True):
    """Whoever did a work, or a surveyor, showed that it is done, after the visit in which it was."""

    work: Id
    repair: Id
    household: Id
    photo: Id | None = None
    kind: Annotated[ProofKind, Clear(Plain)]
    electrics: Annotated[Literal["tested", "isolated"], Clear(Plain)] | None = None
    says: Annotated[Personal[str], FAULT] = None
