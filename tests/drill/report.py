"""One page that says what a drill showed: a timeline to look at with its table, the figures, and what was wrong."""

import platform
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any

from lamplit.basics.words import plural

WIDTH, ROW, LEFT = 1040, 34, 90
LONGEST = 82  # letters beside a moment that is drawn; the table has all of them
WORDS = {
    "entries": "entries of main that the standby held", "unacknowledged": "entries lost that nobody was told of",
    "told": "numbers that people were told", "told_by_standby": "of these at the standby", "lost": "of these lost",
    "twice": "of these there twice", "declare_seconds": "seconds for two people to declare, codes and keys and all",
    "served_seconds": "seconds from declared to the first page served", "restore_seconds": "seconds to restore and check",
    "ingest_seconds": "seconds to take over the standby's record", "tamperings_named": "changes of a tampered copy, named",
    "rent": "rent: a Direct Debit run that the outage swallowed",
    "tables_that_differ": "tables in which main and the standby differed after coming back",
}  # fmt: skip


def write(
    file: Path, moments: list[tuple[float, str]], numbers: dict[str, Any], wrong: list[str], asked: dict[str, Any],
    refusals: list[tuple[str, str]],
) -> None:  # fmt: skip
    """Write the page. It needs nothing beside itself."""
    attacked = numbers.get("attacked_at", 0.0)
    rto = numbers.get("undeclared_at", 0.0) - attacked
    back = numbers.get("back_at", 0.0) - attacked
    figures = [
        ("seconds from the attack to the first report taken (RTO, locked)", f"{rto:.1f}"),
        ("acknowledged reports lost (RPO)", str(numbers.get("lost", "not known"))),
        ("seconds from the attack until main served again", f"{back:.1f}"),
        *((words, _number(numbers[name])) for name, words in WORDS.items() if name in numbers),
        ("programs killed under load before it", str(len(numbers.get("killed", [])))),
        ("numbers told while they were killed", str(numbers.get("told_under_kills", 0))),
    ]
    size = f"{plural(asked['homes'], 'home')}, {plural(asked['years'], 'year')}"
    said = "Everything that a drill asks held." if not wrong else "Something did not hold."
    faults = "".join(f"<li>{escape(one)}</li>" for one in wrong)
    rows = "".join(f"<tr><th scope='row'>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in figures)
    tried = "".join(f"<tr><th scope='row'>{escape(what)}</th><td>{escape(words)}</td></tr>" for what, words in refusals)
    told = "".join(f"<tr><td>{at:.1f} s</td><td>{escape(words)}</td></tr>" for at, words in moments)
    file.write_text(f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Drill</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#14213d}}
table{{border-collapse:collapse;margin:1em 0}}th,td{{text-align:left;padding:.3em 1em .3em 0;border-bottom:1px solid #ccc;
font-weight:normal}}td:first-child{{white-space:nowrap}}svg text{{font:14px system-ui,sans-serif}}</style>
<h1>The drill</h1><p><strong>{said}</strong> {size}; {escape(platform.machine())}.</p>
{"<ul>" + faults + "</ul>" if faults else ""}<h2>When</h2>{_drawn(moments)}<table>{told}</table>
<h2>How much</h2><table>{rows}</table>
<h2>What was tried on the record, and how it was refused</h2><table>{tried}</table>
</html>""")


def _number(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _drawn(moments: list[tuple[float, str]]) -> str:
    """Return the timeline as SVG: what happened stands on it from left to right."""
    last = max((at for at, _ in moments), default=1.0) or 1.0
    height = ROW * (len(moments) + 1)
    marks = []
    for n, (at, words) in enumerate(moments):
        x, y = LEFT + at / last * (WIDTH - LEFT - 20) * 0.35, ROW * (n + 1)
        short = shorten(words, LONGEST, placeholder=" …")
        marks.append(f"<circle cx='{x:.0f}' cy='{y}' r='6' fill='#1d4f91'/><text x='0' y='{y + 5}'>{at:.0f} s</text>")
        marks.append(f"<text x='{x + 14:.0f}' y='{y + 5}'>{escape(short)}</text>")
    head = f"<svg role='img' aria-label='Timeline of the drill' viewBox='0 0 {WIDTH} {height}' width='100%'>"
    return f"{head}{''.join(marks)}</svg>"
