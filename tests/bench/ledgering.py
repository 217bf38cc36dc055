"""Years of weekly charges: what `bench_ledger` makes inside of a home."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connections

from lamplit.basics import who
from lamplit.record.process import spread
from lamplit.rent import actions, queries
from lamplit.rent.rules import runs
from tests.bench import renting
from tests.bench.bench_ledger import FIRST


def main(what: str, accounts: str, processes: str) -> dict[str, Any]:
    """`make` accounts, or charge as many weeks: seconds of all runs together.

    The books are checked once, at the end: a check after each run reads all runs of its day, and here three years fall into one.
    """
    if what == "make":
        return renting.make(int(accounts), int(processes), FIRST)
    begun, charged = time.perf_counter(), 0
    for week in range(int(what)):
        first = FIRST + timedelta(weeks=week)
        at = datetime.combine(first, datetime.min.time(), UTC)
        run = actions.prepare_charges(
            frequency="weekly", from_on=first, by=who.staff("s_one"), at=at, command=f"bench:prepare:{first}"
        )
        actions.release_charges(run=run, by=who.staff("s_other"), at=at, command=f"bench:release:{first}")
        batches = queries.work_out("weekly", first, first + timedelta(days=6)).batches
        connections.close_all()  # each process opens its own
        parts = [(run, batches[start : start + 8], at) for start in range(0, len(batches), 8)]
        charged += sum(spread(_charge, parts, int(processes)))
        actions.finish_charges(run=run, by=renting.BY, at=at, command=f"bench:finish:{first}")
    assert charged == int(what) * int(accounts), f"{charged:,} charges of {accounts} accounts"
    return {"seconds": time.perf_counter() - begun}


def _charge(run: str, batches: Sequence[runs.Batch], at: datetime) -> int:
    command = f"bench:charge:{run}:{batches[0].accounts[0]}"
    return actions.charge_accounts(run=run, batches=list(batches), by=renting.BY, at=at, command=command)
