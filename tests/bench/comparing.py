"""Copy the folded tables, compare, plant changes in the copy, compare again."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from psycopg import sql

from lamplit.config import place
from lamplit.config.wiring import wiring
from lamplit.record import audit
from lamplit.record.compare import Side, compare
from lamplit.record.tables import Table

SCHEMA = "bench"
EACH = 7  # rows of a table that are changed, that are taken out, and that are put in


def main(_processes: str) -> dict[str, Any]:
    """Compare with an equal copy, then with one that somebody changed."""
    owner = place.conninfo("owner")
    tables = list(wiring().tables.values())
    audit.drop(owner, SCHEMA)
    try:
        with psycopg.connect(owner, autocommit=True) as db:
            _copy(db, tables)
            begun = time.perf_counter()
            whole = compare(Side(owner, "folded"), Side(owner, SCHEMA), tables)
            equal = time.perf_counter() - begun
            assert whole.equal
            planted = {change for table in tables for change in _plant(db, table)}
            begun = time.perf_counter()
            found = compare(Side(owner, "folded"), Side(owner, SCHEMA), tables)
            changed = time.perf_counter() - begun
        told = {(one.table, one.row, one.what) for one in found.differences}
        assert told <= planted, sorted(told - planted)[:3]
        assert not found.beyond
        numbers = {"rows": whole.rows, "planted": len(planted), "found": len(told & planted)}
        return numbers | {"equal": equal, "changed": changed, "floor": _floor(owner, tables)}
    finally:
        audit.drop(owner, SCHEMA)


def _copy(db: psycopg.Connection[Any], tables: list[Table]) -> None:
    db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
    for table in tables:
        copy, live = sql.Identifier(SCHEMA, table.name), sql.Identifier("folded", table.name)
        db.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(copy, live))
        db.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (id)").format(copy))  # after its rows, as a rebuild does
        db.execute(sql.SQL("ANALYZE {}").format(copy))


def _plant(db: psycopg.Connection[Any], table: Table) -> list[tuple[str, str, str]]:
    """Change, take out and put in rows of the copy. Returns what a comparison must say of each, seen from the live side."""
    copy = sql.Identifier(SCHEMA, table.name)
    some = sql.SQL("SELECT id FROM {} ORDER BY md5(id) LIMIT %s").format(copy)
    ids = [row[0] for row in db.execute(some, [3 * EACH]).fetchall()]
    changed, gone, twice = ids[:EACH], ids[EACH : 2 * EACH], ids[2 * EACH :]
    column = next((c for c in table.columns[1:] if c.type in ("text", "json", "time", "int", "int4", "bool")), None)
    if column is not None:
        _change(db, copy, column.name, column.type, changed)
    db.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(copy), [gone])
    rest = sql.SQL(", ").join(map(sql.Identifier, table.names[1:]))
    db.execute(sql.SQL("INSERT INTO {0} (id, {1}) SELECT id || 'x', {1} FROM {0} WHERE id = ANY(%s)").format(copy, rest), [twice])
    said = [(one, "changed") for one in changed if column is not None]
    said += [(one, "extra") for one in gone] + [(f"{one}x", "missing") for one in twice]
    return [(table.name, row, what) for row, what in said]


def _change(db: psycopg.Connection[Any], copy: sql.Identifier, name: str, kind: str, ids: list[str]) -> None:
    """Change one column a little: a letter, a microsecond, one, the other truth."""
    column = sql.Identifier(name)
    text = sql.SQL("coalesce({}, '') || '.'").format(column)
    to = {
        "text": text,
        "json": text,
        "time": sql.SQL("coalesce({}, now()) + interval '1 microsecond'").format(column),
        "bool": sql.SQL("NOT coalesce({}, false)").format(column),
    }.get(kind, sql.SQL("coalesce({}, 0) + 1").format(column))
    db.execute(sql.SQL("UPDATE {} SET {} = {} WHERE id = ANY(%s)").format(copy, column, to), [ids])


def _floor(owner: str, tables: list[Table]) -> float:
    begun = time.perf_counter()

    def read(schema: str) -> None:
        with Side(owner, schema).connect() as db:
            for table in tables:
                db.execute(sql.SQL("SELECT sum(length(t::text)) FROM {} t").format(sql.Identifier(table.name)))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(read, ("folded", SCHEMA)))
    return time.perf_counter() - begun
