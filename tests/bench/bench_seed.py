"""Moving a landlord in: every home with its people and tenancies, sealed and published."""

import time
from collections.abc import Iterator

from tests.bench.ground import Ground, ask, lamplit, passing
from tests.bench.measured import Line, at_most

TITLE = "Moving a landlord in"


def sizes(ground: Ground) -> str:
    return f"{ground.homes:,} homes with people and tenancies, {ground.processes} processes, fsync on"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: COPY the same rows into tables with the same indexes, and the same entries, by one process."""
    seed = ["seed", "--homes", str(ground.homes), "--years", "0", "--processes", str(ground.processes)]
    took: dict[str, float] = {}
    with passing(homes=0) as home:
        for words in (seed, ["seal", "--once"], ["publish", "--once"]):
            begun = time.perf_counter()
            lamplit(home, *words)
            took[words[0]] = time.perf_counter() - begun
        floor = ask(home, "copying")
    yield Line("entries", floor["entries"], "")
    yield Line("rows", floor["rows"], "")
    for name, seconds in took.items():
        yield Line(f"... {name}", seconds, "s")
    yield Line("floor: COPY the same rows and entries", floor["seconds"], "s")
    yield Line("times the floor", sum(took.values()) / floor["seconds"], "x")
    yield at_most("all of it", sum(took.values()), "s", 30 * max(1.0, ground.homes / 20_000))
