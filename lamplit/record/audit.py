"""The audit: rebuild the tables from the published record beside the live ones, and say what differs.

Rows that entries sealed meanwhile are folded forward and looked at again in one snapshot before anyone is accused. The
catalogue is compared too, with what this release's own files make.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import psycopg
from psycopg import sql

from lamplit.record.catalogue import differences, read_catalogue
from lamplit.record.compare import Compared, Difference, Side, compare
from lamplit.record.encode import Codec
from lamplit.record.keys import HeldKeys
from lamplit.record.page import ONE_ERASER
from lamplit.record.rebuild import Progress, Rebuilt, Source, quiet, rebuild
from lamplit.record.tables import Table
from lamplit.record.wiring import Wiring

SCRATCH = "audit"  # the schema that an audit rebuilds into
_SCRATCH_RECORD = "audit_record"


@dataclass
class Audited:
    """What an audit found: rows that are not what the record says, and things in the catalogue that do not belong."""

    rebuilt: Rebuilt
    compared: Compared
    rows: list[Difference] = field(default_factory=list)
    catalogue: list[str] = field(default_factory=list)
    right: dict[tuple[str, str], Any] = field(default_factory=dict)  # (table, row) -> the record's row, None for no row
    restored: int = 0

    @property
    def holds(self) -> bool:
        return not self.rows and not self.catalogue and not self.compared.beyond


def live_keys(db: psycopg.Connection) -> HeldKeys:
    """Return the keys that this database holds, and which it destroyed. The owner's connection."""
    rows = db.execute("SELECT id, key FROM record.key").fetchall()
    return HeldKeys({i: bytes(k) for i, k in rows if k is not None}, {i for i, k in rows if k is None})


def audit(
    source: Source,
    conninfo: str,
    live_schema: str,
    make_tables: Callable[[str], None],
    *,
    processes: int = 2,
    progress: Progress = quiet,
    before_repair: Callable[[list[Difference]], None] | None = None,
) -> Audited:
    """Audit the live schema against the store. RebuildFailed if the store itself does not hold. Owner's connection.

    `before_repair` is told the differing rows before they are put back, so that the record tells of it first; without it
    nothing is put back.
    """
    drop(conninfo, SCRATCH)
    try:
        rebuilt = rebuild(source, conninfo, SCRATCH, make_tables, processes=processes, progress=progress)
        compared = compare(Side(conninfo, live_schema), Side(conninfo, SCRATCH), source.wiring.tables.values())
        found = Audited(rebuilt, compared)
        _look_again(source, conninfo, live_schema, rebuilt.size, found)
        found.catalogue = check_catalogue(conninfo, live_schema, SCRATCH)
        if before_repair is not None and found.rows:
            before_repair(found.rows)
            found.restored = _repair(source, conninfo, live_schema, found)
    finally:
        drop(conninfo, SCRATCH)
    return found


def _repair(source: Source, conninfo: str, live_schema: str, found: Audited) -> int:
    """Put rows back while no page can write: what pages wrote since we looked is folded first, so that nothing is lost."""
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute("SELECT pg_advisory_lock(%s)", [ONE_ERASER])
        again = Audited(found.rebuilt, found.compared)
        _look_again(source, conninfo, live_schema, found.rebuilt.size, again)
        return restore(conninfo, live_schema, source.wiring, again)


