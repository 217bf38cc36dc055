"""Can a sort code and an account number belong together? The modulus check of “Validating Account Numbers” (Vocalink, v6.40 on).

The weights and the substitutions are tables that are published anew several times a year. They come in from outside, with their
version and date; without them nothing is checked. A number that passes may still belong to nobody.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lamplit.basics.lines import LineError

Verdict = Literal["valid", "invalid", "cannot be checked"]
Digits = tuple[int, ...]

_WEIGHTS = 14  # six digits of the sort code (u to z), eight of the account number (a to h)
_A, _B, _C, _G, _H = 6, 7, 8, 12, 13
_KNOWN = frozenset(range(1, 15))
_EITHER = ({2, 9}, {10, 11}, {12, 13})
_TWO_A = (0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1)
_TWO_B = (0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1)
_NINE, _EIGHT = "309634", "090126"
_FEWEST = 2  # a table has at least its first range and a last one; less is a file cut short
_NATWEST = ("01", *map(str, range(50, 63)))  # how a sort code begins
_CO_OPERATIVE = ("08",)


class TableRejected(ValueError):  # noqa: N818 - the sentence says what is wrong
    """A table of weights cannot be used: it is absent, cut short or not what it should be."""


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: for sort codes from `first` to `last`."""

    first: str
    last: str
    method: Literal["MOD10", "MOD11", "DBLAL"]
    weights: Digits
    exception: int = 0


@dataclass(frozen=True)
class Table:
    """The published weights, and which version they are. `rows` stand in the order of the file."""

    version: str
    valid_from: date
    rows: tuple[Row, ...]
    substitutes: dict[str, str]
    starts: tuple[str, ...]

    def rows_for(self, sort_code: str) -> tuple[Row, ...]:
        """Return the rules of a sort code: none, one or two."""
        end = bisect_right(self.starts, sort_code)
        return tuple(row for row in self.rows[max(0, end - 2) : end] if row.first <= sort_code <= row.last)


def read_table(weights: str, substitutes: str, *, version: str, valid_from: date) -> Table:
    """Read the two published texts. TableRejected or LineError in words when they are not whole."""
    rows = tuple(_row(line, number) for number, line in enumerate(weights.splitlines(), 1) if line.strip())
    if len(rows) < _FEWEST:
        raise TableRejected("The table of modulus weights is empty or cut short. Fetch it again from its publisher.")
    pairs = [_pair(line, number) for number, line in enumerate(substitutes.splitlines(), 1) if line.strip()]
    starts = tuple(row.first for row in rows)
    if list(starts) != sorted(starts):
        raise TableRejected("The rows of the modulus table are not in the order of their sort codes.")
    if not version.strip():
        raise TableRejected("Say which version of the modulus table this is.")
    return Table(version, valid_from, rows, dict(pairs), starts)


def _row(text: str, number: int) -> Row:
    words = text.split()
    whole = len(words) in (17, 18) and all(re.fullmatch(r"\d{6}", word) for word in words[:2]) and words[0] <= words[1]
    if not whole or words[2] not in ("MOD10", "MOD11", "DBLAL"):
        raise LineError("modulus weights", number, "this is no row of sort codes, a method and 14 weights")
    if not all(re.fullmatch(r"-?\d{1,3}", word) for word in words[3:17]):
        raise LineError("modulus weights", number, "a weight is no whole number")
    exception = words[17] if len(words) > 17 else "0"
    if exception != "0" and not (exception.isascii() and exception.isdigit() and int(exception) in _KNOWN):
        raise LineError("modulus weights", number, f"exception {exception} is not one that we know; we need a newer release")
    return Row(words[0], words[1], words[2], tuple(map(int, words[3:17])), int(exception))  # type: ignore[arg-type]


def _pair(text: str, number: int) -> tuple[str, str]:
    found = re.fullmatch(r"\s*(\d{6})\s+(\d{6})\s*", text)
    if found is None:
        raise LineError("modulus substitutions", number, "this is no pair of two sort codes")
    return found[1], found[2]


