"""What a released charge run leads to: every account is charged, batch by batch, and the books are checked before and after."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby

from django.db import connections

from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.basics.working_days import london_date
from lamplit.reactions import kept
from lamplit.reactions.lots import in_lots
from lamplit.record.process import spread
from lamplit.rent import actions, queries
from lamplit.rent.rules import runs

BY = job("charges")
TOGETHER = 8  # entries in one commit: what a crash makes us do again
AT_ONCE = 100  # accounts of ended tenancies in one commit
Step = Callable[[int, int], None]


def charge(run: str, at: datetime, step: Step, processes: int = 1) -> int:
    """Charge every account of a released run that is not charged yet, then close it. Returns how many were charged now.

    May be cut off at any moment and called again. Refused: rent.no_such_run, rent.run_not_released, rent.run_changed,
    rent.totals_differ, rent.books_wrong: what is wrong is noted as well, and stops every automatic step.
    """
    row = queries.run(run)
    if row is None:
        raise Refused("rent.no_such_run")
    if row.state not in ("released", "finished"):
        raise Refused("rent.run_not_released")
    with beside(check_books, at):  # the database counts while we do
        begun, _ = queries.charged(run)
        worked = queries.work_out(row.frequency, row.from_on, row.to_on)
    if not begun and worked.digest != row.digest:
        raise Refused("rent.run_changed")
    done = 0
    for count in _charge_all(run, worked.batches, at, processes):
        done += count
        step(begun + done, row.accounts)
    with beside(lambda at: check_books(at, keep=False), at):
        actions.finish_charges(run=run, by=BY, at=at, command=f"job:charges:{run}:finish")  # holds the totals against each other
    return done


@contextmanager
def beside(function: Callable[[datetime], None], at: datetime) -> Iterator[None]:
    """Let something be done in a thread with a connection of its own; at the end wait for it, and raise what it raised."""

    def run() -> None:
        try:
            function(at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(run)
        yield
        done.result()


def check_books(at: datetime, *, keep: bool = True) -> None:
    """Check the books and note what is new. Refused: rent.books_wrong."""
    note_books(at, keep=keep)
    if wrong := queries.wrong_now():
        raise Refused("rent.books_wrong", wrong=" ".join(wrong))


def give_back(at: datetime) -> int:
    """Credit what was charged for days after tenancies ended. Returns of how many; while a run is charged, none."""
    if queries.unfinished():
        return 0
    given = [
        actions.give_back(account=account, by=BY, at=at, command=f"job:ended:{account}:{at:%Y%m%d%H%M%S}")
        for account in queries.charged_past_their_end()
    ]
    return sum(pence > 0 for pence in given)


def move_to_former(at: datetime) -> int:
    """Move what ended tenancies leave owing to the book of former tenants. Returns of how many; while a run is charged, none."""
    return sum(former_ones(lambda: at))


def former_ones(now: Callable[[], datetime]) -> Iterator[int]:
    """Move it some accounts at a time. What was charged for days after an end is given back first."""
    first = set(queries.charged_past_their_end())
    accounts = [one for one in queries.in_wrong_book(london_date(now())) if one not in first]
    for some in in_lots(accounts, AT_ONCE):
        if queries.unfinished():
            return
        command = f"job:former:{some[0]}:{len(some)}:{now():%Y%m%d%H%M%S%f}"
        yield actions.move_to_former(accounts=some, by=BY, at=now(), command=command)


def note_books(at: datetime, *, whole: bool = False, keep: bool = True) -> int:
    """Check the books and note what is new; then it rings, and no step is automatic until they balance. Returns how many.

    `whole`: read every line, not just those that came since the last check. `keep`: see `kept.check_since`.
    """
    wrong = kept.check_whole(at) if whole else kept.check_since(at, keep=keep)
    found = hashlib.sha256("".join(wrong).encode()).hexdigest()[:16]
    return actions.note_check(wrong=wrong, by=BY, at=at, command=f"job:books:{at:%Y%m%d%H%M%S%f}:{found}")


def _charge_all(run: str, batches: Sequence[runs.Batch], at: datetime, processes: int) -> Iterator[int]:
    """Charge batches for the same days at once, and begin with later days when all of them are in the books.

    An account that is charged for later days counts as charged for the earlier ones: nobody would go back for them.
    """
    for _, same_days in groupby(batches, key=lambda batch: (batch.from_on, batch.to_on)):
        together = list(in_lots(same_days, TOGETHER))
        if processes > 1:
            connections.close_all()  # each process opens its own
        yield from spread(_charge_some, [(run, some, at) for some in together], processes)


def _charge_some(run: str, batches: list[runs.Batch], at: datetime) -> int:
    """Charge some batches in one commit. Which they are is told by their first account: a second try makes the same ones."""
    first = batches[0]
    command = f"job:charges:{run}:{first.accounts[0]}:{first.from_on}"
    return actions.charge_accounts(run=run, batches=batches, by=BY, at=at, command=command)
