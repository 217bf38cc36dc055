"""What became of the rows of a file that brings things over from another system. Pure.

A row counts as written (it was new), changed (it put something right), there (nothing to do) or refused. Features bring rows;
the door that read the file adds up.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

import msgspec

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import CLI, By
from lamplit.basics.words import clock_time

Became = Literal["written", "changed", "there"]
T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)
_ACTOR = "import"
BY_FILE = f"{CLI}:{_ACTOR}"  # how `by` begins where a file said it


class RowRefused(Plain, frozen=True, kw_only=True):
    """One row that was not taken: its line in the file, why, and what fills the words."""

    line: int
    code: str
    details: dict[str, str]


class Brought(Plain, frozen=True, kw_only=True):
    """How many rows of a batch became what."""

    written: int
    changed: int
    there: int
    refused: list[RowRefused]


class Rehearsed(Exception):  # noqa: N818 - it is an answer: a page that is left by it writes nothing
    """A rehearsal is over: what would have become of the rows."""

    def __init__(self, brought: Brought) -> None:
        super().__init__("rehearsed")
        self.brought = brought


class Tally(Generic[T]):
    """Counts what becomes of each row of a batch."""

    def __init__(self) -> None:
        self._counts: dict[Became, int] = {"written": 0, "changed": 0, "there": 0}
        self._refused: list[RowRefused] = []

    def bring(self, rows: Iterable[T], line: Callable[[T], int], one: Callable[[T], Became]) -> None:
        """Bring rows one by one. A row that is refused stops no other."""
        for row in rows:
            try:
                self.count(one(row))
            except Refused as refused:
                self.refuse(line(row), refused)

    def count(self, became: Became) -> None:
        self._counts[became] += 1

    def refuse(self, line: int, refused: Refused) -> None:
        details = {name: str(value) for name, value in refused.details.items()}
        self._refused.append(RowRefused(line=line, code=refused.code, details=details))

    def answer(self, *, rehearse: bool) -> Brought:
        """Return the counts; in a rehearsal raise them, so that the page writes nothing."""
        brought = Brought(**self._counts, refused=self._refused)
        if rehearse:
            raise Rehearsed(brought)
        return brought


def by_file(user: str) -> By:
    """Return who acts when a file is brought over."""
    return By(CLI, f"{_ACTOR}:{user}")


def names_no_time(by: str, at: datetime) -> bool:
    """Say whether a file named a day alone, which is kept as noon: nobody is told a time that nobody said.

    A file that says noon itself cannot be told apart from it.
    """
    return by.startswith(BY_FILE) and clock_time(at) == "noon"


def said_by_file(beliefs: Iterable[tuple[str, S]]) -> S | None:
    """Return what a file said last, from all that was believed in its order: (by, belief). None when no file said anything.

    A correction from a file holds what staff had put right as well. So a file said only that in which its belief differs from
    the one before it.
    """
    said: S | None = None
    last: S | None = None
    for by, belief in beliefs:
        if by.startswith(BY_FILE):
            said = belief if said is None or last is None else msgspec.structs.replace(said, **_differing(belief, last))
        last = belief
    return said


def merged(now: S, said: S, says: S) -> S:
    """Return what we believe once a file `says` what it did not say before (`said`).

    Only what changed in the file is taken over: what staff put right stands, however often the file repeats the old.
    """
    return msgspec.structs.replace(now, **_differing(says, said))


def _differing(one: S, other: S) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__struct_fields__ if getattr(one, name) != getattr(other, name)}
