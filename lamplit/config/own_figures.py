"""The landlord's own dated figures: LAMPLIT_HOME/figures, read once at the start. What is wrong in them stops the start."""

from datetime import date, timedelta
from typing import NamedTuple

from lamplit.basics import figures
from lamplit.basics.dated import Dated, load_dated
from lamplit.basics.lines import LineError
from lamplit.config import place
from lamplit.rent.rules import ladder

_STEPS = ("rent", "steps.toml")  # a ladder has editions, not series: the landlord's takes the place of ours
_SOON = timedelta(days=90)


class Line(NamedTuple):
    """One entry: of which file and series, and whether it is the landlord's own."""

    file: str
    name: str
    entry: Dated
    own: bool


def read() -> None:
    """Read the landlord's figures and check all of them. LineError, ValueError in plain words."""
    folder = place.figures()
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        feature, _, name = path.name.partition(".")
        if (feature, name) not in (*figures.FILES, _STEPS):
            known = ", ".join(".".join(one) for one in (*figures.FILES, _STEPS))
            raise LineError(str(path), 1, f"no figures are called so. There are {known}")
        found[feature, name] = (str(path), path.read_text(encoding="utf-8"))
    figures.OWN.clear()
    figures.OWN.update(found)
    for feature, name in found.keys() & set(figures.FILES):
        figures.figures_of(feature, name)
    if _STEPS in found:
        ladder.load_steps(found[_STEPS][1], found[_STEPS][0])


def entries() -> list[Line]:
    """Return every entry of every file, as it holds here."""
    lines = []
    for feature, name in figures.FILES:
        own = figures.OWN.get((feature, name))
        hers = {} if own is None else load_dated(own[1], own[0]).series
        for series, values in figures.figures_of(feature, name).series.items():
            lines += [Line(f"{feature}.{name}", series, entry, entry in hers.get(series, ())) for entry in values]
    return lines


def ending(on: date) -> list[Line]:
    """Return the last entries of series that end within three months, or ended in the last year: somebody enters the next."""
    last = {(line.file, line.name): line for line in entries()}
    return [line for line in last.values() if (to := line.entry.effective_to) and on - timedelta(days=365) < to < on + _SOON]
