"""An example of any fact, every field filled, made from its class alone: the same each time."""

import types
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from lamplit.basics.fact import Fact, Id

WHEN = datetime(2026, 11, 23, 23, 10, 0, 123456, tzinfo=UTC)
DAY = date(2026, 12, 24)


def example(cls: type[Fact]) -> Fact:
    """Return an instance of a fact class with every field filled."""
    hints = get_type_hints(cls, include_extras=True)
    hints.pop("schema", None)
    return cls(**{name: _value(hint, name) for name, hint in hints.items()})


def _value(hint: Any, name: str) -> Any:
    if hint == Id:
        return f"{name[0]}_0example{name[:12]}"
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _value(args[0], name) if not _least(hint) else _least(hint)
    if origin in (Union, types.UnionType):
        return _value(next(a for a in args if a is not type(None)), name)
    if origin is Literal:
        return args[0]
    if origin is list:
        return [_value(args[0], name), _value(args[0], name + "2")]
    if origin is tuple:
        return tuple(_value(arg, name) for arg in args)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint(**{n: _value(h, n) for n, h in get_type_hints(hint, include_extras=True).items()})
    return {str: f"{name}: Ünïcode £380 “quoted”", int: 7, bool: True, datetime: WHEN, date: DAY}[hint]


def _least(hint: Any) -> int | None:
    marks = [m for m in hint.__metadata__ if isinstance(m, msgspec.Meta) and m.ge is not None]
    return int(marks[0].ge) + 1 if marks else None  # type: ignore[arg-type]
