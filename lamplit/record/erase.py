"""Erasing: a subject's key of one class is destroyed in two steps, and one sweep clears what it sealed.

First the order, as a fact, with a delay; then, when it is due, the key, the columns and the fact in one transaction. The
database itself refuses to destroy a key before an order for it has stood sealed in the log for long enough: the rows of
`record.erasure` follow from sealed entries, and nobody writes them. Pages share a lock that erasing takes alone, so no page
can write under a key that is being destroyed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import OperationalError, connection
from psycopg import sql

from lamplit.basics.fact import ERASED, KeyClass
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.record.commands import ONE_ERASER
from lamplit.record.facts import ErasureCalledOff, ErasureDone, ErasureOrdered
from lamplit.record.page import PATIENCE, SETUP, Page, action
from lamplit.record.wiring import Wiring

DELAY = timedelta(days=30)  # how long custodians can undo an intruder's order
FLOOR = timedelta(days=7)  # the database's own, from the moment in which the order was sealed
FEW = 20  # orders that may stand without anybody being rung, however few keys there are
_WAITED_TOO_LONG = "55P03"
_CALL_OFF_ON_ITS_WAY = "55000"


@action
def order_erasure(
    page: Page, *, subject: str, key_class: KeyClass, because: str, delay: timedelta = DELAY, by: By, at: datetime, command: str
) -> str:
    """Order the end of a subject's key. Returns the order's id; it stands once its fact is sealed. ValueError under 7 days."""
    if delay < FLOOR:
        raise ValueError(f"an order to erase waits {FLOOR.days} days at the least")
    order = page.new_id("x")
    page.write(
        ErasureOrdered(erasure=order, subject=subject, key_class=key_class, due_at=at + delay, because=because)  # type: ignore[arg-type]
    )
    return order


@action
def call_off_erasure(page: Page, *, erasure: str, by: By, at: datetime, command: str) -> None:
    """Call an order off. Refused: record.no_erasure when none stands sealed, or it is done."""
    rows = page.run("SELECT subject FROM record.erasure WHERE id = %s AND done_at IS NULL AND called_off_at IS NULL", [erasure])
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
    try:
        dead = [row[0] for row in page.run("SELECT record.destroy_key(%s)", [erasure])]
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != _CALL_OFF_ON_ITS_WAY:
            raise
        raise Refused("record.no_erasure", erasure=erasure) from error
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


class Order(NamedTuple):
    """An order to erase that stands: it is neither done nor called off."""

    id: str
    subject: str
    key_class: str
    ordered_at: datetime
    due_at: datetime


def standing_erasures() -> list[Order]:
    """Return the orders that stand, what is due first first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, subject, class, ordered_at, due_at FROM record.erasure"
            " WHERE done_at IS NULL AND called_off_at IS NULL ORDER BY due_at, id"
        )
        return [Order(*row) for row in cursor.fetchall()]


def alarm() -> str:
    """Return a sentence when so many keys are to be destroyed that somebody should look who ordered it, else nothing.

    Destroying keys is how an intruder would hold this record to ransom: every order waits, so there is time to call it off.
    It is asked of the orders each time, and of no row that he could write with the app's password.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(due_at) FROM record.erasure WHERE done_at IS NULL AND called_off_at IS NULL")
        count, first = cursor.fetchone()
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'record.key'::regclass")  # near enough, and costs nothing
        (keys,) = cursor.fetchone()
    if count <= FEW or count * 100 <= keys:
        return ""
    return (
        f"{count:,} orders to erase stand, the first due on {first:%d %B %Y}. Find out who gave them."
        " `lamplit erasures` lists them, and calls off those that are wrong."
    )


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
