"""`lamplit log verify`: checking a whole published store from its files, beside hashing the same bytes."""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from pathlib import Path

from lamplit.record.note import SigningKey
from lamplit.record.store import open_store, read_bundle
from lamplit.record.tiles import WIDTH
from lamplit.record.verify import verify_store
from tests.bench.ground import Ground
from tests.bench.measured import Line, at_least

TITLE = "Verifying the published record"


def sizes(ground: Ground) -> str:
    return f"{ground.homes:,} homes and {ground.years} years of repairs, {ground.processes} processes"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: read every bundle, cut it into entries, and hash each, by as many processes."""
    home = ground.settle()
    vkey = SigningKey.read(home / "keys" / "log").vkey
    report = verify_store(open_store(home / "store"), vkey, processes=ground.processes)
    assert report.ok, report.faults
    begun = time.perf_counter()
    with ProcessPoolExecutor(ground.processes) as pool:
        edges = [report.size // WIDTH * i // ground.processes for i in range(ground.processes + 1)]
        list(pool.map(_hash, [home / "store"] * ground.processes, edges, edges[1:]))
    floor = time.perf_counter() - begun
    yield Line("entries", report.size, "")
    yield Line("checkpoints", report.checkpoints, "")
    yield Line("whole check", report.seconds, "s")
    yield Line("floor: read and hash the entries", floor, "s")
    yield at_least("rate", report.size / report.seconds, "entries/s", 300_000)
    yield Line("times the floor", report.seconds / floor, "x")


def _hash(folder: Path, begin: int, end: int) -> None:
    store = open_store(folder)
    for n in range(begin, end):
        for raw in read_bundle(store, n, WIDTH):
            sha256(b"\x00" + raw).digest()
