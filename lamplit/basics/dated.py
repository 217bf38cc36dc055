"""Dated configuration: a figure of the law or of policy, from when to when, and who says so.

A file holds series. Each entry of a series stands under its own `[[series.name]]` line:

    [[awaab.B1]]
    value = "10 working days"
    effective_from = 2025-10-27
    citation = "SI 2025/1042"
    words = "Finish the standard investigation"

`effective_to` is the last day on which the entry holds; only the last entry of a series may leave it out.
Entries follow each other in order, without overlap or gap. Anything else is refused when the file is loaded.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec

from lamplit.basics.lines import LineError
from lamplit.basics.plain import Plain

_HEADER = re.compile(r"^\s*\[\[\s*([A-Za-z0-9_.-]+)\s*\]\]")
_TOML_LINE = re.compile(r"\(at line (\d+)")

Value = int | str | bool | tuple[str, ...]


class Dated(Plain, frozen=True, kw_only=True):
    """One entry: what holds from `effective_from` to `effective_to`, that day included."""

    value: Value
    effective_from: date
    citation: str
    effective_to: date | None = None
    words: str | None = None


class NotInForce(LookupError):  # noqa: N818 - it is an answer
    """No entry of the series holds on that day."""


@dataclass(frozen=True)
class DatedValues:
    """The series of one file. `lines` says where each entry stands, so that later checks can name the line too."""

    source: str
    series: dict[str, tuple[Dated, ...]]
    lines: dict[str, tuple[int, ...]]

    def find(self, name: str, on: date) -> Dated | None:
        """Return the entry that holds on a day, or None. KeyError when there is no such series."""
        for entry in self.series[name]:
            if entry.effective_from <= on and (entry.effective_to is None or on <= entry.effective_to):
                return entry
        return None

    def on(self, name: str, on: date) -> Dated:
        """Return the entry that holds on a day. NotInForce when none does, KeyError when there is no such series."""
        entry = self.find(name, on)
        if entry is None:
            raise NotInForce(f"{self.source}: {name} has no value for {on}")
        return entry

    def number(self, name: str, on: date) -> int:
        """Return the whole number that holds on a day. TypeError when the value is something else."""
        value = self.on(name, on).value
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"{self.source}: {name} is no whole number")
        return value

    def texts(self, name: str, on: date) -> tuple[str, ...]:
        """Return the list of texts that holds on a day. TypeError when the value is something else."""
        value = self.on(name, on).value
        if not isinstance(value, tuple):
            raise TypeError(f"{self.source}: {name} is no list")
        return value

    def names(self, under: str) -> list[str]:
        """Return the last parts of the series that stand under a name: `names("awaab")` gives A1, A2 and so on."""
        return [name.removeprefix(f"{under}.") for name in self.series if name.startswith(f"{under}.")]


def load_dated(text: str, source: str) -> DatedValues:
    """Read a file of dated values. LineError names the line of the first thing that is wrong."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        raise LineError(source, int(found[1]) if found else text.count("\n") + 1, str(error)) from error
    lines = _header_lines(text)
    series: dict[str, tuple[Dated, ...]] = {}
    for name, entries in _series(tables, source):
        where = lines.get(name, [])
        if len(where) != len(entries):
            raise LineError(source, where[0] if where else 1, f"{name}: each entry stands under its own [[{name}]] line")
        read = [_entry(entry, name, source, line) for entry, line in zip(entries, where, strict=True)]
        check_order(name, read, where, source)
        series[name] = tuple(read)
    return DatedValues(source, series, {name: tuple(where) for name, where in lines.items()})


def _header_lines(text: str) -> dict[str, list[int]]:
    """Say on which lines each series' entries begin. tomllib keeps no positions."""
    lines: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADER.match(line):
            lines.setdefault(found[1], []).append(number)
    return lines


def _series(tables: dict[str, Any], source: str, prefix: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Walk down to the lists of entries."""
    for key, value in tables.items():
        name = f"{prefix}{key}"
        if isinstance(value, list):
            yield name, value
        elif isinstance(value, dict):
            yield from _series(value, source, f"{name}.")
        else:
            raise LineError(source, 1, f"{name} stands outside a series; write it under a [[name]] line")


def _entry(entry: Any, name: str, source: str, line: int) -> Dated:
    """Read one entry. An unknown or missing field, or a value of a wrong type, is refused."""
    try:
        read = msgspec.convert(entry, Dated, strict=True)
    except msgspec.ValidationError as error:
        raise LineError(source, line, f"{name}: {error}") from error
    if not read.citation.strip():
        raise LineError(source, line, f"{name}: say in `citation` who says so")
    if read.effective_to is not None and read.effective_to < read.effective_from:
        raise LineError(source, line, f"{name}: ends on {read.effective_to}, before it begins")
    return read


def check_order(name: str, entries: Sequence[Dated], lines: Sequence[int], source: str) -> None:
    """Refuse entries that overlap, leave days without a value, or stand out of order. LineError names the line."""
    for earlier, later, line in zip(entries, entries[1:], lines[1:], strict=False):
        if earlier.effective_to is None or later.effective_from <= earlier.effective_to:
            until = earlier.effective_to or "further notice"
            raise LineError(source, line, f"{name}: begins on {later.effective_from}, but the one before holds until {until}")
        if later.effective_from != earlier.effective_to + timedelta(days=1):
            raise LineError(source, line, f"{name}: nothing holds between {earlier.effective_to} and {later.effective_from}")
