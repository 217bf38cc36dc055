"""`lamplit destroy`: remove the embedded database and every file that it left on this machine, wherever they are."""

import argparse
import shutil
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import psycopg

from lamplit.cli import start
from lamplit.cli.demo import STANDBY, only_one
from lamplit.cli.demo_bank import office
from lamplit.cli.say import Failed, WrongUse, say, warn
from lamplit.config import place
from lamplit.record.cluster import Cluster, ClusterError


class Thing(NamedTuple):
    """A file or folder to remove, and what it is."""

    path: Path
    what: str


def destroy(asked: argparse.Namespace) -> int:
    """Say what goes and what stays, ask, and remove it."""
    if not place.embedded():
        raise Failed("The database is on a server that you named in LAMPLIT_DATABASE_URL. Drop it there.")
    things = [*_database(), *(_everything() if asked.everything else ())]
    if not things:
        say(f"There is nothing to remove for {place.home()}.")
        return 0
    demo = place.home() / "demo"
    with only_one(demo) if demo.exists() else nullcontext():
        _tell(things, asked.everything)
        if not asked.yes:
            _ask()
        place.cluster().destroy()
        if asked.everything and (place.home() / STANDBY).exists():
            Cluster(place.home() / STANDBY).destroy()
        for thing in things:
            shutil.rmtree(thing.path, ignore_errors=True) if thing.path.is_dir() else thing.path.unlink(missing_ok=True)
    if asked.everything and not any(place.home().iterdir()):
        place.home().rmdir()
    say("Removed.")
    return 0


def _database() -> Iterator[Thing]:
    left = place.cluster().left_behind()
    for path in place.cluster().files():
        yield Thing(path, "a database whose folder was deleted by hand" if path in left else "the database and its passwords")
    for home in (place.home(), place.home() / STANDBY):
        if place.memory(home).exists():
            yield Thing(place.memory(home), "keys that a standby unlocked into memory")
    for path, what in ((place.home() / "demo", "the demo's logs"), (place.home() / "seed.json", "which made-up landlord it was")):
        if path.exists():
            yield Thing(path, what)


def _everything() -> Iterator[Thing]:
    for name, what in (
        ("keys", "the key that signs the log, the custodian's, and that of sessions"), ("store", "the published log"),
        ("messages", "messages for another program to carry"), (STANDBY, "the demo's standby, with its own copy of the record"),
    ):  # fmt: skip
        if (place.home() / name).exists():
            yield Thing(place.home() / name, what)
    if office().exists():
        yield Thing(office(), "what the demo's finance office keeps, its key among it")


def _tell(things: list[Thing], everything: bool) -> None:
    say("This removes for ever:")
    for path, what in things:
        say(f"  {path}  ({what}, {_megabytes(path):,.0f} MB)")
    unpublished = _unpublished()
    if unpublished is None:
        warn("Nobody can say whether all of it is in a store: the database does not start.")
    elif unpublished:
        are = "entry is" if unpublished == 1 else "entries are"
        warn(f"{unpublished:,} {are} in no store and would be lost. `lamplit seal --once`, then `lamplit publish --once`.")
    if everything:
        warn("Without its key nobody can go on with this log, and without the custodian's nobody can read what is sealed in it.")
    else:
        say(f"The keys and the store in {place.home()} stay: `lamplit restore` makes the database again from them.")
        say("With --everything they go too.")


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files) / 1e6


def _unpublished() -> int | None:
    """Return how many entries no store has; None when the database cannot be asked."""
    if not place.cluster().folder.exists():
        return 0
    try:
        place.cluster().start()
        with start.connect("sealer") as db:
            row = db.execute(
                "SELECT (SELECT count(*) FROM record.intake) + (SELECT coalesce(max(size), 0) FROM record.checkpoint)"
                " - (SELECT coalesce(max(size), 0) FROM record.published)"
            ).fetchone()
    except (ClusterError, psycopg.Error):
        return None
    return int(row[0]) if row else None


def _ask() -> None:
    if not sys.stdin.isatty():
        raise WrongUse("This needs a person's word. Add --yes where there is no terminal.")
    say("Type yes to remove it: ", end="")
    if sys.stdin.readline().strip() != "yes":
        raise Failed("Nothing was removed.")
