"""Repeats: the same trouble told again, in this home or in the homes above and below it.

Every report counts, also one that was joined to another. The new report is one of the number: the second in six
months goes to a supervisor, the third in twelve calls for a survey of the root cause.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from lamplit.basics.dated import DatedValues
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.repairs.rules.law import policy

Relation = Literal["same", "above", "below"]
RepeatFlag = Literal["again", "review", "survey"]

# Groups in which two reports are likely to have one cause, wherever in the home they are.
GROUPS_THAT_RECUR = ("leak", "damp", "heating", "drains", "electrics")


class Earlier(Plain, frozen=True, kw_only=True):
    """An earlier report of this home (`same`) or of a home in its stack. `serial` names a part, such as a boiler."""

    report: str
    relation: Relation
    at: datetime
    group: str | None = None
    room: str | None = None
    serial: str | None = None


class Repeats(Plain, frozen=True, kw_only=True):
    """What the history shows. The counts include the new report; `matched` names earlier ones, latest first."""

    in_days: int
    in_review_months: int
    in_survey_months: int
    flags: tuple[RepeatFlag, ...] = ()
    matched: tuple[str, ...] = ()


def repeats(
    *,
    group: str,
    room: str | None,
    at: datetime,
    history: Iterable[Earlier],
    serial: str | None = None,
    figures: DatedValues | None = None,
) -> Repeats:
    """Find the earlier reports that look like the same trouble: same room, same group or same part."""
    today = london_date(at)
    figure = {name: (figures or policy()).number(f"repeat.{name}", today) for name in _FIGURES}
    alike = [e for e in history if e.at <= at and _alike(e, group, room, serial)]
    days = [london_date(earlier.at) for earlier in alike]
    in_days = 1 + sum((today - day).days <= figure["flag_days"] for day in days)
    in_review = 1 + sum(day >= months_before(today, figure["review_months"]) for day in days)
    in_survey = 1 + sum(day >= months_before(today, figure["survey_months"]) for day in days)
    raised: dict[RepeatFlag, bool] = {
        "again": in_days > 1,
        "review": in_review >= figure["review_count"],
        "survey": in_survey >= figure["survey_count"],
    }
    return Repeats(
        in_days=in_days,
        in_review_months=in_review,
        in_survey_months=in_survey,
        flags=tuple(flag for flag, up in raised.items() if up),
        matched=tuple(e.report for e in sorted(alike, key=lambda e: (e.at, e.report), reverse=True)),
    )


_FIGURES = ("flag_days", "review_count", "review_months", "survey_count", "survey_months")


def _alike(earlier: Earlier, group: str, room: str | None, serial: str | None) -> bool:
    same_room = room is not None and earlier.room == room
    same_group = earlier.group == group and group in GROUPS_THAT_RECUR
    same_part = serial is not None and earlier.serial == serial
    return same_room or same_group or same_part


def months_before(on: date, count: int) -> date:
    """Return the same day `count` months earlier, or that month's last day where there is no such day."""
    month = on.year * 12 + on.month - 1 - count
    for day in (on.day, 30, 29, 28):
        try:
            return date(month // 12, month % 12 + 1, day)
        except ValueError:
            continue
    raise AssertionError(f"every month has 28 days: {on}")
