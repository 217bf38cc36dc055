"""How long there is, how long ago and how often, as staff read it. In ours it is `basics.words`."""

from collections.abc import Callable, Mapping
from datetime import datetime

from lamplit.basics import words
from lamplit.config.languages import OURS, speaking
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import ngettext

Unit = Callable[[int], str]


def times(count: int) -> str:
    """Return "once", "twice" or "3 times"."""
    if speaking() is OURS:
        return words.times(count)
    return {1: _("once"), 2: _("twice")}.get(count) or ngettext("%(count)s time", "%(count)s times", count) % {"count": count}


def ago(when: datetime, now: datetime) -> str:
    """Return "just now", "4 minutes ago", "2 hours ago", "3 days ago"."""
    if speaking() is OURS:
        return words.ago(when, now)
    seconds = int((now - when).total_seconds())
    if seconds >= words.DAY:
        days = seconds // words.DAY
        return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    if seconds >= words.HOUR:
        hours = seconds // words.HOUR
        return ngettext("%(count)s hour ago", "%(count)s hours ago", hours) % {"count": hours}
    minutes = seconds // words.MINUTE
    if minutes < 1:
        return _("just now")
    return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}


def time_left(due_at: datetime, now: datetime) -> str:
    """Return "3 h 05 m left", "1 d 4 h left", "6 d left" or "overdue 2 h"."""
    said = words.time_left(due_at, now)
    if speaking() is OURS:
        return said
    units: dict[str, Unit] = {
        "d": lambda _n: _("%(count)s d"),
        "h": lambda _n: _("%(count)s h"),
        "m": lambda _n: _("%(count)s m"),
    }
    return _of_time_left(said, units)


def time_left_aloud(due_at: datetime, now: datetime) -> str:
    """Return what `time_left` says in whole words, for a screen reader: "3 hours 5 minutes left"."""
    if speaking() is OURS:
        return words.time_left_aloud(due_at, now)
    return _of_time_left(
        words.time_left(due_at, now),
        {
            "d": lambda count: ngettext("%(count)s day", "%(count)s days", count),
            "h": lambda count: ngettext("%(count)s hour", "%(count)s hours", count),
            "m": lambda count: ngettext("%(count)s minute", "%(count)s minutes", count),
        },
    )


def _of_time_left(said: str, units: Mapping[str, Unit]) -> str:
    """Return what is left of a time, in another language, from what we say of it."""
    overdue, under = said.startswith("overdue "), "under " in said
    parts = said.replace("overdue ", "").replace(" left", "").replace("under ", "").split()
    pairs = zip(parts[::2], parts[1::2], strict=True)
    time = " ".join(units[unit](int(number)) % {"count": int(number)} for number, unit in pairs)
    if overdue:
        return (_("overdue, under %(time)s") if under else _("overdue %(time)s")) % {"time": time}
    return (_("under %(time)s left") if under else _("%(time)s left")) % {"time": time}
