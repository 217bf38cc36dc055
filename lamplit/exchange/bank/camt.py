"""Statements in camt.053, versions 2 to 8 and on: every statement of a file, each added up anew. All or nothing."""

import re
from datetime import date
from typing import Any

from lamplit.basics.bank import BankFile, BankLine, Reading, bank_file, read_pounds, refuse
from lamplit.basics.lines import Problem
from lamplit.exchange.bank.plain_text import kept
from lamplit.exchange.xml import Element, XmlWrong, read_xml

_OPENING, _CLOSING = ("opbd", "prcd"), ("clbd",)
_OTHER = {"bktocstmracctrpt": "camt.052, an interim report", "bktocstmrdbtcdtntfctn": "camt.054, a notice of single movements"}
_NOTHING = ("", "NOTPROVIDED", "NOT PROVIDED", "NONREF")


class _Wrong(Exception):  # noqa: N818 - it carries a problem
    def __init__(self, line: int, column: str, words: str) -> None:
        super().__init__(words)
        self.problem = Problem(line, column, words)


def read(data: bytes, currency: str = "GBP") -> Reading:
    """Read a file. Each statement's opening balance and its lines must make its closing balance."""
    try:
        root = read_xml(data, {"ntry": lambda entry: _try_entry(entry, currency)})
    except XmlWrong as wrong:
        return refuse(wrong.words, wrong.line)
    message = root.children[0] if len(root.children) == 1 else root
    if message.name != "bktocstmrstmt":
        words = f"This is {_OTHER[message.name]}." if message.name in _OTHER else "This is no bank statement in camt.053."
        return refuse(f"{words} Ask the bank for camt.053 statements.", message.line)
    statements = message.all("stmt")
    if not statements:
        return refuse("There is no statement in the file.", message.line)
    return _all(statements, currency)


def _all(statements: list[Element], currency: str) -> Reading:
    files, problems, seen = [], list[Problem](), set[tuple[str, str, str]]()
    for statement in statements:
        problems += [made for made in statement.made if isinstance(made, Problem)]
        try:
            file = _statement(statement, currency)
        except _Wrong as wrong:
            problems.append(wrong.problem)
            continue
        name = (file.account, statement.words("id"), statement.words("stmtpgntn/pgnb"))
        if name in seen:
            problems.append(Problem(statement.line, "Id", "The same statement is in the file twice."))
        seen.add(name)
        files.append(file)
    return Reading(problems=tuple(problems)) if problems else Reading(files=tuple(files))


def _statement(statement: Element, currency: str) -> BankFile:
    account = statement.words("acct/id/iban") or statement.words("acct/id/othr/id")
    if not account:
        raise _Wrong(statement.line, "Acct", "The statement does not say which account it is of.")
    opening, closing = (_balance(statement, kinds, currency) for kinds in (_OPENING, _CLOSING))
    lines = [line for made in statement.made if isinstance(made, list) for line in made]
    file = bank_file(
        lines,
        layout="camt.053",
        account=kept(account),
        serial=_serial(statement),
        dated=closing[1] or _day(statement.words("credttm")),
        opening_pence=opening[0],
        closing_pence=closing[0],
    )
    made = opening[0] + file.credit_pence - file.debit_pence
    if made != closing[0] and not any(isinstance(one, Problem) for one in statement.made):
        words = f"The opening balance and the lines make {_pounds(made)}, but the closing balance is {_pounds(closing[0])}."
        raise _Wrong(statement.line, "Bal", words)
    return file


def _serial(statement: Element) -> str | None:
    """Return a statement's number, with its page where it has several: each may come in a file of its own."""
    number = kept(statement.words("elctrncseqnb") or statement.words("lglseqnb"))
    page = kept(statement.words("stmtpgntn/pgnb"))
    alone = page in ("", "1") and statement.words("stmtpgntn/lastpgind").lower() in ("", "true", "1")
    return (number if alone else f"{number}/{page or 1}") if number else None


def _pounds(pence: int) -> str:
    return f"{'-' if pence < 0 else ''}{abs(pence) // 100:,}.{abs(pence) % 100:02}"


def _balance(statement: Element, kinds: tuple[str, ...], currency: str) -> tuple[int, date | None]:
    """Return a balance and its day. A page between others opens and closes with interim balances (ITBD)."""
    found = {balance.words("tp/cdorprtry/cd").lower(): balance for balance in statement.all("bal")}
    interim = [balance for balance in statement.all("bal") if balance.words("tp/cdorprtry/cd") == "ITBD"]
    balance = next((found[kind] for kind in kinds if kind in found), None)
    if balance is None and interim:
        balance = interim[0] if kinds == _OPENING else interim[-1]
    if balance is None:
        raise _Wrong(statement.line, "Bal", f"The statement has no {'opening' if kinds == _OPENING else 'closing'} balance.")
    return _sum(balance, currency), _day(balance.words("dt/dt") or balance.words("dt/dttm"))


