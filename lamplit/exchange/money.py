"""Taking in a file of money: read whole, matched, put in the books batch by batch, closed when it adds up.

It may be cut off at any moment and called again: what is in the books already is left, and the rest follows. The same bytes a
second time change nothing. What goes into one commit is cut by accounts in the order of a rebuild's partitions.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from django.db import connections
from msgspec.structs import replace

from lamplit.basics.bank import BankFile, BankLine, BenefitLine, BenefitSchedule, Reading, masked, refuse
from lamplit.basics.brought import by_file
from lamplit.basics.lines import Problem
from lamplit.basics.plain import Plain
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.exchange.bank import bacs_credits, camt, mapped, mt940
from lamplit.exchange.bank.mapping import Layout
from lamplit.record.process import spread
from lamplit.record.replay import in_order_of_partitions
from lamplit.rent import actions
from lamplit.rent.actions import Line, NewFile, Trouble
from lamplit.rent.facts import Told
from lamplit.rent.facts.money import SourceName
from lamplit.rent.queries import money_in as queries

TOGETHER = 1_200  # lines in one commit: what a crash makes us do again
HOLDS = {"allpay": "payments", "paypoint": "payments", "hb": "benefit", "uc": "benefit"}
Step = Callable[[int, int], None]


class Order(Plain, frozen=True, kw_only=True):
    """What is asked for. `label`: whose file it is, as the landlord calls it."""

    source: SourceName
    user: str
    layout: Layout | None = None
    label: str = ""
    rehearse: bool = False
    processes: int = 1


class Done(NamedTuple):
    """What became of one statement of a file. `file` is None in a rehearsal of a new one; `written`: lines new in the books.

    `over`: all of it was in the books before.
    """

    file: str | None
    new: NewFile
    written: int
    posted: int
    posted_pence: int
    waiting: int
    waiting_pence: int
    trouble: Trouble | None
    over: bool = False


class Outcome(NamedTuple):
    """What became of a file: its statements, or what is wrong with it. Never both."""

    done: list[Done]
    problems: tuple[Problem, ...]


def read_file(path: Path, order: Order) -> Reading:
    """Read a file, all or nothing."""
    data = path.read_bytes()
    if order.layout is not None:
        holds = HOLDS.get(order.source, "payments")
        if order.layout.holds != holds:
            return refuse(f"The description is of a file of {order.layout.holds}; this one should hold {holds}.")
        return mapped.read(data, order.layout, path.name)
    if order.source != "bank":
        return refuse("The layout of this firm is not public. Describe it (docs/bank-files.md), and give --layout FILE.toml.")
    start = data.lstrip(b"\xef\xbb\xbf \r\n\t")[:4]
    reader = camt.read if start[:1] == b"<" else bacs_credits.read if start == b"VOL1" else mt940.read
    return reader(data)


def take_in(path: Path, order: Order, at: datetime, step: Step) -> Outcome:
    """Take a file in, or rehearse it."""
    reading = read_file(path, order)
    if reading.problems:
        return Outcome([], reading.problems)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    lines = [_lines(file, london_date(at)) for file in reading.files]
    for some in lines:
        queries.check_lines(some, london_date(at))
    done = [
        _take(_new(file, some, order, sha256, part), some, order, at, step)
        for part, (file, some) in enumerate(zip(reading.files, lines, strict=True))
    ]
    return Outcome(done, ())


def _new(file: BankFile | BenefitSchedule, lines: list[Line], order: Order, sha256: str, part: int) -> NewFile:
    credit = sum(line.pence for line in lines if line.pence > 0 and line.to is None)
    debit = -sum(line.pence for line in lines if line.pence < 0 and line.to is None)
    bank = file if isinstance(file, BankFile) else None
    own = (
        bank is not None and bank.account and file.layout != bacs_credits.LAYOUT
    )  # a list of Bacs has one serial for all that it names
    label = order.label or (masked(bank.account) if bank is not None and own else file.layout)
    return NewFile(
        source=order.source, layout=file.layout, sha256=sha256, part=part, label=label, lines=len(lines), credit_pence=credit,
        debit_pence=debit, settled_pence=sum(line.pence for line in lines if line.to is not None), serial=file.serial,
        dated=file.dated, opening_pence=bank.opening_pence if bank else None, closing_pence=bank.closing_pence if bank else None,
    )  # fmt: skip


# lines


def _lines(file: BankFile | BenefitSchedule, today: date) -> list[Line]:
    """Return a file's lines as the books take them, counted from 1. A line of nothing moves nothing and is left out."""
    if isinstance(file, BenefitSchedule):
        return [_benefit(number, one, file.dated or today) for number, one in enumerate(file.lines, 1) if one.pence]
    own = [(one, False) for one in file.lines] + [(one, True) for one in file.settled]
    return [_payment(number, one, settled=settled) for number, (one, settled) in enumerate(own, 1) if one.pence]


