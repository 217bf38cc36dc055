"""`make bench`: runs every `bench_*.py` beside this file and prints what it measured. ARGS="cluster" for some of them."""

import importlib
import os
import platform
import sys
from pathlib import Path


def main(wanted: list[str]) -> None:
    """Each bench module has `measure()`, which yields lines of (what, how much, unit)."""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        name = path.stem.removeprefix("bench_")
        if wanted and name not in wanted:
            continue
        print(f"\n{name}")
        for what, how_much, unit in importlib.import_module(f"tests.bench.{path.stem}").measure():
            print(f"  {what:<60} {how_much:>12,.2f} {unit}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
