"""Accounts that pay by Direct Debit and have notice of one collection: what `bench_debits` measures inside of a home."""

import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from django.db import connections

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.ids import SeededIds
from lamplit.basics.working_days import add_working_days, london_date
from lamplit.cli.bacs_details import open_sealed
from lamplit.config import bank_details, place
from lamplit.record.blobs import read_sealed_many
from lamplit.record.page import open_bulk
from lamplit.rent import actions, facts, queries
from lamplit.rent.models import BankDetails
from lamplit.tenancies.facts import TenancyStarted
from tests.bank import GUARANTEE, put_tables

AT_ONCE = 1_000
BY = who.job("bench")
ORIGIN = """
user_number = "612345"
user_name = "HARBOUR HEATH"
sort_code = "100000"
account = "87654321"
account_name = "HARBOUR HEATH RENT"
"""


def main(what: str, more: str, processes: str) -> dict[str, Any]:
    """`make` accounts; work a run out and `release` it; `open` all bank details, as the floor."""
    if what == "open":
        return _open(Path(more), int(processes))
    return {"make": make, "release": release}[what](int(more), int(processes))


def entry_day() -> date:
    """Return the day on which money moves: a working day soon enough to be sent and late enough to be prepared."""
    return add_working_days(london_date(now()), 4)


def make(accounts: int, processes: int) -> dict[str, Any]:
    """Make accounts that pay by Direct Debit."""
    put_tables(place.modulus_tables())
    place.guarantee().write_text(GUARANTEE)
    (place.home() / "bacs.toml").write_text(ORIGIN)
    begun, numbers = time.perf_counter(), range(0, accounts, AT_ONCE)
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        list(pool.map(_make, numbers, [accounts] * len(numbers)))
    return {"seconds": time.perf_counter() - begun}


def _make(first: int, accounts: int) -> int:
    ids, at, on = SeededIds(first + 1), now(), entry_day()
    with open_bulk(by=BY, at=at, command=f"bench:debits:{first}", ids=ids) as page:
        for number in range(first, min(first + AT_ONCE, accounts)):
            account, home, tenant, details, mandate = (ids(kind, at) for kind in ("t", "h", "p", "n", "d"))
            page.write(
                TenancyStarted(tenancy=account, home=home, tenants=[tenant], tenure="assured", started_on=date(2020, 1, 6))
            )
            sealed = bank_details.seal(f"A Payer {number}", "999000", f"{10_000_000 + number}")
            blob = page.seal_blob(sealed.data, owner=account, key_class="case", what=queries.blob_of_details(details))
            page.write(
                facts.DetailsGiven(
                    account=account, details=details, blob=blob, checked=sealed.checked, source="payer", last3=sealed.last3
                )
            )
            page.write(
                facts.MandateSetUp(
                    mandate=mandate, account=account, person=tenant, details=details, way="paperless", every="monthly",
                    day=on.day, pence=40_000 + number % 9_000, from_on=on - timedelta(days=400), collected_before=True,
                    reference=f"LP{mandate[-10:].upper()}",
                )
            )  # fmt: skip
            dues = [(on, 40_000 + number % 9_000)]
            page.write(facts.DebitsNoticed(account=account, mandate=mandate, dues=dues, why="new"))
    return accounts


def release(collections: int, _: int) -> dict[str, Any]:
    """Work a run out and release it, as two people do."""
    at, begun = now(), time.perf_counter()
    run = actions.prepare_debits(entry_on=entry_day(), by=who.staff("s_one"), at=at, command="bench:prepare")
    prepared = time.perf_counter()
    actions.release_debits(run=run, by=who.staff("s_other"), at=at, command="bench:release")
    row = queries.debit_run(run)
    assert row is not None
    assert row.collections == collections, f"{row.collections:,} of {collections:,}"
    return {"run": run, "prepare": prepared - begun, "release": time.perf_counter() - prepared}


def _open(key: Path, processes: int) -> dict[str, Any]:
    names = dict(BankDetails.objects.values_list("id", "blob"))
    kept = read_sealed_many({blob: queries.blob_of_details(ident) for ident, blob in names.items()})
    rows = [(ident, data) for ident, blob in names.items() if isinstance(data := kept[blob], bytes)]
    connections.close_all()
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        list(pool.map(len, [b""] * processes))  # they are there
        begun = time.perf_counter()
        found = sum(
            len(part) for part in pool.map(open_sealed, [rows[n::processes] for n in range(processes)], [key] * processes)
        )
        seconds = time.perf_counter() - begun
    assert found == len(names), "some bank details do not open"
    return {"seconds": seconds, "opened": found}
