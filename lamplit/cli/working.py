"""`lamplit work`: the worker with this installation's providers and timers, erasures that are due among them."""

import argparse
import importlib
import importlib.util
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg

from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.cli.renting_beside import BOOKS, CHANGES, CHARGES, LOOK, WHOLE
from lamplit.config import place, providers, standing_by
from lamplit.incidents.queries import sends_from
from lamplit.reactions.planting import put_in_due
from lamplit.reactions.send import ASK_EVERY, LATE_EVERY, Carriers, go_on_without_word, hear_all
from lamplit.reactions.timers import Timer, timers
from lamplit.reactions.wording import keeper
from lamplit.reactions.worker import Worker
from lamplit.record.encode import Codec
from lamplit.record.erase import carry_out_erasure, due_erasures


def run(asked: argparse.Namespace) -> int:
    """Work until stopped, or until nothing is left to do."""
    carriers = providers.carriers()
    taken = standing_by.taken_over()
    carriers.since = sends_from if taken is None else lambda: taken.declared_at
    every = (*_timers(), *about_messages(carriers), *OWN, keeper(providers.public_keys))
    worker = Worker(reader=_as_reader, codec=Codec(place.origin()), carriers=carriers, timers=every)
    if asked.once:
        while worker.turn():
            pass
    else:
        worker.run()
    return 0


def about_messages(carriers: Carriers) -> tuple[Timer, ...]:
    """Return the timers that ask what became of messages."""
    return (
        Timer("hear of messages", ASK_EVERY, hear_all(carriers)),
        Timer("go on without word", LATE_EVERY, go_on_without_word(carriers)),
    )


def erase_due(at: datetime) -> int:
    """Carry out the erasures that are due. Returns how many; one called off meanwhile or held up by a long page is left out."""
    done = 0
    for order in due_erasures():
        try:
            carry_out_erasure(erasure=order, by=job("erasing"), at=at, command=f"job:erase:{order}")
            done += 1
        except Refused as refused:
            if refused.code not in ("record.no_erasure", "record.busy"):
                raise
    return done


ERASURES = Timer("erasures", timedelta(hours=1), erase_due)


def _write_looks(at: datetime) -> int:
    from lamplit.config import looks

    return looks.write_due(at)


LOOKS = Timer("who looked", timedelta(seconds=30), _write_looks)
AHEAD = timedelta(seconds=3)


def _open_post() -> Callable[[datetime], int]:
    opener: list[Any] = []

    def step(at: datetime) -> int:
        from lamplit.cli import ingesting

        if not opener:
            opener.append(ingesting.PostOpener())
        return int(opener[0].step(at))

    return step


POST = Timer("post from the standby", timedelta(seconds=5), _open_post())


def _put_in_planted(at: datetime) -> int:
    """Put in what two people agreed on, at the very moment that was drawn: what is written late was typed by nobody."""
    from lamplit.people import queries

    soon = queries.next_step(at, AHEAD)
    if soon is not None:
        time.sleep(max(0.0, (soon - now()).total_seconds()))
    return put_in_due(now())


PLANTED = Timer("drawn times", timedelta(seconds=2), _put_in_planted)


def _write_status(at: datetime) -> int:
    from lamplit.config.status import files

    return files.write(place.status_files(), at)


STATUS = Timer("status files", timedelta(seconds=5), _write_status)


OWN = (ERASURES, LOOKS, PLANTED, POST, STATUS, CHARGES, CHANGES, BOOKS, WHOLE, LOOK)


def _timers() -> tuple[Timer, ...]:
    """Return the timers of the features. Accounts are shut only where somebody knows when each was last used."""
    there = place.standby() is None and importlib.util.find_spec("lamplit.desk.accounts")
    accounts = importlib.import_module("lamplit.desk.accounts") if there else None
    last_seen: Callable[[], Mapping[str, datetime]] | None = getattr(accounts, "last_seen", None)
    every = timers(last_seen or dict)
    return every if last_seen else tuple(timer for timer in every if "dormant" not in timer.name)


def _as_reader() -> psycopg.Connection[Any]:
    return psycopg.connect(place.conninfo("reader"), autocommit=True)
