"""Lists of credits in Bacs layout (VOL1, HDR1, UHL1, records, UTL1), as banks hand them to the receiver. All or nothing.

The totals of the trailer must be those of the records. What a card company pays in as one sum for many payments stands apart:
it is nobody's rent by itself. Lines by which a list only repeats balances are left out.
"""

import re
from collections.abc import Sequence
from datetime import date

from lamplit.basics.bacs_days import from_bacs_date
from lamplit.basics.bank import BankFile, BankLine, Reading, bank_file, refuse
from lamplit.basics.lines import Problem
from lamplit.exchange.bank.plain_text import NoText, lines_of

_LONGEST_RECORD = 160
_SHORTEST_RECORD = 106
_CREDITS, _DEBITS, _BALANCE = frozenset({"93", "99"}), frozenset({"01", "03", "17", "18", "19"}), "Y1"
_ACQUIRERS = ("WORLDPAY", "STREAMLINE", "BARCLAYCARD MERCH", "ELAVON", "GLOBAL PAYMENTS")
LAYOUT = "bacs credits"
_HEAD, _TAIL = ("VOL1", "HDR1", "UHL1"), "UTL1"


def read(data: bytes, acquirers: Sequence[str] = _ACQUIRERS) -> Reading:
    """Read a list. Each account that it names becomes a file of its own; a list without records is a file without lines."""
    try:
        numbered = [(number, line) for number, line in enumerate(lines_of(data), 1) if line.strip()]
    except NoText as wrong:
        return refuse(wrong.words, wrong.line)
    labels = [line[:4] for _, line in numbered]
    if tuple(labels[:3]) != _HEAD or labels.count(_TAIL) != 1:
        return refuse("This is no list of credits in Bacs layout: VOL1, HDR1, UHL1 and one UTL1 must be there, in this order.")
    end = labels.index(_TAIL)
    records = [(number, line) for number, line in numbered[3:end] if line[:4] not in ("HDR2", "EOF1", "EOF2")]
    if any(label not in ("EOF1", "EOF2") for label in labels[end + 1 :]):
        return refuse("There are lines behind the totals.", numbered[end + 1][0])
    problems = [Problem(number, "", "This is no record of a credit.") for number, line in records if not _whole(line)]
    problems = problems or _wrong_totals(numbered[end], [line for _, line in records])
    if problems:
        return Reading(problems=tuple(problems))
    return _files(records, numbered[0][1], numbered[2][1], acquirers)


def _whole(line: str) -> bool:
    known = line[15:17] in {_BALANCE, *_CREDITS, *_DEBITS}
    wide = _SHORTEST_RECORD <= len(line) <= _LONGEST_RECORD
    figures = re.fullmatch(r"[0-9]{14}", line[:14]) is not None and (line[15:17] == _BALANCE or _number(line[35:46]) is not None)
    return known and wide and figures


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]+", text) else None


def _wrong_totals(trailer: tuple[int, str], records: list[str]) -> list[Problem]:
    """Hold the trailer's totals and counts against the records."""
    number, text = trailer
    debits, credits_ = ([line for line in records if _side(line) == side] for side in ("debit", "credit"))
    made = [sum(int(line[35:46]) for line in side) for side in (debits, credits_)] + [len(debits), len(credits_)]
    told = [_number(text[first:last]) for first, last in ((4, 17), (17, 30), (30, 37), (37, 44))]
    names = ("total of debits", "total of credits", "count of debits", "count of credits")
    return [
        Problem(number, name, f"The trailer says {says if says is not None else 'nothing'} and the records make {makes}.")
        for name, says, makes in zip(names, told, made, strict=True)
        if says != makes
    ]


def _side(line: str) -> str:
    code = line[15:17]
    return "none" if code == _BALANCE else "debit" if code in _DEBITS else "credit"


def _files(records: list[tuple[int, str]], volume: str, header: str, acquirers: Sequence[str]) -> Reading:
    dated = from_bacs_date(header[4:10])
    accounts: dict[str, list[tuple[int, str]]] = {}
    for number, line in records:
        accounts.setdefault(f"{line[:6]} {line[6:14]}", []).append((number, line))
    serial = volume[4:10].strip() or None
    files = [_file(account, held, serial, dated, acquirers) for account, held in (accounts or {"": []}).items()]
    wrong = [problem for file in files if not isinstance(file, BankFile) for problem in file]
    return Reading(problems=tuple(wrong)) if wrong else Reading(files=tuple(file for file in files if isinstance(file, BankFile)))


def _file(
    account: str, held: list[tuple[int, str]], serial: str | None, dated: date | None, acquirers: Sequence[str]
) -> BankFile | list[Problem]:
    lines, settled = list[BankLine](), list[BankLine]()
    for number, record in held:
        if _side(record) == "none":
            continue
        on = from_bacs_date(record[100:106].strip()) or dated
        if on is None:
            return [Problem(number, "date", "The record has no date that can be read.")]
        line = _line(number, record, on)
        apart = any(name in line.reference or name in (line.payer or "") for name in acquirers)
        (settled if apart else lines).append(line)
    return bank_file(lines, layout=LAYOUT, account=account, serial=serial, dated=dated, settled=tuple(settled))


def _line(number: int, record: str, on: date) -> BankLine:
    pence = int(record[35:46])
    payer_account = f"{record[17:23]} {record[23:31]}"
    known = payer_account.strip("0 ") != "" and re.fullmatch(r"[0-9]{6} [0-9]{8}", payer_account) is not None
    return BankLine(
        line=number,
        on=on,
        pence=-pence if _side(record) == "debit" else pence,
        payer=record[46:64].strip() or None,
        reference=record[64:82].strip(),
        payer_account=payer_account if known else None,
        kind=record[15:17],
    )
