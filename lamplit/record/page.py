"""A page of the record: one transaction in which an action locks, reads and writes facts.

Everything that a page wrote goes out together at its end, in this order: rows (locked since they were first touched),
keys, intake, the command's answer. The intake comes after every lock: so two pages that touch one row have their
entries in the order in which they changed it.
"""

import functools
import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, cast, get_type_hints

import msgspec
import psycopg
from django.db import DatabaseError, IntegrityError, connection, transaction

from lamplit.basics.clock import now
from lamplit.basics.fact import Fact, KeyClass
from lamplit.basics.ids import Ids, ids_here, new_id
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.record.commands import ONE_ERASER, claim, claim_bulk, digest_of
from lamplit.record.crypt import seal_blob
from lamplit.record.elsewhere import KNOWN, opened
from lamplit.record.encode import Codec, TooLong
from lamplit.record.keys import PageKeys
from lamplit.record.ready import kept_cursor
from lamplit.record.tables import Table
from lamplit.record.wiring import Wiring

P = ParamSpec("P")
R = TypeVar("R")
FEW = 4  # new rows of a table whose statement is worth keeping at the server
TRIES = 4  # a page that lost a race for a new key or row is written again
PATIENCE = "2s"  # how long new pages may stand behind somebody who wants that lock alone while an old page goes on
_MOMENTS, _BETWEEN = 120, 3.0  # tries, and seconds between two
_RACES = {"23505", "40001", "40P01"}  # unique violation, serialization failure, deadlock


@dataclass
class Setup:
    """What the composition root (`config`) hands to the record, once, at start."""

    wiring: Wiring | None = None
    codec: Codec | None = None
    letter: str = "M"


SETUP = Setup()


def configure(wiring: Wiring, origin: str, letter: str = "M") -> None:
    """Say which folds there are, which log this is, and with which letter the references begin that it gives."""
    SETUP.wiring, SETUP.codec, SETUP.letter = wiring, Codec(origin), letter


def letter_here() -> str:
    """Return the letter with which the references begin that this record gives: M of main, S of a standby."""
    return SETUP.letter


@dataclass(frozen=True)
class Item:
    """One fact for `write_many`, with its own actor and time."""

    fact: Fact
    by: By
    at: datetime


_INSERT_KEYS = """
INSERT INTO record.key (id, subject, class, key) SELECT id, subject, class, decode(key, 'hex')
FROM unnest(string_to_array(%s, ','), string_to_array(%s, ','), string_to_array(%s, ','), string_to_array(%s, ','))
AS fresh (id, subject, class, key)
"""

# The last entries and the command's answer, which tells where they stand: one statement, since both go out with every page.
_END = """
WITH last AS (INSERT INTO record.intake (bytes) SELECT unnest(%b::bytea[]) RETURNING id)
UPDATE record.command SET answer = %s, intake_to = (SELECT max(id) FROM last) WHERE id = %s
"""


