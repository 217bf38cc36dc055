"""Comparing two copies of the folded tables, row by row and column by column.

First each side hashes its rows into buckets under a seed drawn for this run, so that nobody can prepare a row with
the right hash; only buckets that differ are fetched. The two sides may be schemas of one database or two servers.
What one side cannot read for want of a key (WITHHELD) is not compared.
"""

import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec
import psycopg
from psycopg import sql

from lamplit.basics.fact import WITHHELD
from lamplit.record.tables import Table

BUCKETS = 1_024  # a power of two: buckets are low bits; with more of them their sums leave the processor's cache
MOST = 1_000  # differences named a table; beyond that they are counted


class Difference(msgspec.Struct, frozen=True):
    """One row that differs. `columns`: column -> (live, rebuilt) as text; empty when the row stands on one side only."""

    table: str
    row: str
    what: str  # changed, missing (rebuilt has it, live has not), extra (live has it, rebuilt has not)
    columns: dict[str, tuple[str | None, str | None]] = {}

    def words(self) -> str:
        """Return one plain sentence."""
        if self.what == "missing":
            return f"{self.table} {self.row} is missing: the record has it."
        if self.what == "extra":
            return f"{self.table} {self.row} is not in the record."
        changed = "; ".join(f"{name} is {live!r}, the record says {right!r}" for name, (live, right) in self.columns.items())
        return f"{self.table} {self.row} was changed: {changed}."


@dataclass
class Compared:
    """What a comparison found."""

    rows: int = 0
    differences: list[Difference] = field(default_factory=list)
    beyond: dict[str, int] = field(default_factory=dict)  # differing rows of a table past MOST, counted only
    withheld: list[str] = field(default_factory=list)  # columns not compared for want of keys

    @property
    def equal(self) -> bool:
        return not self.differences and not self.beyond


@dataclass(frozen=True)
class Side:
    """One copy: how to connect, and the schema that holds the tables."""

    conninfo: str
    schema: str

    def connect(self) -> psycopg.Connection:
        db = psycopg.connect(self.conninfo, autocommit=True)
        db.execute("SET TimeZone = 'UTC'")
        db.execute("SET DateStyle = 'ISO'")
        db.execute("SET max_parallel_workers_per_gather = 0")  # the two sides are at work side by side
        db.execute("SET jit = off")
        db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(self.schema)))
        return db


def compare(live: Side, rebuilt: Side, tables: Iterable[Table], most: int = MOST) -> Compared:
    """Compare every table's columns as this release knows them. psycopg.Error if a side lacks one of them.

    `most`: how many differences of a table are named.
    """
    result, tables = Compared(), list(tables)
    queries = [_bucket_query(table, secrets.randbits(62), secrets.randbits(62)) for table in tables]
    with live.connect() as left, rebuilt.connect() as right, ThreadPoolExecutor(2) as pool:
        sides = pool.map(lambda db: [_buckets(db, query) for query in queries], (left, right))
        for table, ours, theirs in zip(tables, *sides, strict=True):
            _compare_table(table, left, right, ours, theirs, result, most)
    return result


def _withheld(db: psycopg.Connection, table: Table) -> list[str]:
    """Return the personal columns of which the rebuilt side lacks keys, for some row at least."""
    if not table.personal:
        return []
    asks = [sql.SQL("bool_or({} = {})").format(sql.Identifier(c.name), sql.Literal(WITHHELD.column)) for c in table.personal]
    query = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(asks), sql.Identifier(table.name))
    found = db.execute(query).fetchone()
    return [c.name for c, yes in zip(table.personal, found or (), strict=False) if yes]


def _compare_table(
    table: Table,
    left: psycopg.Connection,
    right: psycopg.Connection,
    ours: dict[int, "_Bucket"],
    theirs: dict[int, "_Bucket"],
    into: Compared,
    most: int,
) -> None:
    into.rows += sum(found.rows for found in theirs.values())
    withheld = _withheld(right, table) if any(found.withheld for found in theirs.values()) else []
    into.withheld += [f"{table.name}.{name}" for name in withheld]
    suspect = [bucket for bucket in {*ours, *theirs} if _hashes(ours.get(bucket)) != _hashes(theirs.get(bucket))]
    if not suspect:
        return
    where = None if withheld else suspect  # a column with gaps is compared row by row, gaps left out
    found = 0
    for difference in _differing(table, left, right, where):
        found += 1
        if found <= most:
            into.differences.append(difference)
    if found > most:
        into.beyond[table.name] = found - most


