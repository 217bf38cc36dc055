"""Which part may import which: docs/house.md, "Storeys", as contracts for import-linter.

Run as `python -m tests.architecture.contracts` in the folder that holds `lamplit`. The contracts are made from the folders
that exist, so that a feature is held from its first file on; a folder that no storey names breaks the first contract.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# Top to bottom. Parts of one storey may not see each other. What stands here need not exist yet.
STOREYS = [
    ["cli", "portal", "desk", "api", "standby"],
    ["exchange"],  # a door for files: people reach it through another one, which hands it the file
    ["config"],  # what all doors share; it names the doors only as text, in its settings and URLs
    ["continuity"],
    ["reactions"],
    ["repairs", "rent", "complaints", "incidents"],
    ["messages"],
    ["tenancies"],
    ["people", "homes", "staff"],
    ["record"],
    ["basics"],
]
DOORS = [*STOREYS[0], *STOREYS[1]]
FEATURES = [name for storey in STOREYS[5:9] for name in storey]
OUTSIDE = ["http", "os", "random", "secrets", "socket", "subprocess", "time", "urllib"]
ROOMS = ["(apps)", "(actions)", "(fold) | (queries)", "(models)", "(rules)", "(facts)"]

Contract = dict[str, Any]


def contracts(package: Path) -> list[Contract]:
    """The contracts for the tree under `package` (the folder `lamplit`)."""
    features = _existing(package, *FEATURES)
    doors = _existing(package, *DOORS)
    every = [
        _storeys(),
        _rooms(features),
        _pure(_existing(package, *(f"{name}.{room}" for name in FEATURES for room in ("facts", "rules")))),
        *_replay(_existing(package, *(f"{name}.fold" for name in FEATURES))),
        _doors(doors, _existing(package, *(f"{name}.{room}" for name in FEATURES for room in ("models", "fold", "rules")))),
        _pen(_existing(package, "record.page"), _existing(package, "record", "config", "cli.seed")),
        _doing([*doors, *_existing(package, "config", "continuity", "reactions")]),
        *[
            _own_tables(models, _existing(package, "config.wiring", "config.wiring_rent"))
            for models in _existing(package, *(f"{name}.models" for name in FEATURES))
        ],
        {"name": "Nothing goes round in circles", "type": "acyclic_siblings", "ancestors": ["lamplit"]},
    ]
    return [contract for contract in every if _says_something(contract)]


def _existing(package: Path, *names: str) -> list[str]:
    """Those of the modules and packages that exist, with their full names."""
    paths = {name: package / name.replace(".", "/") for name in names}
    return [f"lamplit.{name}" for name, path in paths.items() if path.with_suffix(".py").exists() or any(path.glob("*.py"))]


def _says_something(contract: Contract) -> bool:
    """A contract about folders that are not there yet waits for them."""
    return all(contract[part] for part in contract if part.endswith(("_modules", "containers")))


def _storeys() -> Contract:
    layers = [" | ".join(f"({name})" for name in storey) for storey in STOREYS]
    return {
        "name": "Storeys: look down, never up or across",
        "type": "layers",
        "containers": ["lamplit"],
        "layers": layers,
        "exhaustive": "true",
    }


def _rooms(features: list[str]) -> Contract:
    return {
        "name": "Rooms: the same in every feature, and no other",
        "type": "layers",
        "containers": features,
        "layers": ROOMS,
        "exhaustive": "true",
        "exhaustive_ignores": ["migrations", "tests"],
    }


def _pure(rooms: list[str]) -> Contract:
    """A rule may know the calendar. Whether one asks what time it is, tests/architecture/test_clock.py sees."""
    return {
        "name": "Pure: facts, rules and basics know no database and no record",
        "type": "forbidden",
        "source_modules": ["lamplit.basics", *rooms],
        "forbidden_modules": ["django", "psycopg", "lamplit.*.models", "lamplit.record"],
    }


def _replay(folds: list[str]) -> list[Contract]:
    reads_nothing = {
        "name": "Replay: a fold sees its row and its fact",
        "type": "forbidden",
        "source_modules": folds,
        "forbidden_modules": ["lamplit.*.queries", "lamplit.*.rules", "lamplit.*.actions", "lamplit.record.page"],
    }
    asks_nobody = {
        "name": "Replay: a fold asks no clock, chance, network or machine",
        "type": "forbidden",
        "source_modules": folds,
        "forbidden_modules": ["lamplit.basics.clock", *OUTSIDE],
        "allow_indirect_imports": "true",
    }
    return [reads_nothing, asks_nobody]


def _doors(doors: list[str], behind: list[str]) -> Contract:
    return {
        "name": "Doors call actions and queries only",
        "type": "forbidden",
        "source_modules": doors,
        "forbidden_modules": behind,
        "allow_indirect_imports": "true",
        # The made-up landlord tells what actions would have written over years; so it asks the same rules.
        "ignore_imports": ["lamplit.cli.seed.* -> lamplit.*.rules", "lamplit.cli.seed.* -> lamplit.*.rules.*"],
        "unmatched_ignore_imports_alerting": "none",
    }


def _pen(page: list[str], makers: list[str]) -> Contract:
    return {
        "name": "Pen: only actions write the record",
        "type": "protected",
        "protected_modules": page,
        "allowed_importers": ["lamplit.*.actions", *makers, "lamplit.*.tests"],
    }


def _doing(drivers: list[str]) -> Contract:
    return {
        "name": "Doing: features read each other and never drive each other",
        "type": "protected",
        "protected_modules": ["lamplit.*.actions"],
        "allowed_importers": [*drivers, "lamplit.*.tests"],
    }


def _own_tables(models: str, wiring: list[str]) -> Contract:
    """Actions may name a lower feature's model to lock its row, and queries to join it. Only its own folds write it."""
    feature = models.removesuffix(".models")
    return {
        "name": f"Own tables: {feature.removeprefix('lamplit.')}",
        "type": "protected",
        "protected_modules": [models],
        "allowed_importers": [feature, *wiring, "lamplit.*.actions", "lamplit.*.queries"],
    }


def toml(every: list[Contract]) -> str:
    """The contracts as import-linter reads them. A string or list of strings is written the same way in JSON."""
    lines = ["[tool.importlinter]", 'root_packages = ["lamplit"]', "include_external_packages = true"]
    for contract in every:
        lines.append("[[tool.importlinter.contracts]]")
        lines += [f"{name} = {json.dumps(value)}" for name, value in contract.items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Print which contracts are kept. 0 when all are."""
    root = Path.cwd()
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(toml(contracts(root / "lamplit")))
        config.flush()
        program = Path(sys.executable).with_name("lint-imports")
        return subprocess.run([program, "--config", config.name, "--no-cache", "--no-logo"], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
