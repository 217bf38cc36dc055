"""Bacs Standard 18: which field stands where. The writer and the reader go by this page alone.

Positions are those of the layout's own description: from 1, both ends counted. Sources and doubts: docs/bank-files.md.
"""

from typing import NamedTuple

LABEL, ONE_DAY, MANY_DAYS = 80, 100, 106
DEBITS = frozenset({"01", "17", "18", "19"})
INSTRUCTIONS = frozenset({"0N", "0C", "0S"})
CREDIT = "99"
MOST_PENCE = 99_999_999_999  # eleven digits, of a record and of a contra
MOST_RECORDS = 9_999_999  # seven digits in the trailer


class Field(NamedTuple):
    """One field: its name and where it stands."""

    name: str
    first: int
    last: int


VOL1 = (Field("serial", 5, 10), Field("user_number", 42, 47))
HDR1 = (
    Field("user_number", 6, 11),
    Field("user_number_again", 16, 21),
    Field("serial", 22, 27),
    Field("created", 42, 47),
    Field("expires", 48, 53),
)
HDR2 = (Field("block", 6, 10), Field("record", 11, 15))
UHL1 = (
    Field("processing", 5, 10),
    Field("receiver", 11, 20),
    Field("currency", 21, 22),
    Field("country", 23, 28),
    Field("work", 29, 37),
    Field("file_number", 38, 40),
)
UTL1 = (
    Field("debit_pence", 5, 17),
    Field("credit_pence", 18, 30),
    Field("debits", 31, 37),
    Field("credits", 38, 44),
)
RECORD = (
    Field("sort_code", 1, 6),
    Field("account", 7, 14),
    Field("account_type", 15, 15),
    Field("code", 16, 17),
    Field("from_sort_code", 18, 23),
    Field("from_account", 24, 31),
    Field("free", 32, 35),
    Field("pence", 36, 46),
    Field("user_name", 47, 64),
    Field("reference", 65, 82),
    Field("name", 83, 100),
)
PROCESSING = Field("processing", 101, 106)

_FIELDS = {"VOL1": VOL1, "HDR1": HDR1, "EOF1": HDR1, "HDR2": HDR2, "EOF2": HDR2, "UHL1": UHL1, "UTL1": UTL1}
_FIXED = {"VOL1": {80: "1"}, "HDR1": {5: "A", 12: "S", 15: "1", 28: "00010001"}, "HDR2": {5: "F"}}
_FIXED |= {"EOF1": _FIXED["HDR1"], "EOF2": _FIXED["HDR2"]}


def label(name: str, **values: str) -> str:
    """Write a label of 80 characters. ValueError when a value does not fill its field."""
    text = list(name.ljust(LABEL))
    for first, fixed in _FIXED.get(name, {}).items():
        text[first - 1 : first - 1 + len(fixed)] = fixed
    for field in _FIELDS[name]:
        value = values[field.name]
        if len(value) != field.last - field.first + 1:
            raise ValueError(f"{name} {field.name} takes {field.last - field.first + 1} characters, not {value!r}")
        text[field.first - 1 : field.last] = value
    return "".join(text)


def read_label(line: str) -> dict[str, str]:
    """Return the fields of a label. KeyError when it is none of these."""
    return {field.name: line[field.first - 1 : field.last] for field in _FIELDS[line[:4]]}
