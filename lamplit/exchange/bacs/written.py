"""Read the bytes of a Standard 18 file again and hold them against what was to be written.

The reader shares the layout with the writer, but adds up for itself: a sum that was cut, a line that slipped or a contra that
does not cover its day is found here, before a file leaves the house.
"""

from collections import Counter
from datetime import date

from lamplit.basics.bacs_days import from_bacs_date
from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain
from lamplit.exchange.bacs.layout import CREDIT, DEBITS, INSTRUCTIONS, LABEL, MANY_DAYS, ONE_DAY, PROCESSING, RECORD, read_label
from lamplit.exchange.bacs.standard18 import Control, Item

_CONTRA = "CONTRA".ljust(18)
_AT = {field.name: slice(field.first - 1, field.last) for field in (*RECORD, PROCESSING)}
_HEADS, _TAILS = ("VOL1", "HDR1", "HDR2", "UHL1"), ("EOF1", "EOF2", "UTL1")


class NotAsExpected(Exception):  # noqa: N818 - it says what differs
    """The written bytes are not what was to be sent. The file must not leave."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems[:5])))
        self.problems = tuple(problems)


class Written(Plain, frozen=True, kw_only=True):
    """What the bytes of a file say. `items` are its records without contras; `contras` is what each day's contra says."""

    serial: str
    user_number: str
    control: Control
    items: tuple[Item, ...]
    contras: dict[date, int]
    problems: tuple[Problem, ...]


def read(data: bytes) -> Written:
    """Read a file. Its own faults are in `problems`. NotAsExpected when it is no Standard 18 file at all."""
    text = data.decode("ascii", "replace")
    lines = text.split("\r\n")
    if lines[-1] != "" or len(lines) < 8:
        raise NotAsExpected([Problem(len(lines), "", "The file is cut short.")])
    lines.pop()
    labels, records = [*lines[:4], *lines[-3:]], lines[4:-3]
    if tuple(line[:4] for line in labels) != _HEADS + _TAILS:
        raise NotAsExpected([Problem(1, "", "The labels of a Standard 18 file are not all there.")])
    head, work = read_label(labels[0]), read_label(labels[3])
    many = work["work"].startswith("4")
    problems = [*_wrong_labels(labels, head), *_wrong_lengths(records, MANY_DAYS if many else ONE_DAY)]
    if problems:
        raise NotAsExpected(problems)
    items, contras, faults = _records(records, None if many else from_bacs_date(work["processing"]))
    total = _added_up(items, contras)
    faults += _wrong_sums(items, contras, total, read_label(labels[-1]), len(lines))
    return Written(
        serial=head["serial"],
        user_number=head["user_number"],
        control=total,
        items=tuple(items),
        contras={day: pence for (day, _), pence in contras.items()},
        problems=tuple(faults),
    )


def _wrong_labels(labels: list[str], head: dict[str, str]) -> list[Problem]:
    names = [*_HEADS, *_TAILS]
    problems = [
        Problem(0, name, f"The label has {len(line)} characters, not {LABEL}.")
        for name, line in zip(names, labels, strict=True)
        if len(line) != LABEL
    ]
    if labels[1][3:] != labels[4][3:] or labels[2][3:] != labels[5][3:]:
        problems.append(Problem(0, "EOF", "The labels at the end are not those at the beginning."))
    if read_label(labels[1])["serial"] != head["serial"]:
        problems.append(Problem(2, "serial", "VOL1 and HDR1 name two serials."))
    return problems


def _wrong_lengths(records: list[str], width: int) -> list[Problem]:
    wrong = [number for number, line in enumerate(records, 5) if len(line) != width]
    return [Problem(number, "", f"The record has not {width} characters.") for number in wrong[:20]]


Contras = dict[tuple[date, str], int]


def _records(records: list[str], one_day: date | None) -> tuple[list[Item], Contras, list[Problem]]:
    items: list[Item] = []
    contras: Contras = {}
    problems: list[Problem] = []
    days: dict[str, date | None] = {"": one_day}
    for number, line in enumerate(records, 5):
        stamp = line[_AT["processing"]]
        if stamp not in days:
            days[stamp] = from_bacs_date(stamp)
        day, pence = days[stamp], line[_AT["pence"]]
        if day is None or not pence.isdigit():
            problems.append(Problem(number, "", "The date or the sum of the record cannot be read."))
        elif line[_AT["reference"]] == _CONTRA and line[:14] == line[17:31]:
            code = line[_AT["code"]]
            if (day, code) in contras:
                problems.append(Problem(number, "reference", f"{day} has two contras."))
            contras[day, code] = int(pence)
        else:
            items.append(_item(line, int(pence), day))
    return items, contras, problems


def _item(line: str, pence: int, day: date) -> Item:
    return Item(
        sort_code=line[:6],
        account=line[6:14],
        code=line[15:17],
        pence=pence,
        reference=line[_AT["reference"]].rstrip(),
        name=line[_AT["name"]].rstrip(),
        processing_on=day,
    )


def _added_up(items: list[Item], contras: Contras) -> Control:
    """Add up what the records say, one by one."""
    money, counts = Counter[str](), Counter[str]()
    sides = dict.fromkeys(DEBITS, "debit") | {CREDIT: "credit"} | dict.fromkeys(INSTRUCTIONS, "instruction")
    movements = [(item.code, item.pence) for item in items] + [(code, pence) for (_, code), pence in contras.items()]
    for code, pence in movements:
        side = sides.get(code, "unknown")
        money[side] += pence
        counts[side] += 1
    return Control(
        debit_pence=money["debit"] + money["unknown"],
        credit_pence=money["credit"],
        debits=counts["debit"] + counts["unknown"],
        credits=counts["credit"],
        instructions=counts["instruction"],
    )


def _wrong_sums(items: list[Item], contras: Contras, total: Control, told: dict[str, str], last: int) -> list[Problem]:
    found = {name: getattr(total, name) for name in told}
    problems = [
        Problem(last, name, f"The trailer says {told[name].lstrip('0') or '0'} and the records make {found[name]}.")
        for name in told
        if not told[name].isdigit() or int(told[name]) != found[name]
    ]
    if total.debit_pence != total.credit_pence:
        problems.append(Problem(last, "", "Debits and credits are not the same sum."))
    sums = Counter[date]()
    for item in items:
        if item.code not in INSTRUCTIONS:
            sums[item.processing_on] += item.pence
    if dict(sums) != {day: pence for (day, _), pence in contras.items()}:
        problems.append(Problem(last, "", "A contra is not the sum of its day."))
    return problems


def check_written(data: bytes, expected: Control) -> Written:
    """Read written bytes again. NotAsExpected when their totals are not the expected ones, or the file has faults."""
    found = read(data)
    problems = list(found.problems)
    for name in ("debit_pence", "credit_pence", "debits", "credits", "instructions"):
        wanted, got = getattr(expected, name), getattr(found.control, name)
        if wanted != got:
            problems.append(Problem(0, name, f"The file has {got} where {wanted} was to be sent."))
    if problems:
        raise NotAsExpected(problems)
    return found
