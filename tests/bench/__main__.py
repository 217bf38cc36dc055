"""`make bench`: measures each thing beside its floor, prints a table, and keeps full-size figures in docs/benchmarks.md."""

import argparse
import importlib
import shlex
import sys
from pathlib import Path

from tests.bench.ground import Ground
from tests.bench.measured import keep, machine, show

NAMES = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def main(words: list[str]) -> int:
    """Run the benches asked for. Exit 1 when a figure misses its target."""
    parser = argparse.ArgumentParser("make bench", description="Measure how fast Lamplit is on this machine.")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--homes", type=int, default=20_000, help="of the seeded landlord; LAMPLIT_BENCH_HOME keeps it")
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--record-first", action="store_true", help="write the entries alone; `--only rebuild` makes the tables")
    parser.add_argument("--keep", action="store_true", help="write docs/benchmarks.md")
    asked = parser.parse_args(words)
    ground = Ground(asked.homes, asked.years, asked.processes, asked.record_first)
    print(machine(), flush=True)
    missed = 0
    for name in asked.only:
        bench = importlib.import_module(f"tests.bench.bench_{name}")
        lines = list(bench.measure(ground))
        show(bench.TITLE, lines)
        missed += sum(line.holds is False for line in lines)
        if asked.keep:
            keep(name, bench.TITLE, bench.sizes(ground), lines, f"python -m tests.bench {shlex.join(words)}".strip())
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
