"""The dated figures that the rules of rent read: the law's and the landlord's policy. And how pence are rounded."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files

from lamplit.basics.dated import DatedValues
from lamplit.basics.figures import figures_of

_PENNY = Decimal(1)
_HUNDRED = Decimal(100)


def data(name: str) -> str:
    """Return the text of a data file of this feature."""
    return (files("lamplit.rent") / "data" / name).read_text(encoding="utf-8")


@cache
def law() -> DatedValues:
    """The law: the Rent Standard, notices, benefit, breathing space."""
    return figures_of("rent", "law.toml")


@cache
def policy() -> DatedValues:
    """What this landlord decided: its rent calendar, waiting times, what counts as much."""
    return figures_of("rent", "policy.toml")


def rate(values: DatedValues, name: str, on: date) -> Decimal:
    """Return a rate that holds on a day, in per cent. It is written as text: no binary fraction ever touches it."""
    value = values.on(name, on).value
    if not isinstance(value, str):
        raise TypeError(f'{values.source}: {name} is no rate; write it as text, like "3.8"')
    return Decimal(value)


def half_up(pence: Decimal) -> int:
    """Round to the penny, half up (away from nought for credits)."""
    return int(pence.quantize(_PENNY, ROUND_HALF_UP))


def part(pence: int, times: int, of: int) -> int:
    """Return `pence` x `times` / `of`, half up. Exact: nothing is rounded before the end."""
    whole = (2 * abs(pence) * times + of) // (2 * of)
    return -whole if pence < 0 else whole


def per_cent(pence: int, percent: Decimal) -> int:
    """Return so many per cent of a sum, half up."""
    return half_up(pence * percent / _HUNDRED)


def split(pence: int, weights: Sequence[int]) -> list[int]:
    """Split a sum by weights so that the parts add up to it: whole pence first, the rest to the largest remainders.

    Equal remainders go to whoever stands first. ValueError without a weight above nought.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("a sum is split by weights above nought")
    parts = [abs(pence) * weight // total for weight in weights]
    remainders = sorted(range(len(weights)), key=lambda at: (-(abs(pence) * weights[at] % total), at))
    for at in remainders[: abs(pence) - sum(parts)]:
        parts[at] += 1
    return [-part for part in parts] if pence < 0 else parts
