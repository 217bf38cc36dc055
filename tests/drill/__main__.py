"""Run the drill: `python -m tests.drill [--homes N] [--years Y] [--kills K] [--folder D]`."""

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    asked = argparse.ArgumentParser(prog="make drill", description=__doc__)
    asked.add_argument("--homes", type=int, default=300)
    asked.add_argument("--years", type=int, default=1)
    asked.add_argument("--kills", type=int, default=10, help="programs of both sides killed under load before the attack")
    asked.add_argument("--port", type=int, default=8400)
    asked.add_argument("--folder", type=Path, help="otherwise a new one, which goes at the end")
    asked.add_argument("--report", type=Path, default=Path("drill.html"))
    given = asked.parse_args()
    folder = (given.folder or Path(tempfile.mkdtemp(prefix="lamplit-drill-"))).absolute()
    os.environ |= {"LAMPLIT_HOME": str(folder / "main"), "LAMPLIT_DEMO": "1", "LAMPLIT_PROXIES": "1"}
    for name in ("LAMPLIT_DATABASE_URL", "LAMPLIT_PEER", "LAMPLIT_KEYS", "LAMPLIT_STORES", "LAMPLIT_ORIGIN", "LAMPLIT_STANDBYS"):
        os.environ.pop(name, None)
    os.environ["LAMPLIT_STORES"] = str(folder / "near")
    logging.basicConfig(level=logging.WARNING)
    from lamplit.cli import start
    from lamplit.config import place

    place.cluster().ensure()
    start.set_up_django()
    from tests.drill.drill import run

    return run(given, folder)


if __name__ == "__main__":
    sys.exit(main())
