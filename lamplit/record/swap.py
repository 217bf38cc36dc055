"""Putting rebuilt tables in the place of the live ones, while pages go on: follow the tail, hold the pages, rename.

The store ends at its last published entry. What the live record holds beyond it is folded onto the rebuilt rows, first while
pages write on, at the end under the lock that every page shares; then the schemas change names in one commit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from lamplit.record.audit import fold_forward, read_rows
from lamplit.record.encode import Codec
from lamplit.record.erase import sweeps
from lamplit.record.facts import ErasureDone
from lamplit.record.keys import HeldKeys
from lamplit.record.page import hold_pages
from lamplit.record.tables import Table
from lamplit.record.wiring import Wiring

Db = psycopg.Connection[Any]
STEP = 5_000  # entries folded at a time: bounds memory, and how long pages wait at the end


class CannotSwap(Exception):  # noqa: N818 - the sentence says why
    """The rebuilt tables cannot take the place of the live ones. The live ones are untouched."""


def live_size(db: Db, vkey: str) -> int | None:
    """Return the size of the record in this database if it is the log of that key, else None."""
    if db.execute("SELECT to_regclass('record.checkpoint')").fetchone() == (None,):
        return None
    row = db.execute("SELECT size FROM record.checkpoint WHERE vkey = %s", [vkey]).fetchone()
    return None if row is None else int(row[0])


@dataclass
class Follower:
    """Folds what the live record holds beyond `size` onto the rebuilt tables in `schema`. `db`: the owner's connection."""

    db: Db
    schema: str
    size: int
    wiring: Wiring
    codec: Codec

    def catch_up(self) -> int:
        """Fold sealed entries while pages write on, until few are left. Returns how many."""
        folded = 0
        while self._sealed() - self.size > STEP:
            folded += self._fold(
                self.db.execute(
                    "SELECT bytes FROM record.entry WHERE idx >= %s ORDER BY idx LIMIT %s", [self.size, STEP]
                ).fetchall()
            )
            self.size += STEP
            self.db.commit()
        return folded

    def finish(self) -> int:
        """Fold all the rest. Pages and the sealer wait from here to the end of the transaction. Returns how many."""
        hold_pages(self.db)
        self.db.execute("SELECT FROM record.checkpoint FOR UPDATE")
        folded = 0
        for query, params in (
            ("SELECT bytes FROM record.entry WHERE idx >= %s ORDER BY idx", [self.size]),
            ("SELECT bytes FROM record.intake ORDER BY id", []),
        ):
            with self.db.cursor(name="tail") as tail:
                tail.execute(query, params)
                while rows := tail.fetchmany(STEP):
                    folded += self._fold(rows)
        return folded

    def _sealed(self) -> int:
        row = self.db.execute("SELECT size FROM record.checkpoint").fetchone()
        if row is None or row[0] < self.size:
            raise CannotSwap(
                f"The store holds {self.size:,} entries and this database only {row[0] if row else 0:,}. Nothing was changed."
            )
        return int(row[0])

    def _fold(self, rows: list[tuple[bytes]]) -> int:
        """Fold entries in their order. An erasure clears what is there before the next entry is looked at."""
        waiting: list[bytes] = []
        for (raw,) in rows:
            waiting.append(bytes(raw))
            if self.codec.kind(bytes(raw)).cls is ErasureDone:
                self._write(waiting)
                self._sweep(self.codec.clear(bytes(raw)).body)
                waiting = []
        self._write(waiting)
        return len(rows)

    def _write(self, entries: list[bytes]) -> None:
        wanted: dict[Table, set[str]] = {}
        for raw in entries:
            entry = self.codec.clear(raw)
            for route in self.wiring.routes[type(entry.body)]:
                wanted.setdefault(route.table, set()).update(route.keys(entry))
        there = {table: read_rows(self.db, self.schema, table, list(keys)) for table, keys in wanted.items()}
        fold_forward(entries, self.wiring, self.codec, self._keys_of(entries), there, wanted)
        for table, folded in there.items():
            put(self.db, self.schema, table, folded)

    def _keys_of(self, entries: list[bytes]) -> HeldKeys:
        named = {key for raw in entries for key in self.codec.key_ids(self.codec.clear(raw))}
        rows = self.db.execute("SELECT id, key FROM record.key WHERE id = ANY(%s)", [list(named)]).fetchall()
        return HeldKeys({i: bytes(k) for i, k in rows if k is not None}, {i for i, k in rows if k is None})

    def _sweep(self, fact: ErasureDone) -> None:
        self.db.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(self.schema)))
        for query in sweeps(self.wiring, fact.key_class):
            self.db.execute(query, [fact.subject])


def put(db: Db, schema: str, table: Table, rows: dict[str, Any]) -> None:
    """Write rows by their ids, whether they are there or not."""
    db.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    db.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table.name)), [list(rows)])
    with db.cursor().copy(table.copy) as copying:
        table.send(copying, map(table.shape, rows.values()))


def take_over(db: Db, built: str, live: str, grant: Callable[[Db, str], None]) -> None:
    """Name the schema `built` `live`, in this transaction, and commit. What was `live` is dropped."""
    old = sql.Identifier(f"{live}_before")
    db.execute("SET LOCAL lock_timeout = '10s'")
    grant(db, built)
    db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(old))
    if db.execute("SELECT to_regnamespace(%s)", [live]).fetchone() != (None,):
        db.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(live), old))
    db.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(built), sql.Identifier(live)))
    db.commit()
    db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(old))
    db.commit()
