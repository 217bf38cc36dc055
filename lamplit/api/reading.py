"""Reading HACT messages leniently: what can be understood is taken, and every difference from the standard is told.

Of twelve messages of a live system five are as the standard has them. Refusing the others would help nobody in a cold home.
"""

import re
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from lamplit.api.shapes import ANY, MESSAGES, MOMENT, NUMBER, Codes
from lamplit.record.encode import clean

LONGEST_TEXT = 5_000
MOST_MEMBERS = 100
MOST_DIFFERENCES = 50


class Difference(NamedTuple):
    """Where a message is not as the standard has it: a JSON pointer, and what is different."""

    at: str
    what: str


class Heard(NamedTuple):
    """A message as we understood it, its names spelt as in the standard."""

    name: str
    said: dict[str, Any]
    differences: list[Difference]


class Unreadable(ValueError):  # noqa: N818 - the sentence says why
    """Bytes that are no message at all."""


def read_message(name: str, raw: bytes) -> Heard:
    """Read a message of one kind. Unreadable when the bytes are no JSON object."""
    try:
        given = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"This is not JSON: {error}.") from error
    except RecursionError as error:
        raise Unreadable("This is nested too deeply.") from error
    if not isinstance(given, dict):
        raise Unreadable("A message is a JSON object.")
    reader = _Reader()
    said = reader.read(MESSAGES[name], given, "")
    if reader.spelt:
        reader.differ("", "names are spelt in another case than in the standard")
    return Heard(name, said, reader.differences[:MOST_DIFFERENCES])


class _Reader:
    def __init__(self) -> None:
        self.differences: list[Difference] = []
        self.spelt = False

    def differ(self, at: str, what: str) -> None:
        self.differences.append(Difference(at or "/", what))

    def read(self, shape: Any, value: Any, at: str) -> Any:
        """Return a value as its shape has it; None for one of which nothing can be made."""
        if shape == ANY or value is None:
            return value
        if isinstance(shape, dict):
            return self._object(shape, value, at)
        if isinstance(shape, list):
            return self._list(shape[0], value, at)
        if isinstance(value, (dict, list)):
            self.differ(at, "is no single value; not read")
            return None
        if shape == NUMBER:
            return self._number(value, at)
        return self._text(shape, value, at)

    def _object(self, shape: dict[str, Any], value: Any, at: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.differ(at, "is no object; not read")
            return {}
        names = {name.rstrip("*").lower(): name for name in shape}
        found: dict[str, Any] = {}
        for given, inner in value.items():
            known = names.get(given.lower())
            if known is None:
                self.differ(f"{at}/{_short(given)}", "is not in the standard; not read")
                continue
            plain = known.rstrip("*")
            self.spelt |= given != plain
            found[plain] = self.read(shape[known], inner, f"{at}/{plain}")
        for name in shape:
            if name.endswith("*") and found.get(name[:-1]) is None:
                self.differ(f"{at}/{name[:-1]}", "is missing; the standard asks for it")
        return found

    def _list(self, shape: Any, value: Any, at: str) -> list[Any]:
        if not isinstance(value, list):
            self.differ(at, "stands alone; the standard has a list")
            value = [value]
        if len(value) > MOST_MEMBERS:
            self.differ(at, f"has more than {MOST_MEMBERS} members; the rest is not read")
        members = [self.read(shape, one, f"{at}/{n}") for n, one in enumerate(value[:MOST_MEMBERS])]
        return [one for one in members if one is not None]

    def _number(self, value: Any, at: str) -> float | None:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        self.differ(at, "is no number")
        try:
            return float(str(value))
        except ValueError:
            return None

    def _text(self, shape: Any, value: Any, at: str) -> Any:
        if not isinstance(value, str):
            self.differ(at, "is no text; the standard has text")
            value = str(value)
        text = clean(value).strip()[:LONGEST_TEXT]
        if isinstance(shape, Codes) and text not in shape.known:
            self.differ(at, "is no code of the standard's list")
        if shape == MOMENT:
            return self._moment(text, at)
        return text

    def _moment(self, text: str, at: str) -> datetime | None:
        try:
            read = datetime.fromisoformat(text)
        except ValueError:
            self.differ(at, "is no date with a time; not read")
            return None
        if read.tzinfo is None:
            self.differ(at, "says no time zone; taken as UTC")
            read = read.replace(tzinfo=UTC)
        try:
            return read.astimezone(UTC)
        except OverflowError:  # the first or last day that there is, in a zone where it is another day
            self.differ(at, "is no date with a time; not read")
            return None


def _short(name: str) -> str:
    return re.sub(r"[^\w-]", "", name)[:40] or "?"
