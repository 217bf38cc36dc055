"""Putting rebuilt tables in the place of the live ones, while pages go on: follow the tail, hold the pages, rename.

The store ends at its last published entry. What the live record holds beyond it is folded onto the rebuilt rows, first while
pages write on, at the end under the lock that every page shares; then the schemas change names in one commit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from lamplit.record.encode import Codec
from lamplit.record.page import hold_pages
from lamplit.record.tail import Tail, keys_here
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
        Tail(self.db, self.schema, self.wiring, self.codec, keys_here(self.db, self.codec)).fold([bytes(raw) for (raw,) in rows])
        return len(rows)


def take_over(db: Db, built: str, live: str, grant: Callable[[Db, str], None], *, keep: bool = False) -> None:
    """Name the schema `built` `live`, in this transaction, and commit. What was `live` is dropped, or kept for `put_back`."""
    old = sql.Identifier(f"{live}_before")
    db.execute("SET LOCAL lock_timeout = '10s'")
    grant(db, built)
    db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(old))
    if db.execute("SELECT to_regnamespace(%s)", [live]).fetchone() != (None,):
        db.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(live), old))
    db.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(built), sql.Identifier(live)))
    db.commit()
    if not keep:
        drop_before(db, live)


def drop_before(db: Db, live: str) -> None:
    """Drop what was `live` before the last `take_over`. Does nothing when it has gone."""
    db.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(f"{live}_before")))
    db.commit()


def put_back(db: Db, live: str) -> None:
    """Undo a `take_over` that kept what was there before. Only while nothing was written since: nothing follows it."""
    name, old = sql.Identifier(live), sql.Identifier(f"{live}_before")
    db.execute("SET LOCAL lock_timeout = '10s'")
    db.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))
    db.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(old, name))
    db.commit()
