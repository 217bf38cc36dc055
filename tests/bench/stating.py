"""What `bench_statements` does inside of a home: a quarter's lines, the floor, and the statements by one process."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.ids import SeededIds
from lamplit.basics.working_days import london_date
from lamplit.cli import statements
from lamplit.config import papers
from lamplit.record.page import Item, open_bulk
from lamplit.rent import facts, queries

AT_ONCE = 200
BY = who.job("bench")
EMPTY: dict[str, Any] = {
    "landlord": "", "phone": "", "hours": "", "large": False, "name": "", "address": [], "reference": "", "written": "",
    "from": "", "to": "", "before": "", "sentences": [], "working": [], "to_pay": "", "lines": [], "after": "", "beside": [],
}  # fmt: skip


def main(what: str, *words: str) -> dict[str, Any]:
    """`make` lines, `floor`, or `write` statements."""
    return {"make": make, "floor": floor, "write": write}[what](*words)


def make(lines: str, *_: str) -> dict[str, Any]:
    """Charge a week and pay it, until each account has its lines."""
    accounts = queries.account_ids()
    for first in range(0, len(accounts), AT_ONCE):
        some = accounts[first : first + AT_ONCE]
        with open_bulk(by=BY, at=now(), command=f"bench:lines:{first}", ids=SeededIds(first + 7)) as page:
            page.write_many(list(_lines(some, int(lines))))
    return {"lines": len(accounts) * int(lines)}


def _lines(accounts: list[str], lines: int) -> Iterator[Item]:
    at = now()
    for number in range(lines // 2):
        on = london_date(at) - timedelta(weeks=lines // 2 - number - 1)
        for account in accounts:
            charge = {"debit": "rent", "credit": "rent_income", "what": "rent", "why": "agreed", "pence": 11_847}
            payment = {"debit": "bank", "credit": "rent", "what": "payment", "why": "matched", "pence": 11_000 + number}
            for move in (charge, payment):
                yield Item(facts.MoneyMoved(account=account, on=on, **move), BY, at)


def floor(pages: str, *_: str) -> dict[str, Any]:
    """Compile an empty page again and again, each with another word in it, so that none is remembered."""
    papers.make("statement", EMPTY)
    begun = time.process_time()
    for number in range(int(pages)):
        papers.make("statement", {**EMPTY, "reference": str(number)})
    return {"seconds": (time.process_time() - begun) / int(pages)}


def write(folder: str, *_: str) -> dict[str, Any]:
    """Write every statement by this one process, and once more when all are there. Its own seconds of a processor count."""
    today, place = london_date(now()), Path(folder)
    place.mkdir()
    which = statements.Asked(today - statements.WEEKS, today, today)
    begun = time.process_time()
    made = statements.make_all(place, which, lambda *_: None)
    cpu, begun = time.process_time() - begun, time.perf_counter()
    statements.make_all(place, which, lambda *_: None)
    return {"statements": made.written, "cpu": cpu, "again": time.perf_counter() - begun}
