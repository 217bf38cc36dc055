"""How long somebody waits for the embedded PostgreSQL."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from lamplit.record.cluster import Cluster
from tests.bench.ground import Ground
from tests.bench.measured import Line

TITLE = "The embedded PostgreSQL"
ROUNDS = 5


def sizes(ground: Ground) -> str:
    return f"An empty cluster, {ROUNDS} databases"


def measure(ground: Ground) -> Iterator[Line]:
    """Times of making, starting, finding and stopping it, and of a database for one test."""
    with tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
        Path(folder).chmod(0o711)
        cluster = Cluster(Path(folder))
        try:
            yield Line("make and start, the first time", _seconds(cluster.ensure), "s")
            yield Line("find it running", _seconds(cluster.ensure) * 1000, "ms")
            yield Line("stop", _seconds(cluster.stop), "s")
            yield Line("start again", _seconds(cluster.start), "s")
            yield Line("a database from a template", _database(cluster) * 1000, "ms")
        finally:
            cluster.destroy()


def _database(cluster: Cluster) -> float:
    with psycopg.connect(cluster.url("admin", "postgres"), autocommit=True) as connection:
        start = time.perf_counter()
        for number in range(ROUNDS):
            connection.execute(f"CREATE DATABASE bench_{number} TEMPLATE template0")  # type: ignore[call-overload]
        return (time.perf_counter() - start) / ROUNDS


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
