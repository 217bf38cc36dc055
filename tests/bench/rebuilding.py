"""Rebuild, or do the floor's work.

The floor is what any rebuild must do on this machine: hash every entry, decode and decrypt it, and bring the same rows
into the same tables with the same indexes. It does neither routing nor folding, and keeps nothing.
"""

import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from lamplit.cli import tables
from lamplit.config import place
from lamplit.record import audit, rebuild
from lamplit.record.checkpoint import open_checkpoint
from lamplit.record.forked import Jobs
from lamplit.record.keys import HeldKeys
from lamplit.record.rebuild import RebuildFailed, Source, quiet
from lamplit.record.store import open_store, read_bundle
from lamplit.record.tiles import WIDTH, Frontier, leaf_hashes, subtree_root

SCHEMA = "bench"
_PART = sql.SQL("COPY (SELECT {} FROM folded.{} WHERE abs(hashtext(id)) % {} = {}) TO STDOUT (FORMAT BINARY)")


def main(what: str, processes: str) -> dict[str, Any]:
    """Do `rebuild` or `floor` into a scratch schema, which is dropped afterwards; or `read`, the floor's first part."""
    source, owner = tables._source(None, None, None, ()), place.conninfo("owner")
    if what == "read":
        return {"read": _seconds(lambda: _read(source, int(processes)))}
    audit.drop(owner, SCHEMA)
    try:
        return _rebuild(source, owner, int(processes)) if what == "rebuild" else _floor(source, owner, int(processes))
    finally:
        audit.drop(owner, SCHEMA)


def _rebuild(source: Source, owner: str, processes: int) -> dict[str, Any]:
    begun = time.perf_counter()
    done = rebuild.rebuild(source, owner, SCHEMA, tables.table_maker(owner), processes=processes)
    seconds = time.perf_counter() - begun
    return {"size": done.size, "rows": sum(done.rows.values()), "seconds": seconds, "phases": done.seconds}


def _floor(source: Source, owner: str, processes: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
        rows = _dump(source, owner, Path(folder), processes)
        later = rebuild._make_tables(owner, SCHEMA, tables.table_maker(owner), source.wiring)
        jobs: list[tuple[Any, ...]] = [(source, owner, Path(folder), part) for part in range(processes)]
        return {
            "read": _seconds(lambda: _read(source, processes)),
            "copy": _seconds(lambda: Jobs(_copy_part, jobs, RebuildFailed).results(quiet, "Copying", processes)),
            "index": _seconds(lambda: rebuild._make_indexes(owner, SCHEMA, later, rows, processes, quiet)),
        }


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _dump(source: Source, owner: str, folder: Path, processes: int) -> dict[str, int]:
    """Write the live tables as files of binary COPY, a part of each table for each process. Returns how many rows each has."""
    rows: dict[str, int] = {}
    with psycopg.connect(owner) as db:
        for table in source.wiring.tables.values():
            columns = sql.SQL(", ").join(map(sql.Identifier, table.names))
            count = db.execute(sql.SQL("SELECT count(*) FROM folded.{}").format(sql.Identifier(table.name))).fetchone()
            rows[table.name] = count[0] if count else 0
            for part in range(processes):
                query = _PART.format(columns, sql.Identifier(table.name), sql.Literal(processes), sql.Literal(part))
                with (folder / f"{table.name}.{part}").open("wb") as file, db.cursor().copy(query) as copying:
                    for piece in copying:
                        file.write(piece)
    return {name: count for name, count in rows.items() if count}


def _copy_part(tell: Callable[[int], None], source: Source, owner: str, folder: Path, part: int) -> None:
    with psycopg.connect(owner, autocommit=True) as db:
        db.execute("SET synchronous_commit = off")
        db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(SCHEMA)))
        for table in source.wiring.tables.values():
            with (folder / f"{table.name}.{part}").open("rb") as file, db.cursor().copy(table.copy) as copying:
                while piece := file.read(1 << 18):
                    copying.write(piece)


def _read(source: Source, processes: int) -> None:
    checkpoint, _ = open_checkpoint(source.store.get("checkpoint"), source.log_key)
    bundles = -(-checkpoint.size // WIDTH)
    edges = [bundles * i // processes for i in range(processes + 1)]
    held = HeldKeys(source.keys, set())
    jobs: list[tuple[Any, ...]] = [(source, held, checkpoint.size, begin, end) for begin, end in pairwise(edges)]
    frontier = Frontier()
    for roots, tail in Jobs(_read_range, jobs, RebuildFailed).results(quiet, "Reading", processes):
        frontier.extend(roots, 8)
        frontier.extend(tail)
    assert frontier.root() == checkpoint.root


def _read_range(
    tell: Callable[[int], None], source: Source, held: HeldKeys, size: int, begin: int, end: int
) -> tuple[list[bytes], list[bytes]]:
    store = open_store(source.store.address) if source.store.address else source.store
    roots: list[bytes] = []
    tail: list[bytes] = []
    for n in range(begin, end):
        width = min(WIDTH, size - n * WIDTH)
        entries = read_bundle(store, n, width)
        leaves = leaf_hashes(entries)
        if width == WIDTH:
            roots.append(subtree_root(leaves))
        else:
            tail = leaves
        for raw in entries:
            source.codec.decode(raw, held)
    return roots, tail
