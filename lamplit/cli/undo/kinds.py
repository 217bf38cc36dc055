"""In which ways a fact that a stolen account wrote is answered.

`answers`: an action takes it back. `again`: what somebody else said last is said again. `person`: nobody but a person can
tell. `nothing`: a job writes it, or it changes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lamplit.basics.fact import Fact

WHY = "Taken back: the account that wrote it had been stolen."
How = Mapping[str, Any]  # by, at and command of an action


@dataclass(frozen=True)
class Answer:
    """How one kind is answered. `key`: the field that names the row; `setters`: every kind that says what it is."""

    how: Literal["answers", "again", "person", "nothing"]
    words: str
    act: Callable[[Any, How], Any] | None = None
    alone: Callable[[Any, How], Any] | None = None
    key: str = ""
    setters: tuple[type[Fact], ...] = ()


def answers(words: str, act: Callable[[Any, How], Any], key: str = "", setters: tuple[type[Fact], ...] = ()) -> Answer:
    """Where `setters` are given, nothing is done once somebody else wrote one of them of the same row since."""
    return Answer("answers", words, act, key=key, setters=setters)


def again(
    key: str, setters: tuple[type[Fact], ...], act: Callable[[Any, How], Any], alone: Callable[[Any, How], Any] | None = None
) -> Answer:
    return Answer("again", "What somebody else said of it last is said again.", act, alone, key, setters)


def person(words: str) -> Answer:
    return Answer("person", words)


def nothing(words: str = "It changes nothing by itself.") -> Answer:
    return Answer("nothing", words)
