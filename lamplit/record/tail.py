"""Folding entries onto tables that hold everything before them: what a rebuilt schema does with the tail, and a standby always.

Each row is read, folded and written again in the caller's transaction, by the same folds as everywhere.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from lamplit.record.audit import fold_forward, read_rows
from lamplit.record.encode import Codec
from lamplit.record.erase import sweeps
from lamplit.record.facts import ErasureDone
from lamplit.record.keys import HeldKeys
from lamplit.record.tables import Table
from lamplit.record.wiring import Wiring

Db = psycopg.Connection[Any]


@dataclass(frozen=True)
class Tail:
    """Folds onto the tables in `schema`. `keys(entries)` gives the keys that open these entries; what none opens is withheld.

    `db`: the owner's connection.
    """

    db: Db
    schema: str
    wiring: Wiring
    codec: Codec
    keys: Callable[[Sequence[bytes]], HeldKeys]

    def fold(self, entries: Sequence[bytes], first: int = 0) -> None:
        """Fold entries in their order, the first of which has that number. An erasure clears what is there before the next."""
        waiting: list[bytes] = []
        for raw in entries:
            waiting.append(raw)
            if self.codec.kind(raw).cls is ErasureDone:
                self._write(waiting, first)
                self._sweep(self.codec.clear(raw).body)
                first, waiting = first + len(waiting), []
        self._write(waiting, first)

    def _write(self, entries: list[bytes], first: int) -> None:
        wanted: dict[Table, set[str]] = {}
        for raw in entries:
            entry = self.codec.clear(raw)
            for route in self.wiring.routes[type(entry.body)]:
                wanted.setdefault(route.table, set()).update(route.keys(entry))
        there = {table: read_rows(self.db, self.schema, table, list(keys)) for table, keys in wanted.items()}
        fold_forward(entries, self.wiring, self.codec, self.keys(entries), there, wanted, first)
        for table, folded in there.items():
            put(self.db, self.schema, table, folded)

    def _sweep(self, fact: ErasureDone) -> None:
        self.db.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(self.schema)))
        for query in sweeps(self.wiring, fact.key_class):
            self.db.execute(query, [fact.subject])


def keys_here(db: Db, codec: Codec) -> Callable[[Sequence[bytes]], HeldKeys]:
    """Return how `Tail` gets the keys of entries from this database, those that were destroyed known as such."""

    def keys(entries: Sequence[bytes]) -> HeldKeys:
        named = {key for raw in entries for key in codec.key_ids(codec.clear(raw))}
        rows = db.execute("SELECT id, key FROM record.key WHERE id = ANY(%s)", [list(named)]).fetchall()
        return HeldKeys({i: bytes(k) for i, k in rows if k is not None}, {i for i, k in rows if k is None})

    return keys


def put(db: Db, schema: str, table: Table, rows: dict[str, Any]) -> None:
    """Write rows by their ids, whether they are there or not."""
    db.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    db.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table.name)), [list(rows)])
    with db.cursor().copy(table.copy) as copying:
        table.send(copying, map(table.shape, rows.values()))
