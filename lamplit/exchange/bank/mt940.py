"""Statements in MT940: every statement of a file, each added up anew. All or nothing.

The `mt-940` library reads the fields. Here every movement is counted and every balance held against its lines. The library's log
is shut: it would tell what it could not read, names and accounts with it.
"""

import logging
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from mt940.models import Transactions

from lamplit.basics.bank import BankFile, BankLine, Reading, bank_file, refuse
from lamplit.basics.lines import Problem
from lamplit.exchange.bank.plain_text import NoText, kept, lines_of

logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_UNREADABLE = (ValueError, ArithmeticError, LookupError, TypeError, RuntimeError, AttributeError)
_NOTHING = ("", "NONREF", "NOTPROVIDED")
Block = list[tuple[int, str]]


def read(data: bytes, currency: str = "GBP") -> Reading:
    """Read a file. Each statement's opening balance and its lines must make its closing balance."""
    try:
        lines = lines_of(data, "utf-8" if data.startswith(b"\xef\xbb\xbf") or not data.isascii() else "ascii")
    except NoText as wrong:
        return refuse(wrong.words, wrong.line)
    files, problems, seen = list[BankFile](), list[Problem](), set[tuple[str, str]]()
    for block in _blocks(lines):
        found = _statement(block, currency)
        if isinstance(found, Problem):
            problems.append(found)
            continue
        if found.serial and (found.account, found.serial) in seen:
            problems.append(Problem(block[0][0], ":28C:", "The same statement is in the file twice."))
        seen.add((found.account, found.serial or ""))
        files.append(found)
    if not files and not problems:
        return refuse("This is no bank statement in MT940: no line begins with :20:.")
    return Reading(problems=tuple(problems)) if problems else Reading(files=tuple(files))


def _blocks(lines: list[str]) -> Iterator[Block]:
    """Cut a file into its statements, each from :20: on. What SWIFT wraps around them falls away."""
    block: Block = []
    for number, whole in enumerate(lines, 1):
        line = whole.split("{4:", 1)[-1] if whole.startswith("{1:") else whole
        if line.startswith(":20:"):
            if block:
                yield block
            block = []
        if (block or line.startswith(":20:")) and line.strip() not in ("-", "-}"):
            block.append((number, line))
    if block:
        yield block


def _statement(block: Block, currency: str) -> BankFile | Problem:
    first = block[0][0]
    starts = [number for number, line in block if line.startswith(":61:")]
    statement = Transactions()
    try:
        statement.parse("\n".join(line for _, line in block))
        movements = [movement for movement in statement.transactions if movement.data.get("id")]
        if len(movements) != len(starts):
            return Problem(first, ":61:", "Some movements of this statement cannot be read.")
        lines = [_line(number, movement.data) for number, movement in zip(starts, movements, strict=True)]
        return _checked(first, statement.data, lines, currency)
    except _UNREADABLE:
        return Problem(first, "", _where(block))


def _where(block: Block) -> str:
    """Say which field it is that cannot be read: the first movement or balance that alone does not read."""
    for number, line in block:
        if line.startswith((":61:", ":60", ":62", ":28")):
            try:
                Transactions().parse(line)
            except _UNREADABLE:
                return f"Line {number} cannot be read: it is no :{line.split(':')[1][:3]}: as MT940 has it."
    return "The statement cannot be read."


def _pence(amount: Decimal) -> int:
    pence = amount * 100
    if pence != pence.to_integral_value() or abs(pence) >= 10**14:
        raise ValueError("not a sum in pence")
    return int(pence)


def _line(number: int, told: dict[str, Any]) -> BankLine:
    # C and RD (a debit taken back) bring money in; D and RC take it away.
    pence = abs(_pence(told["amount"].amount))
    details = " ".join((told.get("transaction_details") or "").split())
    customer, ours = (told.get("customer_reference") or "").strip(), (told.get("bank_reference") or "").strip()
    reference = " ".join(dict.fromkeys(text for text in (customer, details) if text.upper() not in _NOTHING))
    value_on, on = told["date"], told.get("entry_date") or told["date"]
    return BankLine(
        line=number,
        on=date(on.year, on.month, on.day),
        value_on=date(value_on.year, value_on.month, value_on.day),
        pence=pence if told["status"] in ("C", "RD") else -pence,
        reference=kept(reference or told.get("extra_details") or ""),
        kind=told["id"],
        bank_id=kept(ours) or None,
    )


def _checked(first: int, told: dict[str, Any], lines: list[BankLine], currency: str) -> BankFile | Problem:
    opening = told.get("final_opening_balance") or told.get("intermediate_opening_balance")
    closing = told.get("final_closing_balance") or told.get("intermediate_closing_balance")
    account = (told.get("account_identification") or "").strip()
    if opening is None or closing is None or not account:
        return Problem(first, "", "The statement lacks its account, its opening balance or its closing balance.")
    for balance in (opening, closing):
        if balance.amount.currency != currency:
            return Problem(first, "", f"The statement is in {balance.amount.currency}, not in {currency}.")
    page = told.get("sequence_number")
    number = told.get("statement_number")
    file = bank_file(
        lines,
        layout="mt940",
        account=account,
        serial=f"{number}/{page}" if number and page else number,
        dated=date(closing.date.year, closing.date.month, closing.date.day),
        opening_pence=_pence(opening.amount.amount),
        closing_pence=_pence(closing.amount.amount),
    )
    made = _pence(opening.amount.amount) + file.credit_pence - file.debit_pence
    if made != file.closing_pence:
        return Problem(first, ":62F:", "The opening balance and the lines do not make the closing balance.")
    return file
