"""Commit entries at an even pace, and watch when each is published, or cosigned by a standby."""

import threading
import time
from pathlib import Path
from typing import Any

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.messages.actions import record_contact
from lamplit.people.models import Person
from lamplit.record.seal import ONE_SEALER
from tests.bench.bench_seal import _cpu

LOOKS = {
    "published": "SELECT size FROM record.published WHERE store = 'near'",
    "cosigned": "SELECT max(size) FROM record.cosigned",
}


def main(per_second: str, seconds: str, until: str = "published") -> dict[str, Any]:
    """Return the seconds from commit to published of every entry, sorted; and what the sealer's backend used of a core."""
    person = Person.objects.order_by("id").values_list("id", flat=True)[0]
    count, watch = int(per_second) * int(seconds), Watch(LOOKS[until])
    backend, begun, committed = _sealing_backend(), time.perf_counter(), dict[str, float]()
    before = _cpu(backend)
    watch.start()
    for n in range(count):
        time.sleep(max(0.0, begun + n / int(per_second) - time.perf_counter()))
        command = f"form:feed:{n}"
        record_contact(channel="call", direction="in", said="Rang.", person=person, by=who.job("feed"), at=now(), command=command)
        committed[command] = time.perf_counter()
    watch.until(_size_with(count))
    waits = [watch.published(idx) - committed[command] for command, idx in _places(committed).items()]
    took = time.perf_counter() - begun
    return {"entries": count, "seconds": took, "waits": sorted(waits), "backend": (_cpu(backend) - before) / took}


def _sealing_backend() -> int:
    with start.connect("sealer") as db:
        row = db.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted", [ONE_SEALER]
        ).fetchone()
    assert row is not None, "the sealer runs"
    assert Path(f"/proc/{row[0]}").exists()
    return int(row[0])


def _size_with(count: int) -> int:
    """Wait until all is sealed; return the size of the log."""
    with start.connect("sealer") as db:
        while db.execute("SELECT count(*) FROM record.intake").fetchone() != (0,):
            db.rollback()
            time.sleep(0.05)
        row = db.execute("SELECT size FROM record.checkpoint").fetchone()
    assert row is not None
    assert row[0] >= count
    return int(row[0])


def _places(committed: dict[str, float]) -> dict[str, int]:
    query = "SELECT c.id, e.idx FROM record.command c JOIN record.entry e ON e.intake_id = c.intake_to WHERE c.id = ANY(%s)"
    with start.connect("sealer") as db:
        found = dict(db.execute(query, [list(committed)]).fetchall())
    assert len(found) == len(committed)
    return found


class Watch(threading.Thread):
    """Looks every ten milliseconds how far it is."""

    def __init__(self, look: str) -> None:
        super().__init__(daemon=True)
        self._look = look
        self._seen: list[tuple[int, float]] = []

    def run(self) -> None:
        with start.connect("sealer") as db:
            db.autocommit = True
            while True:
                row = db.execute(self._look).fetchone()  # type: ignore[call-overload]
                if row and row[0] and (not self._seen or row[0] > self._seen[-1][0]):
                    self._seen.append((row[0], time.perf_counter()))
                time.sleep(0.01)

    def until(self, size: int) -> None:
        while not self._seen or self._seen[-1][0] < size:
            time.sleep(0.02)

    def published(self, idx: int) -> float:
        """Return when the entry with this number was seen to be published."""
        return next(at for size, at in self._seen if size > idx)
