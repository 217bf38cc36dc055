"""The status page as static files, with no database at all: 5,000 requests a second, beside the same server giving bare bytes."""

import os
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.ground import Ground
from tests.bench.measured import Line, at_least

TITLE = "The status page, thousands of times a second"
CONNECTIONS, SECONDS, WORKERS, ASKED = 64, 5.0, 2, 5_000
REQUEST = b"GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nAccept-Language: en-GB\r\n\r\n"


def sizes(ground: Ground) -> str:
    return f"{WORKERS} web processes, no database; {CONNECTIONS} connections of one process on the same machine, {SECONDS:g} s"


def measure(ground: Ground) -> Iterator[Line]:
    """The floor: the same server and the same bytes, from an application of one line."""
    with tempfile.TemporaryDirectory() as folder:
        size = _written(Path(folder))
        for app, what in (("tests.bench.serving:bare", "floor: the same bytes from one line"), ("ours", "the status page")):
            with _site(Path(folder), app) as (port, server):
                _rush(port, 0.5)
                before = _cpu(server)
                rate, waits = _rush(port, SECONDS)
                spent = _cpu(server) - before
            yield Line(what, rate, "requests/s") if app != "ours" else at_least(what, rate, "requests/s", ASKED)
            yield Line("... processor of the server for each", spent / (rate * SECONDS) * 1e6, "µs")
            yield Line("... median", waits[len(waits) // 2] * 1000, "ms")
            yield Line("... 99th percentile", waits[int(len(waits) * 0.99)] * 1000, "ms")
    yield Line("size of the page", size / 1000, "kB")


def _written(home: Path) -> int:
    """Write the files of a home that has no database. Returns the size of the page."""
    words = "from lamplit.config import place; from lamplit.config.status import files; from lamplit.basics.clock import now;"
    words += "files.write(place.status_files(), now())"
    code = f"import django; django.setup(); {words}"
    subprocess.run([sys.executable, "-c", code], env=_environment(home), check=True, stderr=subprocess.DEVNULL)
    return (home / "status" / "status.html").stat().st_size


def _environment(home: Path) -> dict[str, str]:
    told = {"LAMPLIT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lamplit.config.settings"}
    return {**os.environ, **told, "LAMPLIT_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}


@contextmanager
def _site(home: Path, app: str) -> Iterator[tuple[int, int]]:
    """Serve an application. Yields the port and the server's process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    target = "lamplit.config.wsgi:application" if app == "ours" else app
    words = [sys.executable, "-m", "tests.bench.serving", target, str(port), str(WORKERS)]
    with subprocess.Popen(words, env=_environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            until_it_answers(port)
            yield port, running.pid
        finally:
            running.terminate()


def until_it_answers(port: int) -> None:
    """Wait until something listens. OSError after half a minute."""
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise OSError("the server does not answer")


def _rush(port: int, seconds: float) -> tuple[float, list[float]]:
    """Ask again on each connection as soon as the answer is whole. Returns answers a second and how long each took, sorted."""
    request, chosen = REQUEST % b"/status", selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        line = socket.create_connection(("127.0.0.1", port))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chosen.register(line, selectors.EVENT_READ, [time.perf_counter(), 0, -1])
        line.sendall(request)
    waits: list[float] = []
    begun = time.perf_counter()
    while (at := time.perf_counter()) - begun < seconds:
        for key, _ in chosen.select(0.1):
            line, state = key.fileobj, key.data
            data = line.recv(262_144)  # type: ignore[union-attr]
            if state[2] < 0:
                state[2] = _length(data)
            state[1] += len(data)
            if state[1] >= state[2]:
                waits.append(time.perf_counter() - state[0])
                state[:] = [time.perf_counter(), 0, -1]
                line.sendall(request)  # type: ignore[union-attr]
    for key in list(chosen.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    return len(waits) / (at - begun), sorted(waits)


def _length(data: bytes) -> int:
    """Return how long the whole answer is. Anything but a page is a fault of the bench."""
    head, _, _ = data.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head[:200]
    said = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return len(head) + 4 + int(said.partition(b":")[2])


def _cpu(pid: int) -> float:
    """Return the processor time that a process and its children have used, in seconds."""
    every, total = {pid}, 0
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        if number == pid or int(fields[1]) in every:
            every.add(number)
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")
