"""Ids: one letter for the kind of thing, then 20 characters that say only when it was made.

An id is a pseudonym. It stands in clear in the record, so it is never made from a UPRN, a payment
reference or anything else that somebody outside could know.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case
_PAIRS = [a + b for a in _DIGITS for b in _DIGITS]  # ten bits at a time
LENGTH = 22
_FIFTY = (1 << 50) - 1


class Ids(Protocol):
    """Makes ids. Production draws from the operating system, a seed run from its seed."""

    def __call__(self, letter: str, at: datetime) -> str: ...


def _spell(letter: str, at: datetime, noise: int) -> str:
    return f"{letter}_{_moment(at)}{_five_pairs(noise)}"


@lru_cache(maxsize=256)  # what happens at one moment is often many things
def _moment(at: datetime) -> str:
    return _five_pairs(int(at.timestamp() * 1000) & _FIFTY)


def _five_pairs(bits: int) -> str:
    """Spell 50 bits in ten digits."""
    two = _PAIRS
    return two[bits >> 40] + two[bits >> 30 & 1023] + two[bits >> 20 & 1023] + two[bits >> 10 & 1023] + two[bits & 1023]


def new_id(letter: str, at: datetime) -> str:
    """Return a fresh id such as `r_0q9s...`: sorts by `at` (milliseconds), 50 random bits.

    Two ids of one millisecond collide with probability 1e-15; the table's primary key refuses them.
    """
    return _spell(letter, at, int.from_bytes(os.urandom(7), "big") >> 6)


def made_at(ident: str) -> datetime | None:
    """Return when an id was made, to the millisecond; None for what is no id of ours."""
    letters = ident[2:12]
    if len(ident) != LENGTH or ident[1] != "_" or not set(letters) <= set(_DIGITS):
        return None
    moment = 0
    for letter in letters:
        moment = moment * 32 + _DIGITS.index(letter)
    return datetime.fromtimestamp(moment / 1000, UTC)


_HERE: ContextVar[Ids] = ContextVar("ids", default=new_id)


def ids_here() -> Ids:
    """Return what makes the ids of an action that is taken now."""
    return _HERE.get()


@contextmanager
def made_beforehand(ident: str) -> Iterator[None]:
    """Let an action that is taken meanwhile make this id where it would make a fresh one of its letter."""

    def give(letter: str, at: datetime) -> str:
        return ident if ident.startswith(f"{letter}_") else new_id(letter, at)

    token = _HERE.set(give)
    try:
        yield
    finally:
        _HERE.reset(token)


def reference(letter: str, id: str) -> str:
    """Return the number that people say and write: `M-7KDQ-42XR`, from the last 40 random bits of an id.

    `letter` is of the record that gave it (M: main). Somewhere among a million, two clash about every second time: the
    table refuses the second one, and its action takes another id.
    """
    spelt = id[-8:].upper()
    return f"{letter}-{spelt[:4]}-{spelt[4:]}"


class SeededIds:
    """Repeatable ids for seeding: the same seed and calls give the same ids."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose, never a secret

    def __call__(self, letter: str, at: datetime) -> str:
        return _spell(letter, at, self._random.getrandbits(50))
