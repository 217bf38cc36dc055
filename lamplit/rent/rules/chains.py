"""Files of one firm and label as a chain: which follows which, where one is missing, and how far everything is in. Pure.

A chain is in the order of its serials within a year, of its days where there are none. A file that comes late takes its place,
and what was missing before is missing no more.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from lamplit.basics.words import pounds

_SERIAL = re.compile(r"([0-9]{1,12})(?:/([0-9]{1,6}))?")


class Link(NamedTuple):
    """One file of a chain. `day`: its own, else that on which it came. `finished`: every line of it is in the books.

    `none_before`: a person said that nothing is missing before it, whatever its serial says.
    """

    serial: str | None
    day: date
    opening_pence: int | None
    closing_pence: int | None
    finished: bool = True
    file: str = ""
    none_before: bool = False
    none_after: bool = False


class Gap(NamedTuple):
    """What is missing between two files: a serial, or a statement that begins where the one before closed."""

    is_serial: bool
    expected: str


class Reach(NamedTuple):
    """The day up to which every file of a chain is in (None: not even its first), and what is missing after it.

    `before`: the file before which it is missing. `over`: a person said that nothing more comes after the last one.
    """

    to_on: date | None
    gap: Gap | None
    before: str = ""
    over: bool = False


def number_of(serial: str | None) -> tuple[int, int] | None:
    """Return a serial's number and page (0 where it has none). What is no number, as the name of a list, is no serial."""
    found = _SERIAL.fullmatch(serial) if serial is not None else None
    return None if found is None else (int(found[1]), int(found[2] or 0))


def place_of(link: Link) -> tuple[int, tuple[int, int], date]:
    """Return where a file stands in its chain. Most firms begin again with each year."""
    return link.day.year, number_of(link.serial) or (0, 0), link.day


def next_of(links: Sequence[Link]) -> str:
    """Return the serial that should come next, or nothing where there are none."""
    last = max(links, key=place_of, default=None)
    number = number_of(last.serial) if last is not None else None
    return "" if number is None or last is None else _as(number[0] + 1, last)


def _as(number: int, link: Link, page: int = 0) -> str:
    """Write a serial as wide as a file of its chain has it."""
    written = str(number).zfill(len((link.serial or "").partition("/")[0]))
    return f"{written}/{page}" if page else written


def before(link: Link, others: Sequence[Link]) -> Link | None:
    """Return the file after which one comes, of others of which the newest stand first."""
    earlier = [one for one in others if place_of(one) <= place_of(link)]
    return max(earlier, key=place_of, default=None)


def gap_between(one: Link, after: Link) -> Gap | None:
    """Say what is missing between a file and the one that comes after it."""
    was, number = number_of(one.serial), number_of(after.serial)
    if was is not None and number is not None:
        if number[0] == was[0] and number[1] > was[1] + 1:
            return Gap(True, _as(was[0], after, was[1] + 1))
        if number[0] != was[0] and number[1] > 1:
            return Gap(True, _as(number[0], after, 1))
        begins_anew = number[0] == 1 and after.day.year > one.day.year
        if not begins_anew and number[0] not in (was[0], was[0] + 1):
            return Gap(True, _as(was[0] + 1 if number[0] > was[0] else 1, after))
    if after.opening_pence is not None and one.closing_pence is not None and after.opening_pence != one.closing_pence:
        return Gap(False, pounds(one.closing_pence))
    return None


def reach(links: Iterable[Link]) -> Reach:
    """Return how far a chain is in, and what is missing."""
    last: Link | None = None
    for link in sorted(links, key=place_of):
        gap = gap_between(last, link) if last is not None and not link.none_before else None
        if gap is not None or not link.finished:
            return Reach(last.day if last is not None else None, gap, link.file)
        last = link
    return Reach(last.day, None, over=last.none_after) if last is not None else Reach(None, None)
