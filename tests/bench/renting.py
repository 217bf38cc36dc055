"""Accounts with terms and nothing else, and a charge run over all of them: what `bench_rent` measures inside of a home."""

import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.ids import SeededIds
from lamplit.config import place
from lamplit.reactions import rent
from lamplit.record import audit
from lamplit.record.page import Item, open_bulk
from lamplit.rent import actions, facts, queries
from lamplit.tenancies.facts import TenancyStarted
from tests.bench.bench_rent import reference
from tests.bench.copying import SCHEMA, _in, _out

AT_ONCE = 2_500
BY = who.job("bench")
MONDAY = date(2026, 4, 6)


def main(what: str, accounts: str, processes: str) -> dict[str, Any]:
    """`make` accounts, or `charge` them: seconds until committed, and until sealed."""
    return {"make": make, "charge": charge, "copy": copy, "positions": positions}[what](int(accounts), int(processes))


def make(accounts: int, processes: int, from_on: date = MONDAY) -> dict[str, Any]:
    """Make accounts, each with a tenancy, two lines of terms from a day on and nothing owed."""
    begun = time.perf_counter()
    numbers = range(0, accounts, AT_ONCE)
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        list(pool.map(_make, numbers, [accounts] * len(numbers), [from_on] * len(numbers)))
    return {"seconds": time.perf_counter() - begun}


def _make(first: int, accounts: int, from_on: date) -> int:
    ids, at = SeededIds(first + 1), now()
    items = []
    for number in range(first, min(first + AT_ONCE, accounts)):
        tenancy, home, tenant = ids("t", at), ids("h", at), ids("p", at)
        terms = [
            facts.Term(charge="rent", pence=9_800 + number % 4_000),
            facts.Term(charge="service", pence=450 + number % 900, category="B"),
        ]
        started = TenancyStarted(tenancy=tenancy, home=home, tenants=[tenant], tenure="assured", started_on=date(2020, 1, 6))
        what = facts.TermsSet(
            account=tenancy, home=home, from_on=from_on, frequency="weekly", weeks=52, terms=terms, rent_type="social",
            why="brought",
        )  # fmt: skip
        number_of_hers = facts.AccountReferenced(account=tenancy, reference=reference(number))
        items += [Item(started, BY, at), Item(what, BY, at), Item(number_of_hers, BY, at)]
    with open_bulk(by=BY, at=at, command=f"bench:accounts:{first}", ids=ids) as page:
        return page.write_many(items)


def positions(accounts: int, _: int) -> dict[str, Any]:
    """Say of every account where it stands."""
    begun = time.perf_counter()
    found = sum(1 for _ in queries.positions(MONDAY + timedelta(days=3)))
    assert found == accounts, f"{found:,} of {accounts:,} accounts stand somewhere"
    return {"seconds": time.perf_counter() - begun}


def charge(accounts: int, processes: int) -> dict[str, Any]:
    """Charge a week: from the release on until all is committed, and until all of it is sealed."""
    at = now()
    begun = time.perf_counter()
    run = actions.prepare_charges(frequency="weekly", from_on=MONDAY, by=who.staff("s_one"), at=at, command="bench:prepare")
    prepared = time.perf_counter()
    actions.release_charges(run=run, by=who.staff("s_other"), at=at, command="bench:release")
    released = time.perf_counter()
    charged = rent.charge(run, at, _quiet, processes)
    committed = time.perf_counter()
    _wait_until_sealed()
    sealed = time.perf_counter()
    assert charged == accounts, f"{charged:,} of {accounts:,} charged"
    return {
        "prepare": prepared - begun, "release": released - prepared, "committed": committed - released,
        "sealed": sealed - released, "wrong": queries.self_check(),
    }  # fmt: skip


def copy(accounts: int, _: int) -> dict[str, Any]:
    """The floor: the same lines, as COPY wrote them out, into an empty table with the same indexes."""
    owner = place.conninfo("owner")
    audit.drop(owner, SCHEMA)
    try:
        with psycopg.connect(owner, autocommit=True) as db, tempfile.TemporaryDirectory(prefix="lamplit-bench-") as folder:
            db.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)))
            db.execute(
                sql.SQL("CREATE TABLE {}.ledger_line (LIKE folded.ledger_line INCLUDING ALL)").format(sql.Identifier(SCHEMA))
            )
            _out(db, sql.Identifier("folded", "ledger_line"), Path(folder) / "lines")
            begun = time.perf_counter()
            lines = _in(db, sql.Identifier(SCHEMA, "ledger_line"), Path(folder) / "lines")
            return {"lines": lines, "seconds": time.perf_counter() - begun, "accounts": accounts}
    finally:
        audit.drop(owner, SCHEMA)


def _wait_until_sealed() -> None:
    with psycopg.connect(place.conninfo("sealer"), autocommit=True) as db:
        while True:
            row = db.execute("SELECT count(*) FROM record.intake").fetchone()
            if row == (0,):
                return
            time.sleep(0.02)


def _quiet(_done: int, _of: int) -> None:
    pass
