"""Folded tables as the record sees them: columns, blank rows, and the SQL and COPY bytes generated from them in one place.

A row is a small mutable struct with the table's columns as attributes; the same folds change it live and in a replay.
"""

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal, cast

import msgspec
from psycopg import sql

from lamplit.basics.fact import Unavailable

ColumnType = Literal["text", "json", "int", "int4", "bool", "time", "date"]
PG_TYPES = {
    "text": "text",
    "json": "text",
    "int": "bigint",
    "int4": "integer",
    "bool": "boolean",
    "time": "timestamptz",
    "date": "date",
}

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_NULL = struct.pack(">i", -1)
_ONE = struct.Struct(">hi").pack
_LEN = struct.Struct(">i").pack
_INT = struct.Struct(">iq").pack
_INT4 = struct.Struct(">ii").pack
_TRUE, _FALSE = struct.pack(">ib", 1, 1), struct.pack(">ib", 1, 0)
_encode_json = msgspec.json.Encoder().encode

COPY_HEAD = b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0)
COPY_TAIL = struct.pack(">h", -1)


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
        self.row: Callable[..., Any] = msgspec.defstruct(f"{name}_row", [(n, Any, None) for n in self.names], gc=False)
        self.personal = tuple(c for c in columns if c.owner)
        self.pack = packer(self.columns)
        table, idents = sql.Identifier(name), [sql.Identifier(n) for n in self.names]
        listed = sql.SQL(", ").join(idents)
        self.select_one = sql.SQL("SELECT {} FROM {} WHERE id = %s FOR UPDATE").format(listed, table).as_string()
        self.select_some = (
            sql.SQL("SELECT {} FROM {} WHERE id = ANY(%s) ORDER BY id FOR UPDATE").format(listed, table).as_string()
        )
        self.insert = sql.SQL("INSERT INTO {} ({}) VALUES ").format(table, listed).as_string()
        self.slots = "(" + ", ".join(["%s"] * len(columns)) + ")"
        sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(i) for i in idents[1:])
        self.update = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(table, sets).as_string()
        self.copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(table, listed).as_string()

    def load(self, values: Iterable[Any]) -> Any:
        """Make a row from what `select` gave."""
        return self.row(*values)

    def values(self, row: Any) -> list[Any]:
        """Return a row's values as psycopg takes them, in the order of the columns."""
        return [_plain(c, getattr(row, c.name)) for c in self.columns]


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


def pack_bytes(raw: bytes) -> bytes:
    """Return one bytea as the bytes of a binary COPY tuple with one column."""
    return _ONE(1, len(raw)) + raw


def _unusual_text(value: Any) -> bytes:
    return text_of(value).encode()


def _json_bytes(value: Any) -> bytes:
    return json_of(value).encode() if isinstance(value, (str, Unavailable)) else _encode_json(value)


# How one value that is not None goes into a binary COPY tuple: `v` is the value, `put` appends to the tuple's pieces.
_PACKING = {
    "text": "b = v.encode() if v.__class__ is str else unusual(v); put(length(len(b))); put(b)",
    "json": "b = json(v); put(length(len(b))); put(b)",
    "int": "put(eight(8, v))",
    "int4": "put(four(4, v))",  # COPY in binary takes a column's own width and no other
    "bool": "put(true if v else false)",
    "time": "d = v - epoch; put(eight(8, (d.days * 86400 + d.seconds) * 1000000 + d.microseconds))",
    "date": "put(four(4, v.toordinal() - day))",
}


def packer(columns: Sequence[Column]) -> Callable[[Any], bytes]:
    """Return a function that packs a row into the bytes of one binary COPY tuple.

    It is written out for the table's own columns and compiled: a loop over columns takes twice as long, and a rebuild packs
    every row there is.
    """
    lines = ["def pack(row):", "    out = [head]", "    put = out.append"]
    for column in columns:
        lines += [f"    v = row.{column.name}", "    if v is None: put(null)", f"    else: {_PACKING[column.type]}"]
    names: dict[str, Any] = {
        "head": struct.pack(">h", len(columns)),
        "null": _NULL,
        "true": _TRUE,
        "false": _FALSE,
        "length": _LEN,
        "eight": _INT,
        "four": _INT4,
        "epoch": _EPOCH,
        "day": _EPOCH_DAY,
        "json": _json_bytes,
        "unusual": _unusual_text,
        "join": b"".join,
    }
    exec("\n".join([*lines, "    return join(out)"]), names)  # noqa: S102 - column names are identifiers of our own models
    return cast(Callable[[Any], bytes], names["pack"])
