"""`python -m tests.bench.inside <module> <words>`: opens the installation of LAMPLIT_HOME, then runs that module's `main(words)`.

A process of its own, so that its memory and its processor time are those of what is measured. Prints JSON.
"""

import importlib
import json
import sys

from lamplit.cli import start

if __name__ == "__main__":
    start.open_installation()
    print(json.dumps(importlib.import_module(f"tests.bench.{sys.argv[1]}").main(*sys.argv[2:])))
