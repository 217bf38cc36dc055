"""The fields of letters: `words/fields.toml` says what each needs. A letter with a hole is never written."""

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from lamplit.basics.plain import Plain

REFERENCE = re.compile(r"[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}")


class CannotWriteError(Exception):
    """A letter was not written: says which, and what it needs."""


class WaitsError(Exception):
    """A letter is not written yet: says what it waits for. It is tried again."""


class Field(Plain, frozen=True, kw_only=True):
    """One field of a letter. `optional`: the letter says what it says without it."""

    kind: str
    optional: bool = False


def _words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _works(value: object) -> bool:
    return isinstance(value, list) and all(
        _words(getattr(one, "what", None)) and all(isinstance(getattr(one, day, None), date) for day in ("begins_on", "ends_on"))
        for one in value
    )


def _slot(value: object) -> bool:
    return all(isinstance(getattr(value, end, None), datetime) for end in ("from_at", "until_at"))


# What each kind must be, and what it is called for whoever has to mend it.
KINDS: dict[str, tuple[str, Callable[[object], bool]]] = {
    "reference": ("a number like M-7KDQ-42XR", lambda value: isinstance(value, str) and REFERENCE.fullmatch(value) is not None),
    "name": ("somebody's name", lambda value: _words(value) and "\n" not in str(value)),
    "words": ("some words", _words),
    "lines": ("sentences", lambda value: isinstance(value, list) and all(map(_words, value))),
    "day": ("a day", lambda value: isinstance(value, date) and not isinstance(value, datetime)),
    "moment": ("a day and a time", lambda value: isinstance(value, datetime) and value.tzinfo is not None),
    "count": ("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0),
    "yes_no": ("yes or no", lambda value: isinstance(value, bool)),
    "way": ("text, email, post or call", lambda value: value in ("text", "email", "post", "call")),
    "how": ("how the repair ended", _words),
    "finding": ("none, significant or emergency", lambda value: value in ("none", "significant", "emergency")),
    "slot": ("a time from and until", _slot),
    "works": ("pieces of work, each with the days on which it begins and ends", _works),
}


@cache
def fields() -> dict[str, dict[str, Field]]:
    """Return the fields of every letter. ValueError when the file names a kind that there is not."""
    given = tomllib.loads((files("lamplit.reactions") / "words" / "fields.toml").read_text(encoding="utf-8"))
    found = {
        letter: {name: Field(kind=kind.rstrip("?"), optional=kind.endswith("?")) for name, kind in named.items()}
        for letter, named in given.items()
    }
    unknown = {field.kind for named in found.values() for field in named.values()} - set(KINDS)
    if unknown:
        raise ValueError(f"words/fields.toml names kinds that there are not: {', '.join(sorted(unknown))}")
    return found


def checked(letter: str, values: Mapping[str, object]) -> dict[str, object]:
    """Return the values that a letter uses, each there and of its kind. CannotWriteError says what is wrong, never the value."""
    needed = fields().get(letter)
    if needed is None:
        raise CannotWriteError(f"The letter '{letter}' does not say what it needs. Add it to words/fields.toml.")
    for name, field in needed.items():
        said, is_one = KINDS[field.kind]
        value = values.get(name)
        if value is None and not field.optional:
            raise CannotWriteError(f"The letter '{letter}' was not written: '{name}' is missing. It needs {said}.")
        if value is not None and not is_one(value):
            raise CannotWriteError(f"The letter '{letter}' was not written: '{name}' is wrong. It needs {said}.")
    return {name: values.get(name) for name in needed}
