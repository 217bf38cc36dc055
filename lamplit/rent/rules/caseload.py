"""In which order an officer sees her cases: by harm and by the chance to help, not by the sum alone. The points are policy."""

from collections.abc import Iterable
from datetime import date

from lamplit.basics.plain import Plain
from lamplit.rent.rules.figures import policy

_FLAGS = (
    "benefit_stopped",
    "home_at_risk",
    "need",
    "children",
    "she_wrote",
    "plan_broken",
    "first_time",
    "never_reached",
    "growing",
)


class Case(Plain, frozen=True, kw_only=True):
    """What decides how soon somebody looks at an account. `need` tells no more than that there is one."""

    account: str
    to_pay_pence: int
    weekly_pence: int
    benefit_stopped: bool = False
    home_at_risk: bool = False
    need: bool = False
    children: bool = False
    she_wrote: bool = False
    plan_broken: bool = False
    first_time: bool = False
    never_reached: bool = False
    growing: bool = False


class Ranked(Plain, frozen=True, kw_only=True):
    """A case with its points, and each reason in words with the points that it gave."""

    account: str
    points: int
    why: tuple[tuple[str, int], ...]


def rank(case: Case, on: date) -> Ranked:
    """Give a case its points, with the reasons. Weeks of rent owed count a little, and only so many of them."""
    figures = policy()
    why = [_reason(f"caseload.points.{flag}", 1, on) for flag in _FLAGS if getattr(case, flag)]
    weeks = max(case.to_pay_pence, 0) // case.weekly_pence if case.weekly_pence > 0 else 0
    if weeks := min(weeks, figures.number("caseload.most_weeks_counted", on)):
        why.append(_reason("caseload.points.each_week_owed", weeks, on))
    return Ranked(account=case.account, points=sum(points for _, points in why), why=tuple(why))


def _reason(name: str, times: int, on: date) -> tuple[str, int]:
    entry = policy().on(name, on)
    return entry.words or name, policy().number(name, on) * times


def in_order(cases: Iterable[Case], on: date) -> list[Ranked]:
    """Return the cases, the one to look at first in front; equal points by account, so that the order is always the same."""
    return sorted((rank(case, on) for case in cases), key=lambda ranked: (-ranked.points, ranked.account))
