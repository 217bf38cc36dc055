"""A Direct Debit file at the size of the largest landlord: worked out, its bank details opened, written, read back and noted."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.ground import Ground, ask, carriers, lamplit, passing
from tests.bench.measured import Line, at_most

TITLE = "Direct Debit"
COLLECTIONS, SECONDS = 60_000, 10


def sizes(ground: Ground) -> str:
    return f"{COLLECTIONS:,} collections of one day, {ground.processes} processors, sealer and publisher at work; fsync on"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: open the same bank details with the finance key, by as many processes."""
    with passing(homes=0) as home, tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
        key, out = Path(folder) / "finance.key", Path(folder) / "debits.txt"
        lamplit(home, "bacs", "key", "--out", str(key))
        ask(home, "debiting", "make", str(COLLECTIONS), str(ground.processes))
        lamplit(home, "seal", "--once")
        lamplit(home, "publish", "--once")
        with carriers(home):
            run = ask(home, "debiting", "release", str(COLLECTIONS), "1")
            begun = time.perf_counter()
            said = lamplit(home, "bacs", "write", "--run", run["run"], "--key", str(key), "--out", str(out))
            written = time.perf_counter() - begun
        opened = ask(home, "debiting", "open", str(key), str(ground.processes))
    if f"{COLLECTIONS:,} collections" not in said:
        raise RuntimeError(f"not every collection is in the file: {said}")
    yield Line("worked out, for the first person / again, for the second", run["prepare"] + run["release"], "s")
    yield Line("floor: open the same bank details", opened["seconds"], "s")
    yield Line("times the floor", written / opened["seconds"], "x")
    yield at_most("the file: worked out, opened, written, read back, noted", written, "s", SECONDS)