def _sum(element: Element, currency: str, sign_of: Element | None = None) -> int:
    """Return an amount in pence with its sign."""
    amount = element.find("amt")
    pence = read_pounds(amount.text.strip()) if amount is not None else None
    if amount is None or pence is None or pence < 0:
        raise _Wrong(element.line, "Amt", "There is no sum of money here, or it cannot be read.")
    if amount.attributes.get("ccy") != currency:
        raise _Wrong(amount.line, "Amt", f"The sum is in {amount.attributes.get('ccy', 'no currency')[:3]}, not in {currency}.")
    side = element.words("cdtdbtind") or (sign_of.words("cdtdbtind") if sign_of is not None else "")
    if side not in ("CRDT", "DBIT"):
        raise _Wrong(element.line, "CdtDbtInd", "It is not said whether the sum is a credit or a debit.")
    return pence if side == "CRDT" else -pence


def _day(text: str) -> date | None:
    found = re.match(r"(\d{4})-(\d{2})-(\d{2})", text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _try_entry(entry: Element, currency: str) -> list[BankLine] | Problem:
    """Read one entry. One that is not booked yet is no line."""
    if (entry.words("sts/cd") or entry.words("sts")) not in ("BOOK", ""):
        return []
    try:
        return _entry(entry, currency)
    except _Wrong as wrong:
        return wrong.problem


def _entry(entry: Element, currency: str) -> list[BankLine]:
    pence = _sum(entry, currency)
    value_on = _day(entry.words("valdt/dt") or entry.words("valdt/dttm"))
    on = _day(entry.words("bookgdt/dt") or entry.words("bookgdt/dttm")) or value_on
    if on is None:
        raise _Wrong(entry.line, "BookgDt", "The entry has no day on which it was booked.")
    shared: dict[str, Any] = {"line": entry.line, "on": on, "value_on": value_on}
    details = entry.all("ntrydtls/txdtls")
    parts = _parts(entry, details, currency) if len(details) > 1 else []
    if len(parts) > 1 and sum(parts) == pence:
        return [BankLine(pence=part, **shared, **_told(entry, one, part)) for one, part in zip(details, parts, strict=True)]
    # One movement, or a batch whose parts the bank does not tell: one line, which a person has to look at.
    only = details[0] if len(details) == 1 else None
    return [BankLine(pence=pence, **shared, **_told(entry, only, pence))]


def _parts(entry: Element, details: list[Element], currency: str) -> list[int]:
    """Return the sum of each part of a batch, or nothing when a part does not say."""
    parts = []
    for one in details:
        source = one if one.find("amt") is not None else one.find("amtdtls/txamt")
        if source is None:
            return []
        parts.append(_sum(source, currency, one if one.words("cdtdbtind") else entry))
    return parts


def _told(entry: Element, detail: Element | None, pence: int) -> dict[str, Any]:
    """Return who paid, with which reference, and how the bank names the movement."""
    one = detail if detail is not None else Element("", {}, 0)
    party = "dbtr" if pence > 0 else "cdtr"
    name = one.words(f"rltdpties/{party}/pty/nm") or one.words(f"rltdpties/{party}/nm")
    account = one.words(f"rltdpties/{party}acct/id/iban") or one.words(f"rltdpties/{party}acct/id/othr/id")
    domain = entry.find("bktxcd/domn")
    kind = entry.words("bktxcd/prtry/cd")
    if domain is not None:
        kind = "-".join(filter(None, [domain.words("cd"), domain.words("fmly/cd"), domain.words("fmly/subfmlycd")]))
    return {
        "reference": kept(_reference(entry, one)),
        "payer": kept(name) or None,
        "payer_account": kept(account) or None,
        "kind": kept(kind),
        "bank_id": kept(one.words("refs/acctsvcrref") or entry.words("acctsvcrref") or entry.words("ntryref")) or None,
    }


def _reference(entry: Element, one: Element) -> str:
    """Return all that may hold the payer's reference, each once."""
    found = [element.text.strip() for element in one.all("rmtinf/strd/cdtrrefinf/ref")]
    found += [element.text.strip() for element in one.all("rmtinf/ustrd")]
    found.append(one.words("refs/endtoendid"))
    told = list(dict.fromkeys(text for text in found if text.upper() not in _NOTHING))
    return " ".join(told) or one.words("addtltxinf") or entry.words("addtlntryinf")
