"""A standby of the large landlord: following it, taking over, and a clean folder that brings main back from its copy."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from lamplit.config.place import memory
from lamplit.record.cluster import Cluster
from tests.bench.ground import Ground, ask, at_work, begin, ended, environment, lamplit
from tests.bench.measured import ROOT, Line, at_most

TITLE = "Taking over, and coming back"
DECLARERS = ("Ada Okoye", "Ben Rowe")


def sizes(ground: Ground) -> str:
    return (
        f"{ground.homes:,} homes x {ground.years} years; a standby with a database of its own on the same machine; two people's"
        " codes by the command line; then a clean folder, 2 processes"
    )


def measure(ground: Ground) -> Iterator[Line]:
    home = ground.settle()
    place = Path(tempfile.mkdtemp(prefix="lamplit-takeover-"))
    place.chmod(0o711)
    try:
        yield from _standby(ground, home, place / "standby")
        yield from _back(home, place)
    finally:
        for made in (place / "standby", place / "back"):
            with suppress(OSError):
                Cluster(made).destroy()
        shutil.rmtree(memory(place / "standby"), ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)


def _standby(ground: Ground, home: Path, standby: Path) -> Iterator[Line]:
    vkey = lamplit(home, "log", "key").strip()
    names = [word for name in DECLARERS for word in ("--declarer", name)]
    said = lamplit(standby, "standby", "init", "--main", str(home / "store"), "--log-key", vkey, *names)
    codes = [line for line in said.splitlines() if len(line) == 35 and line.count("-") == 5]
    ask(home, "keeping", (standby / "keys" / "heir").read_text().strip())
    begun = time.perf_counter()
    lamplit(standby, "standby", "run", "--once")
    size = ask(standby, "held")["size"]
    yield Line("entries", size, "")
    yield Line("checked, kept and folded by the standby", size / (time.perf_counter() - begun), "entries/s")
    port = _free_port()
    with at_work(standby, ["standby", "run"], ["standby", "serve", "--port", str(port)], LAMPLIT_PROXIES="1"):
        _until(lambda: _answers(port, "/status", b"standby"))
        time.sleep(10)  # its first look at everything is over
        _declare(standby, DECLARERS[0], codes[0])
        begun = time.perf_counter()
        _declare(standby, DECLARERS[1], codes[1])
        declared = time.perf_counter() - begun
        _until(lambda: _answers(port, "/sign-in", b"code"))
        yield at_most(
            "from the second person's word to the first page served, keys unlocked", time.perf_counter() - begun, "s", 15
        )
        yield Line("... of it the command itself", declared, "s")
        _until(lambda: not ask(standby, "held")["sealed"], 600)
        yield Line("until everything that is searched for is opened", time.perf_counter() - begun, "s")


def _back(home: Path, place: Path) -> Iterator[Line]:
    standby, back, port = place / "standby", place / "back", _free_port()
    vkey, cosigner = lamplit(home, "log", "key").strip(), lamplit(standby, "standby", "key").split()[0]
    words = ["restore", "--store", str(standby / "mirror"), "--key", vkey, "--cosigner", cosigner, "--start", str(port)]
    keys = ["--log-key", str(home / "keys" / "log"), "--identity", str(home / "keys" / "custodian")]
    begun = time.perf_counter()
    running = begin(back, *words, *keys)
    try:
        _until(lambda: _answers(port, "/sign-in", b"code") or _ended(running), 3600)
        yield at_most("restored, verified and serving pages, from nothing", time.perf_counter() - begun, "s", 240)
    finally:
        ended([running])


def _ended(running: "subprocess.Popen[bytes]") -> bool:
    if running.poll() is not None:
        raise RuntimeError(f"restore ended with {running.returncode}")
    return False


def _declare(standby: Path, name: str, code: str) -> None:
    words = [sys.executable, "-m", "lamplit.cli", "standby", "declare", "--name", name, "--why", "A bench"]
    subprocess.run(words, cwd=ROOT, env=environment(standby) | {"LAMPLIT_CODE": code}, check=True, capture_output=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, path: str, within: bytes) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return within in answer.read()
    return False


def _until(holds: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds:.0f} s")
        time.sleep(0.05)
