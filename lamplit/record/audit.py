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

from lamplit.basics.fact import ERASED, WITHHELD
from lamplit.record.catalogue import differences, read_catalogue, strays
from lamplit.record.compare import Compared, Difference, Side, compare
from lamplit.record.encode import BadEntry, Codec
from lamplit.record.erase import sweeps
from lamplit.record.facts import ErasureDone
from lamplit.record.keys import HeldKeys, NoKeys
from lamplit.record.page import hold_pages
from lamplit.record.rebuild import Progress, RebuildFailed, Rebuilt, Source, quiet, rebuild
from lamplit.record.tables import Table
from lamplit.record.wiring import Wiring

SCRATCH = "audit"  # the schema that an audit rebuilds into
_SCRATCH_RECORD = "audit_record"
_MOST = 50_000  # differences of a table that are looked at again: what was written since the store's last entry is among them


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
        return not self.rows and not self.catalogue and not self.compared.beyond and not self.compared.withheld


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

    A column is withheld when the key of something in it is neither in `source` nor erased: nobody can say what it should be.
    `before_repair` is told the differing rows before they are put back, so that the record tells of it first; without it
    nothing is put back.
    """
    drop(conninfo, SCRATCH)
    try:
        rebuilt = rebuild(source, conninfo, SCRATCH, make_tables, processes=processes, progress=progress)
        _erase_since(source, conninfo, rebuilt.size)
        compared = compare(Side(conninfo, live_schema), Side(conninfo, SCRATCH), source.wiring.tables.values(), _MOST)
        found = Audited(rebuilt, compared)
        _look_again(source, conninfo, live_schema, rebuilt.size, found)
        found.catalogue = check_catalogue(conninfo, live_schema, SCRATCH)
        if before_repair is not None and found.rows:
            before_repair(found.rows)
            found.restored = _repair(source, conninfo, live_schema, found)
    except BadEntry as error:
        raise RebuildFailed(f"An entry that is not published yet cannot be read: {error}. Publish, then audit again.") from error
    finally:
        drop(conninfo, SCRATCH)
    return found


def _repair(source: Source, conninfo: str, live_schema: str, found: Audited) -> int:
    """Put rows back while no page can write: what pages wrote since we looked is folded first, so that nothing is lost."""
    with psycopg.connect(conninfo) as db:
        hold_pages(db)
        again = Audited(found.rebuilt, found.compared)
        _look_again(source, conninfo, live_schema, found.rebuilt.size, again)
        return restore(conninfo, live_schema, source.wiring, again)


def drop(conninfo: str, schema: str) -> None:
    with psycopg.connect(conninfo, autocommit=True) as db:
        db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def _since(db: psycopg.Connection, size: int) -> list[bytes]:
    """Return what the live record holds beyond `size`, sealed or not, in its order."""
    entries = db.execute("SELECT bytes FROM record.entry WHERE idx >= %s ORDER BY idx", [size]).fetchall()
    entries += db.execute("SELECT bytes FROM record.intake ORDER BY id").fetchall()
    return [bytes(row[0]) for row in entries]


def _erase_since(source: Source, conninfo: str, size: int) -> None:
    """Erase in the rebuilt tables what was erased since: its key may be gone already, and would pass for a missing one."""
    with psycopg.connect(conninfo) as db:
        db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(SCRATCH)))
        for raw in _since(db, size):
            if source.codec.kind(raw).cls is ErasureDone:
                fact = source.codec.clear(raw).body
                for query in sweeps(source.wiring, fact.key_class):
                    db.execute(query, [fact.subject])


def _look_again(source: Source, conninfo: str, live: str, size: int, found: Audited) -> None:
    """Fold what was written since onto the rebuilt rows, and compare with the live ones in one snapshot.

    Rows that were written since are looked at whether they differed or not: one that was quietly set back did not.
    """
    with psycopg.connect(conninfo) as db:
        db.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        entries = _since(db, size)
        wanted: dict[Table, set[str]] = {}
        for suspect in found.compared.differences:
            wanted.setdefault(source.wiring.by_name[suspect.table], set()).add(suspect.row)
        for raw in entries:
            entry = source.codec.clear(raw)
            for route in source.wiring.routes[type(entry.body)]:
                wanted.setdefault(route.table, set()).update(route.keys(entry))
        right = {table: read_rows(db, SCRATCH, table, list(keys)) for table, keys in wanted.items()}
        fold_forward(entries, source.wiring, source.codec, live_keys(db), right, wanted)
        for table, keys in wanted.items():
            present = read_rows(db, live, table, list(keys))
            for key in sorted(keys):
                row, there = right[table].get(key), present.get(key)
                if difference := _differs(table, key, there, row):
                    found.rows.append(difference)
                    found.right[table.name, key] = row


_NONE: set[str] = set()


def fold_forward(
    entries: Iterable[bytes],
    wiring: Wiring,
    codec: Codec,
    keys: HeldKeys,
    rows: dict[Table, dict[str, Any]],
    wanted: dict[Table, set[str]],
    first: int = 0,
) -> None:
    """Fold entries onto `rows` in place, only those whose table and key are `wanted`. An erasure clears what is there by then.

    `first`: the number of the first entry, for a place without keys.
    """
    for place, raw in enumerate(entries):
        entry = codec.clear(raw)
        if isinstance(entry.body, ErasureDone):
            _forget(entry.body, rows)
        touched = [
            route for route in wiring.routes[type(entry.body)] if not wanted.get(route.table, _NONE).isdisjoint(route.keys(entry))
        ]
        if not touched:
            continue
        if isinstance(keys, NoKeys):
            keys.at = first + place
        codec.open(entry, keys, raw)
        for route in touched:
            for key, seen in route.pairs(entry):
                if key in wanted[route.table]:
                    row = rows[route.table].setdefault(key, route.table.row(id=key))
                    route.function(row, seen, entry)


def _forget(fact: ErasureDone, rows: dict[Table, dict[str, Any]]) -> None:
    """Mark what the destroyed key sealed, as the sweep does."""
    for table, by_id in rows.items():
        for column in table.personal:
            for row in by_id.values() if column.key_class == fact.key_class else ():
                if getattr(row, column.owner or "id") == fact.subject and getattr(row, column.name) is not None:
                    setattr(row, column.name, ERASED.column)


def read_rows(db: psycopg.Connection, schema: str, table: Table, keys: list[str]) -> dict[str, Any]:
    """Return the rows of a schema with these ids, as folds see them: a fold may write a time into text, so all are in UTC."""
    db.execute("SET LOCAL TimeZone = 'UTC'")
    columns = sql.SQL(", ").join(map(sql.Identifier, table.names))
    query = sql.SQL("SELECT {} FROM {}.{} WHERE id = ANY(%s)").format(columns, sql.Identifier(schema), sql.Identifier(table.name))
    return {row[0]: table.load(row) for row in db.execute(query, [keys])}


def _differs(table: Table, key: str, live: Any, right: Any) -> Difference | None:
    """Say how a live row differs from the right one. What is withheld in the right one is left as it stands."""
    for column in table.personal if live is not None and right is not None else ():
        if getattr(right, column.name) in (WITHHELD, WITHHELD.column):
            setattr(right, column.name, getattr(live, column.name))
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
    """Compare the folded schema with a rebuilt one, and the record's with what its own files make. Then look around both."""
    with psycopg.connect(conninfo) as db:
        said = differences(read_catalogue(db, live_schema, "folded"), read_catalogue(db, right_schema, "folded"))
        return said + check_record(db) + strays(db)


