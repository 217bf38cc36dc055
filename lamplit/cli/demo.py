"""`lamplit demo`: the whole system on one machine with a made-up landlord. Started again it goes on where it was."""

from __future__ import annotations

import argparse
import fcntl
import importlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import ProxyHandler, build_opener

from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.cli.say import Failed, progress, warn
from lamplit.config import place
from lamplit.record.cluster import Cluster
from lamplit.record.loop import Stop

if TYPE_CHECKING:
    from lamplit.cli.beside import Beside
    from lamplit.cli.crew import Running
    from lamplit.cli.seed.crew import Worker

SEED = 1
PROGRAMS = ("seal", "publish", "work")
STANDBY = "standby"  # its home, in ours


def run(asked: argparse.Namespace) -> int:
    """Make what is missing, start everything, say where to look, and stop all of it on Ctrl-C."""
    os.environ["LAMPLIT_DEMO"] = "1"
    from lamplit.cli.beside import Beside
    from lamplit.cli.crew import Running
    from lamplit.cli.making import make_installation
    from lamplit.cli.running import check_port

    begun, stop = time.monotonic(), Stop().on_signals()
    folder = place.home() / "demo"
    folder.mkdir(exist_ok=True)
    with only_one(folder):
        running = Running(folder)  # first of all it ends what a killed demo left behind, which may hold the port
        for port in (asked.port, asked.port + 1, asked.port + 2):
            check_port("127.0.0.1", port)
        try:
            warn("Making the database.")
            make_installation()
            beside = Beside(place.home() / STANDBY, asked.port + 1)
            beside.make()
            for name in PROGRAMS[:2]:
                running.start(name, name)
            fill(asked, stop, folder)
            beside.let_in([(worker.id, worker.email) for worker in first_of_each_role()])
            beside.start(running)
            beside.start_taking_in(running)
            running.start("work", "work")
            running.start("serve", "serve", "--port", str(asked.port))
            until_it_answers(asked.port, running, stop)
            if not stop.asked:
                _welcome(asked.port, time.monotonic() - begun, beside)
            while not stop.wait(1.0):
                if place.embedded():
                    place.cluster().ensure()  # a database that was killed comes back; the programs connect again by themselves
                beside.cluster.ensure()
                running.look_after()
        finally:
            warn("Stopping.")
            running.stop()
            if place.embedded():
                place.cluster().stop()
            Cluster(place.home() / STANDBY).stop()
    return 0


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the demo of this home. Failed while it runs."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(
                f"A demo runs already in {folder.parent}. End it with Ctrl-C, or set LAMPLIT_HOME to another folder."
            ) from None
        yield


def fill(asked: argparse.Namespace, stop: Stop, folder: Path) -> None:
    """Write the landlord and its accounts, and wait until all of it is sealed and in the near store."""
    from lamplit.cli.demo_pictures import add_pictures
    from lamplit.cli.seeding import seed
    from lamplit.config.demo_staff import PASSWORD, SECOND_STEP

    accounts = importlib.import_module("lamplit.desk.accounts")  # a door beside this one: by its name only
    if not (folder / "filled").exists():
        seed(asked.homes, asked.years, SEED, now().replace(microsecond=0), 2)
        for worker in first_of_each_role():
            accounts.make_account(worker.id, worker.email, PASSWORD, SECOND_STEP)
        warn(f"Drew {add_pictures(now())} pictures.")
        warn(f"Charged {importlib.import_module('lamplit.cli.demo_rent').charge_rent(now()):,} accounts.")
        (folder / "filled").touch()
    for worker in first_of_each_role():
        accounts.seen(worker.id, now())  # so that nobody is shut out who was only asleep in the demo
    with progress() as step:
        while not stop.wait(0.2):
            written, published = _written_and_published()
            step("Sealing", published, written)
            if published >= written:
                return


def _written_and_published() -> tuple[int, int]:
    """Return how many entries there are, sealed or not, and how many the near store has."""
    with start.connect("sealer") as db:
        row = db.execute(
            "SELECT (SELECT count(*) FROM record.intake) + (SELECT size FROM record.checkpoint),"
            " coalesce((SELECT size FROM record.published WHERE store = 'near'), 0)"
        ).fetchone()
    assert row is not None  # noqa: S101 - it has no FROM
    return int(row[0]), int(row[1])


def first_of_each_role() -> list[Worker]:
    from lamplit.cli.seed.crew import make_crew
    from lamplit.cli.seeding import landlord_here

    landlord = landlord_here()
    found: dict[str, Worker] = {}
    for worker in make_crew(landlord.homes, landlord.seed, landlord.begins).workers:
        found.setdefault(worker.role, worker)
    return list(found.values())


def until_it_answers(port: int, running: Running, stop: Stop) -> None:
    ours = build_opener(ProxyHandler({}))  # a proxy would look for the page on its own machine
    for _ in range(600):
        try:
            ours.open(f"http://127.0.0.1:{port}/status", timeout=5).close()
            return
        except OSError:
            running.look_after()
        if stop.wait(0.1):
            return
    raise Failed(f"The pages do not answer. Look into {running.log_of('serve')}.")


def _welcome(port: int, seconds: float, beside: Beside) -> None:
    from lamplit.cli.welcome import welcome

    welcome(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", first_of_each_role(), seconds, beside)
