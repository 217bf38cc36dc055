"""What a bench found, as a table for a terminal and as a section of docs/benchmarks.md."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "benchmarks.md"
HEAD = """# How fast it is

Each figure stands beside its floor: what the machine needs in the same run for the same work with nothing of ours around it.
`make bench` measures again; `make bench ARGS="--only rebuild verify"` some of it; with `--keep` the figures are written here.
"""


@dataclass(frozen=True)
class Line:
    """One figure. `holds` says whether it meets `target` (None: it has none)."""

    what: str
    value: float
    unit: str
    target: str = ""
    holds: bool | None = None

    def words(self) -> list[str]:
        verdict = {None: "", True: "yes", False: "NO"}[self.holds]
        return [self.what, f"{self.value:,.2f}".removesuffix(".00"), self.unit, self.target, verdict]


def at_least(what: str, value: float, unit: str, target: float) -> Line:
    return Line(what, value, unit, f"at least {target:,g}", value >= target)


def at_most(what: str, value: float, unit: str, target: float) -> Line:
    return Line(what, value, unit, f"at most {target:,g}", value <= target)


COLUMNS = ("What", "How much", "Unit", "Target", "Met")


def show(title: str, lines: Sequence[Line]) -> None:
    """Print one bench's figures as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for name in COLUMNS:
        table.add_column(name, justify="right" if name == "How much" else "left")
    for line in lines:
        table.add_row(*line.words(), style="red" if line.holds is False else None)
    Console(width=130 if not os.isatty(1) else None).print(table)


def keep(name: str, title: str, sizes: str, lines: Iterable[Line], command: str, document: Path = DOCUMENT) -> None:
    """Write one bench's section of the document, in the place of its last one."""
    text = document.read_text() if document.exists() else HEAD
    rows = [
        "| " + " | ".join(COLUMNS) + " |",
        "|---|--:|---|---|---|",
        *("| " + " | ".join(line.words()) + " |" for line in lines),
    ]
    told = f"{sizes}. {machine()}. {datetime.now(UTC):%d %B %Y}, commit {commit()}: `{command}`"
    section = "\n".join([f"<!-- {name} -->", f"## {title}", "", told, "", *rows, f"<!-- end of {name} -->"])
    place = re.compile(rf"<!-- {name} -->.*?<!-- end of {name} -->", re.DOTALL)
    text = place.sub(lambda _: section, text) if place.search(text) else f"{text.rstrip()}\n\n{section}\n"
    document.write_text(text)


def machine() -> str:
    """Return what the figures depend on: processor, cores, memory, PostgreSQL and Python."""
    from lamplit.record.engine import VERSION

    model = platform.machine()
    if (about := Path("/proc/cpuinfo")).exists():
        found = re.search(r"model name\s*: (.+)", about.read_text())
        model = found.group(1) if found else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{model}, {cores} cores, {memory:.0f} GB, PostgreSQL {VERSION}, Python {platform.python_version()}"


def commit() -> str:
    asked = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "unknown"