class Page:
    """An open page. Made by `@action` and by `open_bulk`; nobody else makes one."""

    def __init__(self, *, by: By, at: datetime, command: str, ids: Ids = new_id, bulk: bool = False) -> None:
        if SETUP.wiring is None or SETUP.codec is None:
            raise RuntimeError("the record is not set up: lamplit.record.page.configure() comes first")
        self.by, self.at, self.command = by, at, command
        self._wiring, self._codec, self._ids, self._bulk = SETUP.wiring, SETUP.codec, ids, bulk
        self._begin()
        self._sealed_actor: bool | None = None
        self._keys = PageKeys(self.run)
        self._made: set[str] = set()  # ids that this page made: no row can name them yet
        self._absent: set[tuple[Table, str]] = set()  # rows that were looked for with many others and are not there

    def _begin(self) -> None:
        """Nothing was loaded or written."""
        self._rows: defaultdict[Table, dict[str, Any]] = defaultdict(dict)
        self._new: defaultdict[Table, dict[str, None]] = defaultdict(dict)
        self._changed: defaultdict[Table, dict[str, None]] = defaultdict(dict)
        self._before: defaultdict[Table, dict[str, tuple[Any, ...]]] = defaultdict(dict)  # what was loaded, as it was
        self._entries: list[bytes] = []

    def new_id(self, letter: str, at: datetime | None = None) -> str:
        """Return a fresh id (basics/ids.py) for something that this page makes."""
        made = self._ids(letter, at or self.at)
        self._keys.know_new(made)
        self._made.add(made)
        return made

    def lock(self, model: type[Any], key: str) -> Any | None:
        """Lock a row until the page ends and return a copy of it, or None when there is none."""
        row = self._load(self._wiring.tables[model], key)
        return None if row is None else row.__copy__()

    def share(self, model: type[Any], key: str) -> Any | None:
        """Keep a row as it is until the page ends, and let other pages do the same. Returns it, not to be changed, or None."""
        table = self._wiring.tables[model]
        found = self.run(table.select_shared, [key])
        return self._loaded(table, found[0]) if found else None

    def write(self, fact: Fact) -> str:
        """Write a fact: encode it and fold it. Returns the entry's id."""
        return self._write(fact, self.by, self.at)

    def write_many(self, items: Iterable[Item]) -> int:
        """Write many facts with the same folds. Returns how many."""
        count = 0
        for count, item in enumerate(items, 1):  # noqa: B007 - the count is the answer
            self._write(item.fact, item.by, item.at)
        return count

    def _write(self, fact: Fact, by: By, at: datetime) -> str:
        schema = type(fact).schema
        hidden = schema.actor is not None
        if self._sealed_actor not in (None, hidden) and not self._bulk:
            raise RuntimeError(f"{schema.name} hides who did it; beside other facts in one page it would be told")
        self._sealed_actor = hidden
        self._keys.ask(getattr(fact, part.key.owner) for part in schema.parts)
        entry_id, who = self._ids("e", at), str(by)
        try:
            raw, entry = self._codec.write(fact, self._keys, id=entry_id, at=at, recorded_at=now(), by=who, command=self.command)
        except TooLong as error:  # each text of it may be short enough, and all of them together are not
            raise Refused("record.too_long") from error
        entry.by, entry.body = who, fact
        self._entries.append(raw)
        for route in self._wiring.routes[type(fact)]:
            if route.items is None:
                for key in route.keys(entry):
                    route.function(self._row(route.table, route.how, key), fact, entry)
                continue
            for key, item in route.items(fact, entry):
                route.function(self._row(route.table, route.how, key), item, entry)
        return entry_id

    def _row(self, table: Table, how: str, key: str) -> Any:
        """Return the row that a fold is to change, and remember that it must go out."""
        if how in ("makes", "adds"):
            if key in self._rows[table]:
                raise RuntimeError(f"{table.name} {key} is made twice")
            return self._blank(table, key)
        row = self._load(table, key)
        if row is None:
            if how == "changes":
                raise RuntimeError(f"{table.name} {key} is to be changed and is not there")
            return self._blank(table, key)
        if key not in self._new[table]:
            self._changed[table][key] = None
        return row

    def _blank(self, table: Table, key: str) -> Any:
        row = self._rows[table][key] = table.row(id=key)
        self._new[table][key] = None
        return row

    def _load(self, table: Table, key: str) -> Any | None:
        rows = self._rows[table]
        if key not in rows:
            if key.partition(".")[0] in self._made or (table, key) in self._absent:  # `<repair>.<code>` is as new as its repair
                return None
            found = self.run(table.select_one, [key])
            if not found:
                return None
            rows[key] = self._loaded(table, found[0])
        return rows[key]

    def _loaded(self, table: Table, values: tuple[Any, ...]) -> Any:
        self._before[table][values[0]] = values
        return table.load(values) if KNOWN.elsewhere is None else table.opened(values, opened)

    def keep_blob(self, data: bytes) -> str:
        """Keep bytes beside the record, named by their SHA-256; they are published before the entry that names them.

        What is personal goes by `seal_blob`. Returns the name.
        """
        name = hashlib.sha256(data).hexdigest()
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            # Django's own cursor would spell megabytes out in the query's text.
            cursor.execute("INSERT INTO record.blob (hash, bytes) VALUES (%s, %b) ON CONFLICT DO NOTHING", [name, data])
        return name

    def seal_blob(self, data: bytes, *, owner: str, key_class: KeyClass, what: str) -> str:
        """Keep bytes that are personal, sealed with the key of a subject: with the key they are erased. Returns the name."""
        key_id, key = self._keys.sealing_key(owner, key_class)
        return self.keep_blob(seal_blob(key_id, key, data, origin=self._codec.origin, what=what))

    def preload(self, model: type[Any], keys: Iterable[str]) -> None:
        """Lock and load many rows in one query, in the order of their ids; the bulk path's `lock`.

        Those that are not there are not looked for again. When somebody makes one meanwhile, this page runs again (`_RACES`).
        """
        table = self._wiring.tables[model]
        rows = self._rows[table]
        asked = [key for key in keys if key not in rows]
        for values in self.run(table.select_some, [asked]) if asked else ():
            rows[values[0]] = self._loaded(table, values)
        self._absent.update((table, key) for key in asked if key not in rows)

    def preload_keys(self, subjects: Iterable[str]) -> None:
        """Load the keys of many subjects in one query, before facts about each are written."""
        self._keys.ask(subjects)

    def run(self, query: str, params: list[Any]) -> list[tuple[Any, ...]]:
        """Run the record's own SQL in this page's transaction. Features use `lock` and their queries instead."""
        with kept_cursor() as cursor:
            cursor.execute(query, params)
            return cast(list[tuple[Any, ...]], cursor.fetchall()) if cursor.description else []

    def end(self, answer: bytes) -> None:
        """Send rows, keys, intake and the command's answer."""
        with connection.wrap_database_errors, kept_cursor() as cursor:  # Django leaves COPY's own errors as they are
            for table, rows in self._rows.items():
                self._send_new(cursor, table, [rows[key] for key in self._new[table]])
                self._send_changed(cursor, table, [rows[key] for key in self._changed[table]])
            self._send_record(cursor, answer)
        self._begin()
        self._keys.fresh = []

    def _send_new(self, cursor: Any, table: Table, rows: list[Any]) -> None:
        if len(rows) > 50:
            with cursor.copy(table.copy) as copying:
                table.send(copying, map(table.shape, rows))
        elif rows:
            params, spelt = (
                [value for row in rows for value in table.values(row)],
                table.insert + ", ".join([table.slots] * len(rows)),
            )
            if len(rows) <= FEW:
                cursor.execute(spelt, params)
            else:  # each number of rows is spelt otherwise
                with connection.cursor() as other:
                    other.execute(spelt, params)

    def _send_changed(self, cursor: Any, table: Table, rows: list[Any]) -> None:
        if len(rows) > 50:
            sent = table.changes(rows, [self._before[table][row.id] for row in rows])
            if sent is not None and cursor.execute(sent[0], [sent[1]]).rowcount != len(rows):
                raise RuntimeError(f"{table.name}: {cursor.rowcount} rows changed, not {len(rows)}")
            return
        for row in rows:
            values = table.values(row)
            cursor.execute(table.update, [*values[1:], values[0]])
            if cursor.rowcount != 1:
                raise RuntimeError(f"{table.name} {row.id}: {cursor.rowcount} rows changed, not one")

    def _send_record(self, cursor: Any, answer: bytes) -> None:
        fresh = self._keys.fresh
        if fresh:  # as four texts: an array is dumped value by value, and no COPY goes under row-level security
            ids, subjects, classes, keys = zip(*fresh, strict=True)
            columns = [",".join(ids), ",".join(subjects), ",".join(classes), ",".join(key.hex() for key in keys)]
            cursor.execute(_INSERT_KEYS, columns)
        if len(self._entries) > 50:
            with cursor.copy("COPY record.intake (bytes) FROM STDIN (FORMAT BINARY)") as copying:
                copying.set_types(["bytea"])
                for raw in self._entries[:-1]:
                    copying.write_row((raw,))
            self._entries = self._entries[-1:]
        cursor.execute(_END, [self._entries, answer, self.command])


