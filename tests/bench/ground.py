"""The landlords that benches measure: a large one that is made once and used again, and small ones for a moment."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lamplit.record.cluster import Cluster
from tests.bench.measured import ROOT


@dataclass(frozen=True)
class Ground:
    """What a bench may ask for. `homes` and `years` are the size of the large landlord.

    `record_first`: its entries are written alone, and its tables come by a rebuild (telling.py): half the disk.
    """

    homes: int
    years: int
    processes: int
    record_first: bool = False

    @property
    def home(self) -> Path:
        """The LAMPLIT_HOME of the large landlord. Kept from run to run."""
        top = os.environ.get("LAMPLIT_BENCH_HOME")
        return (Path(top) if top else Path(tempfile.gettempdir()) / "lamplit-bench") / f"{self.homes}x{self.years}"

    def settle(self) -> Path:
        """Make the large landlord, sealed and published, unless it is there; start its database. Returns its home."""
        made = self.home / "seeded"
        if not made.exists():
            self.home.parent.mkdir(parents=True, exist_ok=True)
            self.home.parent.chmod(0o711)
            print(f"Seeding {self.homes:,} homes and {self.years} years in {self.home}; later runs find them there.", flush=True)
            lamplit(self.home, "init")
            size = [str(self.homes), str(self.years), str(self.processes)]
            with carriers(self.home):  # what is sealed leaves room in the intake for what comes
                if self.record_first:
                    _run(self.home, [sys.executable, "-m", "tests.bench.inside", "telling", *size])
                else:
                    lamplit(self.home, "seed", "--homes", size[0], "--years", size[1], "--processes", size[2])
            lamplit(self.home, "seal", "--once")
            lamplit(self.home, "publish", "--once")
            made.touch()
        Cluster(self.home).start()
        return self.home

    def ask(self, name: str, *words: str) -> dict[str, Any]:
        """Run the module `tests.bench.<name>` on the large landlord; return what it found and its `peak` memory in bytes."""
        return ask(self.settle(), name, *words, str(self.processes))


@contextmanager
def passing(*, homes: int) -> Iterator[Path]:
    """A landlord of people and tenancies, without repairs; its home is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="lamplit-bench-"))
    home.chmod(0o711)
    try:
        lamplit(home, "init")
        if homes:
            lamplit(home, "seed", "--homes", str(homes), "--years", "0")
        yield home
    finally:
        Cluster(home).destroy()
        shutil.rmtree(home)


@contextmanager
def carriers(home: Path, **settings: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The sealer and the publisher of a home, at work as in production: `lamplit seal` and `lamplit publish`."""
    with at_work(home, ["seal"], ["publish"], **settings) as running:
        yield running


@contextmanager
def at_work(home: Path, *commands: list[str], **settings: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Commands of `lamplit` that run until the end."""
    running = [begin(home, *words, **settings) for words in commands]
    try:
        yield running
    finally:
        ended(running)


def ended(running: list[subprocess.Popen[bytes]]) -> None:
    """Ask processes to end, as an operator's machine does, and wait for them."""
    for process in running:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def begin(home: Path, *words: str, **settings: str) -> subprocess.Popen[bytes]:
    """Start one of the processes of `lamplit` in a home."""
    command = [sys.executable, "-m", "lamplit.cli", *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment(home) | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def environment(home: Path) -> dict[str, str]:
    """Return the environment of an installation of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAMPLIT_") or name == "LAMPLIT_BENCH_HOME"}
    return kept | {"LAMPLIT_HOME": str(home), "DJANGO_SETTINGS_MODULE": "lamplit.config.settings"}


def lamplit(home: Path, *words: str) -> str:
    """Run one command of `lamplit` in a home. Returns what it said; an error with its last words when it fails."""
    return _run(home, [sys.executable, "-m", "lamplit.cli", *words])


def _run(home: Path, command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[2:])}: {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def ask(home: Path, name: str, *words: str) -> dict[str, Any]:
    """Run a module in a process of its own (inside.py), and watch the memory of all its processes."""
    said, peak = _watched(home, [sys.executable, "-m", "tests.bench.inside", name, *words])
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return answer | {"peak": peak}


def ask_lamplit(home: Path, *words: str) -> dict[str, Any]:
    """Run a command of `lamplit` that answers with JSON; with the `peak` memory of all its processes."""
    said, peak = _watched(home, [sys.executable, "-m", "lamplit.cli", *words])
    answer: dict[str, Any] = json.loads(said)
    return answer | {"peak": peak}


def _watched(home: Path, command: list[str]) -> tuple[str, int]:
    running = subprocess.Popen(command, cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, text=True)
    watch = Watch(running.pid)
    watch.start()
    said, _ = running.communicate()
    watch.done.set()
    watch.join()
    if running.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {running.returncode}")
    return said, watch.peak


class Watch(threading.Thread):
    """Looks ten times a second at the memory of a process and all that it started; pages that they share count once."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self.peak, self.done = pid, 0, threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.1):
            self.peak = max(self.peak, sum(map(_share, descendants(self._pid))))


def descendants(pid: int) -> list[int]:
    """Return a process and every process that it started, itself or through others."""
    found, at = [pid], 0
    while at < len(found):
        try:
            for task in Path(f"/proc/{found[at]}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:  # it has gone
            pass
        at += 1
    return found


def _share(pid: int) -> int:
    """Return the proportional share of memory of one process, in bytes; 0 when it has gone."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
