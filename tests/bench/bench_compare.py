"""Comparing live tables with a copy in which rows were changed, taken out and put in: found, and how fast."""

from collections.abc import Iterator

from tests.bench.ground import Ground
from tests.bench.measured import Line, at_most

TITLE = "Comparing two copies of the tables"


def sizes(ground: Ground) -> str:
    return f"{ground.homes:,} homes and {ground.years} years of repairs"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: read every row of both sides once as text, at the same time."""
    done = ground.ask("comparing")
    yield Line("rows on each side", done["rows"], "")
    yield Line("equal: whole comparison", done["equal"], "s")
    yield Line("changed: whole comparison", done["changed"], "s")
    yield Line("floor: read every row of both sides", done["floor"], "s")
    yield Line("times the floor", done["equal"] / done["floor"], "x")
    yield at_most("a million rows", done["equal"] / done["rows"] * 1e6, "s", 2)
    yield Line("changes planted", done["planted"], "")
    yield Line("... found", done["found"], "", "every one", done["found"] == done["planted"])
