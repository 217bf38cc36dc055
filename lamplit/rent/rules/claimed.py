"""Whose a line of a benefit schedule is, by the number of its claim. Pure.

A council keeps a number when somebody moves home, and DWP pays rent and deductions under one. So a number alone names no claim:
the days of the line and the scheme have to say which.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from lamplit.basics.plain import Plain

_CYCLE_DAYS = {"two_weekly": 14, "four_weekly": 28, "monthly": 31}
_SCHEMES = {"hb": ("hb",), "uc": ("uc_managed", "tpd")}  # what each kind of schedule pays: what she gets herself is in none


class Numbered(Plain, frozen=True, kw_only=True):
    """A claim that bears a number, with the first and last day of its account."""

    claim: str
    account: str
    scheme: str
    state: str
    award_pence: int
    cycle: str
    pays_after_days: int
    ends_on: date | None
    started_on: date
    ended_on: date | None


class Paid(Plain, frozen=True, kw_only=True):
    """A line as it is held against claims. Where it does not say for which days it is, it is for those of a cycle before it."""

    source: str
    pence: int
    on: date
    from_on: date | None
    to_on: date | None


class Whose(NamedTuple):
    """The account that a line is of, and its claim where one alone can be meant."""

    account: str
    claim: str | None


def whose(line: Paid, claims: Sequence[Numbered]) -> list[Whose]:
    """Return the accounts that a line may be of, each once: one is sure, several are for a person."""
    living = [one for one in claims if is_live(one, line)]
    return [Whose(account, _claim(line, [one for one in living if one.account == account])) for account in
            sorted({one.account for one in living})]  # fmt: skip


def is_live(claim: Numbered, line: Paid) -> bool:
    """Say whether a claim can be paid for a line's days: its account was let then, and it had not ended."""
    if claim.state == "refused":
        return False
    waits = timedelta(days=_CYCLE_DAYS[claim.cycle] + claim.pays_after_days)
    first, last = line.from_on or (line.to_on or line.on) - waits, line.to_on or line.on
    over = min((day for day in (claim.ends_on, claim.ended_on) if day is not None), default=None)
    return claim.started_on <= last and (over is None or over >= first)


def _claim(line: Paid, claims: Sequence[Numbered]) -> str | None:
    """Return the claim of an account that a schedule of this kind pays: of several, the one whose award it is."""
    meant = [one for one in claims if one.scheme in _SCHEMES.get(line.source, ())]
    if len(meant) > 1:
        meant = [one for one in meant if one.award_pence == abs(line.pence)]
    return meant[0].claim if len(meant) == 1 else None
