"""What a value must be to have one canonical form, so that its bytes come out the same again."""

import re
import unicodedata
from datetime import datetime
from typing import Any

import msgspec

from lamplit.basics.fact import Unavailable

_MAX_INT = 2**53 - 1
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class BadEntry(ValueError):  # noqa: N818 - it says what the bytes are
    """Bytes that are no entry of this release: the sentence says why."""


def check_values(value: Any, where: str = "") -> None:
    """Refuse a value without one canonical form: control characters, text not in NFC, integers beyond 2**53, local times."""
    if isinstance(value, (list, tuple)):
        for item in value:
            if (item.__class__ is str and _is_plain(item)) or (item.__class__ is int and -_MAX_INT <= item <= _MAX_INT):
                continue  # a charge run has thousands of them
            check_values(item, where)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if inner is None or inner.__class__ is bool or (inner.__class__ is str and _is_plain(inner)):
                continue  # most are: nothing more to look at
            check_values(inner, f"{where or type(value).__name__}.{name}")
    elif value is None or isinstance(value, (bool, Unavailable)):
        return
    elif isinstance(value, str):
        if CONTROL.search(value):
            raise BadEntry(f"{where}: control characters cannot be kept")
        if not value.isascii() and not unicodedata.is_normalized("NFC", value):
            raise BadEntry(f"{where}: text must be in Unicode NFC")
    elif isinstance(value, int):
        if abs(value) > _MAX_INT:
            raise BadEntry(f"{where}: {value} is beyond 53 bits")
    elif isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset():
            raise BadEntry(f"{where}: times are in UTC")
    elif isinstance(value, dict):
        check_values([*value, *value.values()], where)


def _is_plain(text: str) -> bool:
    """Whether a text is ASCII with nothing but what is printed."""
    return text.isascii() and text.isprintable()
