"""Files of payment firms, councils and DWP, read as the landlord's own description says (`mapping`). All or nothing."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from lamplit.basics.bank import BankLine, BenefitLine, BenefitSchedule, Reading, bank_file, read_pounds, refuse
from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain
from lamplit.exchange.bank.mapping import Layout, Place
from lamplit.exchange.bank.plain_text import NoText, kept, lines_of

_DAYS = {"on", "value_on", "from_on", "to_on"}
_LONGEST_CELL = 200
_MOST_PROBLEMS = 200


class Row(Plain, frozen=True, kw_only=True):
    """One row: where it stands, its cells when they are delimited, else its text."""

    number: int
    text: str
    cells: tuple[str, ...] = ()


class Preview(Plain, frozen=True, kw_only=True):
    """The first lines of a file as they would be read, for a person to look at before a description is used."""

    heading: tuple[str, ...]
    first: tuple[BankLine | BenefitLine, ...]
    count: int
    serial: str | None
    dated: date | None
    problems: tuple[Problem, ...]


class _Wrong(Exception):  # noqa: N818 - it carries a problem
    def __init__(self, line: int, column: str, words: str) -> None:
        super().__init__(words)
        self.problem = Problem(line, column, words)


def read(data: bytes, layout: Layout, file_name: str = "") -> Reading:
    """Read a file. What is wrong is said with line and column, and then nothing is read."""
    try:
        sheet = _Sheet(data, layout, file_name)
        lines, problems = sheet.lines()
        problems = problems or sheet.wrong_totals(lines)
    except NoText as wrong:
        return refuse(wrong.words, wrong.line)
    except _Wrong as wrong:
        return Reading(problems=(wrong.problem,))
    if problems:
        return Reading(problems=tuple(problems[:_MOST_PROBLEMS]))
    return Reading(files=(_whole(layout, sheet, lines),))


def preview(data: bytes, layout: Layout, file_name: str = "", count: int = 5) -> Preview:
    """Return the first lines as they would be read, and what would stop the file."""
    try:
        sheet = _Sheet(data, layout, file_name)
    except NoText as wrong:
        return _nothing(Problem(wrong.line, "", wrong.words))
    except _Wrong as wrong:
        return _nothing(wrong.problem)
    lines, problems = sheet.lines()
    problems = problems or sheet.wrong_totals(lines)
    return Preview(
        heading=sheet.heading,
        first=tuple(lines[:count]),
        count=len(sheet.rows),
        serial=sheet.serial,
        dated=sheet.dated,
        problems=tuple(problems[:count]),
    )


def _nothing(problem: Problem) -> Preview:
    return Preview(heading=(), first=(), count=0, serial=None, dated=None, problems=(problem,))


def _whole(layout: Layout, sheet: "_Sheet", lines: list[Any]) -> Any:
    told: dict[str, Any] = {"layout": layout.layout, "serial": sheet.serial, "dated": sheet.dated}
    if layout.holds == "payments":
        return bank_file(lines, account=layout.account, **told)
    return BenefitSchedule(lines=tuple(lines), pence=sum(line.pence for line in lines), **told)


class _Sheet:
    """A file cut into its header, heading, rows and trailer."""

    def __init__(self, data: bytes, layout: Layout, file_name: str) -> None:
        self.layout = layout
        self.rows = list(_rows(data, layout))
        self.serial: str | None = None
        self.dated: date | None = None
        self.heading: tuple[str, ...] = ()
        self.trailer = self._take_trailer()
        self._take_header()
        self._take_heading()
        if layout.serial_in_name is not None:
            found = re.search(layout.serial_in_name, file_name)
            if found is None:
                raise _Wrong(0, "serial", "The file's name holds no serial as the description has it.")
            self.serial = found[1]

    def _take_header(self) -> None:
        header = self.layout.header
        if header is None:
            return
        if not self.rows or not self.rows[0].text.lstrip('"').startswith(header.begins):
            raise _Wrong(1, "", f"The file should begin with a row that begins {header.begins}.")
        row = self.rows.pop(0)
        if header.serial is not None:
            self.serial = self.cell(row, header.serial, "serial") or None
            if self.serial is None:
                raise _Wrong(row.number, "serial", "The serial of the file is missing.")
        if header.dated is not None:
            self.dated = self._day(row, header.dated, "dated")

    def _take_trailer(self) -> Row | None:
        trailer = self.layout.trailer
        if trailer is None:
            return None
        if not self.rows or not self.rows[-1].text.lstrip('"').startswith(trailer.begins):
            raise _Wrong(
                self.rows[-1].number if self.rows else 0,
                "",
                "The last row, with count and total, is missing: the file is cut short.",
            )
        return self.rows.pop()

    def _take_heading(self) -> None:
        if not self.layout.has_heading:
            return
        if not self.rows:
            raise _Wrong(1, "", "The row of headings is missing.")
        row = self.rows.pop(0)
        self.heading = tuple(cell.strip() for cell in row.cells)
        for place in self.layout.columns.values():
            if isinstance(place, str) and self.heading.count(place) != 1:
                says = "no" if place not in self.heading else "more than one"
                raise _Wrong(row.number, place, f"The heading has {says} column of this name.")

    def cell(self, row: Row, place: Place, column: str) -> str:
        """Return what stands at a place. A row that is too short is wrong."""
        if isinstance(place, tuple):
            return kept(row.text[place[0] - 1 : place[1]])
        at = self.heading.index(place) if isinstance(place, str) else place - 1
        if at >= len(row.cells):
            raise _Wrong(row.number, column, f"The row has only {len(row.cells)} columns.")
        cell = kept(row.cells[at])
        if len(cell) > _LONGEST_CELL:
            raise _Wrong(row.number, column, f"This is longer than {_LONGEST_CELL} letters.")
        return cell

    def _day(self, row: Row, place: Place, column: str) -> date | None:
        cell = self.cell(row, place, column)
        if not cell:
            return None
        day = read_day(cell, self.layout.date_format)
        if day is None:
            raise _Wrong(row.number, column, f"This is no date as {self.layout.date_format}.")
        return day

    def _pence(self, row: Row, place: Place, column: str) -> int:
        cell = self.cell(row, place, column).replace("£", "").replace(",", "").replace(" ", "")
        whole = re.fullmatch(r"[+-]?[0-9]{1,13}", cell) is not None
        pence = read_pounds(cell) if self.layout.money == "pounds" else int(cell) if whole else None
        if pence is None:
            raise _Wrong(row.number, column, f"This is no sum in {self.layout.money}.")
        return -pence if self.layout.sign == "reversed" else pence

    def lines(self) -> tuple[list[Any], list[Problem]]:
        """Return the rows as lines, and what is wrong with those that are none."""
        lines, problems = list[Any](), list[Problem]()
        make = self._payment if self.layout.holds == "payments" else self._benefit
        for row in self.rows:
            try:
                lines.append(make(row))
            except _Wrong as wrong:
                problems.append(wrong.problem)
        return lines, problems

    def _told(self, row: Row) -> dict[str, Any]:
        """Return every mapped column of a row, days and sums read."""
        told: dict[str, Any] = {}
        for name, place in self.layout.columns.items():
            if name in _DAYS:
                told[name] = self._day(row, place, name)
            elif name == "money":
                told["pence"] = self._pence(row, place, name)
            else:
                told[name] = self.cell(row, place, name)
        return told

    def _payment(self, row: Row) -> BankLine:
        told = self._told(row)
        if told["on"] is None:
            raise _Wrong(row.number, "on", "The date is missing.")
        if told.pop("debit", "") in self.layout.debits and self.layout.debits:
            told["pence"] = -abs(told["pence"])
        for name in ("payer", "payer_account", "bank_id"):
            if name in told:
                told[name] = told[name] or None
        return BankLine(line=row.number, **told)

    def _benefit(self, row: Row) -> BenefitLine:
        told = self._told(row)
        if not told["claim"] and not told.get("reference"):
            raise _Wrong(row.number, "claim", "The line names neither a claim nor our reference.")
        if told.get("from_on") and told.get("to_on") and told["to_on"] < told["from_on"]:
            raise _Wrong(row.number, "to_on", "The period ends before it begins.")
        word = told.pop("kind", "")
        kind = "adjustment" if word in self.layout.adjustments else "recovery" if word in self.layout.recoveries else "payment"
        if kind == "payment" and told["pence"] < 0:
            kind = "recovery"
        if kind == "recovery":
            told["pence"] = -abs(told["pence"])
        for name in ("name", "ni_number", "settlement"):
            if name in told:
                told[name] = told[name] or None
        return BenefitLine(line=row.number, kind=kind, **told)

    def wrong_totals(self, lines: list[Any]) -> list[Problem]:
        """Hold the trailer's count and total against the rows."""
        trailer, row = self.layout.trailer, self.trailer
        if trailer is None or row is None:
            return []
        problems = []
        if trailer.count is not None:
            count = self.cell(row, trailer.count, "count")
            if not re.fullmatch(r"[0-9]{1,9}", count) or int(count) != len(lines):
                problems.append(
                    Problem(row.number, "count", f"The last row counts {count[:12] or 'nothing'} lines; there are {len(lines)}.")
                )
        if trailer.total is not None:
            made = sum(line.pence for line in lines)
            if self._pence(row, trailer.total, "total") != made:
                problems.append(Problem(row.number, "total", "The lines do not add up to the total of the last row."))
        return problems


def read_day(text: str, date_format: str) -> date | None:
    """Read a date written as `DD/MM/YYYY` or the like; None when it is not."""
    pattern = re.escape(date_format).replace("YYYY", "(?P<y>[0-9]{4})").replace("YY", "(?P<y>[0-9]{2})")
    pattern = pattern.replace("MM", "(?P<m>[0-9]{2})").replace("DD", "(?P<d>[0-9]{2})")
    found = re.fullmatch(pattern, text)
    if found is None:
        return None
    year = int(found["y"])
    try:
        return date(year if year >= 100 else 2000 + year, int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _rows(data: bytes, layout: Layout) -> Iterator[Row]:
    """Cut a file into rows that are not blank."""
    lines = lines_of(data, layout.encoding)
    if layout.delimiter is None:
        yield from (Row(number=number, text=line) for number, line in enumerate(lines, 1) if line.strip())
        return
    begins = 1
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=layout.delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(number=begins, text=lines[begins - 1], cells=tuple(cells))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise _Wrong(begins, "", 'The row has a quote (") that does not close as it should.') from error
