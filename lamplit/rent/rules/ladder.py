"""The arrears ladder and its holds as policy wrote them: `data/steps.toml`, read once and checked."""

import tomllib
from datetime import date
from functools import cache
from typing import Any, Literal

import msgspec

from lamplit.basics.dated import NotInForce
from lamplit.basics.figures import OWN
from lamplit.basics.plain import Plain
from lamplit.rent.rules.figures import data

_FILE = "steps.toml"
Act = Literal["text", "call", "letter", "visit", "notice", "panel", "court"]


class Step(Plain, frozen=True, kw_only=True):
    """One rung. `after_days`: since she first owed enough. `wait_days`: since the rung before.

    `automatic`: the nightly job may take it where nothing holds it; any other waits for a person.
    """

    code: str
    act: Act
    after_days: int
    wait_days: int
    words: str
    protocol: str
    to_each: bool = False
    considered: bool = False
    automatic: bool = False


class Edition(Plain, frozen=True, kw_only=True):
    """A ladder, from a day on."""

    effective_from: date
    citation: str
    step: tuple[Step, ...]


class HoldRule(Plain, frozen=True, kw_only=True):
    """A hold: who owns it, when it is looked at again, and its words, also for when nobody could say."""

    owner: str
    review_working_days: int
    words: str
    unknown: str | None = None


class StepsFile(Plain, frozen=True, kw_only=True):
    """The whole file."""

    edition: tuple[Edition, ...]
    hold: dict[str, HoldRule]


@cache
def steps_file() -> StepsFile:
    """The landlord's own ladder, or the one that comes with a release."""
    source, text = OWN.get(("rent", _FILE)) or (_FILE, data(_FILE))
    return load_steps(text, source)


def load_steps(text: str, source: str = _FILE) -> StepsFile:
    """Read a ladder. ValueError says what is wrong: an unknown field, rungs out of order, no hold at all."""
    try:
        read: Any = tomllib.loads(text)
        file = msgspec.convert(read, StepsFile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{source}: {error}") from error
    for edition in file.edition:
        days = [step.after_days for step in edition.step]
        if days != sorted(days) or len({step.code for step in edition.step}) != len(days):
            raise ValueError(f"{source}: the steps from {edition.effective_from} are out of order, or one stands there twice")
    if list(file.edition) != sorted(file.edition, key=lambda edition: edition.effective_from):
        raise ValueError(f"{source}: editions follow each other by their first day")
    return file


def ladder(on: date) -> Edition:
    """Return the ladder that holds on a day. NotInForce before the first."""
    held = [edition for edition in steps_file().edition if edition.effective_from <= on]
    if not held:
        raise NotInForce(f"{_FILE} has no ladder for {on}")
    return held[-1]
