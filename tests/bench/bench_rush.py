"""Reports through the real forms and real processes: whole ones, then fifty a second for a minute, and what became of each."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.ground import Ground, ask, begin, carriers, ended, passing
from tests.bench.measured import Line, at_least, at_most

TITLE = "Reports through the real forms"
HOMES, WALKS, PER_SECOND, SECONDS = 3_700, 100, 50, 60


def sizes(ground: Ground) -> str:
    return (
        f"{HOMES:,} homes; web (2 processes), sealer, publisher and worker as in production, fsync on; the browsers on the same"
        f" machine. {WALKS} reports from the first page to the number; then {PER_SECOND} last pages a second for {SECONDS} s"
    )


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: as many pages a second as the same server gives that ask the database for nothing."""
    with passing(homes=HOMES) as home, carriers(home), _site(home) as port:
        done = ask(home, "rushing", str(port), str(WALKS), str(PER_SECOND), str(SECONDS))
    sent, waits = done["sent"], done["waits"]
    yield Line("floor: pages without the database", done["floor"], "pages/s")
    yield Line("requests of one whole report", done["requests"], "")
    yield Line("whole reports, first page to number", done["whole"], "reports/s")
    yield Line("... a processor's time of each, browsers and database too", done["spent"], "s")
    yield Line("... its requests against the floor", done["whole"] * done["requests"] / done["floor"], "x")
    yield at_least("sent in the rush", sent / done["seconds"], "reports/s", 0.98 * PER_SECOND)
    for name, share in (("median", 0.5), ("95th percentile", 0.95), ("99th percentile", 0.99)):
        yield Line(f"from its moment to the answer, {name}", waits[int(len(waits) * share)] * 1000, "ms")
    yield at_most("refused or failed", done["failed"], "", 0)
    yield at_most("answered and not in the record", done["lost"], "", 0)
    yield at_most("in the record twice", done["twice"], "", 0)
    yield Line("from the last answer until all was published", done["behind"], "s")


@contextmanager
def _site(home: Path) -> Iterator[int]:
    """The web and the worker of a home. Yields the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = [begin(home, "serve", "--port", str(port), "--workers", "2"), begin(home, "work")]
    try:
        yield port
    finally:
        ended(running)
