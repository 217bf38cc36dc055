"""Reporting a repair from the call to the commit, by eight processes at once, beside the same statements from bare psycopg."""

from collections.abc import Iterator

from tests.bench.ground import Ground, ask, passing
from tests.bench.measured import Line, at_least

TITLE = "Reporting a repair"
HOMES, CLIENTS, EACH = 2_000, 8, 40


def sizes(ground: Ground) -> str:
    return f"{HOMES:,} homes, {CLIENTS} processes at once, {EACH} reports each, fsync on"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: the statements of as many reports, encoding and encrypting their entries, and nothing else."""
    with passing(homes=HOMES) as home:
        done = ask(home, "acting")
    yield Line("statements of one report", done["statements"], "")
    yield Line("entries of one report", done["entries"], "")
    yield Line("floor: the same statements, encoding, encrypting", done["floor"], "reports/s")
    yield Line("reports", done["rate"], "reports/s")
    yield Line("one report, median", done["median"] * 1000, "ms")
    yield Line("one report, 95th percentile", done["p95"] * 1000, "ms")
    yield at_least("share of the floor", done["rate"] / done["floor"], "", 0.3)