def standard(sort_code: str, account: str, bank: str = "") -> tuple[str, str] | None:
    """Return sort code and account number as six and eight digits, or None when they cannot be. Spaces and dashes fall away.

    Of ten digits NatWest's last eight count, and the first eight of the Co-operative Bank (both known by the sort code) and of
    Leeds Building Society (`bank` says "leeds").
    """
    code, number = re.sub(r"[\s-]", "", sort_code), re.sub(r"[\s-]", "", account)
    if not (re.fullmatch(r"\d{6}", code) and re.fullmatch(r"\d{6,10}", number) and (code + number).isascii()):
        return None
    if len(number) <= 8:
        return code, number.zfill(8)
    if len(number) == 9:  # Santander, once Alliance & Leicester: the account's first digit is the sort code's last
        return code[:5] + number[0], number[1:]
    if bank == "leeds" or code.startswith(_CO_OPERATIVE):
        return code, number[:8]
    return (code, number[2:]) if code.startswith(_NATWEST) else None


def check(table: Table, sort_code: str, account: str) -> Verdict:
    """Return what the check says. What cannot be checked is taken as it is, and said to be so."""
    found = standard(sort_code, account)
    if found is None:
        return "invalid"
    code, number = found
    rows = table.rows_for(code)
    if not rows or _foreign(rows, _digits(code, number)):
        return "cannot be checked"
    passed = [_passes(table, row, code, number) for row in rows]
    either = len(rows) == 2 and {row.exception for row in rows} in _EITHER
    return "valid" if (any(passed) if either else all(passed)) else "invalid"


def _digits(code: str, number: str) -> Digits:
    return tuple(map(int, code + number))


def _foreign(rows: tuple[Row, ...], digits: Digits) -> bool:
    """Exception 6: perhaps an account in another currency."""
    return any(row.exception == 6 for row in rows) and 4 <= digits[_A] <= 8 and digits[_G] == digits[_H]


def _passes(table: Table, row: Row, code: str, number: str) -> bool:
    code = {5: table.substitutes.get(code, code), 8: _EIGHT, 9: _NINE}.get(row.exception, code)
    digits = _digits(code, number)
    if row.exception == 3 and digits[_C] in (6, 9):
        return True
    total = _total(row, _weights(row, digits), digits)
    if row.method == "MOD11":
        return _passes_eleven(row, digits, total)
    if row.exception == 5:
        return digits[_H] == (10 - total % 10) % 10
    return total % 10 == 0


def _passes_eleven(row: Row, digits: Digits, total: int) -> bool:
    left = total % 11
    if row.exception == 4:
        return left == digits[_G] * 10 + digits[_H]
    if row.exception == 5:
        return digits[_G] == (11 - left) % 11  # 1 left over would need a digit of 10: never
    if row.exception == 14 and left:
        shifted = (*digits[:_A], 0, *digits[_A:_H])
        return digits[_H] in (0, 1, 9) and _total(row, row.weights, shifted) % 11 == 0
    return left == 0


def _weights(row: Row, digits: Digits) -> Digits:
    """Return the weights that count for this account number."""
    zeroed = (0,) * (_B + 1) + row.weights[_B + 1 :]
    if row.exception == 2 and digits[_A]:
        return _TWO_B if digits[_G] == 9 else _TWO_A
    if row.exception == 7 and digits[_G] == 9:
        return zeroed
    if row.exception == 10 and digits[_A : _B + 1] in ((0, 9), (9, 9)) and digits[_G] == 9:
        return zeroed
    return row.weights


def _total(row: Row, weights: Digits, digits: Digits) -> int:
    products = [digit * weight for digit, weight in zip(digits, weights, strict=True)]
    if row.method == "DBLAL":
        return sum(sum(map(int, str(abs(product)))) for product in products) + (27 if row.exception == 1 else 0)
    return sum(products)
