"""Quarterly statements: a tagged PDF for each tenant, from the ledger to the folder of the print house."""

import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.ground import Ground, ask, lamplit, passing
from tests.bench.measured import Line, at_least

TITLE = "Quarterly statements"
HOMES, LINES = 1_000, 26  # of each account: thirteen weeks charged, thirteen payments
A_MINUTE = 500  # on each core


def homes(ground: Ground) -> int:
    """A quarter of a small landlord, or fewer where `--homes` asks for fewer."""
    return min(HOMES, ground.homes)


def sizes(ground: Ground) -> str:
    return f"{homes(ground):,} homes, {LINES} lines each, {ground.processes} processes"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: the same template, with no line and nobody's name, compiled by one process."""
    with passing(homes=homes(ground)) as home, tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
        made = ask(home, "stating", "make", str(LINES))
        floor = ask(home, "stating", "floor", "100")
        one = ask(home, "stating", "write", str(Path(folder) / "one"), "1")
        many = _command(home, Path(folder) / "all", ground.processes)
    if many[0] != one["statements"]:
        raise RuntimeError(f"{many[0]:,} statements by the command, {one['statements']:,} by one process")
    yield Line("statements", one["statements"], "")
    yield Line("lines of the books", made["lines"], "")
    yield Line("floor: an empty page of the same template, by one core", 60 / floor["seconds"], "a minute")
    yield at_least("statements by one core", 60 * one["statements"] / one["cpu"], "a minute", A_MINUTE)
    yield Line("the same, times the floor", one["cpu"] / one["statements"] / floor["seconds"], "x")
    yield Line(f"`lamplit rent statements` with {ground.processes} processes", 60 * many[0] / many[1], "a minute")
    yield Line("run again, when all are there", one["again"], "s")


def _command(home: Path, folder: Path, processes: int) -> tuple[int, float]:
    """Run the command as whoever prints does; return how many it wrote, and its seconds."""
    begun = time.perf_counter()
    said = lamplit(home, "rent", "statements", str(folder), "--processes", str(processes))
    seconds = time.perf_counter() - begun
    found = re.match(r"([\d,]+) statements written", said)
    if found is None:
        raise RuntimeError(f"what was written was not said: {said}")
    return int(found[1].replace(",", "")), seconds
