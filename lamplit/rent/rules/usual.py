"""What a Direct Debit collects each time: the rent and service charges, less the benefit that is paid to us. Pure.

The charge of a year is spread evenly over its collections: a year of 50 weeks' rent over 12 months, say. The 53rd week that some
years have is no part of it: it stays on her balance, and she is told of it there.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from lamplit.basics.plain import Plain
from lamplit.rent.facts.keys import FrequencyName
from lamplit.rent.rules.benefit import Claim
from lamplit.rent.rules.direct_debit import amount
from lamplit.rent.rules.figures import part

_TIMES = {"weekly": 52, "four_weekly": 13, "monthly": 12}
_A_YEAR = {"week": 52, "month": 12}
_DAYS = {7: "weekly", 28: "four_weekly"}


class Usual(Plain, frozen=True, kw_only=True):
    """The working of a sum. `instalment_pence`: a plan's, that she pays with it."""

    charged_pence: int
    benefit_pence: int
    instalment_pence: int = 0

    @property
    def pence(self) -> int:
        return amount(self.charged_pence, self.benefit_pence, instalment_pence=self.instalment_pence)


def charged(frequency: FrequencyName, weeks: int, pence: int, every: FrequencyName) -> int:
    """Return what is charged for each collection, when `pence` is charged for each period of the terms."""
    times, of = {"weekly": (weeks, 1), "four_weekly": (weeks, 4), "monthly": (12, 1)}[frequency]
    return part(pence, times, of * _TIMES[every])


def benefit(claims: Iterable[Claim], every: FrequencyName, on: date) -> int:
    """Return what benefit pays us for each collection. What is paid to her, not decided, stopped or over by then is none."""
    return sum(
        min(_each(one.award_pence, one.award_per, every), _each(one.eligible_pence, one.eligible_per, every))
        for one in claims
        if one.state == "paying" and one.kind != "uc" and (one.ends_on is None or one.ends_on > on)
    )


def _each(pence: int, per: str, every: FrequencyName) -> int:
    return part(pence, _A_YEAR[per], _TIMES[every])


def instalment(parts: Sequence[Sequence[Any]], every: FrequencyName, first_on: date) -> int:
    """Return the instalment of a plan ([day, pence], in order) that can be collected from a day on; 0 when there is none.

    One that falls due in another rhythm than the collections cannot; nor the last one, which is what is left.
    """
    days = [date.fromisoformat(str(on)) for on, _ in parts]
    if len(days) < 2 or _DAYS.get((days[1] - days[0]).days, "monthly") != every or days[-1] < first_on:
        return 0
    whole: int = parts[0][1]
    return whole if any(on >= first_on and pence == whole for on, (_, pence) in zip(days, parts, strict=True)) else 0
