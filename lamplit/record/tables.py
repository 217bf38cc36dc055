"""Folded tables as the record sees them: columns, blank rows, and the SQL and COPY values generated from them in one place.

A row is a small mutable struct with the table's columns as attributes; the same folds change it live and in a replay.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, cast

import msgspec
import psycopg
from psycopg import sql

from lamplit.basics.fact import SealedAt, Unavailable

ColumnType = Literal["text", "json", "int", "int4", "bool", "time", "date"]
# What a value of each type is sent as in a binary COPY: PostgreSQL's own bytes of a moment are a whole number of microseconds.
COPY_TYPES = {"text": "text", "json": "bytea", "int": "int8", "int4": "int4", "bool": "bool", "time": "int8", "date": "int4"}

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_encode_json = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True)
class Column:
    """One column. `owner` and `key_class` are set when it is personal: whose key sealed what it holds."""

    name: str
    type: ColumnType
    null: bool = True
    owner: str | None = None
    key_class: str | None = None


class Table:
    """A folded table: `id` text primary key, then its other columns."""

    def __init__(self, name: str, columns: Sequence[Column]) -> None:
        if columns[0].name != "id":
            raise ValueError(f"{name}: the first column is id")
        self.name, self.columns = name, tuple(columns)
        self.names = tuple(c.name for c in columns)
        self.row: Callable[..., Any] = msgspec.defstruct(
            f"{name}_row", [(n, Any, None) for n in self.names], gc=False, array_like=True
        )
        self.personal = tuple(c for c in columns if c.owner)
        self.shape = shaper(self.columns)
        self._copy_types = [COPY_TYPES[c.type] for c in columns]
        table, idents = sql.Identifier(name), [sql.Identifier(n) for n in self.names]
        listed = sql.SQL(", ").join(idents)
        self.select_one = sql.SQL("SELECT {} FROM {} WHERE id = %s FOR UPDATE").format(listed, table).as_string()
        self.select_shared = sql.SQL("SELECT {} FROM {} WHERE id = %s FOR SHARE").format(listed, table).as_string()
        self.select_some = (
            sql.SQL("SELECT {} FROM {} WHERE id = ANY(%s) ORDER BY id FOR UPDATE").format(listed, table).as_string()
        )
        self.insert = sql.SQL("INSERT INTO {} ({}) VALUES ").format(table, listed).as_string()
        self.slots = "(" + ", ".join(["%s"] * len(columns)) + ")"
        sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(i) for i in idents[1:])
        self.update = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(table, sets).as_string()
        self._changes_of: dict[tuple[Column, ...], str] = {}
        self.copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(table, listed).as_string()

    def send(self, copying: psycopg.Copy, shaped: Iterable[tuple[Any, ...]]) -> None:
        """Send rows, as `shape` makes them, into a COPY that was opened with `copy`."""
        copying.set_types(self._copy_types)
        write = copying.write_row
        for values in shaped:
            write(values)

    def load(self, values: Iterable[Any]) -> Any:
        """Make a row from what `select` gave."""
        return self.row(*values)

    def opened(self, values: Sequence[Any], opens: Callable[[str], Any]) -> Any:
        """Make a row from what `select` gave, what is sealed in it opened where it can be."""
        row = self.row(*values)
        for column in self.personal:
            value = getattr(row, column.name)
            if isinstance(value, str) and value.startswith(SealedAt.MARK):
                found = opens(value)
                if not isinstance(found, Unavailable):
                    setattr(row, column.name, json_of(found) if column.type == "json" else text_of(found))
        return row

    def changes(self, rows: Sequence[Any], before: Sequence[tuple[Any, ...]]) -> tuple[str, str] | None:
        """Return one statement that changes many rows, and the one text that it takes; None when no row is another now.

        `before`: the values of each as it was loaded. Columns in which no row differs stay out of both: the server's time goes
        by cells, and a run changes four of twenty.
        """
        then, now = zip(*before, strict=True), zip(*map(msgspec.structs.astuple, rows), strict=True)
        changed = {c: values for c, was, values in zip(self.columns, then, now, strict=True) if was != values}
        if not changed:
            return None
        columns = tuple(changed)
        if columns not in self._changes_of:
            self._changes_of[columns] = _update_many(sql.Identifier(self.name), columns)
        sent = [
            [_plain(c, value) for value in values] if c.owner or c.type == "json" else values for c, values in changed.items()
        ]
        cells = list(zip((row.id for row in rows), *sent, strict=True))
        return self._changes_of[columns], msgspec.json.encode(cells).decode()

    def values(self, row: Any) -> list[Any]:
        """Return a row's values as psycopg takes them, in the order of the columns."""
        return [_plain(c, getattr(row, c.name)) for c in self.columns]


