"""`lamplit planted check FILE`: which planted records a file holds, and since when these were in our data."""

import argparse
import re
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lamplit.basics.clock import now
from lamplit.basics.who import cli
from lamplit.basics.words import full_moment, plural
from lamplit.cli import start
from lamplit.cli.making import user
from lamplit.cli.say import Failed, say

if TYPE_CHECKING:
    from lamplit.people.facts import Planting

SHOWN_LINES = 5
_NUMBER = re.compile(r"\+?\d[\d\s().\-]{7,18}\d")
_SPACE = re.compile(r"[\W_]+")
_TAIL = 9  # the last digits of a number are the same however it is spelt: +447700900123, 07700 900123


class Mark(NamedTuple):
    """Something that only a planted record has, and when it came to be in our data."""

    what: str
    text: str
    since: datetime


class Watched(NamedTuple):
    """A planted record as a file is searched for it."""

    label: str
    name: str
    marks: tuple[Mark, ...]
    ended_at: datetime | None


class Found(NamedTuple):
    """What a file holds of one."""

    watched: Watched
    marks: tuple[Mark, ...]
    lines: tuple[int, ...]

    @property
    def since(self) -> datetime:
        return max(mark.since for mark in self.marks)


def check(asked: argparse.Namespace) -> int:
    """Say which planted records are in a text or CSV file. 1 when there are any: then it comes from here."""
    start.open_installation()
    from lamplit.people import actions, queries

    path, at, command = Path(asked.file), now(), f"cli:planted:{secrets.token_hex(8)}"
    if not path.is_file():
        raise Failed(f"{path} is no file.")
    salt = queries.salt_of(command)
    actions.note_list_read(why="lamplit planted check", salt=salt, by=cli(user()), at=at, command=command)
    if dark := queries.unreadable():
        raise Failed(f"{plural(dark, 'planted record')} cannot be read: the key “planted” here is not the right one.")
    there = [watched(one.label, one.about) for one in queries.planted() if one.there]
    with path.open(encoding="utf-8", errors="replace") as file:
        found = search(there, file)
    _tell(there, found)
    return 1 if found else 0


def watched(label: str, about: "Planting") -> Watched:
    """Return what a file is searched for."""
    steps = about.steps or [about.at] * 4
    marks = [Mark("id", about.person or "", steps[0])]
    if about.name and about.born_on:
        marks.append(Mark("name and date of birth", f"{about.name}|{about.born_on.isoformat()}", steps[0]))
    marks += [
        Mark(what, value, step)
        for what, value, step in (("number", about.phone, steps[1]), ("e-mail address", about.email, steps[2])) if value
    ]  # fmt: skip
    return Watched(label, about.name or "", tuple(marks), about.at if about.what == "ended" else None)


def search(there: list[Watched], lines: Iterable[str]) -> list[Found]:
    """Return which of them stand in a text, with the marks found and the numbers of the lines."""
    hits: dict[str, tuple[dict[Mark, None], dict[int, None]]] = {}
    for number, line in enumerate(lines, 1):
        low, plain = line.lower(), f" {_SPACE.sub(' ', line.lower())} "
        tails = {re.sub(r"\D", "", one)[-_TAIL:] for one in _NUMBER.findall(line)}
        for one in there:
            for mark in one.marks:
                if _is_there(mark, low, plain, tails):
                    marks, seen = hits.setdefault(one.label, ({}, {}))
                    marks[mark], seen[number] = None, None
    return [Found(one, tuple(hits[one.label][0]), tuple(hits[one.label][1])) for one in there if one.label in hits]


def _is_there(mark: Mark, low: str, plain: str, tails: set[str]) -> bool:
    if mark.what == "number":
        return re.sub(r"\D", "", mark.text)[-_TAIL:] in tails
    if mark.what == "name and date of birth":
        name, _, born = mark.text.partition("|")
        on = date.fromisoformat(born)
        spelt = (f"{on:%Y-%m-%d}", f"{on:%d/%m/%Y}", f"{on.day}/{on.month}/{on.year}", f"{on:%d.%m.%Y}", f"{on:%Y%m%d}")
        return f" {_SPACE.sub(' ', name.lower())} " in plain and any(one in low for one in spelt)
    return mark.text.lower() in low


def _tell(there: list[Watched], found: list[Found]) -> None:
    for one in found:
        more = ", ..." if len(one.lines) > SHOWN_LINES else ""
        lines = ", ".join(str(line) for line in one.lines[:SHOWN_LINES]) + more
        say(f"{one.watched.label} {one.watched.name}: {', '.join(mark.what for mark in one.marks)} (line {lines}).")
        say(f"  In our data since {full_moment(one.since)}: the file was made after that.")
    for missing in [one for one in there if found and one.label not in {hit.watched.label for hit in found}]:
        say(f"{missing.label} {missing.name} is not in it. There since {full_moment(missing.marks[0].since)}.")
    if found:
        say(f"{plural(len(found), 'planted record')} of {len(there)}. Nobody else has these marks: the file comes from our data.")
    else:
        say(f"None of {plural(len(there), 'planted record')} is in it. That proves nothing: it may hold a part of our people.")
