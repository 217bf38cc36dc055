"""The dated figures of a feature as they hold here: those that come with a release, and the landlord's own over them.

The landlord's stand in LAMPLIT_HOME/figures, one file for each of ours: `rent.policy.toml` over `rent/data/policy.toml`. The
composition root reads them once, at the start (`OWN`); whoever changes one starts the programs again.
"""

from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

from lamplit.basics.dated import Dated, DatedValues, check_order, load_dated
from lamplit.basics.lines import LineError

# feature and file -> where the landlord's own stand, and their text
OWN: dict[tuple[str, str], tuple[str, str]] = {}
# Every file of dated figures. What is not here has no dates, or is no figure.
FILES = (
    ("basics", "bacs.toml"), ("complaints", "code.toml"), ("continuity", "pace.toml"), ("continuity", "weekly.toml"),
    ("incidents", "duties.toml"), ("incidents", "rehearsals.toml"), ("incidents", "status.toml"),
    ("incidents", "telling.toml"), ("rent", "law.toml"), ("rent", "policy.toml"), ("repairs", "law.toml"),
    ("repairs", "policy.toml"), ("staff", "looking.toml"),
)  # fmt: skip


def figures_of(feature: str, name: str) -> DatedValues:
    """Return the figures of one file. LineError names the first line that is wrong, in ours or in the landlord's."""
    shipped = load_dated((files(f"lamplit.{feature}") / "data" / name).read_text(encoding="utf-8"), name)
    own = OWN.get((feature, name))
    return shipped if own is None else over(shipped, load_dated(own[1], own[0]))


def over(shipped: DatedValues, own: DatedValues) -> DatedValues:
    """Return shipped figures with a landlord's own: from the first day of hers on, hers hold; before it, the shipped ones.

    LineError: there is no such figure, hers is of another kind (a number, a text, a list), or a day is left without one.
    """
    series, lines = dict(shipped.series), dict(shipped.lines)
    for name, hers in own.series.items():
        where = own.lines[name]
        ours = shipped.series.get(name)
        if ours is None:
            raise LineError(own.source, where[0], f"there is no figure {name}. `lamplit figures` lists all of them")
        for entry, line in zip(hers, where, strict=True):
            if type(entry.value) is not type(ours[-1].value):
                raise LineError(own.source, line, f"{name} is written like {_spelt(ours[-1])}")
        kept = [_until(entry, hers[0]) for entry in ours if entry.effective_from < hers[0].effective_from]
        merged = [*kept, *hers]
        check_order(name, merged, [where[0]] * len(kept) + list(where), own.source)
        series[name] = tuple(merged)
        lines[name] = (*shipped.lines[name][: len(kept)], *where)
    return replace(shipped, series=series, lines=lines)


def _until(entry: Dated, next_one: Dated) -> Dated:
    last = next_one.effective_from - timedelta(days=1)
    if entry.effective_to is not None and entry.effective_to <= last:
        return entry
    return Dated(
        value=entry.value, effective_from=entry.effective_from, effective_to=last, citation=entry.citation, words=entry.words
    )


def _spelt(entry: Dated) -> str:
    if isinstance(entry.value, tuple):
        return "[" + ", ".join(f'"{one}"' for one in entry.value[:2]) + "]"
    return f'"{entry.value}"' if isinstance(entry.value, str) else str(entry.value).lower()
