"""`lamplit work`: the worker with this installation's providers and timers, erasures that are due among them."""

import argparse
import importlib
import importlib.util
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import psycopg

from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.config import place
from lamplit.reactions.send import Folder, Outbox, Provider
from lamplit.reactions.timers import Timer, timers
from lamplit.reactions.worker import Worker
from lamplit.record.encode import Codec
from lamplit.record.erase import carry_out_erasure, due_erasures


def run(asked: argparse.Namespace) -> int:
    """Work until stopped, or until nothing is left to do."""
    worker = Worker(reader=_as_reader, codec=Codec(place.origin()), provider=provider(), timers=(*_timers(), ERASURES))
    if asked.once:
        while worker.turn():
            pass
    else:
        worker.run()
    return 0


def provider() -> Provider:
    """Return what carries messages: the outbox in the demo, otherwise the folder $LAMPLIT_HOME/messages."""
    from django.conf import settings

    return Outbox() if settings.DEMO else Folder(place.home() / "messages")


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


def _timers() -> tuple[Timer, ...]:
    """Return the timers of the features. Accounts are shut only where somebody knows when each was last used."""
    accounts = importlib.import_module("lamplit.desk.accounts") if importlib.util.find_spec("lamplit.desk.accounts") else None
    last_seen: Callable[[], Mapping[str, datetime]] | None = getattr(accounts, "last_seen", None)
    every = timers(last_seen or dict)
    return every if last_seen else tuple(timer for timer in every if "dormant" not in timer.name)


def _as_reader() -> psycopg.Connection[Any]:
    return psycopg.connect(place.conninfo("reader"), autocommit=True)
