"""Taking over: who asked, who agreed, and main's last size. A second person agrees, or after a while the first may alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from lamplit.basics.refusal import Refused

Db = psycopg.Connection[Any]
ALONE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Takeover:
    """What was asked for, and declared or not yet. `size` is main's last."""

    drill: bool
    first: str
    why: str
    asked_at: datetime
    second: str | None
    declared_at: datetime | None
    size: int | None
    confirmed_at: datetime | None

    @property
    def declared(self) -> bool:
        return self.declared_at is not None

    @property
    def alone(self) -> bool:
        """Declared by one person, whom nobody has confirmed yet."""
        return self.declared and self.second is None

    @property
    def alone_from(self) -> datetime:
        return self.asked_at + ALONE_AFTER


_READ = "SELECT drill, first, why, asked_at, second, declared_at, size, confirmed_at FROM continuity.takeover"


def takeover(db: Db) -> Takeover | None:
    """Return what was asked for, or None in quiet days."""
    with db.transaction():
        row = db.execute(_READ).fetchone()
    return None if row is None else Takeover(*row)


def close(db: Db, raw: bytes, at: datetime) -> None:
    """Let our own record end with this entry, while no page writes. Twice does no more. `db`: the owner's connection.

    Refused: continuity.not_asked.
    """
    with db.transaction():
        row = db.execute("SELECT declared_at, closed_at FROM continuity.takeover FOR UPDATE").fetchone()
        if row is None or row[0] is None:
            raise Refused("continuity.not_asked")
        if row[1] is None:
            db.execute("INSERT INTO record.intake (bytes) VALUES (%s)", [raw])
            db.execute("UPDATE continuity.takeover SET closed_at = %s", [at])


def is_closed(db: Db) -> bool:
    """Whether our own record takes nothing more."""
    with db.transaction():
        return db.execute("SELECT FROM continuity.takeover WHERE closed_at IS NOT NULL").fetchone() is not None


def ask(db: Db, name: str, why: str, *, drill: bool, at: datetime) -> None:
    """The first person asks to take over. Refused: continuity.asked_already, continuity.no_reason."""
    if not why.strip():
        raise Refused("continuity.no_reason")
    with db.transaction():
        done = db.execute(
            "INSERT INTO continuity.takeover (drill, first, why, asked_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [drill, name, why.strip(), at],
        )
    if not done.rowcount:
        raise Refused("continuity.asked_already")


def take_back(db: Db) -> None:
    """Forget what was asked for. Refused: continuity.declared_already."""
    with db.transaction():
        if not db.execute("DELETE FROM continuity.takeover WHERE declared_at IS NULL").rowcount:
            raise Refused("continuity.declared_already")


def declare(db: Db, name: str, at: datetime) -> Takeover:
    """Take over, with main's size as we cosigned it last. The second person, or the first alone once ALONE_AFTER has passed.

    After a lone one, the second person's word confirms it. Refused: continuity.not_asked, continuity.too_soon,
    continuity.declared_already.
    """
    with db.transaction():
        row = db.execute(f"{_READ} FOR UPDATE").fetchone()
        if row is None:
            raise Refused("continuity.not_asked")
        asked = Takeover(*row)
        if asked.declared:
            if asked.second is not None or name == asked.first:
                raise Refused("continuity.declared_already")
            db.execute("UPDATE continuity.takeover SET second = %s, confirmed_at = %s", [name, at])
        elif name == asked.first and at < asked.alone_from:
            raise Refused("continuity.too_soon", at=asked.alone_from)
        else:
            second = None if name == asked.first else name
            db.execute(
                "UPDATE continuity.takeover SET second = %s, declared_at = %s, confirmed_at = %s, size = c.size, root = c.root"
                " FROM continuity.cosigned c WHERE c.mirrored",
                [second, at, at if second else None],
            )
        found = takeover(db)
    assert found is not None  # noqa: S101 - we hold its row
    return found
