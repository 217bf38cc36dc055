"""Years of a ledger, made as they come in life (charge runs, payment files), and all tables rebuilt from the record of them."""

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from tests.bench.bench_rent import take
from tests.bench.ground import Ground, ask, carriers, lamplit, passing
from tests.bench.measured import Line, at_most

TITLE = "Rebuilding with years of ledger"
FIRST = date(2023, 4, 3)  # a Monday


def sizes(ground: Ground) -> str:
    return (
        f"{ground.homes:,} accounts, {ground.years} years of weekly charges of two lines and a payment every four weeks,"
        f" {ground.processes} processes"
    )


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: verify, decode and decrypt the same log, and COPY and index the same rows, by as many processes."""
    weeks, processes = 52 * ground.years, str(ground.processes)
    with passing(homes=0) as home, tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
        ask(home, "ledgering", "make", str(ground.homes), processes)
        with carriers(home):
            charged = ask(home, "ledgering", str(weeks), str(ground.homes), processes)
            for week in range(0, weeks, 4):
                take(home, Path(folder), ground.homes, f"{FIRST + timedelta(weeks=week):%d/%m/%Y}")
        lamplit(home, "seal", "--once")
        lamplit(home, "publish", "--once")
        checked = lamplit(home, "rent", "check")
        floor = ask(home, "rebuilding", "floor", processes)
        done = ask(home, "rebuilding", "rebuild", processes)
    if "do not" in checked:
        raise RuntimeError(f"The books do not balance: {checked}")
    yield Line("entries", done["size"], "")
    yield Line("rows", done["rows"], "")
    yield Line(f"{weeks} charge runs", charged["seconds"], "s")
    yield Line("whole rebuild", done["seconds"], "s")
    for phase, seconds in done["phases"].items():
        yield Line(f"... {phase}", seconds, "s")
    yield Line("floor: verify, decode and decrypt", floor["read"], "s")
    yield Line("floor: COPY", floor["copy"], "s")
    yield Line("floor: index", floor["index"], "s")
    yield Line("rate", done["rows"] / done["seconds"], "rows/s")
    yield at_most("times the floor", done["seconds"] / (floor["read"] + floor["copy"] + floor["index"]), "x", 1.8)
    yield at_most("most memory, all processes", done["peak"] / 2**30, "GB", 1.5)
