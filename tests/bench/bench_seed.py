"""Moving a landlord in: every home with its people and tenancies, sealed and published while they come."""

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from lamplit.record.cluster import Cluster
from tests.bench.ground import Ground, ask, carriers, lamplit, passing
from tests.bench.measured import Line, at_most

TITLE = "Moving a landlord in"
_ARRIVED = """
SELECT NOT EXISTS (SELECT FROM record.intake) AND checkpoint.size = published.size
FROM record.checkpoint, record.published
"""


def sizes(ground: Ground) -> str:
    return (
        f"{ground.homes:,} homes with people and tenancies, {ground.processes} processes, sealer and publisher at work; fsync on"
    )


def measure(ground: Ground) -> Iterator[Line]:
    """Until the store shows the last entry. The floor: COPY the same rows and entries, by one process."""
    seed = ["seed", "--homes", str(ground.homes), "--years", "0", "--processes", str(ground.processes)]
    with passing(homes=0) as home:
        begun = time.perf_counter()
        with carriers(home):
            lamplit(home, *seed)
            written = time.perf_counter() - begun
            wait_until_published(home)
            whole = time.perf_counter() - begun
        floor = ask(home, "copying")
    yield Line("entries", floor["entries"], "")
    yield Line("rows", floor["rows"], "")
    yield Line("... written", written, "s")
    yield Line("... sealed and published after that", whole - written, "s")
    yield Line("floor: COPY the same rows and entries", floor["seconds"], "s")
    yield Line("times the floor", whole / floor["seconds"], "x")
    yield at_most("all of it", whole, "s", 30 * max(1.0, ground.homes / 20_000))


def wait_until_published(home: Path) -> None:
    """Wait until the store shows everything that was committed."""
    with psycopg.connect(Cluster(home).url("sealer"), autocommit=True) as db:
        while (db.execute(_ARRIVED).fetchone() or (False,))[0] is not True:
            time.sleep(0.1)
