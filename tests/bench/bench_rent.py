"""Rent at the size of the largest landlord: a week charged, a file of payments taken in, every account's true position."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.ground import Ground, ask, carriers, lamplit, passing
from tests.bench.measured import Line, at_most

TITLE = "Rent"
ACCOUNTS, PAYMENTS = 125_000, 100_000
SECONDS, TIMES_COPY, FILE_SECONDS, POSITION_SECONDS = 15, 3, 30, 10
LAYOUT = """
layout = "payments of a bench"
holds = "payments"
delimiter = ","
date_format = "DD/MM/YYYY"
money = "pounds"

[columns]
on = "Paid"
money = "Amount"
reference = "Reference"
"""


def reference(number: int) -> str:
    """Return the number that people pay an account with."""
    return f"7{number:08}"


def sizes(ground: Ground) -> str:
    return (
        f"{ACCOUNTS:,} accounts, two lines each, {PAYMENTS:,} payments, {ground.processes} processes,"
        " sealer and publisher at work; fsync on"
    )


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: COPY the same lines into an empty table with the same indexes, by one process."""
    with passing(homes=0) as home, tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
        ask(home, "renting", "make", str(ACCOUNTS), str(ground.processes))
        lamplit(home, "seal", "--once")
        lamplit(home, "publish", "--once")
        with carriers(home):
            charged = ask(home, "renting", "charge", str(ACCOUNTS), str(ground.processes))
            floor = ask(home, "renting", "copy", str(ACCOUNTS), "1")
            taken = take(home, Path(folder), PAYMENTS, "06/04/2026")
        positions = ask(home, "renting", "positions", str(ACCOUNTS), "1")
        checked = lamplit(home, "rent", "check")
    if charged["wrong"] or "do not" in checked:
        raise RuntimeError(f"The books do not balance: {charged['wrong']} {checked}")
    yield Line("lines", floor["lines"], "")
    yield Line("charge run: worked out, for the first person", charged["prepare"], "s")
    yield Line("charge run: worked out again, for the second", charged["release"], "s")
    yield Line("floor: COPY the same lines", floor["seconds"], "s")
    yield at_most("charge run, times the floor", charged["committed"] / floor["seconds"], "x", TIMES_COPY)
    yield at_most("charge run, from the release until all is sealed", charged["sealed"], "s", SECONDS)
    yield at_most(f"a file of {PAYMENTS:,} payments, matched and in the books", taken, "s", FILE_SECONDS)
    yield at_most("the true position of every account", positions["seconds"], "s", POSITION_SECONDS)


def take(home: Path, folder: Path, payments: int, paid: str) -> float:
    """Take a payment firm's file in: each line has the number of an account. Returns the seconds of the command."""
    lines = [f"{reference(n)},{98 + n % 40}.{n % 100:02},{paid}" for n in range(payments)]
    (folder / "payments.csv").write_text("\n".join(["Reference,Amount,Paid", *lines, ""]))
    (folder / "layout.toml").write_text(LAYOUT)
    begun = time.perf_counter()
    said = lamplit(home, "import", "allpay", str(folder / "payments.csv"), "--layout", str(folder / "layout.toml"))
    if f"{payments:,}" not in said:
        raise RuntimeError(f"not every line was taken in: {said}")
    return time.perf_counter() - begun
