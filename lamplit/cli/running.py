"""The processes: serve, work, seal, publish. Each may run many times over; the record has one sealer, the others wait."""

import argparse
import importlib
import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import psycopg

from lamplit.cli import start
from lamplit.cli.say import Failed, say
from lamplit.config import place
from lamplit.continuity.asking import Asker
from lamplit.record import generations, keyfiles
from lamplit.record.loop import Loop, Stop
from lamplit.record.note import SigningKey, Verifier
from lamplit.record.publish import Publisher, refuse_old_copy, waiting
from lamplit.record.seal import BATCH, become_the_sealer, seal_once, sign_of_life
from lamplit.record.store import Store, open_store

Db = psycopg.Connection[Any]
FAR_EVERY = 10.0  # seconds between two rounds to a store elsewhere: each round leaves files there that stay locked
FAR_AT = 256  # entries that wait for it and are sent sooner
BEHIND = 5  # how far the worker stands behind the pages when the machine is busy: somebody waits before each of those
ASK_AGAIN = 5.0  # seconds at most until a standby that is back is asked again: until then nobody is told a number
LIFE_EVERY = 60.0  # seconds between two signs of life of a log that rests


def seal(asked: argparse.Namespace) -> int:
    """Seal what is in the intake, once or from now on."""
    begin()
    key = start.log_key()
    if asked.once:
        with as_sealer() as db:
            become_the_sealer(db)
            say(f"Sealed {seal_all(db, key):,} entries.")
        return 0
    Loop("seal", as_sealer, sealer(key), alone=True).run(Stop().on_signals())
    return 0


def seal_all(db: Db, key: SigningKey, told: Callable[[int], None] = lambda _: None) -> int:
    """Seal until the intake is empty. Returns how many entries."""
    count = 0
    while done := seal_once(db, key):
        count += done.count
        told(count)
    return count


def sealer(key: SigningKey) -> Callable[[Db], bool]:
    """Return a step that seals, and shows once a minute that the log lives though nothing comes."""
    lived = [float("-inf")]

    def step(db: Db) -> bool:
        done = seal_once(db, key)
        if done is None and time.monotonic() - lived[0] >= LIFE_EVERY:
            sign_of_life(db, key)
            lived[0] = time.monotonic()
        return done is not None and done.count == BATCH

    return step


def publish(asked: argparse.Namespace) -> int:
    """Publish to every store, once or from now on. Each store goes by itself: one that is away holds up no other."""
    begin()
    to = keyfiles.read_recipients(place.key_folder())
    if asked.once:
        for name, address in stores():
            with as_sealer() as db:
                gained = Publisher(db, open_store(address), name, to).publish_once()
            say(f"The store {name} has {gained:,} new entries.")
        return 0
    stop = Stop().on_signals()
    loops = [Loop(f"publish {name}", as_sealer, carrier(name, partial(open_store, address), to)) for name, address in stores()]
    loops += [
        Loop(f"standby {key.name}", as_sealer, asks(where, key), every=0.1, longest=ASK_AGAIN) for where, key in place.standbys()
    ]
    return side_by_side([loop.run for loop in loops], stop)


def stores() -> list[tuple[str, str]]:
    """Return the name and address of each store: `near`, then `far`, `far 2` and so on."""
    names = ["near", "far", *(f"far {number}" for number in range(2, 99))]
    return list(zip(names, place.stores(), strict=False))


def carrier(name: str, opens: Callable[[], Store], to: dict[str, list[str]]) -> Callable[[Db], bool]:
    """Return a step that publishes, and looks after the store's key files every hour.

    The near store is sent to at once, any other every FAR_EVERY seconds, or when FAR_AT entries wait. It opens the store with its
    first step and after every trouble: whatever was remembered may be of another disk.
    """
    kept: dict[str, Any] = {}
    sent = [float("-inf")]

    def step(db: Db) -> bool:
        if name != "near" and time.monotonic() - sent[0] < FAR_EVERY and waiting(db, name) < FAR_AT:
            return False
        sent[0] = time.monotonic()
        if kept.get("db") is not db:
            store = opens()
            kept.update(db=db, publisher=Publisher(db, store, name, to), keys=generations.Keeper(db, store, to))
        try:
            kept["publisher"].publish_once()
            kept["keys"].look_after()
            kept["publisher"].generations = kept["keys"].newest
        except BaseException:
            kept.clear()
            sent[0] = float("-inf")  # when to try again is the loop's affair: a trouble stands until it is over
            raise
        return False

    return step


def asks(where: str, cosigner: Verifier) -> Callable[[Db], bool]:
    """Return a step that asks a standby what it cosigned last. It begins anew with each connection to the database."""
    kept: dict[str, Any] = {}

    def step(db: Db) -> bool:
        if kept.get("db") is not db:
            kept.update(db=db, asker=Asker(db, where, cosigner))
        kept["asker"].ask_once()
        return False

    return step


def side_by_side(runs: list[Callable[[Stop], None]], stop: Stop) -> int:
    """Run loops in threads until all have ended. Returns 1 when one of them was refused."""
    refused: list[Exception] = []

    def run(one: Callable[[Stop], None]) -> None:
        try:
            one(stop)
        except Exception as error:
            logging.getLogger(__name__).exception("a loop ended")
            refused.append(error)

    threads = [threading.Thread(target=run, args=(one,), daemon=True) for one in runs]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        stop.wait(0.5)
        if stop.asked:
            for thread in threads:
                thread.join(30)
            break
    if refused:
        raise Failed(str(refused[0]))
    return 0


def work(asked: argparse.Namespace) -> int:
    """Do what follows from what happened."""
    begin(django=True)
    if not asked.once:
        os.nice(BEHIND)
    return int(importlib.import_module("lamplit.cli.working").run(asked))


def post(asked: argparse.Namespace) -> int:
    """Take e-mail that comes in."""
    begin(django=True)
    return int(importlib.import_module("lamplit.cli.posting").run())


def serve(asked: argparse.Namespace) -> int:
    """Serve the pages until asked to stop."""
    check_port(asked.host, asked.port)
    begin(django=True)
    from django.conf import settings
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["LAMPLIT_SERVED_BY"] = str(os.getpid())  # for its workers (config/wsgi.py)
    Granian(
        "lamplit.config.wsgi:application",
        address=asked.host,
        port=asked.port,
        interface=Interfaces.WSGI,
        workers=asked.workers,
        blocking_threads=settings.WEB_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()
    return 0


def check_port(host: str, port: int) -> None:
    """Failed when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failed(f"Port {port} is taken ({error.strerror}). End what uses it, or choose another with --port.") from error


def begin(django: bool = False) -> None:
    if os.environ.get("LAMPLIT_INSTALLED") == "1" and os.geteuid() == 0:
        raise Failed(
            "Here systemd runs this: `systemctl restart lamplit.target`. As root it would leave files that a service cannot use."
        )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    if django:
        start.open_installation()
    elif place.embedded():
        place.cluster().start()
    _refuse_old_copy()


def _refuse_old_copy() -> None:
    """Do not begin on a database that was set back. A folder beside us says so at once; nothing waits for a store elsewhere."""
    name, address = stores()[0]
    if "://" not in address:
        with suppress(psycopg.OperationalError), as_sealer() as db:  # it is tried again by whoever needs it
            refuse_old_copy(db, open_store(address), name)


def as_sealer() -> Db:
    return start.connect("sealer")
