"""Fifty entries a second for a while: what the sealer costs, and how long an entry takes from its commit to the store."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.ground import Ground, ask, carriers, passing
from tests.bench.measured import Line, at_most

TITLE = "Sealing and publishing fifty entries a second"
PER_SECOND, SECONDS = 50, 30


def sizes(ground: Ground) -> str:
    return f"{PER_SECOND} entries a second, each committed by itself, for {SECONDS} s; fsync on, a store in a folder"


def measure(ground: Ground) -> Iterator[Line]:
    """Two processes, as they run in production: `lamplit seal` and `lamplit publish`."""
    with passing(homes=100) as home, carriers(home) as running:
        time.sleep(3)
        before = [_cpu(process.pid) for process in running]
        done = ask(home, "feeding", str(PER_SECOND), str(SECONDS))
        sealer, publisher = (_cpu(p.pid) - b for p, b in zip(running, before, strict=True))
    yield from _lines(done, sealer / done["seconds"], publisher / done["seconds"])


def _lines(done: dict[str, Any], sealer: float, publisher: float) -> Iterator[Line]:
    yield Line("entries", done["entries"], "")
    yield at_most("the sealer, of one core", 100 * sealer, "%", 5)
    yield Line("its database process, of one core", 100 * done["backend"], "%")
    yield Line("the publisher, of one core", 100 * publisher, "%")
    for name, share in (("median", 0.5), ("95th percentile", 0.95)):
        yield Line(f"from commit to published, {name}", done["waits"][int(len(done["waits"]) * share)], "s")
    yield at_most("from commit to published, 99th percentile", done["waits"][int(len(done["waits"]) * 0.99)], "s", 1.2)
    yield Line("from commit to published, longest", done["waits"][-1], "s")


def _cpu(pid: int) -> float:
    """Return the processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
