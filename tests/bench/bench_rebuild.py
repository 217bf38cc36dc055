"""A rebuild of every table from the published record, beside its floor."""

from collections.abc import Iterator

from tests.bench.ground import Ground, ask, ask_lamplit
from tests.bench.measured import Line, at_least, at_most

TITLE = "Rebuilding every table"


def sizes(ground: Ground) -> str:
    return f"{ground.homes:,} homes and {ground.years} years of repairs, {ground.processes} processes"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: verify, decode and decrypt the same log, and COPY and index the same rows, by as many processes.

    Of a landlord whose record came first, the live tables are made; its floor is reading alone.
    """
    if ground.record_first:
        home, processes = ground.settle(), str(ground.processes)
        done = ask_lamplit(home, "rebuild", "--swap", "--json", "--processes", processes)
        done |= {"phases": done["seconds"], "seconds": sum(done["seconds"].values()), "rows": sum(done["rows"].values())}
        floor = ask(home, "rebuilding", "read", processes)
    else:
        floor = ground.ask("rebuilding", "floor")
        done = ground.ask("rebuilding", "rebuild")
    yield Line("entries", done["size"], "")
    yield Line("rows", done["rows"], "")
    yield Line("whole rebuild", done["seconds"], "s")
    for phase, seconds in done["phases"].items():
        yield Line(f"... {phase}", seconds, "s")
    yield Line("floor: verify, decode and decrypt", floor["read"], "s")
    yield at_least("rate", done["size"] / done["seconds"], "entries/s", 130_000)
    yield at_most("most memory, all processes", done["peak"] / 2**30, "GB", 1.5)
    if not ground.record_first:
        yield Line("floor: COPY", floor["copy"], "s")
        yield Line("floor: index", floor["index"], "s")
        yield at_most("times the floor", done["seconds"] / (floor["read"] + floor["copy"] + floor["index"]), "x", 1.8)
