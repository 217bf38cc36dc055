"""A landlord's own description of a file whose layout is not public: which column is what. It is TOML, checked before use.

A place is a heading's name, a column's number from 1, or for fixed width a pair of positions, `[1, 10]`, both ends counted.
"""

import codecs
import re
import tomllib
from typing import Literal

import msgspec

Place = str | int | tuple[int, int]
_NEEDED = {"payments": ("on", "money"), "benefit": ("claim", "money")}
_FIELDS = {
    "payments": {"on", "money", "reference", "payer", "payer_account", "kind", "bank_id", "value_on", "debit"},
    "benefit": {"claim", "money", "from_on", "to_on", "reference", "name", "ni_number", "settlement", "kind"},
}
_DATE = re.compile(r"(?:DD|MM|YYYY|YY|[/.\- ])+")


class LayoutWrong(ValueError):  # noqa: N818 - the sentence says what is wrong
    """A description cannot be used. The sentence says which part of it."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file: what is not named here is a mistake, and said."""


class Header(Part, frozen=True, kw_only=True):
    """The row before the others: how it begins, and where it has the file's serial and day."""

    begins: str
    serial: Place | None = None
    dated: Place | None = None


class Trailer(Part, frozen=True, kw_only=True):
    """The row after the others: how it begins, and where it has their count and total."""

    begins: str
    count: Place | None = None
    total: Place | None = None


class Layout(Part, frozen=True, kw_only=True):
    """The whole description.

    `debits`: which words in the column `debit` make a payment negative. `recoveries`, `adjustments`: which words in the column
    `kind` make a line of benefit one of these. `serial_in_name`: a pattern with one group that finds the serial in a file's name.
    """

    layout: str
    holds: Literal["payments", "benefit"]
    columns: dict[str, Place]
    date_format: str = "DD/MM/YYYY"
    money: Literal["pounds", "pence"] = "pounds"
    sign: Literal["as written", "reversed"] = "as written"
    encoding: str = "utf-8"
    delimiter: str | None = None
    account: str = ""
    header: Header | None = None
    trailer: Trailer | None = None
    serial_in_name: str | None = None
    debits: list[str] = []
    recoveries: list[str] = []
    adjustments: list[str] = []

    @property
    def has_heading(self) -> bool:
        return any(isinstance(place, str) for place in self.columns.values())


def read_layout(text: str) -> Layout:
    """Read a description. LayoutWrong in words."""
    try:
        layout = msgspec.convert(tomllib.loads(text), Layout)
    except tomllib.TOMLDecodeError as error:
        raise LayoutWrong(f"The description is no TOML: {error}.") from error
    except msgspec.ValidationError as error:
        raise LayoutWrong(f"The description cannot be used: {error}.") from error
    for wrong in (_wrong_columns(layout), _wrong_places(layout), _wrong_words(layout)):
        if wrong:
            raise LayoutWrong(wrong)
    return layout


def _wrong_columns(layout: Layout) -> str | None:
    if missing := [name for name in _NEEDED[layout.holds] if name not in layout.columns]:
        return f"[columns] does not say where {missing[0]} is."
    if unknown := sorted(set(layout.columns) - _FIELDS[layout.holds]):
        known = ", ".join(sorted(_FIELDS[layout.holds]))
        return f"[columns] names {unknown[0]}; a file of {layout.holds} has {known}."
    if layout.debits and "debit" not in layout.columns:
        return "`debits` needs the column `debit`."
    if (layout.recoveries or layout.adjustments) and "kind" not in layout.columns:
        return "`recoveries` and `adjustments` need the column `kind`."
    return None


def _wrong_places(layout: Layout) -> str | None:
    places = list(layout.columns.items())
    for part in (layout.header, layout.trailer):
        if part is not None:
            told = {name: getattr(part, name) for name in part.__struct_fields__ if name != "begins"}
            places += [(name, place) for name, place in told.items() if place is not None]
            if not part.begins:
                return "`begins` says how the row before or after the others begins; it cannot be empty."
            if any(isinstance(place, str) for place in told.values()):
                return "In [header] and [trailer] a place is a number or a pair: these rows have no heading."
    for name, place in places:
        if isinstance(place, tuple) != (layout.delimiter is None):
            return f"{name}: with a delimiter a place is a heading or a number; without one it is a pair of positions."
        if (isinstance(place, int) and place < 1) or (isinstance(place, tuple) and not 1 <= place[0] <= place[1]):
            return f"{name}: positions and columns are counted from 1."
    return None


def _wrong_words(layout: Layout) -> str | None:
    try:
        codecs.lookup(layout.encoding)
    except LookupError:
        return f"`encoding`: nobody knows {layout.encoding}. Write utf-8 or windows-1252."
    if layout.delimiter is not None and (len(layout.delimiter) != 1 or layout.delimiter in '"\r\n'):
        return "`delimiter` is one character."
    parts = [layout.date_format.count(part) for part in ("DD", "MM")]
    if not _DATE.fullmatch(layout.date_format) or parts != [1, 1] or layout.date_format.count("YY") not in (1, 2):
        return "`date_format` is made of DD, MM and YYYY or YY, like DD/MM/YYYY."
    if layout.serial_in_name is not None:
        try:
            groups = re.compile(layout.serial_in_name).groups
        except re.error:
            return "`serial_in_name` is no pattern."
        return "`serial_in_name` needs one group in brackets." if groups != 1 else None
    return None