def drop(conninfo: str, schema: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def _look_again(source: Source, conninfo: str, live: str, size: int, found: Audited) -> None:
    """Fold what was written since onto the rebuilt rows, and compare with the live ones in one snapshot."""
    by_table: dict[Table, list[str]] = {}
    for suspect in found.compared.differences:
        by_table.setdefault(source.wiring.by_name[suspect.table], []).append(suspect.row)
    if not by_table:
        return
    with psycopg.connect(conninfo) as db:
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        entries = db.execute("SELECT bytes FROM record.entry WHERE idx >= %s ORDER BY idx", [size]).fetchall()
        entries += db.execute("SELECT bytes FROM record.intake ORDER BY id").fetchall()
        right = {table: read_rows(db, SCRATCH, table, keys) for table, keys in by_table.items()}
        wanted = {table: set(keys) for table, keys in by_table.items()}
        fold_forward((bytes(row[0]) for row in entries), source.wiring, source.codec, live_keys(db), right, wanted)
        for table, keys in by_table.items():
            present = read_rows(db, live, table, keys)
            for key in keys:
                if difference := _differs(table, key, present.get(key), right[table].get(key)):
                    found.rows.append(difference)
                    found.right[table.name, key] = right[table].get(key)


def fold_forward(
    entries: Iterable[bytes],
    wiring: Wiring,
    codec: Codec,
    keys: HeldKeys,
    rows: dict[Table, dict[str, Any]],
    wanted: dict[Table, set[str]],
) -> None:
    """Fold entries onto `rows` in place, only those whose table and key are `wanted`."""
    for raw in entries:
        entry = codec.clear(raw)
        touched = [
            (route, key)
            for route in wiring.routes[type(entry.body)]
            for key in route.keys(entry)
            if key in wanted.get(route.table, ())
        ]
        if not touched:
            continue
        codec.open(entry, keys)
        for route, key in touched:
            row = rows[route.table].setdefault(key, route.table.row(id=key))
            route.function(row, entry.body, entry)


def read_rows(db: psycopg.Connection, schema: str, table: Table, keys: list[str]) -> dict[str, Any]:
    """Return the rows of a schema with these ids, as folds see them."""
    columns = sql.SQL(", ").join(map(sql.Identifier, table.names))
    query = sql.SQL("SELECT {} FROM {}.{} WHERE id = ANY(%s)").format(columns, sql.Identifier(schema), sql.Identifier(table.name))
    return {row[0]: table.load(row) for row in db.execute(query, [keys])}


def _differs(table: Table, key: str, live: Any, right: Any) -> Difference | None:
    if live is None or right is None:
        what = "missing" if right is not None else "extra"
        return Difference(table.name, key, what) if (live is None) != (right is None) else None
    columns = {
        name: (None if a is None else str(a), None if b is None else str(b))
        for name, a, b in zip(table.names, table.values(live), table.values(right), strict=True)
        if a != b
    }
    return Difference(table.name, key, "changed", columns) if columns else None


def check_catalogue(conninfo: str, live_schema: str, right_schema: str) -> list[str]:
    """Compare the folded schema with a rebuilt one, and the record's with what its own files make. Grants included."""
    with psycopg.connect(conninfo) as db:
        said = differences(read_catalogue(db, live_schema, "folded"), read_catalogue(db, right_schema, "folded"))
        db.rollback()
        for file in sorted(resources.files("lamplit.record.schema").iterdir(), key=lambda f: f.name):
            if file.name.endswith(".sql"):
                db.execute(scratch_record(file.read_text()))  # our own file
        right = read_catalogue(db, _SCRATCH_RECORD, "record")
        db.rollback()
        return said + differences(read_catalogue(db, "record", "record"), right)


def scratch_record(text: str) -> str:
    """Return the record's own SQL for a scratch schema, which is read and rolled back."""
    return (
        text.replace("record.", f"{_SCRATCH_RECORD}.")
        .replace("SCHEMA record", f"SCHEMA {_SCRATCH_RECORD}")
        .replace("search_path = record", f"search_path = {_SCRATCH_RECORD}")
    )


def restore(conninfo: str, live_schema: str, wiring: Wiring, found: Audited) -> int:
    """Put the record's rows back into the live schema. Returns how many. The owner's connection; write RowRestored first."""
    with psycopg.connect(conninfo) as db:
        db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(live_schema)))
        for difference in found.rows:
            table = wiring.by_name[difference.table]
            db.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table.name)), [difference.row])
            row = found.right[difference.table, difference.row]
            if row is not None:
                db.execute(table.insert + table.slots, table.values(row))
    return len(found.rows)
