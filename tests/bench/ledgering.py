"""Years of weekly charges: what `bench_ledger` makes inside of a home."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from lamplit.basics import who
from lamplit.reactions import rent
from lamplit.rent import actions
from tests.bench import renting
from tests.bench.bench_ledger import FIRST


def main(what: str, accounts: str, processes: str) -> dict[str, Any]:
    """`make` accounts, or charge as many weeks: seconds of all runs together."""
    if what == "make":
        return renting.make(int(accounts), int(processes), FIRST)
    begun = time.perf_counter()
    for week in range(int(what)):
        first = FIRST + timedelta(weeks=week)
        at = datetime.combine(first, datetime.min.time(), UTC)  # each in its own week: the check after one reads those of a day
        run = actions.prepare_charges(
            frequency="weekly", from_on=first, by=who.staff("s_one"), at=at, command=f"bench:prepare:{first}"
        )
        actions.release_charges(run=run, by=who.staff("s_other"), at=at, command=f"bench:release:{first}")
        charged = rent.charge(run, at, lambda _done, _of: None, int(processes))
        assert charged == int(accounts), f"{charged:,} of {accounts} charged"
    return {"seconds": time.perf_counter() - begun}
