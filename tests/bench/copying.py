"""COPY every folded row and every entry out, and in again into empty tables with the same indexes."""

import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from lamplit.config import place
from lamplit.config.wiring import wiring
from lamplit.record import audit

SCHEMA = "bench"


def main() -> dict[str, Any]:
    """Return how many rows and entries there are, and the seconds of COPYing them in."""
    owner = place.conninfo("owner")
    tables = [("record", "entry"), *(("folded", name) for name in wiring().by_name)]
    audit.drop(owner, SCHEMA)
    try:
        with psycopg.connect(owner, autocommit=True) as db, tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
            db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
            for schema, name in tables:
                like = sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)")
                db.execute(like.format(sql.Identifier(SCHEMA, name), sql.Identifier(schema, name)))
                _out(db, sql.Identifier(schema, name), Path(folder) / name)
            begun = time.perf_counter()
            counts = {name: _in(db, sql.Identifier(SCHEMA, name), Path(folder) / name) for _, name in tables}
            seconds = time.perf_counter() - begun
    finally:
        audit.drop(owner, SCHEMA)
    return {"entries": counts.pop("entry"), "rows": sum(counts.values()), "seconds": seconds}


def _out(db: psycopg.Connection[Any], table: sql.Identifier, file: Path) -> None:
    with file.open("wb") as into, db.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT BINARY)").format(table)) as copying:
        for piece in copying:
            into.write(piece)


def _in(db: psycopg.Connection[Any], table: sql.Identifier, file: Path) -> int:
    cursor = db.cursor()
    with file.open("rb") as come, cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT BINARY)").format(table)) as copying:
        while piece := come.read(1 << 18):
            copying.write(piece)
    return cursor.rowcount
