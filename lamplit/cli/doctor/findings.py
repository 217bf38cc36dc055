"""What a check says: ok, look or wrong, in one plain line, with what to do. What nobody could look at is never ok."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

import msgspec

State = Literal["ok", "look", "wrong"]


class Finding(msgspec.Struct, frozen=True):
    """One line."""

    check: str
    state: State
    words: str
    todo: str = ""


Check = Callable[[datetime], Iterable[Finding]]


def ok(name: str, words: str) -> Finding:
    return Finding(name, "ok", words)


def look(name: str, words: str, todo: str) -> Finding:
    return Finding(name, "look", words, todo)


def wrong(name: str, words: str, todo: str) -> Finding:
    return Finding(name, "wrong", words, todo)


def examine(checks: Iterable[tuple[str, Check]], at: datetime) -> list[Finding]:
    """Run every check, each with its name.

    One that breaks is wrong: its error's kind is said, never its text, which may hold a secret.
    """
    found: list[Finding] = []
    for name, looks in checks:
        before = len(found)
        try:
            found.extend(looks(at))  # one by one: what was said before it broke stands
        except Exception as error:  # noqa: BLE001 - whatever breaks a check, the others are still run
            words = f"It could not be looked at to the end ({type(error).__name__})."
            found.append(wrong(name, words, "Put right what is wrong beside it, then look again."))
        if len(found) == before:
            found.append(wrong(name, "The check said nothing.", "This is a fault of Lamplit: tell whoever maintains it."))
    return found