def _payment(number: int, one: BankLine, *, settled: bool) -> Line:
    digits = "".join(letter for letter in one.payer_account or "" if letter.isalnum())
    ending = digits[-3:] or None
    told = Told(
        reference=one.reference or None, payer=one.payer, ending=ending, kind=one.kind or None, own_id=one.bank_id,
        payer_key=queries.payer_key(one.payer, ending),
    )  # fmt: skip
    return Line(number=number, pence=one.pence, on=one.on, told=told, to="collected" if settled else None)


def _benefit(number: int, one: BenefitLine, on: date) -> Line:
    told = Told(reference=one.reference or None, payer=one.name, kind=one.kind, own_id=one.claim or None)
    return Line(number=number, pence=one.pence, on=on, told=told, from_on=one.from_on, to_on=one.to_on)


# into the books


def _take(new: NewFile, lines: list[Line], order: Order, at: datetime, step: Step) -> Done:
    matched = queries.match_all(lines, order.source, london_date(at))
    new = replace(new, again=queries.lines_were_there(new, lines))
    by, trouble = by_file(order.user), queries.trouble_with(new)
    if order.rehearse:
        before = queries.file_of(new.sha256, new.part)
        over = before is not None and before.state == "finished"
        return _done(before.id if before else None, new, matched, 0, None if over else trouble)._replace(over=over)
    file = actions.take_file(file=new, by=by, at=at, command=f"file:{new.sha256[:32]}:{new.part}:take:{secrets.token_hex(4)}")
    row = queries.money_file(file)
    if row is not None and row.state == "finished":
        return _done(file, new, matched, 0, None)._replace(over=True)
    there = queries.there(file)
    left = [line for line in matched if line.number not in there]
    written = 0
    name = f"file:{new.sha256[:32]}:{new.part}"
    jobs = [(file, batch, by, at, f"{name}:{batch[0].number}:{secrets.token_hex(4)}") for batch in batches(left)]
    if order.processes > 1:
        connections.close_all()  # each process opens its own
    for count in spread(_put, jobs, order.processes):
        written += count
        step(len(there) + written, len(matched))
    actions.finish_file(file=file, by=by, at=at, command=f"file:{new.sha256[:32]}:{new.part}:finish:{secrets.token_hex(4)}")
    return _done(file, new, matched, written, trouble)


def _put(file: str, batch: list[Line], by: By, at: datetime, command: str) -> int:
    return actions.put_lines(file=file, lines=batch, by=by, at=at, command=command)


def batches(lines: list[Line]) -> list[list[Line]]:
    """Cut lines into commits, an account's lines beside each other, and accounts as a rebuild wants them; then what waits."""
    of: dict[str, list[Line]] = {}
    for line in lines:
        if line.account is not None:
            of.setdefault(line.account, []).append(line)
    ordered = [line for account in in_order_of_partitions(of) for line in of[account]]
    ordered += [line for line in lines if line.account is None]
    return [ordered[start : start + TOGETHER] for start in range(0, len(ordered), TOGETHER)]


def _done(file: str | None, new: NewFile, lines: list[Line], written: int, trouble: Trouble | None) -> Done:
    doubted = trouble is not None and trouble.what == "serial_repeated"
    posted = [line.pence for line in lines if line.account is not None and not doubted]
    waiting = [line.pence for line in lines if (line.account is None or doubted) and line.to is None]
    return Done(file, new, written, len(posted), sum(posted), len(waiting), sum(waiting), trouble)
