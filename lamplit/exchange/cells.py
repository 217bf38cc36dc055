"""What stands in one cell of a file, read into a value or refused in words."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

from lamplit.basics.clock import LONDON
from lamplit.record.tidy import tidy

Reads = Callable[[str], Any]
LONGEST_REFERENCE, LONGEST_TEXT, LONGEST_WORDS = 60, 200, 4_000
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+Z?)?")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: [\d:.]+)?")
_YES, _NO = {"yes", "y", "true", "1"}, {"no", "n", "false", "0"}


class CellWrong(Exception):  # noqa: N818 - the sentence says what is wrong
    """A cell that cannot be what its column is for. The sentence says why."""


def text(cell: str) -> str:
    """Return words. CellWrong when they are longer than anything of this kind is."""
    if len(cell) > LONGEST_TEXT:
        raise CellWrong(f"This is too long. Use at most {LONGEST_TEXT} letters.")
    return cell


def long_text(cell: str) -> str:
    """Return words of up to a page."""
    if len(cell) > LONGEST_WORDS:
        raise CellWrong(f"This is too long. Use at most {LONGEST_WORDS:,} letters.")
    return cell


def reference(cell: str) -> str:
    """Return what the other system calls something."""
    if len(cell) > LONGEST_REFERENCE or "\n" in cell:
        raise CellWrong(f"A reference has at most {LONGEST_REFERENCE} letters and digits, on one line.")
    return cell


def day(cell: str) -> date:
    """Return a date, written 2026-11-23 or 23/11/2026. A time of day behind it is left out."""
    iso, british = _ISO.fullmatch(cell), _BRITISH.fullmatch(cell)
    found = iso.groups() if iso else british.groups()[::-1] if british else None
    if found is None or not cell.isascii():
        raise CellWrong("That is no date. Write it like 2026-11-23 or 23/11/2026.")
    try:
        return date(*map(int, found))
    except ValueError as error:
        raise CellWrong("There is no such day. Write it like 2026-11-23 or 23/11/2026.") from error


def moment(cell: str) -> datetime:
    """Return a moment: a date as in `day`, and behind it the time in the United Kingdom; without one, noon."""
    clock = re.search(r"[T ](\d{1,2}):(\d{2})", cell)
    try:
        at = time(int(clock[1]), int(clock[2])) if clock else time(12)
    except ValueError as error:
        raise CellWrong("There is no such time. Write it like 2026-11-23 14:30.") from error
    return datetime.combine(day(cell), at, UTC if cell.endswith("Z") else LONDON).astimezone(UTC)


def number(cell: str) -> int:
    """Return a whole number; a spreadsheet's `2.0` is one."""
    found = re.fullmatch(r"(-?\d{1,9})(?:\.0+)?", cell)
    if found is None or not cell.isascii():
        raise CellWrong("That is no whole number.")
    return int(found[1])


def pence(cell: str) -> int:
    """Return pounds and pence as whole pence: 12.50, £12.50 or 1,250."""
    found = re.fullmatch(r"£?(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.(\d{1,2})0*)?", cell)
    if found is None or not cell.replace("£", "").isascii():
        raise CellWrong("That is no sum of money. Write it like 12.50.")
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))


def signed_pence(cell: str) -> int:
    """Return a balance as whole pence: -12.50 where she is ahead."""
    return -pence(cell[1:].lstrip()) if cell.startswith("-") else pence(cell)


def code(cell: str) -> str:
    """Return a code: letters, digits, dots and dashes, in capital letters."""
    found = cell.upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9./-]{0,39}", found):
        raise CellWrong("A code has at most 40 letters, digits, dots and dashes.")
    return found


def yes_no(cell: str) -> bool:
    """Return yes or no."""
    word = cell.lower()
    if word not in _YES | _NO:
        raise CellWrong("Write yes or no.")
    return word in _YES


def one_of(words: dict[str, str]) -> Reads:
    """Return a reader of one of these words; capital letters, spaces and dashes do not count."""
    known = {_bare(word): value for word, value in words.items()}

    def read(cell: str) -> str:
        found = known.get(_bare(cell))
        if found is None:
            raise CellWrong(f"Write one of: {', '.join(words)}.")
        return found

    return read


def one_of_numbers(*known: int) -> Reads:
    """Return a reader of one of these whole numbers."""

    def read(cell: str) -> int:
        found = number(cell)
        if found not in known:
            raise CellWrong(f"Write one of these: {', '.join(map(str, known))}.")
        return found

    return read


def bare(cell: str) -> str:
    """Return a cell as the record can keep it, '' when nothing is in it."""
    return tidy(cell) or ""


def _bare(word: str) -> str:
    return re.sub(r"[\W_]", "", word.lower())
