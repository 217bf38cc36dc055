"""A worker as a process of its own, for the tests that end or kill it. Arguments: the folder for messages, where to die."""

import os
import signal
import sys
from pathlib import Path

import django
import psycopg

django.setup()

from lamplit.config import place  # noqa: E402 - Django must be set up first
from lamplit.messages import actions  # noqa: E402 - the same
from lamplit.reactions import follow  # noqa: E402 - the same
from lamplit.reactions.providers.plain import Folder  # noqa: E402 - the same
from lamplit.reactions.send import Carriers  # noqa: E402 - the same
from lamplit.reactions.worker import Worker  # noqa: E402 - the same
from lamplit.record.encode import Codec  # noqa: E402 - the same


def die_after(module: object, name: str) -> None:
    """Let a function do its work, then kill this process as a power cut would."""
    whole = getattr(module, name)

    def dying(*args: object, **kwargs: object) -> None:
        whole(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, dying)


PLACES = {
    "ordered": (actions, "order_message"),
    "stood": (follow, "_stand"),
    "given": (Folder, "send"),
    "sent": (actions, "record_sent"),
}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        die_after(*PLACES[sys.argv[2]])
    Worker(
        reader=lambda: psycopg.connect(place.conninfo("reader"), autocommit=True),
        codec=Codec(place.origin()),
        carriers=Carriers({}, Folder(Path(sys.argv[1]))),
        timers=(),
    ).run()