def check_record(db: psycopg.Connection[Any]) -> list[str]:
    """Compare the record's own schema, grants and all, with what this release's files make. The owner's connection."""
    db.rollback()
    for file in sorted(resources.files("lamplit.record.schema").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".sql"):
            db.execute(scratch_record(file.read_text()))  # our own file
    right = read_catalogue(db, _SCRATCH_RECORD, "record")
    db.rollback()
    return differences(read_catalogue(db, "record", "record"), right)


def scratch_record(text: str) -> str:
    """Return the record's own SQL for a scratch schema, which is read and rolled back."""
    return (
        text.replace("record.", f"{_SCRATCH_RECORD}.")
        .replace("SCHEMA record", f"SCHEMA {_SCRATCH_RECORD}")
        .replace("EXISTS record;", f"EXISTS {_SCRATCH_RECORD};")
        .replace("search_path = record", f"search_path = {_SCRATCH_RECORD}")
    )


def restore(conninfo: str, live_schema: str, wiring: Wiring, found: Audited) -> int:
    """Put the record's rows back into the live schema. Returns how many. The owner's connection; write RowRestored first."""
    with psycopg.connect(conninfo) as db:
        db.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(live_schema)))
        for difference in found.rows:  # all out before any goes in: two may have exchanged what only one can have
            db.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(difference.table)), [difference.row])
        for difference in found.rows:
            table, row = wiring.by_name[difference.table], found.right[difference.table, difference.row]
            if row is not None:
                db.execute(table.insert + table.slots, table.values(row))
    return len(found.rows)
