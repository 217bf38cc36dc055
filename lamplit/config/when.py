"""Dates, times and lists in the language of the page. In ours they are `basics.words`; others follow CLDR and their catalogue.

A language that bends the name of a day after "on" has seven sentences for it in its catalogue.
"""

from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date, format_time
from babel.lists import format_list

from lamplit.basics import words
from lamplit.basics.clock import LONDON
from lamplit.config.languages import OURS, speaking
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import pgettext, sentence, unmarked

Day = date | datetime


def _ours() -> bool:
    return speaking() is OURS


def _in_pattern(day: date, pattern: str) -> str:
    return format_date(day, unmarked(pattern), locale=speaking().code)


def long_date(when: Day) -> str:
    """Return "Tuesday 1 December"."""
    return words.long_date(when) if _ours() else _in_pattern(words.day_of(when), pgettext("date pattern", "EEEE d MMMM"))


def full_date(when: Day) -> str:
    """Return "1 December 2026"."""
    return words.full_date(when) if _ours() else _in_pattern(words.day_of(when), pgettext("date pattern", "d MMMM y"))


def _near(day: date, today: date) -> str | None:
    """Return "today" and its neighbours in words, else None."""
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    return near.get((day - today).days)


def near_date(when: Day, now: datetime) -> str:
    """Return "today", "tomorrow", "yesterday", "Tuesday 1 December", or "1 December 2027" in another year."""
    if _ours():
        return words.near_date(when, now)
    day, today = words.day_of(when), words.day_of(now)
    return _near(day, today) or (long_date(day) if day.year == today.year else full_date(day))


def clock_time(when: datetime) -> str:
    """Return "2:40pm", or "14:40" where people write it so."""
    return words.clock_time(when) if _ours() else format_time(when, "short", tzinfo=LONDON, locale=speaking().code)


def _on_day(when: Day) -> str:
    """Return "on Tuesday 1 December"."""
    on = (
        _("on Monday %(day)s"), _("on Tuesday %(day)s"), _("on Wednesday %(day)s"), _("on Thursday %(day)s"),
        _("on Friday %(day)s"), _("on Saturday %(day)s"), _("on Sunday %(day)s"),
    )  # fmt: skip
    day = words.day_of(when)
    return on[day.weekday()] % {"day": _in_pattern(day, pgettext("date pattern", "d MMMM"))}


def on_date(when: Day, now: datetime) -> str:
    """Return "today", "yesterday" or "on Tuesday 1 December": completes a sentence."""
    if _ours():
        return words.on_date(when, now)
    day, today = words.day_of(when), words.day_of(now)
    return _near(day, today) or (_on_day(day) if day.year == today.year else full_date(day))


def moment(when: datetime) -> str:
    """Return "Tuesday 1 December, 2:40pm"."""
    return f"{long_date(when)}, {clock_time(when)}"


def full_moment(when: datetime) -> str:
    """Return "1 December 2026, 2:40pm"."""
    return f"{full_date(when)}, {clock_time(when)}"


def near_moment(when: datetime, now: datetime) -> str:
    """Return "Today, 2:40pm" or "Tuesday 1 December, 2:40pm": begins a line."""
    return sentence(f"{near_date(when, now)}, {clock_time(when)}")


def by_then(when: datetime) -> str:
    """Return "by Tuesday 1 December, 2:40pm" or "by the end of Friday 27 November", however near it is."""
    if _ours():
        return words.by_then(when)
    if words.ends_a_day(when):
        return _("by the end of the day %(on_day)s") % {"on_day": _on_day(words.day_that_ends(when))}
    return _("before %(time)s %(on_day)s") % {"time": clock_time(when), "on_day": _on_day(when)}


def before(when: datetime, now: datetime) -> str:
    """Return "before 2:40pm tomorrow, Tuesday 24 November" or "by the end of Friday 27 November"."""
    if _ours():
        return words.before(when, now)
    ends = words.ends_a_day(when)
    day, today = words.day_that_ends(when) if ends else words.day_of(when), words.day_of(now)
    away = (day - today).days
    if away not in (0, 1):
        return by_then(when)
    if ends:
        said = _("by the end of today, %(day)s") if away == 0 else _("by the end of tomorrow, %(day)s")
        return said % {"day": long_date(day)}
    said = _("before %(time)s today, %(day)s") if away == 0 else _("before %(time)s tomorrow, %(day)s")
    return said % {"time": clock_time(when), "day": long_date(day)}


def slot(start: datetime, end: datetime) -> str:
    """Return "Tuesday 1 December, between 8am and noon"."""
    if _ours():
        return words.slot(start, end)
    if words.day_of(start) != words.day_of(end):
        return _("%(start)s, to %(end)s") % {"start": moment(start), "end": moment(end)}
    said = _("%(day)s, between %(start)s and %(end)s")
    return said % {"day": long_date(start), "start": clock_time(start), "end": clock_time(end)}


def listed(several: Sequence[str]) -> str:
    """Return "a, b and c"."""
    return words.listed(several) if _ours() else format_list(list(several), locale=speaking().code)
