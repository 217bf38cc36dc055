"""What work costs by the schedule of rates, and who may agree to more of it. Whole pence; limits stand in policy.toml."""

from collections.abc import Iterable
from datetime import date

from lamplit.basics.dated import DatedValues
from lamplit.basics.plain import Plain
from lamplit.repairs.rules.law import policy

MOST_PENCE = 99_999_999  # of one variation or line: more is a slip of the keys


class Asking(Plain, frozen=True, kw_only=True):
    """What is known when more is asked for. `pence` None: nobody has priced it. `before_pence`: agreed at once on this work.

    `unsafe`: the home is not safe yet, and this is asked for to make it so.
    """

    pence: int | None
    before_pence: int
    limit_pence: int
    unsafe: bool


def sum_of(rate_pence: int, hundredths: int) -> int:
    """Return the price of so many hundredths of a unit, to the nearest penny, half a penny up."""
    return (rate_pence * hundredths + 50) // 100


def at_once(asking: Asking) -> bool:
    """True if nobody has to say yes: within the limit together with what was agreed so before, or to make a home safe.

    What was split into small pieces is added up again. What is not priced waits for a person.
    """
    if asking.unsafe:
        return True
    return asking.pence is not None and asking.before_pence + asking.pence <= asking.limit_pence


def limit_at_once(roles: Iterable[str], on: date, figures: DatedValues | None = None) -> int:
    """Return up to how many pence more somebody with these roles gets without a person's yes."""
    return _limit("variation.at_once", roles, on, figures or policy())


def limit_to_approve(roles: Iterable[str], on: date, figures: DatedValues | None = None) -> int:
    """Return up to how many pence more somebody with these roles may agree to; 0 for those who may not."""
    return _limit("variation.approve", roles, on, figures or policy())


def _limit(series: str, roles: Iterable[str], on: date, figures: DatedValues) -> int:
    known = set(figures.names(series))
    return max((figures.number(f"{series}.{role}", on) for role in roles if role in known), default=0)
