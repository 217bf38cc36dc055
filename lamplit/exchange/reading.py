"""Reading a CSV file as people really hand it over: which letters, which separator, which column is which."""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lamplit.basics.lines import Problem
from lamplit.exchange.cells import CellWrong, bare
from lamplit.exchange.columns import Column, Kind

OUR_OWN = ("Line", "Reason")  # what a file of refused rows has beside
_LONGEST_CELL = 100_000
_NOT_TEXT = {
    b"PK\x03\x04": "It is a spreadsheet, whatever its name says. Open it and save it as “CSV UTF-8”.",
    b"\xd0\xcf\x11\xe0": "It is an old Excel spreadsheet, whatever its name says. Open it and save it as “CSV UTF-8”.",
    b"%PDF": "It is a PDF. A CSV file comes out of the old system itself.",
    codecs.BOM_UTF16_LE: "Its letters are in UTF-16. Save it as “CSV UTF-8”.",
    codecs.BOM_UTF16_BE: "Its letters are in UTF-16. Save it as “CSV UTF-8”.",
}


class NoCsv(Exception):  # noqa: N818 - the sentence says what it is
    """The file as a whole cannot be read. The sentence says why and what to do."""


class Line(NamedTuple):
    """One row as it stands in the file: the line on which it begins, and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A file that was opened and is whole."""

    text: str
    sha256: str
    separator: str
    heading: list[str]
    count: int

    def lines(self) -> Iterator[Line]:
        """Yield the rows below the heading. Empty ones are left out."""
        yield from list_lines(self.text, self.separator, skip=1)


def list_lines(text: str, separator: str, skip: int) -> Iterator[Line]:
    """Read rows. NoCsv when a quote is never closed or a cell is endless."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for number, cells in enumerate(reader):
            if number >= skip and any(map(str.strip, cells)):
                yield Line(begins, cells)
            begins = reader.line_num + 1
    except csv.Error as error:
        raise NoCsv(f'The row that begins on line {begins} has a quote (") that does not close as it should.') from error


def open_sheet(path: Path, kind: Kind, encoding: str) -> Sheet:
    """Open a file and look whether it is whole. NoCsv says what is wrong with it."""
    data = path.read_bytes()
    text = _text(data, encoding)
    if not text.strip():
        raise NoCsv("The file is empty. It needs a heading and rows below it.")
    separator = _separator(text, kind)
    heading = [bare(cell) for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])]
    count = sum(1 for _ in list_lines(text, separator, skip=1))
    return Sheet(text, hashlib.sha256(data).hexdigest(), separator, heading, count)


def _text(data: bytes, encoding: str) -> str:
    for begins, words in _NOT_TEXT.items():
        if data.startswith(begins):
            raise NoCsv(words)
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        words = f"Line {line} has letters that are not {encoding}. Save the file as “CSV UTF-8”"
        raise NoCsv(f"{words}, or say --encoding windows-1252 if it came from an older Windows program.") from error
    if "\x00" in text:
        raise NoCsv("The file holds characters that no text has. Save it as “CSV UTF-8”.")
    return text


def _separator(text: str, kind: Kind) -> str:
    """Return comma, semicolon or tab: whichever makes most columns known."""
    first = text.split("\n", 1)[0]
    known = headings(kind)
    return max(",;\t", key=lambda separator: sum(_bare(cell) in known for cell in first.split(separator)))


def headings(kind: Kind) -> dict[str, Column]:
    """Return the columns by every heading that they may have, spelt bare."""
    return {_bare(name): column for column in kind.columns for name in (column.name, *column.also)}


def _bare(heading: str) -> str:
    return re.sub(r"[\W_]", "", heading.lower())


class Mapping:
    """Which cell of a row belongs to which column."""

    def __init__(self, kind: Kind, heading: list[str]) -> None:
        known = headings(kind)
        self._kind, self._width = kind, len(heading)
        self._places: dict[str, int] = {}
        self.unknown: list[str] = []
        for place, name in enumerate(heading):
            column = known.get(_bare(name))
            if column is None:
                if name and name not in OUR_OWN:
                    self.unknown.append(name)
            elif column.name in self._places:
                raise NoCsv(f"The heading has {column.name} twice.")
            else:
                self._places[column.name] = place
        missing = [column.name for column in kind.columns if column.needed and column.name not in self._places]
        if missing:
            raise NoCsv(f"The heading has no column {' and no '.join(missing)}. docs/import.md lists the columns.")
        self._columns = [(column, self._places[column.name]) for column in kind.columns if column.name in self._places]

    def read(self, line: Line, system: str) -> tuple[Any, list[Problem]]:
        """Return the row, or None and what is wrong with its cells."""
        cells = line.cells
        if (len(cells) != self._width and any(map(str.strip, cells[self._width :]))) or len(cells) < self._width:
            words = f"The row has {len(cells)} cells and the heading has {self._width}."
            return None, [Problem(line.number, "", words)]
        fields: dict[str, Any] = {}
        problems = []
        for column, place in self._columns:
            cell = bare(cells[place])
            if not cell:
                if column.needed:
                    problems.append(Problem(line.number, column.name, "This is needed."))
                continue
            try:
                fields[column.field] = column.reads(cell)
            except CellWrong as wrong:
                problems.append(Problem(line.number, column.name, str(wrong)))
        if problems:
            return None, problems
        return self._row(line, fields, system)

    def _row(self, line: Line, fields: dict[str, Any], system: str) -> tuple[Any, list[Problem]]:
        for name in self._kind.references:
            if system and name in fields:
                fields[name] = f"{system}:{fields[name]}"
        try:
            return self._kind.row(line=line.number, **self._kind.finish(fields)), []
        except CellWrong as wrong:
            return None, [Problem(line.number, "", str(wrong))]
