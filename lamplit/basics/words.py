"""Dates, times, money and counts as people read them: pure functions, London time, nothing from Django."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from lamplit.basics.clock import LONDON

MINUTE, HOUR, DAY = 60, 3_600, 86_400
SOON = timedelta(hours=1)


def london(when: datetime) -> datetime:
    """Return an aware datetime in London time. A naive one is a bug: ValueError."""
    if when.tzinfo is None:
        raise ValueError(f"A datetime without a zone cannot be shown: {when!r}")
    return when.astimezone(LONDON)


def day_of(when: date | datetime) -> date:
    """Return the London calendar day that a date or an aware datetime falls on."""
    return london(when).date() if isinstance(when, datetime) else when


def long_date(when: date | datetime) -> str:
    """Return "Tuesday 1 December"."""
    day = day_of(when)
    return f"{day:%A} {day.day} {day:%B}"


def full_date(when: date | datetime) -> str:
    """Return "1 December 2026", for history and letters, where the year matters."""
    day = day_of(when)
    return f"{day.day} {day:%B} {day.year}"


def near_date(when: date | datetime, now: datetime) -> str:
    """Return "today", "tomorrow", "yesterday", "Tuesday 1 December", or "1 December 2027" in another year."""
    day, today = day_of(when), day_of(now)
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    return near or (long_date(day) if day.year == today.year else full_date(day))


def clock_time(when: datetime) -> str:
    """Return "2:40pm", "8am", "noon" or "midnight"."""
    local = london(when)
    if local.minute == 0 and local.hour in (0, 12):
        return "noon" if local.hour else "midnight"
    minutes = f":{local.minute:02}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'pm' if local.hour >= 12 else 'am'}"


def moment(when: datetime) -> str:
    """Return "Tuesday 1 December, 2:40pm"."""
    return f"{long_date(when)}, {clock_time(when)}"


def full_moment(when: datetime) -> str:
    """Return "1 December 2026, 2:40pm"."""
    return f"{full_date(when)}, {clock_time(when)}"


def near_moment(when: datetime, now: datetime) -> str:
    """Return "Today, 2:40pm", "Tomorrow, 8am" or "Tuesday 1 December, 2:40pm": begins a line."""
    return sentence(f"{near_date(when, now)}, {clock_time(when)}")


def sentence(words: str) -> str:
    """Return the words with a capital at the start and the rest as it was."""
    return words[:1].upper() + words[1:]


def on_date(when: date | datetime, now: datetime) -> str:
    """Return "today", "yesterday" or "on Tuesday 1 December": completes a sentence."""
    near = near_date(when, now)
    return near if near in ("today", "tomorrow", "yesterday") else f"on {near}"


def ends_a_day(when: datetime) -> bool:
    """Whether a time limit is the end of a day. We never write "midnight on Friday": people read that a day late."""
    return clock_time(when) == "midnight"


def day_that_ends(when: datetime) -> date:
    """Return the London day that ends with a midnight."""
    return day_of(when - timedelta(minutes=1))


def by_then(when: datetime) -> str:
    """Return "by Tuesday 1 December, 2:40pm" or "by the end of Friday 27 November", however near it is."""
    return f"by the end of {long_date(day_that_ends(when))}" if ends_a_day(when) else f"by {moment(when)}"


def before(when: datetime, now: datetime) -> str:
    """Return "before 2:40pm tomorrow, Tuesday 24 November": a promise says the day twice when it is near.

    A time limit of whole days is "by the end of Friday 27 November".
    """
    if ends_a_day(when):
        near, day = near_date(day_that_ends(when), now), long_date(day_that_ends(when))
        return f"by the end of {near}, {day}" if near in ("today", "tomorrow") else f"by the end of {near}"
    near = near_date(when, now)
    if near in ("today", "tomorrow"):
        return f"before {clock_time(when)} {near}, {long_date(when)}"
    return f"before {clock_time(when)} on {near}"


def slot(start: datetime, end: datetime) -> str:
    """Return "Tuesday 1 December, between 8am and noon". Over midnight: "…, 10pm, to …, 6am"."""
    if day_of(start) != day_of(end):
        return f"{moment(start)}, to {moment(end)}"
    return f"{long_date(start)}, between {clock_time(start)} and {clock_time(end)}"


def time_left(due_at: datetime, now: datetime) -> str:
    """Return "3 h 05 m left", "1 d 4 h left", "6 d left" or "overdue 2 h". A day is 24 hours; parts are cut, not rounded."""
    # Both go to UTC first: two times in one zone subtract by the wall clock, and the clocks change twice a year.
    seconds = int((due_at.astimezone(UTC) - now.astimezone(UTC)).total_seconds())
    return f"overdue {_overdue(-seconds)}" if seconds < 0 else f"{_left(seconds)} left"


def _left(seconds: int) -> str:
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days >= 2:
        return f"{days} d"
    if days:
        return f"{days} d {hours} h" if hours else "1 d"
    if hours:
        return f"{hours} h {minutes:02} m"
    return f"{minutes} m" if minutes else "under 1 m"


def _overdue(seconds: int) -> str:
    if seconds >= DAY:
        return f"{seconds // DAY} d"
    if seconds >= HOUR:
        return f"{seconds // HOUR} h"
    return f"{seconds // MINUTE} m" if seconds >= MINUTE else "under 1 m"


def time_left_aloud(due_at: datetime, now: datetime) -> str:
    """Return what `time_left` says in whole words, for a screen reader: "3 hours 5 minutes left"."""
    spoken = {"d": "day", "h": "hour", "m": "minute"}
    said: list[str] = []
    for part in time_left(due_at, now).split():
        if part in spoken:
            said.append(spoken[part] if said[-1] == "1" else spoken[part] + "s")
        else:
            said.append(part.lstrip("0") or "0" if part.isdigit() else part)
    return " ".join(said)


def urgency(due_at: datetime, now: datetime) -> Literal["late", "soon", "calm"]:
    """Say how a clock is drawn: `late` when it has run out, `soon` in its last hour, else `calm`."""
    if due_at < now:
        return "late"
    return "soon" if due_at - now < SOON else "calm"


def share_used(since_at: datetime, due_at: datetime, now: datetime) -> int:
    """Return how much of the time is used, 0 to 100. A clock with no length is used up."""
    whole, used = (due_at - since_at).total_seconds(), (now - since_at).total_seconds()
    return 100 if whole <= 0 else max(0, min(100, round(100 * used / whole)))


def ago(when: datetime, now: datetime) -> str:
    """Return "just now", "4 minutes ago", "2 hours ago", "3 days ago"; a time to come is "just now" too (clocks drift)."""
    seconds = int((now.astimezone(UTC) - when.astimezone(UTC)).total_seconds())
    for size, word in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= size:
            return f"{plural(seconds // size, word)} ago"
    return "just now"


def pounds(pence: int) -> str:
    """Return "£380.00", "£1,234.50" or "-£12.00" from whole pence."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}.{rest:02}"


def times(count: int) -> str:
    """Return "once", "twice" or "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def plural(count: int, one: str, many: str | None = None) -> str:
    """Return "1 repair", "4 repairs", "no repairs"; `many` is for words that do not just take an s."""
    if count == 1:
        return f"1 {one}"
    return f"{f'{count:,}' if count else 'no'} {many or one + 's'}"


def listed(words: Sequence[str]) -> str:
    """Return "a", "a and b" or "a, b and c"."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
