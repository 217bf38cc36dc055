"""Holding a damaged database against what was restored: rows, the catalogue, and what stands in it that was never published.

Nothing is written there: its settings refuse it. What an intruder planted may lie about itself, so what is right always comes
from the restored side: its tables, its columns, its catalogue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lamplit.record.authored import Line, Wrote, line_of
from lamplit.record.catalogue import differences, read_catalogue, strays
from lamplit.record.compare import Compared, Difference, Side, compare
from lamplit.record.encode import BadEntry, Codec
from lamplit.record.tables import Table
from lamplit.record.wiring import Wiring

Db = psycopg.Connection[Any]
_SCHEMAS = ("folded", "record", "plain")
_MOST_UNPUBLISHED = 10_000
_LEAVES = 50_000  # entries compared at a time


@dataclass
class Damage:
    """What a damaged database holds that is not as restored.

    `may_be_later`: rows of which it holds entries that were never published; nobody can say whether they were tampered with.
    `held`: how many of the restored entries it says that it has sealed; `entries`: numbers of those that are not the log's.
    """

    compared: Compared = field(default_factory=Compared)
    catalogue: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)  # tables that cannot be compared, and why
    unpublished: list[Line] = field(default_factory=list)
    may_be_later: list[str] = field(default_factory=list)  # "table row"
    held: int = 0
    entries: list[int] = field(default_factory=list)
    changed_since: int = 0  # rows that differ and were written here since: nobody can tell the one from the other
    no_entries: list[str] = field(default_factory=list)  # bytes in its intake or beyond the log that are no entry

    @property
    def none(self) -> bool:
        kept = self.catalogue or self.unreadable or self.entries or self.no_entries
        return self.compared.equal and not kept

    def counts(self) -> dict[str, int]:
        """Return how many rows were altered, added and deleted."""
        found = {"changed": 0, "extra": 0, "missing": 0}
        for one in self.compared.differences:
            found[one.what] += 1
        return found


def read_only(conninfo: str) -> str:
    """Return a connection string whose transactions write nothing."""
    options = str(conninfo_to_dict(conninfo).get("options") or "")
    return make_conninfo(conninfo, options=f"{options} -c default_transaction_read_only=on".strip())


def look_at(damaged: str, restored: str, size: int, wiring: Wiring, codec: Codec, schema: str = "folded") -> Damage:
    """Hold a damaged database against the restored one. `size`: entries that were restored. Connection strings of owners."""
    found, there = Damage(), read_only(damaged)
    with psycopg.connect(there) as left, psycopg.connect(read_only(restored)) as right:
        found.catalogue = _catalogue(left, right, schema)
        tables = [table for table in wiring.tables.values() if _comparable(left, schema, table, found)]
        _entries(left, right, size, found)
        later = _rows_of(_unpublished(left, size, codec, found), codec, wiring)
        since = _rows_of(_written(right, size), codec, wiring)
    found.compared = compare(Side(there, schema), Side(restored, "folded"), tables)
    judged = [one for one in found.compared.differences if (one.table, one.row) not in since]
    found.changed_since, found.compared.differences = len(found.compared.differences) - len(judged), judged
    found.may_be_later = [_named(one) for one in found.compared.differences if (one.table, one.row) in later]
    return found


def _named(one: Difference) -> str:
    return f"{one.table} {one.row}"


def _catalogue(left: Db, right: Db, schema: str) -> list[str]:
    said = []
    for name in _SCHEMAS:
        theirs = schema if name == "folded" else name
        if _one(left, "SELECT to_regnamespace(%s)", [theirs]) is None:
            said.append(f"schema {name} is missing.")
            continue
        said += differences(read_catalogue(left, theirs, name), read_catalogue(right, name, name))
    return said + strays(left)


def _comparable(left: Db, schema: str, table: Table, found: Damage) -> bool:
    """Whether a table has the columns that folds write, as a plain table. A view in its place could answer anything."""
    columns = left.execute(
        "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = to_regnamespace(%s) AND c.relname = %s AND c.relkind = 'r'"
        " AND a.attnum > 0 AND NOT a.attisdropped",
        [schema, table.name],
    ).fetchall()
    lacking = sorted(set(table.names) - {name for (name,) in columns})
    if not columns:
        found.unreadable.append(f"{table.name} is no table there any more: none of its rows could be compared.")
    elif lacking:
        found.unreadable.append(f"{table.name} lacks {', '.join(lacking)}: none of its rows could be compared.")
    return not lacking and bool(columns)


def _entries(left: Db, right: Db, size: int, found: Damage) -> None:
    """Name each sealed entry that is not the log's, as far as that database says that it has sealed. An old copy ends earlier."""
    if _one(left, "SELECT to_regclass('record.checkpoint')", []) is None:
        return
    found.held = min(size, int(_one(left, "SELECT max(size) FROM record.checkpoint", []) or 0))
    query = "SELECT idx, sha256(bytes) FROM record.entry WHERE idx >= %s AND idx < %s"
    for start in range(0, found.held, _LEAVES):
        edges = [start, min(found.held, start + _LEAVES)]
        ours, theirs = (dict(db.execute(query, edges).fetchall()) for db in (right, left))
        found.entries += [number for number in sorted(ours) if theirs.get(number) != ours[number]]


def _written(db: Db, size: int, most: int | None = None) -> Iterator[tuple[int | None, bytes]]:
    """Yield what a record holds beyond `size`, sealed or waiting."""
    if _one(db, "SELECT to_regclass('record.intake')", []) is not None:
        query = "SELECT idx, bytes FROM record.entry WHERE idx >= %s ORDER BY idx LIMIT %s"
        yield from ((number, bytes(raw)) for number, raw in db.execute(query, [size, most]).fetchall())
        waiting = db.execute("SELECT bytes FROM record.intake ORDER BY id LIMIT %s", [most]).fetchall()
        yield from ((None, bytes(raw)) for (raw,) in waiting)


def _unpublished(db: Db, size: int, codec: Codec, found: Damage) -> Iterator[tuple[int | None, bytes]]:
    """Note what the damaged record holds that was never published, as far as it is entries at all, and yield it."""
    for number, raw in _written(db, size, _MOST_UNPUBLISHED):
        try:
            found.unpublished.append(line_of(Wrote(number, raw, codec.clear(raw))))
            yield number, raw
        except BadEntry as error:
            found.no_entries.append(f"{'entry ' + str(number) if number is not None else 'what waits to be sealed'}: {error}")


def _rows_of(entries: Iterable[tuple[int | None, bytes]], codec: Codec, wiring: Wiring) -> set[tuple[str, str]]:
    """Return the rows that entries fold into."""
    rows = set()
    for _, raw in entries:
        entry = codec.clear(raw)
        for route in wiring.routes[type(entry.body)]:
            rows |= {(route.table.name, key) for key in route.keys(entry)}
    return rows


def _one(db: Db, query: str, params: list[Any]) -> Any:
    row = db.execute(query, params).fetchone()
    return row[0] if row else None
