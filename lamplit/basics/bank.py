"""What a bank's file says, whatever its layout. Money is whole pence, seen from the landlord: what comes in is positive.

A payer's account number never shows in a log: the text of these values has its last three digits alone, and no name.
"""

import re
from datetime import date
from typing import Any

from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain

_POUNDS = re.compile(r"([+-]?)(\d{1,11})(?:\.(\d{1,2})0*)?")
_LAST = 3


def masked(account: str | None) -> str:
    """Return what may be shown of an account number: its last three digits."""
    return f"…{account[-_LAST:]}" if account else "none"


def read_pounds(text: str) -> int | None:
    """Return pounds and pence, `12.5` or `-1250.00`, as whole pence; None when that is no such sum."""
    found = _POUNDS.fullmatch(text)
    if found is None or not text.isascii():
        return None
    pence = int(found[2]) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -pence if found[1] == "-" else pence


class BankLine(Plain, frozen=True, kw_only=True):
    """One movement on a bank account, or one payment taken for us. `line` says where it stands in its file."""

    line: int
    on: date
    pence: int
    value_on: date | None = None
    reference: str = ""
    payer: str | None = None
    payer_account: str | None = None  # sort code and account number, `200915 41011166`, or an IBAN
    kind: str = ""
    bank_id: str | None = None

    def __repr__(self) -> str:
        return f"BankLine(line={self.line}, on={self.on}, pence={self.pence}, payer_account={masked(self.payer_account)})"


class BankFile(Plain, frozen=True, kw_only=True):
    """One statement or list of payments. `credit_pence`, `debit_pence` are added up here, never taken from the file.

    `settled` are credits that a card company or bank pays in as one sum for many payments: nobody's rent by themselves,
    and in none of the totals here.
    """

    layout: str
    account: str
    serial: str | None
    dated: date | None
    lines: tuple[BankLine, ...]
    credit_pence: int
    debit_pence: int
    opening_pence: int | None = None
    closing_pence: int | None = None
    settled: tuple[BankLine, ...] = ()

    def __repr__(self) -> str:
        sums = f"credit_pence={self.credit_pence}, debit_pence={self.debit_pence}"
        return f"BankFile({self.layout}, {masked(self.account)}, serial={self.serial}, {len(self.lines)} lines, {sums})"


class BenefitLine(Plain, frozen=True, kw_only=True):
    """One line of a benefit schedule. `kind`: payment, adjustment or recovery; what is taken back is negative."""

    line: int
    claim: str
    pence: int
    kind: str
    from_on: date | None = None
    to_on: date | None = None
    reference: str = ""
    name: str | None = None
    ni_number: str | None = None
    settlement: str | None = None

    def __repr__(self) -> str:
        return f"BenefitLine(line={self.line}, kind={self.kind}, pence={self.pence}, from_on={self.from_on}, to_on={self.to_on})"


class BenefitSchedule(Plain, frozen=True, kw_only=True):
    """A schedule of housing benefit, of Universal Credit paid to the landlord, or of third-party deductions."""

    layout: str
    serial: str | None
    dated: date | None
    lines: tuple[BenefitLine, ...]
    pence: int


class Reading(Plain, frozen=True, kw_only=True):
    """What came of a file: its statements or schedules, or what is wrong with it. Never both, never half a file."""

    files: tuple[BankFile | BenefitSchedule, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def bank_files(self) -> list[BankFile]:
        return [file for file in self.files if isinstance(file, BankFile)]


def bank_file(lines: list[BankLine], **told: Any) -> BankFile:
    """Make a file of its lines, with their totals. `told` is all else that a BankFile says."""
    credit = sum(line.pence for line in lines if line.pence > 0)
    debit = credit - sum(line.pence for line in lines)
    return BankFile(lines=tuple(lines), credit_pence=credit, debit_pence=debit, **told)


def refuse(words: str, line: int = 0, column: str = "") -> Reading:
    """Refuse a whole file for one reason. Line 0 is the file itself."""
    return Reading(problems=(Problem(line, column, words),))
