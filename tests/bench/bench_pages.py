"""The pages that people wait for most, on the large landlord: how long the server takes, whoever asks."""

from collections.abc import Iterator

from tests.bench.ground import Ground
from tests.bench.measured import Line, at_most

TITLE = "Pages"
DESK, PORTAL = 150, 60


def sizes(ground: Ground) -> str:
    return f"{ground.homes:,} homes and {ground.years} years of repairs; one process, without the network"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: a page of the same kit that asks the database for nothing."""
    done = ground.ask("visiting")
    for name, times in done["times"].items():
        p95 = times[len(times) * 95 // 100] * 1000
        yield Line(f"{name}, median", times[len(times) // 2] * 1000, "ms")
        if name.startswith("floor"):
            yield Line(f"{name}, 95th percentile", p95, "ms")
        else:
            yield at_most(f"{name}, 95th percentile", p95, "ms", DESK if name.startswith("desk") else PORTAL)
