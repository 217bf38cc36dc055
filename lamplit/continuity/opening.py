"""After declaring: what is searched for is opened in the tables, so that the database makes its search keys.

Only tables with columns that the database makes out of personal ones, those first that people sign in with. All else stays
sealed and is opened when it is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from psycopg import sql

from lamplit.basics.fact import SealedAt
from lamplit.record.elsewhere import opened
from lamplit.record.tables import Table

Db = psycopg.Connection[Any]
STEP = 500  # rows opened in one transaction


@dataclass
class Opening:
    """Opens tables one after the other, from the smallest id on. Its connections are the owner's."""

    tables: Sequence[Table]
    _at: int = 0
    _after: str = ""

    @property
    def done(self) -> bool:
        return self._at >= len(self.tables)

    def step(self, db: Db) -> bool:
        """Open the next rows. Returns whether there are more."""
        if self.done:
            return False
        table = self.tables[self._at]
        with db.transaction():
            db.execute("SET LOCAL search_path = folded")
            ids = [row[0] for row in db.execute(_sealed_rows(table), {"after": self._after, "most": STEP})]
            found = db.execute(table.select_some, [ids]).fetchall()
            rows = [table.opened(values, opened) for values in found]
            sent = table.changes(rows, [msgspec.structs.astuple(table.row(*values)) for values in found]) if rows else None
            if sent is not None:
                db.execute(sent[0], [sent[1]])
        if len(ids) < STEP:
            self._at, self._after = self._at + 1, ""
        else:
            self._after = ids[-1]
        return not self.done


def is_any_sealed(db: Db, table: Table) -> bool:
    """Whether something in a table is not opened yet. What is erased is marked otherwise."""
    with db.transaction():
        db.execute("SET LOCAL search_path = folded")
        return db.execute(_sealed_rows(table), {"after": "", "most": 1}).fetchone() is not None


def _sealed_rows(table: Table) -> sql.Composed:
    """Return the query for the ids of rows in which something stands sealed."""
    mark = sql.Literal(SealedAt.MARK)
    any_of = sql.SQL(" OR ").join(sql.SQL("starts_with({}, {})").format(sql.Identifier(c.name), mark) for c in table.personal)
    return sql.SQL("SELECT id FROM {} WHERE id > %(after)s AND ({}) ORDER BY id LIMIT %(most)s").format(
        sql.Identifier(table.name), any_of
    )
