"""Rebuilding every folded table from a published log: verify, fold, COPY once, index last, swap.

Upgrade, repair after an attack and audit are this one path. The tables are made from the release's own migrations
(`make_tables`), never from a live catalogue that an intruder may have changed.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from lamplit.record import process
from lamplit.record.checkpoint import open_checkpoint
from lamplit.record.encode import BadEntry, Codec
from lamplit.record.forked import Jobs
from lamplit.record.keys import HeldKeys, NoKeys
from lamplit.record.note import Verifier
from lamplit.record.replay import Folder, ReplayStopped, Router, Spill, partitions_for, read_spilled
from lamplit.record.store import Store, bundles_nearby, open_store, read_bundle
from lamplit.record.tiles import WIDTH, Frontier, leaf_hashes, subtree_root
from lamplit.record.wiring import Wiring

Progress = Callable[[str, int, int], None]  # phase, done, of
_SPILL = "lamplit-rebuild-"  # and the process that made it


class RebuildFailed(Exception):  # noqa: N818 - the sentence says why
    """The rebuild stopped. What was there before is untouched."""


@dataclass
class Rebuilt:
    """What a rebuild did. Seconds by phase; `rows` by table; `erased`: ids of keys that the log says were destroyed."""

    size: int
    root: bytes
    rows: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)

    @property
    def rate(self) -> float:
        """Entries a second, everything included."""
        return self.size / max(sum(self.seconds.values()), 1e-9)


@dataclass(frozen=True)
class Source:
    """What to rebuild from: the store, the log's key, the keys held, and how this release folds.

    `without`: the numbers of entries that a person decided to leave out. Whoever has the app's password can put into the log
    what is no entry, or contradicts the others; it stays there and is verified, but must not stop every rebuild from then on.
    `sealed`: this place holds no key on purpose; what is personal is marked with where it stands, to be opened on reading.
    `head`: the signed checkpoint to rebuild up to; None for the one that the store shows.
    """

    store: Store
    log_key: Verifier
    codec: Codec
    keys: dict[str, bytes]
    wiring: Wiring
    without: frozenset[int] = frozenset()
    head: bytes | None = None
    sealed: bool = False


def quiet(_phase: str, _done: int, _of: int) -> None:
    """Report progress to nobody."""


def rebuild(
    source: Source,
    conninfo: str,
    schema: str,
    make_tables: Callable[[str], None],
    *,
    processes: int = 2,
    progress: Progress = quiet,
    scratch: Path | None = None,
    reading: "Reading | None" = None,
) -> Rebuilt:
    """Rebuild every folded table into an empty `schema`, which `make_tables(schema)` makes. RebuildFailed in plain words.

    `conninfo` connects as the owner. Nothing outside `schema` is touched. Memory is bounded by one partition a process.
    `reading`: the first pass, where it was begun before.
    """
    start = time.perf_counter()
    with Reading(source, processes, scratch) if reading is None else reading as begun:
        done = Rebuilt(begun.checkpoint.size, begun.checkpoint.root, seconds={"fetch": round(time.perf_counter() - start, 3)})
        source = replace(source, store=begun.store)
        try:
            erased = done.erased = _timed(done, "verify", lambda: begun.finish(progress))
            later = _timed(done, "tables", lambda: _make_tables(conninfo, schema, make_tables, source.wiring))
            held = NoKeys(erased) if source.sealed else HeldKeys(source.keys, erased)
            _timed(done, "fold", lambda: _pass_two(source, held, conninfo, schema, begun.folder, processes, progress, done))
            _timed(done, "index", lambda: _make_indexes(conninfo, schema, later, done.rows, processes, progress))
        except (BadEntry, ReplayStopped) as error:
            raise RebuildFailed(f"{error}.") from error
    return done


class Reading:
    """The first pass of a rebuild, begun: its processes verify and sort the entries while their maker does other things.

    It needs no key and no database, and brings what is far away near first. RebuildFailed when the log is another one's.
    """

    def __init__(self, source: Source, processes: int, scratch: Path | None = None) -> None:
        self.checkpoint, _ = open_checkpoint(source.head or source.store.get("checkpoint"), source.log_key)
        if self.checkpoint.origin != source.codec.origin:
            raise RebuildFailed(f"The store holds the log {self.checkpoint.origin}; this installation is {source.codec.origin}.")
        parent = scratch or Path(tempfile.gettempdir())
        _clear_after_killed(parent)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{_SPILL}{os.getpid()}-", dir=parent))
        try:
            self.store = bundles_nearby(source.store, self.checkpoint.size, self.folder / "store")
            size = self.checkpoint.size
            bundles = -(-size // WIDTH)
            edges = [bundles * i // processes for i in range(processes + 1)]
            near = replace(source, store=self.store)
            self._running = Jobs(
                _verify_range, [(near, size, self.folder, i, edges[i], edges[i + 1]) for i in range(processes)], RebuildFailed
            )
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def __enter__(self) -> "Reading":
        return self

    def __exit__(self, *_: object) -> None:
        self._running.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self, progress: Progress) -> set[str]:
        """Wait for every leaf, and check them against the signed root. Returns the ids of destroyed keys."""
        size, frontier, erased = self.checkpoint.size, Frontier(), set[str]()
        tails: list[bytes] = []
        for roots, tail, dead in self._running.results(progress, "Checking", size):
            frontier.extend(roots, height=8)
            tails += tail
            erased |= dead
        frontier.extend(tails)
        if frontier.size != size or frontier.root() != self.checkpoint.root:
            raise RebuildFailed(
                "The entries in the store are not those that the log signed. Run `lamplit log verify` to see where."
            )
        return erased


def _clear_after_killed(parent: Path) -> None:
    """Remove what rebuilds left that were killed: as many bytes as the log has."""
    for left in parent.glob(f"{_SPILL}*"):
        pid = left.name.removeprefix(_SPILL).partition("-")[0]
        if pid.isdigit() and not process.exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _timed(done: Rebuilt, phase: str, work: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    result = work()
    done.seconds[phase] = round(time.perf_counter() - start, 3)
    return result


# Pass 1: verify and route --------------------------------------------------------------------------------


def _verify_range(
    tell: Callable[[int], None], source: Source, size: int, folder: Path, worker: int, start: int, end: int
) -> tuple[list[bytes], list[bytes], set[str]]:
    """Return the roots of the full bundles, the leaves of a last partial one, and the destroyed keys."""
    store = open_store(source.store.address) if source.store.address else source.store
    partitions = partitions_for(size)
    router, spill = Router(source.wiring, partitions), Spill(folder, worker, partitions)
    roots: list[bytes] = []
    tail: list[bytes] = []
    for n in range(start, end):
        width = min(WIDTH, size - n * WIDTH)
        entries = read_bundle(store, n, width)
        leaves = leaf_hashes(entries)
        if width == WIDTH:
            roots.append(subtree_root(leaves))
        else:
            tail = leaves
        for at, raw in enumerate(entries, n * WIDTH):
            if at in source.without:
                continue
            try:
                for partition in router(raw):
                    spill.add(partition, at, raw)
            except Exception as error:
                raise RebuildFailed(f"Entry {at:,} cannot be read: {error}") from error
        if n % 16 == 15:
            spill.flush()
            tell(16 * WIDTH)
    spill.close()
    return roots, tail, router.erased


# Pass 2: fold and copy ------------------------------------------------------------------------------------


def _pass_two(
    source: Source,
    held: HeldKeys,
    conninfo: str,
    schema: str,
    folder: Path,
    processes: int,
    progress: Progress,
    done: Rebuilt,
) -> None:
    partitions = partitions_for(done.size)
    jobs = [
        (source, held, done.size, conninfo, schema, folder, processes, range(i, partitions, processes)) for i in range(processes)
    ]
    for rows in Jobs(_fold_partitions, jobs, RebuildFailed).results(progress, "Folding", partitions):
        for name, count in rows.items():
            done.rows[name] = done.rows.get(name, 0) + count


def _fold_partitions(
    tell: Callable[[int], None],
    source: Source,
    held: HeldKeys,
    size: int,
    conninfo: str,
    schema: str,
    folder: Path,
    workers: int,
    partitions: Iterable[int],
) -> dict[str, int]:
    counts: dict[str, int] = {}
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute("SET synchronous_commit = off")
        db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        for partition in partitions:
            folding = Folder(source.wiring, source.codec, held, partition, partitions_for(size))
            for at, raw in read_spilled(folder, partition, workers):
                try:
                    folding.fold(at, raw)
                except Exception as error:
                    raise RebuildFailed(
                        f"Entry {at:,} cannot be folded: {error}. Look at it; if somebody put it there, add --without {at}."
                    ) from error
            for table in source.wiring.tables.values():
                if not (count := len(folding.rows[table]) + len(folding.lines[table])):
                    continue
                counts[table.name] = counts.get(table.name, 0) + count
                with db.cursor().copy(table.copy) as copying:
                    table.send(copying, folding.send(table))
            tell(1)
    return counts


# Tables and indexes ---------------------------------------------------------------------------------------

_CONSTRAINTS = """
SELECT c.relname, k.conname, k.contype = 'p', pg_get_indexdef(k.conindid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND k.contype IN ('p', 'u') AND c.relname = ANY(%s) ORDER BY k.conname
"""
_INDEXES = """
SELECT c.relname, i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = ANY(%s)
AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = x.indexrelid) ORDER BY i.relname
"""


@dataclass
class Later:
    """What comes after the rows: (table, statement) of each index, and of each key that takes its index over."""

    tables: list[str]
    indexes: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def _make_tables(conninfo: str, schema: str, make: Callable[[str], None], wiring: Wiring) -> Later:
    """Make the schema, take keys and indexes off, and return what makes them again. Check constraints stay on."""
    make(schema)
    names = list(wiring.by_name)
    later = Later(names)
    with psycopg.connect(conninfo) as db:
        db.execute("SET search_path = ''")  # so that a definition names the schema of every function in it
        there = {row[0] for row in db.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])}
        if missing := set(names) - there:
            raise RebuildFailed(f"The migrations do not make {', '.join(sorted(missing))}.")
        for name in names:  # its workers would read what is being written, on the same cores; `_make_indexes` ends this
            db.execute(sql.SQL("ALTER TABLE {}.{} SET (autovacuum_enabled = off)").format(*map(sql.Identifier, (schema, name))))
        for table, name, index in db.execute(_INDEXES, [schema, names]).fetchall():
            later.indexes.append((table, index))
            db.execute(sql.SQL("DROP INDEX {}.{}").format(sql.Identifier(schema), sql.Identifier(name)))
        for table, name, primary, index in db.execute(_CONSTRAINTS, [schema, names]).fetchall():
            later.indexes.append((table, index))
            change = sql.SQL("ALTER TABLE {}.{} ").format(sql.Identifier(schema), sql.Identifier(table))
            kind = sql.SQL("PRIMARY KEY" if primary else "UNIQUE")
            add = sql.SQL("ADD CONSTRAINT {0} {1} USING INDEX {0}").format(sql.Identifier(name), kind)
            later.keys.append((change + add).as_string())
            db.execute(change + sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(name)))
    return later


def _make_indexes(conninfo: str, schema: str, later: Later, rows: dict[str, int], processes: int, progress: Progress) -> None:
    """Build every index, the costly ones first and spread over the processes; then keys and statistics."""
    builds = [(rows.get(table, 0), statement) for table, statement in later.indexes]
    _run_spread(conninfo, schema, builds, processes, progress, "Indexing")
    with psycopg.connect(conninfo) as db:
        for statement in later.keys:
            db.execute(statement)
        for name in later.tables:
            db.execute(sql.SQL("ALTER TABLE {}.{} RESET (autovacuum_enabled)").format(*map(sql.Identifier, (schema, name))))
    looks = [(count, sql.SQL("ANALYZE {}").format(sql.Identifier(table)).as_string()) for table, count in rows.items()]
    _run_spread(conninfo, schema, looks, processes, progress, "Counting")


def _run_spread(
    conninfo: str, schema: str, weighed: list[tuple[int, str]], processes: int, progress: Progress, phase: str
) -> None:
    """Run statements in several processes. Each goes, heaviest first, to the process that has the least to do."""
    spread: list[list[str]] = [[] for _ in range(processes)]
    loads = [0] * processes
    for weight, statement in sorted(weighed, reverse=True):
        least = loads.index(min(loads))
        spread[least].append(statement)
        loads[least] += weight + 100
    jobs = [(conninfo, schema, statements) for statements in spread if statements]
    Jobs(_run_statements, jobs, RebuildFailed).results(progress, phase, len(weighed))


def _run_statements(tell: Callable[[int], None], conninfo: str, schema: str, statements: list[str]) -> None:
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute("SET maintenance_work_mem = '192MB'")
        db.execute("SET max_parallel_maintenance_workers = 0")
        db.execute("SET synchronous_commit = off")
        db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(schema)))
        for statement in statements:
            db.execute(statement)  # made from this schema's own catalogue
            tell(1)
