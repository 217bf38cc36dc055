"""What a drill looks at from outside: stores, databases, programs."""

import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from lamplit.cli import start
from lamplit.cli.beside import Beside
from lamplit.config import place
from lamplit.config.wiring import wiring
from lamplit.record.checkpoint import Checkpoint
from lamplit.record.cluster import Cluster
from lamplit.record.note import split_note
from lamplit.record.store import open_store


def until(holds: Callable[[], bool], what: str, seconds: float, crowd: Any = None) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if holds():
                return
        except (OSError, psycopg.Error, AssertionError, LookupError):
            pass
        time.sleep(0.2)
    raise TimeoutError(f"after {seconds:.0f} s it is still not so that {what}. {crowd.last if crowd else ''}")


def lamplit(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "lamplit.cli", *words], capture_output=True, text=True, check=False)


def published() -> int:
    return _size(place.stores()[0])


def held(beside: Beside) -> int:
    return _size(str(beside.home / "mirror"))


def _size(store: str) -> int:
    return Checkpoint.parse(split_note(open_store(store).get("checkpoint"))[0]).size


@contextmanager
def owner_of(home: Path) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(Cluster(home).url("owner", "lamplit"), autocommit=True) as db:
        yield db


def quiet_at(beside: Beside) -> bool:
    with owner_of(beside.home) as db:
        row = db.execute(
            "SELECT (SELECT count(*) FROM record.intake), (SELECT size FROM record.checkpoint), size FROM record.published"
        ).fetchone()
    return row is not None and row[0] == 0 and row[1] == row[2]


MAINS_OWN = {"incident_line": "kept_at"}  # main's word that it is back keeps what the standby promised


def rows_of(home: Path, listed: Collection[str] = ()) -> dict[str, list[Any]]:
    """Return the clear columns of every table, but what main writes by coming back.

    Of the tables in `listed` every row; of all others how many there are, and the sum of their hashes: they may be millions.
    """
    found = {}
    with owner_of(home) as db:
        for table in wiring().tables.values():
            clear = [
                sql.Identifier(column.name)
                for column in table.columns
                if not column.owner and column.name != MAINS_OWN.get(table.name)
            ]
            whole = "{}" if table.name in listed else "count(*), sum(hashtextextended(ROW({})::text, 0))"
            order = " ORDER BY id" if table.name in listed else ""
            asked = sql.SQL(f"SELECT {whole} FROM folded.{{}}{order}")
            query = asked.format(sql.SQL(", ").join(clear), sql.Identifier(table.name))
            found[table.name] = db.execute(query).fetchall()
    return found


def all_published() -> bool:
    with start.connect("owner") as db:
        row = db.execute("SELECT (SELECT count(*) FROM record.intake), (SELECT size FROM record.checkpoint)").fetchone()
    return row is not None and row[0] == 0 and published() == row[1]


def waiting_post() -> bool:
    with start.connect("owner") as db:
        row = db.execute("SELECT count(*) FROM folded.post WHERE opened_at IS NULL").fetchone()
    return bool(row and row[0])
