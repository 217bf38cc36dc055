"""A charge run by several processes that is killed: who is caught up is charged for every day once, whatever came first."""

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from lamplit.basics import who
from lamplit.reactions import rent as jobs
from lamplit.record.page import Page, action
from lamplit.rent import actions, queries
from lamplit.rent.facts import Term
from lamplit.rent.models import LedgerLine
from lamplit.rent.rules import runs
from lamplit.tenancies.facts import TenancyStarted
from tests import cast
from tests.landlord import Landlord

MONDAY = date(2026, 4, 13)
WEDNESDAY = MONDAY - timedelta(days=5)  # let in mid-week: the days before Monday are an earlier period
AT = datetime(2026, 4, 13, 7, 0, tzinfo=UTC)
LET = [f"t_let{number}".ljust(22, "0") for number in range(6)]


@action
def _let(page: Page, *, by: who.By, at: datetime, command: str) -> None:
    for tenancy in LET:
        tenants, tenure = [cast.RUTH], "assured"
        page.write(
            TenancyStarted(tenancy=tenancy, home=cast.EMPTY_HOME, tenants=tenants, tenure=tenure, started_on=WEDNESDAY)  # type: ignore[arg-type]
        )


def _released() -> str:
    """Let six homes in mid-week, and release the run of the week after. Returns the run."""
    by = {"by": who.staff("s_finance1000000000000"), "at": AT}
    cast.settle()
    _let(command="t:let", **by)  # type: ignore[arg-type]
    for one in LET:
        rent = [Term(charge="rent", pence=7_000)]
        actions.set_terms(account=one, from_on=WEDNESDAY, frequency="weekly", terms=rent, command=f"t:{one}", **by)  # type: ignore[arg-type]
    run = actions.prepare_charges(frequency="weekly", from_on=MONDAY, command="t:prepare", **by)  # type: ignore[arg-type]
    actions.release_charges(run=run, by=who.staff("s_finance2000000000000"), at=AT, command="t:release")
    return run


def _quiet(_done: int, _of: int) -> None:
    pass


def _dying(first_on: date) -> Callable[..., int]:
    """Return what charges accounts, and is killed over a batch that begins on a day when others have had time to be written."""
    whole = actions.charge_accounts

    def charge(*, batches: list[runs.Batch], **rest: Any) -> int:
        if batches[0].from_on == first_on and batches[0].accounts[0] == _first(first_on):
            time.sleep(1)
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(batches=batches, **rest)

    return charge


def _first(first_on: date) -> str:
    worked = queries.work_out("weekly", MONDAY, MONDAY + timedelta(days=6))
    return next(batch.accounts[0] for batch in worked.batches if batch.from_on == first_on)


@pytest.mark.parametrize("killed_over", [WEDNESDAY, MONDAY])
def test_no_day_is_lost_or_charged_twice(landlord: Landlord, killed_over: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ROOM", 1)  # an account is a batch, and a batch is a commit
    monkeypatch.setattr(jobs, "TOGETHER", 1)
    run = _released()
    with monkeypatch.context() as there:
        there.setattr(actions, "charge_accounts", _dying(killed_over))
        connections.close_all()
        program = multiprocessing.get_context("fork").Process(target=jobs.charge, args=(run, AT, _quiet, 2))
        program.start()
        program.join()
        assert program.exitcode != 0
    jobs.charge(run, AT, _quiet, 2)
    row = queries.run(run)
    assert row is not None
    assert row.state == "finished"
    found = Counter(LedgerLine.objects.values_list("account", "from_on", "to_on", "pence"))
    days = [(WEDNESDAY, MONDAY - timedelta(days=1), 5_000), (MONDAY, MONDAY + timedelta(days=6), 7_000)]
    assert found == Counter((one, *each) for one in LET for each in days)
    assert queries.self_check() == []
