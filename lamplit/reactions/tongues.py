"""The other languages that letters are written in: `words/<code>`, with days, times and short phrases of their own."""

import tomllib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date, format_time

from lamplit.basics import words
from lamplit.basics.clock import LONDON
from lamplit.basics.plain import Plain

Day = date | datetime


class Phrase(str):
    """A short phrase of ours that a letter takes in: it reads in English, and can be said in another language.

    `words`: as `phrases.toml` has it; `named`: what stands in its {names}.
    """

    __slots__ = ("named", "words")
    words: str
    named: dict[str, str]

    def __new__(cls, phrase: str, **named: str) -> "Phrase":
        made = super().__new__(cls, phrase.format(**named))
        made.words, made.named = phrase, named
        return made


class _Time(Plain, frozen=True, kw_only=True):
    """How sentences of a language take in days and times. `day`, `short_day`: CLDR patterns; `on`: from Monday."""

    day: str
    short_day: str
    on: Sequence[str]
    by_end: str
    by_end_today: str
    by_end_tomorrow: str
    before: str
    before_today: str
    before_tomorrow: str
    within: str
    across: str


class Tongue:
    """One language of `words/<code>`: its phrases, and `basics.words` about days and times as it says them."""

    def __init__(self, code: str) -> None:
        self.code = code
        given = tomllib.loads((files("lamplit.reactions") / "words" / code / "phrases.toml").read_text(encoding="utf-8"))
        self.phrases: dict[str, str] = given["phrase"]
        self._time = _Time(**given["time"])

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return what templates call the days and times by."""
        of = (self.long_date, self.clock_time, self.moment, self.slot, self.before)
        return {each.__name__: each for each in of}

    def say(self, value: Any) -> Any:
        """Return a value as this language says it: phrases of ours, alone or in a list. KeyError for one that it has not."""
        if isinstance(value, Phrase):
            return self.phrases[value.words].format(**value.named)
        return [self.say(one) for one in value] if isinstance(value, list) else value

    def long_date(self, when: Day) -> str:
        return format_date(words.day_of(when), self._time.day, locale=self.code)

    def clock_time(self, when: datetime) -> str:
        return format_time(when, "short", tzinfo=LONDON, locale=self.code)

    def moment(self, when: datetime) -> str:
        return f"{self.long_date(when)}, {self.clock_time(when)}"

    def slot(self, start: datetime, end: datetime) -> str:
        if words.day_of(start) != words.day_of(end):
            return self._time.across.format(start=self.moment(start), end=self.moment(end))
        return self._time.within.format(day=self.long_date(start), start=self.clock_time(start), end=self.clock_time(end))

    def before(self, when: datetime, now: datetime) -> str:
        """Complete "somebody will come ...": a near day stands there twice, as in `words.before`."""
        ends, say = words.ends_a_day(when), self._time
        day = words.day_that_ends(when) if ends else words.day_of(when)
        away = (day - words.day_of(now)).days
        told = {"day": self.long_date(day), "time": self.clock_time(when)}
        if away == 0:
            return (say.by_end_today if ends else say.before_today).format(**told)
        if away == 1:
            return (say.by_end_tomorrow if ends else say.before_tomorrow).format(**told)
        short = format_date(day, say.short_day, locale=self.code)
        on_day = say.on[day.weekday()].format(day=short)
        return (say.by_end if ends else say.before).format(on_day=on_day, **told)


@cache
def tongue(code: str) -> Tongue:
    """Return the language of that code. FileNotFoundError when no letters are written in it."""
    return Tongue(code)