class _Bucket(NamedTuple):
    """What a side's rows of one bucket come to. `withheld`: whether some value of them is."""

    rows: int
    total: Any
    withheld: bool


def _hashes(bucket: _Bucket | None) -> tuple[Any, ...]:
    return () if bucket is None else (bucket.rows, bucket.total)


def _bucket_query(table: Table, seed: int, seed_of_rows: int) -> str:
    """Return the query that hashes each row by its columns' own hashes: making text of wide rows first takes longer.

    PostgreSQL adds the columns' hashes up, each times a power of 31. So what is one row's gain could be another's loss, and a
    bucket's sum would stay; hashing each row's sum once more, under its own seed, leaves no such sums. `OFFSET 0` keeps
    PostgreSQL from hashing a row once for each sum, and from sorting whole rows by bucket.
    """
    row = sql.SQL("ROW({})").format(sql.SQL(", ").join(map(sql.Identifier, table.names)))
    personal = [
        sql.SQL("{} IS NOT DISTINCT FROM {}").format(sql.Identifier(c.name), sql.Literal(WITHHELD.column)) for c in table.personal
    ]
    withheld = sql.SQL(" OR ").join([sql.SQL("false"), *personal])
    return (
        sql.SQL(
            "SELECT bucket, count(*), sum(hash), bool_or(withheld) FROM"
            " (SELECT hashtext(id) & {n} AS bucket, hashint8extended(hash_record_extended({row}, {seed}), {again}) AS hash,"
            " {withheld} AS withheld FROM {table} OFFSET 0) hashed GROUP BY bucket"
        )
        .format(
            n=sql.Literal(BUCKETS - 1), row=row, seed=sql.Literal(seed), again=sql.Literal(seed_of_rows), withheld=withheld,
            table=sql.Identifier(table.name),
        )
        .as_string()
    )  # fmt: skip


def _buckets(db: psycopg.Connection, query: str) -> dict[int, _Bucket]:
    rows = db.execute(query).fetchall()  # made above from identifiers
    return {bucket: _Bucket(*found) for bucket, *found in rows}


def _differing(
    table: Table, left: psycopg.Connection, right: psycopg.Connection, buckets: list[int] | None
) -> Iterator[Difference]:
    columns = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in table.names)
    query = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(table.name))
    if buckets is not None:
        query += sql.SQL(" WHERE hashtext(id) & {} = ANY({})").format(sql.Literal(BUCKETS - 1), sql.Literal(buckets))
    query += sql.SQL(' ORDER BY id COLLATE "C"')  # as Python orders text, so that one pass over both is enough
    with _stream(left, query) as live, _stream(right, query) as rebuilt:
        ours, theirs = next(live, None), next(rebuilt, None)
        while ours is not None or theirs is not None:
            if theirs is None or (ours is not None and ours[0] < theirs[0]):
                yield Difference(table.name, ours[0], "extra")  # type: ignore[index]  # one of the two is there
                ours = next(live, None)
            elif ours is None or theirs[0] < ours[0]:
                yield Difference(table.name, theirs[0], "missing")
                theirs = next(rebuilt, None)
            else:
                if columns_differ := differing_columns(table, ours, theirs):
                    yield Difference(table.name, ours[0], "changed", columns_differ)
                ours, theirs = next(live, None), next(rebuilt, None)


@contextmanager
def _stream(db: psycopg.Connection, query: sql.Composed) -> Iterator[Iterator[Any]]:
    """Read rows a few thousand at a time: without keys every row of a table is read, and no memory holds them."""
    with db.transaction(), db.cursor(name="rows") as cursor:
        cursor.itersize = 5_000
        cursor.execute(query)
        yield iter(cursor)


def differing_columns(table: Table, live: Iterable[Any], right: Iterable[Any]) -> dict[str, tuple[str | None, str | None]]:
    """Return the columns in which two rows differ, what was WITHHELD left out."""
    return {name: (a, b) for name, a, b in zip(table.names, live, right, strict=True) if a != b and WITHHELD.column not in (a, b)}
