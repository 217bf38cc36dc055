"""Write a Standard 18 file and read the written bytes again. Nothing is sent that was not read back and found to be the same.

All money is whole pence. A file has debits and instructions, or it has credits; never both.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from lamplit.basics.bacs_days import first_input_on, to_bacs_date
from lamplit.basics.bacs_text import WIDTH, fold, reference_wrong
from lamplit.basics.bank import masked
from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import is_working_day
from lamplit.exchange.bacs.layout import CREDIT, DEBITS, INSTRUCTIONS, MOST_PENCE, MOST_RECORDS, label

_ENDS = "\r\n"
_ONE, _MANY = "1 DAILY  ", "4 MULTI  "


class NotWritable(Exception):  # noqa: N818 - it says what is wrong with which item
    """A file cannot be written. `problems` name each item, counted from 1."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problems; the first is {problems[0]}")
        self.problems = tuple(problems)


class Item(Plain, frozen=True, kw_only=True):
    """One collection, one payment or one instruction (0N, 0C, 0S). Sort code and account number are six and eight digits."""

    sort_code: str
    account: str
    code: str
    pence: int
    reference: str
    name: str
    processing_on: date

    def __repr__(self) -> str:
        return f"Item({self.code}, {masked(self.account)}, pence={self.pence}, processing_on={self.processing_on})"


class Origin(Plain, frozen=True, kw_only=True):
    """Whose file it is. `receiver`: what your bank wants in UHL1 11-20, most often 999999."""

    user_number: str
    user_name: str
    sort_code: str
    account: str
    account_name: str
    receiver: str = "999999"

    def __repr__(self) -> str:
        return f"Origin({self.user_number}, {masked(self.account)})"


class Submission(Plain, frozen=True, kw_only=True):
    """What names one file: a serial that no other of that day has, the day it is made, and how long it may be used."""

    serial: str
    created_on: date
    expires_on: date
    file_number: int = 1


class Control(Plain, frozen=True, kw_only=True):
    """Totals and counts of a file as its trailer has them: contras are in, instructions are not money but records."""

    debit_pence: int
    credit_pence: int
    debits: int
    credits: int
    instructions: int


def control(items: Sequence[Item]) -> Control:
    """Return the totals that a file of these items must have: each processing day has a contra for its sum."""
    money = [item for item in items if item.code not in INSTRUCTIONS]
    total, contras = sum(item.pence for item in money), len({item.processing_on for item in money})
    sides = (len(money), contras) if not _credits(items) else (contras, len(money))
    instructions = len(items) - len(money)
    return Control(debit_pence=total, credit_pence=total, debits=sides[0], credits=sides[1], instructions=instructions)


def write(origin: Origin, submission: Submission, items: Sequence[Item]) -> bytes:
    """Write a file, of one processing day or of many. NotWritable says which item is wrong, and why."""
    if problems := [*_wrong_origin(origin, submission), *_wrong_items(items), *_wrong_days(submission, items)]:
        raise NotWritable(problems)
    days = sorted({item.processing_on for item in items})
    lines = _opening(origin, submission, days)
    many = len(days) > 1
    own = f"{origin.sort_code}{origin.account}"
    middle = f"{own}    "
    name = _name(origin.user_name)
    ends = {day: to_bacs_date(day) if many else "" for day in days}
    for item in sorted(items, key=lambda item: item.processing_on) if many else items:
        lines.append(
            f"{item.sort_code}{item.account}0{item.code}{middle}{item.pence:011}{name}"
            f"{item.reference:<18}{_name(item.name)}{ends[item.processing_on]}"
        )
    contra = "17" if _credits(items) else CREDIT
    for day, pence in _sums(items).items():
        own_name = _name(origin.account_name)
        lines.append(f"{own}0{contra}{middle}{pence:011}{name}{'CONTRA':<18}{own_name}{ends[day]}")
    lines += _closing(lines[1:3], control(items))
    return (_ENDS.join(lines) + _ENDS).encode("ascii")


def _name(text: str) -> str:
    return fold(text)[:WIDTH].ljust(WIDTH)


def _credits(items: Sequence[Item]) -> bool:
    return any(item.code == CREDIT for item in items)


def _sums(items: Sequence[Item]) -> dict[date, int]:
    """Return what each processing day moves, in the order of days. A day of instructions alone has no contra."""
    sums: Counter[date] = Counter()
    for item in items:
        if item.code not in INSTRUCTIONS:
            sums[item.processing_on] += item.pence
    return dict(sorted(sums.items()))


def _opening(origin: Origin, submission: Submission, days: list[date]) -> list[str]:
    many = len(days) > 1
    created, expires = to_bacs_date(submission.created_on), to_bacs_date(submission.expires_on)
    number, serial = origin.user_number, submission.serial
    return [
        label("VOL1", serial=serial, user_number=number),
        label("HDR1", user_number=number, user_number_again=number, serial=serial, created=created, expires=expires),
        label("HDR2", block="02000", record="00106" if many else "00100"),
        label(
            "UHL1",
            processing=" " * 6 if many else to_bacs_date(days[0]),
            receiver=origin.receiver.ljust(10),
            currency="00",
            country="000000",
            work=_MANY if many else _ONE,
            file_number=f"{submission.file_number:03}",
        ),
    ]