class PagesBusy(Exception):  # noqa: N818 - the sentence says what to do
    """One page goes on and on, so that nobody can have the database without pages for a moment."""


def hold_pages(db: psycopg.Connection[Any]) -> None:
    """Let no page write until the transaction of `db` ends. PagesBusy when one page goes on for ten minutes.

    While somebody waits for a long page, every new one waits behind him. So he waits for moments, and lets them through between.
    """
    db.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
    for _ in range(_MOMENTS):
        with suppress(psycopg.errors.LockNotAvailable), db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_ERASER])
            db.execute("SET LOCAL lock_timeout = '10s'")
            return
        time.sleep(_BETWEEN)
    raise PagesBusy("A large batch is being written. Nothing was changed. Try again when it has ended.")


def action(function: Callable[Concatenate[Page, P], R]) -> Callable[P, R]:
    """Make an action: `verb_noun(page, *, ..., by, at, command)` is called without its page.

    One transaction. The command id is written first: a twin waits, then gets the first answer; the same id with other
    content is Refused("record.command_reused"). A page that lost a race for a new row is run again.
    """
    returns = get_type_hints(function).get("return", type(None))

    @functools.wraps(function)
    def run(*_: P.args, **kwargs: P.kwargs) -> R:
        for left in range(TRIES - 1, -1, -1):
            try:
                return _run_once(function, returns, dict(kwargs))
            except (IntegrityError, DatabaseError) as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state not in _RACES or not left:
                    raise
        raise AssertionError("unreachable")

    cast(Any, run).is_action = True
    return run


