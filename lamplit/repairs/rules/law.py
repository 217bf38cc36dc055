"""The dated figures that the rules of repairs read: the law's and the landlord's policy."""

import tomllib
from functools import cache
from importlib.resources import files

from lamplit.basics.dated import DatedValues, load_dated
from lamplit.basics.deadlines import NO_LIMIT, NoSuchLimit, read_limit
from lamplit.basics.figures import figures_of
from lamplit.basics.lines import LineError
from lamplit.basics.plain import Plain


class Hazard(Plain, frozen=True, kw_only=True):
    """A hazard of the rating system: its number there, its name in our words, and whether Awaab's Law covers it."""

    number: int
    name: str
    awaab: bool = True


def data(name: str) -> str:
    """Return the text of a data file of this feature."""
    return (files("lamplit.repairs") / "data" / name).read_text(encoding="utf-8")


@cache
def law() -> DatedValues:
    """The law: clocks of Awaab's Law, hazards by phase, the Right to Repair schedule."""
    return check_limits(figures_of("repairs", "law.toml"))


@cache
def policy() -> DatedValues:
    """What this landlord promises: targets, rings, repeats, closing, winter."""
    return check_limits(figures_of("repairs", "policy.toml"))


@cache
def hazards() -> dict[str, Hazard]:
    """The 29 hazards by code."""
    table = tomllib.loads(data("hazards.toml"))["hazard"]
    return {code: Hazard(**fields) for code, fields in table.items()}


def load_figures(text: str, source: str) -> DatedValues:
    """Read dated figures and every limit in them. LineError names the first line that is wrong."""
    return check_limits(load_dated(text, source))


def check_limits(values: DatedValues) -> DatedValues:
    """Return figures whose limits can all be read. LineError names the first that cannot."""
    for name, entries in values.series.items():
        for entry, line in zip(entries, values.lines[name], strict=True):
            if isinstance(entry.value, str) and entry.value != NO_LIMIT:
                try:
                    read_limit(entry.value)
                except NoSuchLimit as error:
                    raise LineError(values.source, line, f"{name}: {error}") from error
    return values
