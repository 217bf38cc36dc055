"""What a file of money may be, what comes next in a chain of files, and what may become of a line. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.rent.facts import Told
from lamplit.rent.facts.money import Elsewhere, HowName, SourceName, TroubleName
from lamplit.rent.rules import chains
from lamplit.rent.rules.chains import Link
from lamplit.rent.rules.ledger import MOST_PENCE

BOOKS: dict[str, str] = {"bank": "bank", "allpay": "collected", "paypoint": "collected", "hb": "benefit", "uc": "benefit"}
MOST_BYTES = 28_000  # of the words of one entry's lines, before they are sealed
MOST_LINES = 150
_ONE = 170  # about what the rest of a line takes


class NewFile(Plain, frozen=True, kw_only=True):
    """A file as it was read: whose, which, and what its lines add up to. `again`: the very same lines are in the books."""

    source: SourceName
    layout: str
    sha256: str
    part: int
    label: str
    lines: int
    credit_pence: int
    debit_pence: int
    settled_pence: int = 0
    serial: str | None = None
    dated: date | None = None
    opening_pence: int | None = None
    closing_pence: int | None = None
    again: bool = False


class Line(Plain, frozen=True, kw_only=True):
    """One line, with whose it is where that is sure."""

    number: int
    pence: int
    on: date
    told: Told
    account: str | None = None
    how: HowName | None = None
    sure: int | None = None
    claim: str | None = None
    from_on: date | None = None
    to_on: date | None = None
    to: Elsewhere | None = None
    maybe: str | None = None


class Before(NamedTuple):
    """A file of the same firm and label that we have."""

    serial: str | None
    dated: date | None
    closing_pence: int | None


class Trouble(NamedTuple):
    """What is wrong with a file beside those before it, and which serial or sum was expected."""

    what: TroubleName
    expected: str


def trouble_with(file: NewFile, before: Sequence[Before]) -> Trouble | None:
    """Say whether a file was there before, in these or other bytes, or what is missing before it. `before`: the newest first.

    A serial that begins again with 1 in a new year goes on; a file that comes late takes its place.
    """
    today = file.dated or max((one.dated for one in before if one.dated is not None), default=date.min)
    links = [Link(one.serial, one.dated or today, None, one.closing_pence) for one in before]
    if file.again or any(_same_serial(file, one) for one in before):
        return Trouble("serial_repeated", chains.next_of(links))
    new = Link(file.serial, today, file.opening_pence, None)
    last = chains.before(new, links)
    gap = chains.gap_between(last, new) if last is not None else None
    return None if gap is None else Trouble("serial_missing" if gap.is_serial else "balance_gap", gap.expected)


def _same_serial(file: NewFile, one: Before) -> bool:
    """A serial is the same within a year: most firms begin again with each. A name that every list bears is none."""
    if chains.number_of(file.serial) is None:
        return False
    years = {day.year for day in (file.dated, one.dated) if day is not None}
    return file.serial == one.serial and len(years) < 2


def check_lines(lines: Iterable[Line], today: date) -> None:
    """Refuse sums that no payment is, and days far ahead. Refused: rent.bad_sum, rent.day_ahead."""
    for line in lines:
        if not 0 < abs(line.pence) <= MOST_PENCE:
            raise Refused("rent.bad_sum")
        if line.on > today + timedelta(days=31):
            raise Refused("rent.day_ahead", on=f"{line.on:%d/%m/%Y}")


def cut(lines: Sequence[Line]) -> list[list[Line]]:
    """Cut lines so that each part fits into one entry of the record."""
    parts: list[list[Line]] = []
    size = 0
    for line in lines:
        told = line.told
        takes = _ONE + sum(len(text.encode()) for text in (getattr(told, name) for name in told.__struct_fields__) if text)
        if not parts or size + takes > MOST_BYTES or len(parts[-1]) >= MOST_LINES:
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += takes
    return parts