def _run_once(function: Callable[..., R], returns: Any, kwargs: dict[str, Any]) -> R:
    by, at, command = kwargs["by"], kwargs["at"], kwargs["command"]
    with transaction.atomic(durable=True):  # an answer is told only of what is committed: never inside another transaction
        first = claim(command, digest_of(function.__qualname__, kwargs))
        if first is not None:
            return cast(R, msgspec.json.decode(first, type=returns))
        page = Page(by=by, at=at, command=command, ids=ids_here())
        answer = function(page, **kwargs)
        page.end(msgspec.json.encode(answer))
        return answer


class open_bulk:  # noqa: N801 - reads as the verb it is
    """Open a page for `write_many`: one transaction, COPY instead of INSERT, ids from `ids` when they must be repeatable."""

    def __init__(self, *, by: By, at: datetime, command: str, ids: Ids = new_id) -> None:
        self._page = Page(by=by, at=at, command=command, ids=ids, bulk=True)
        self._atomic = transaction.atomic(durable=True)
        self.done_before = False

    def __enter__(self) -> Page:
        self._atomic.__enter__()
        digest = hashlib.sha256(self._page.command.encode()).digest()
        try:
            if claim_bulk(self._page.command, digest):
                raise Refused("record.already_written", command=self._page.command)
        except BaseException as error:  # a `with` that was not entered ends nothing by itself
            self._atomic.__exit__(type(error), error, error.__traceback__)
            raise
        return self._page

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            try:
                self._page.end(b"null")
            except BaseException as failure:
                self._atomic.__exit__(type(failure), failure, failure.__traceback__)
                raise
        self._atomic.__exit__(kind, error, trace)
