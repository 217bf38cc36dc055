"""Fifty entries a second for a while: how long an entry takes from its commit until a standby has copied it and signed for it."""

import os
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from lamplit.record.cluster import Cluster
from lamplit.record.store import FolderStore
from tests.bench.bench_seal import PER_SECOND, SECONDS, _cpu
from tests.bench.ground import Ground, ask, at_work, carriers, lamplit, passing
from tests.bench.measured import Line, at_most

TITLE = "A standby that copies and cosigns fifty entries a second"


def sizes(ground: Ground) -> str:
    return (
        f"{PER_SECOND} entries a second, each committed by itself, for {SECONDS} s; fsync on on both sides, a store in a folder,"
        " a standby with a database of its own on the same machine"
    )


def measure(ground: Ground) -> Iterator[Line]:
    """As in production: `lamplit seal`, `lamplit publish`, `lamplit standby run` and `lamplit standby serve`."""
    with passing(homes=100) as home, beside(home) as (settings, standby), carriers(home, **settings):
        time.sleep(5)
        before, begun = _cpu(standby.pid), time.perf_counter()
        done = ask(home, "feeding", str(PER_SECOND), str(SECONDS), "cosigned")
        used = (_cpu(standby.pid) - before) / (time.perf_counter() - begun)
        floor = _floor(home)
    yield from _lines(done, used, floor)


def _lines(done: dict[str, Any], used: float, floor: float) -> Iterator[Line]:
    waits = done["waits"]
    yield Line("entries", done["entries"], "")
    yield at_most("from commit to cosigned and known to main, median", waits[len(waits) // 2], "s", 0.7)
    yield at_most("from commit to cosigned and known to main, 99th percentile", waits[int(len(waits) * 0.99)], "s", 2)
    yield Line("from commit to cosigned and known to main, longest", waits[-1], "s")
    yield Line("floor: four files and one commit made durable on each side, one after the other, median", floor, "s")
    yield Line("the standby (follow, fold, watch), of one core", 100 * used, "%")


@contextmanager
def beside(home: Path) -> Iterator[tuple[dict[str, str], Any]]:
    """A standby of the landlord in `home`, at work. Yields what main must be told, and the process that follows."""
    place, vkey = home / "standby", lamplit(home, "log", "key").strip()
    lamplit(place, "standby", "init", "--main", str(home / "store"), "--log-key", vkey)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    try:
        with at_work(place, ["standby", "run"], ["standby", "serve", "--port", port]) as (running, _):
            yield {"LAMPLIT_STANDBYS": f"http://127.0.0.1:{port} {lamplit(place, 'standby', 'key').strip()}"}, running
    finally:
        Cluster(place).destroy()


def _floor(home: Path) -> float:
    """Return what the disk alone takes for one step of each side: files made durable, and a commit of each database."""
    store, took = FolderStore(home / "floor"), []
    with psycopg.connect(Cluster(home).url("owner"), autocommit=True) as db:
        db.execute("CREATE TABLE public.floor (n int)")
        for turn in range(50):
            begun = time.perf_counter()
            for side in ("main", "standby"):
                for number in range(4):
                    store.create(f"{side}/{turn}/{number}", os.urandom(8192))
                db.execute("INSERT INTO public.floor VALUES (%s)", [turn])
            took.append(time.perf_counter() - begun)
    return statistics.median(took)