_SQL_TYPES = {
    "text": "text",
    "json": "text",
    "int": "int8",
    "int4": "int4",
    "bool": "bool",
    "time": "timestamptz",
    "date": "date",
}


def _update_many(table: sql.Identifier, columns: Sequence[Column]) -> str:
    """Return one statement that changes columns of many rows. One for each of 125,000 accounts would take several times as long.

    Its text is a list of lists: an id, then the values of the columns.
    """
    cells: list[sql.Composable] = [sql.SQL("r ->> 0")]
    cells += [
        sql.SQL("(r ->> {})::{}").format(sql.Literal(n), sql.SQL(_SQL_TYPES[column.type])) for n, column in enumerate(columns, 1)
    ]
    names = [sql.Identifier("id"), *[sql.Identifier(column.name) for column in columns]]
    sets = sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(name) for name in names[1:])
    return (
        sql.SQL("UPDATE {} t SET {} FROM (SELECT {} FROM jsonb_array_elements(%s::text::jsonb) AS r) AS v ({}) WHERE t.id = v.id")
        .format(table, sets, sql.SQL(", ").join(cells), sql.SQL(", ").join(names))
        .as_string()
    )


def _plain(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.type in ("text", "json"):
        return text_of(value) if column.type == "text" else json_of(value)
    return value


def text_of(value: Any) -> str:
    """Return a value as a text column keeps it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unavailable):
        return value.column
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def json_of(value: Any) -> str:
    """Return a value as a JSON text column keeps it; text is taken to be JSON already."""
    if isinstance(value, str):
        return value
    if isinstance(value, Unavailable):
        return value.column
    return _encode_json(value).decode()


def _json_bytes(value: Any) -> bytes:
    return json_of(value).encode() if isinstance(value, (str, Unavailable)) else _encode_json(value)


# How one value that is not None goes into a binary COPY: `v` is the value. What is personal may be unreadable, or a day.
_SHAPING = {
    "text": "if v.__class__ is not str: v = text(v)",
    "json": "v = json(v)",
    "time": "d = v - epoch; v = (d.days * 86400 + d.seconds) * 1000000 + d.microseconds",
    "date": "v = v.toordinal() - day",
}


def shaper(columns: Sequence[Column]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a function from a row to the values of one tuple of a binary COPY, of the types that COPY_TYPES names.

    It is written out for the table's own columns and compiled: a loop over columns takes twice as long, and a rebuild sends
    every row there is.
    """
    lines, made = ["def shape(row):"], []
    for n, column in enumerate(columns):
        shaping = _SHAPING.get(column.type)
        if shaping is None or (column.type == "text" and not column.owner):
            made.append(f"row.{column.name}")
            continue
        made.append(f"v{n}")
        lines += [f"    v = row.{column.name}", f"    if v is not None:\n        {shaping}", f"    v{n} = v"]
    lines.append(f"    return ({', '.join(made)},)")
    names: dict[str, Any] = {"epoch": _EPOCH, "day": _EPOCH_DAY, "json": _json_bytes, "text": text_of}
    exec("\n".join(lines), names)  # noqa: S102 - column names are identifiers of our own models
    return cast(Callable[[Any], tuple[Any, ...]], names["shape"])
