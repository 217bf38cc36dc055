"""What people typed, made fit for the record: cleaned, without spaces at its ends, and None when nothing is left."""

from typing import TypeVar

import msgspec

from lamplit.record.encode import clean

S = TypeVar("S", bound=msgspec.Struct)


def tidy(text: str | None) -> str | None:
    """Return text as the record can keep it, or None when it is empty."""
    return (clean(text).strip() or None) if text is not None else None


def tidy_lines(lines: list[str]) -> list[str]:
    """Return the lines that say something."""
    return [line for line in map(tidy, lines) if line is not None]


def tidy_struct(value: S) -> S:
    """Return a structured value with every text in it tidied. An empty text that must be there stays empty."""
    changed: dict[str, object] = {}
    for field in msgspec.structs.fields(value):
        found = getattr(value, field.name)
        if isinstance(found, str):
            changed[field.name] = tidy(found) or (None if field.default is None else "")
        elif isinstance(found, list):
            changed[field.name] = [tidy(item) or "" if isinstance(item, str) else item for item in found]
    return msgspec.structs.replace(value, **changed)