def _closing(headers: list[str], totals: Control) -> list[str]:
    trailer = label(
        "UTL1",
        debit_pence=f"{totals.debit_pence:013}",
        credit_pence=f"{totals.credit_pence:013}",
        debits=f"{totals.debits:07}",
        credits=f"{totals.credits:07}",
    )
    return [*(f"EOF{header[3:]}" for header in headers), trailer]


def _digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()


def _is_serial(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isalnum() and text == text.upper() and text.strip("0") != ""


def _wrong_origin(origin: Origin, submission: Submission) -> list[Problem]:
    """Say what is wrong with whose file it is: line 0."""
    checks = [
        ("user_number", _digits(origin.user_number, 6), "A service user number has six digits."),
        ("sort_code", _digits(origin.sort_code, 6), "A sort code has six digits."),
        ("account", _digits(origin.account, 8), "An account number has eight digits."),
        ("user_name", bool(fold(origin.user_name).strip()), "The service user's name is missing."),
        ("account_name", bool(fold(origin.account_name).strip()), "The name of our account is missing."),
        ("receiver", _digits(origin.receiver, 6), "The receiving party has six digits."),
        ("serial", _is_serial(submission.serial), "A serial is six capital letters and digits, not all 0."),
        ("expires_on", submission.expires_on > submission.created_on, "The file must expire after the day it is made."),
        ("file_number", 0 < submission.file_number < 1000, "A file number is 1 to 999."),
    ]
    return [Problem(0, column, words) for column, right, words in checks if not right]


def _wrong_items(items: Sequence[Item]) -> list[Problem]:
    if not items:
        return [Problem(0, "", "There is nothing to send.")]
    problems = [problem for number, item in enumerate(items, 1) for problem in _wrong_item(number, item)]
    if _credits(items) and any(item.code != CREDIT for item in items):
        problems.append(Problem(0, "code", "Payments out (99) go into a file of their own."))
    if len(items) > MOST_RECORDS:
        problems.append(Problem(0, "", f"A file has at most {MOST_RECORDS:,} records."))
    if not problems and max(_sums(items).values(), default=0) > MOST_PENCE:
        problems.append(Problem(0, "pence", "One day adds up to more than a contra can hold. Make two files."))
    return problems


def _wrong_days(submission: Submission, items: Sequence[Item]) -> list[Problem]:
    """Say which processing days cannot be: no working day, too near or too far ahead."""
    problems = []
    for day in sorted({item.processing_on for item in items}):
        if not is_working_day(day):
            problems.append(Problem(0, "processing_on", f"{day} is no working day."))
        elif day <= submission.created_on:
            problems.append(Problem(0, "processing_on", f"{day} is too near: a file is sent the working day before."))
        elif first_input_on(day) > submission.created_on:
            problems.append(Problem(0, "processing_on", f"{day} is too far ahead: send it from {first_input_on(day)} on."))
    return problems


def _wrong_item(number: int, item: Item) -> list[Problem]:
    """Say what is wrong with one item. Quick where nothing is: a file has tens of thousands."""
    problems: list[tuple[str, str]] = []
    if not _digits(item.sort_code, 6):
        problems.append(("sort_code", "A sort code has six digits."))
    if not _digits(item.account, 8):
        problems.append(("account", "An account number has eight digits."))
    if item.code in INSTRUCTIONS:
        if item.pence:
            problems.append(("pence", f"An instruction ({item.code}) carries no money."))
    elif item.code not in DEBITS and item.code != CREDIT:
        problems.append(("code", "The transaction code is not one that we may send."))
    elif not 0 < item.pence <= MOST_PENCE:
        problems.append(("pence", "The sum must be more than nothing and fit into eleven digits."))
    if item.code != CREDIT and (words := reference_wrong(item.reference)):
        problems.append(("reference", words))
    elif item.code == CREDIT and (fold(item.reference) != item.reference or len(item.reference) > WIDTH):
        problems.append(("reference", "A reference has up to 18 capital letters, digits, spaces and . & / -"))
    if not _has_name(item.name):
        problems.append(("name", "The name is missing, or has no letter that Bacs knows."))
    return [Problem(number, *problem) for problem in problems]


def _has_name(name: str) -> bool:
    return (name.isascii() and name[:1].isalnum()) or bool(fold(name).strip())


def written_as(item: Item) -> tuple[Any, ...]:
    """Return an item as a file holds it: the name in Bacs letters, cut at 18."""
    name = _name(item.name).rstrip()
    return item.sort_code, item.account, item.code, item.pence, item.reference.rstrip(), name, item.processing_on
