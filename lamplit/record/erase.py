"""Erasing: a subject's key of one class is destroyed in two steps, and one sweep clears what it sealed.

First the order, as a fact, with a delay; then, when it is due, the key, the columns and the fact in one transaction. The
database itself refuses to destroy a key before its order is due. Pages share a lock that erasing takes alone, so no
page can write under a key that is being destroyed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import OperationalError, connection
from psycopg import sql

from lamplit.basics.fact import ERASED, KeyClass
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.record.facts import ErasureCalledOff, ErasureDone, ErasureOrdered
from lamplit.record.page import ONE_ERASER, PATIENCE, SETUP, Page, action
from lamplit.record.wiring import Wiring

DELAY = timedelta(days=30)  # how long custodians can undo an intruder's order; the database's own floor is 7 days
_WAITED_TOO_LONG = "55P03"


@action
def order_erasure(
    page: Page, *, subject: str, key_class: KeyClass, because: str, delay: timedelta = DELAY, by: By, at: datetime, command: str
) -> str:
    """Order the end of a subject's key. Returns the order's id. The database refuses a delay under 7 days."""
    order, due_at = page.new_id("x"), at + delay
    page.run(
        "INSERT INTO record.erasure (id, subject, class, due_at) VALUES (%s, %s, %s, %s)", [order, subject, key_class, due_at]
    )
    page.write(
        ErasureOrdered(erasure=order, subject=subject, key_class=key_class, due_at=due_at, because=because)  # type: ignore[arg-type]
    )
    return order


@action
def call_off_erasure(page: Page, *, erasure: str, by: By, at: datetime, command: str) -> None:
    """Call an order off. Refused: record.no_erasure when there is none, or it is done."""
    rows = page.run(
        "UPDATE record.erasure SET called_off_at = now() WHERE id = %s AND done_at IS NULL AND called_off_at IS NULL"
        " RETURNING subject",
        [erasure],
    )
    if not rows:
        raise Refused("record.no_erasure", erasure=erasure)
    page.write(ErasureCalledOff(erasure=erasure, subject=rows[0][0]))


@action
def carry_out_erasure(page: Page, *, erasure: str, by: By, at: datetime, command: str) -> int:
    """Destroy the key and sweep every column that it sealed. Returns how many rows were swept.

    The sweep leaves exactly what a rebuild without the key leaves. Refused: record.no_erasure, or record.busy while a long
    page goes on, since every new page would have to wait behind us.
    """
    try:
        page.run("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
        page.run("SELECT pg_advisory_xact_lock(%s)", [ONE_ERASER])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _WAITED_TOO_LONG:
            raise
        raise Refused("record.busy") from error
    rows = page.run(
        "SELECT subject, class FROM record.erasure"
        " WHERE id = %s AND due_at <= now() AND called_off_at IS NULL AND done_at IS NULL",
        [erasure],
    )
    if not rows:
        raise Refused("record.no_erasure", erasure=erasure)
    subject, key_class = rows[0]
    dead = [row[0] for row in page.run("SELECT record.destroy_key(%s)", [erasure])]
    swept = sweep(subject, key_class)
    page.write(ErasureDone(erasure=erasure, subject=subject, key_class=key_class, key_ids=dead))
    return swept


def due_erasures() -> list[str]:
    """Return the orders that are due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM record.erasure WHERE due_at <= now() AND done_at IS NULL AND called_off_at IS NULL ORDER BY due_at"
        )
        return [row[0] for row in cursor.fetchall()]


def sweep(subject: str, key_class: str) -> int:
    """Mark every personal column that the subject's key of this class sealed. Returns how many rows changed."""
    if SETUP.wiring is None:
        raise RuntimeError("the record is not set up")
    swept = 0
    with connection.cursor() as cursor:
        for query in sweeps(SETUP.wiring, key_class):
            cursor.execute(query.as_string(), [subject])
            swept += cursor.rowcount
    return swept


def sweeps(wiring: Wiring, key_class: str) -> Iterator[sql.Composed]:
    """Yield the statements that mark what keys of a class sealed, each with the subject as its one parameter."""
    for table in wiring.tables.values():
        for owner in {c.owner for c in table.personal if c.key_class == key_class}:
            names = [c.name for c in table.personal if c.owner == owner and c.key_class == key_class]
            sets = sql.SQL(", ").join(
                sql.SQL("{0} = CASE WHEN {0} IS NULL THEN NULL ELSE {1} END").format(
                    sql.Identifier(n), sql.Literal(ERASED.column)
                )
                for n in names
            )
            yield sql.SQL("UPDATE {} SET {} WHERE {} = %s").format(
                sql.Identifier(table.name), sets, sql.Identifier(owner or "id")
            )
