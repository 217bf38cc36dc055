"""A whole installation for attacks: a cluster of its own with fsync on, and real processes that can be killed at any moment."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from lamplit.record.cluster import Cluster

ROOT = Path(__file__).resolve().parents[2]
LOOPS = {"sealer": ["seal"], "publisher": ["publish"], "worker": ["work"]}


class Installation:
    """`lamplit init` in a folder of its own. `start` and `kill` work on its processes by name."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="lamplit-attack-"))
        self.home.chmod(0o711)  # so that root's ordinary user can pass through
        self.cluster = Cluster(self.home)
        self.port = _free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.lamplit("init")

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LAMPLIT_")}
        return kept | {"LAMPLIT_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "lamplit.config.settings"}

    def lamplit(self, *words: str) -> str:
        """Run one command and return what it answered. What it said of a failure is the error's text."""
        command = [sys.executable, "-m", "lamplit.cli", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"lamplit {' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    def connect(self, role: str = "admin") -> psycopg.Connection[Any]:
        """Connect to its database as one of its roles."""
        parameters = self.cluster.parameters(role)
        return psycopg.connect(make_conninfo("", **parameters, options="-c search_path=folded,plain,record"), autocommit=True)

    def start(self, name: str, *words: str) -> None:
        """Start a process: `web`, one of LOOPS, or a client with its own words. PostgreSQL is started as `lamplit` does it."""
        if name == "postgres":
            self.cluster.start()
            return
        known = {"web": ["serve", "--port", str(self.port)], **LOOPS}
        module = ["lamplit.cli", *known[name]] if name in known else list(words)
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *module], cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self, name: str) -> None:
        """Kill with SIGKILL: a process with all that it started, PostgreSQL's first process, or one of its backends."""
        if name == "postgres":
            named = self.cluster._named_by_lock()
            if named is not None:
                os.kill(named[0], signal.SIGKILL)
        elif name == "backend":
            _kill_a_backend(self)
        else:
            process = self.running.pop(name)
            assert process.poll() is None, f"{name} had ended by itself with {process.returncode}: {self.last_words(name)}"
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def last_words(self, name: str) -> str:
        return (self.home / f"{name}.log").read_text(errors="replace")[-3000:]

    def stop(self, name: str, seconds: float = 30) -> int:
        """Ask a process to end, and return its exit code."""
        process = self.running.pop(name)
        process.terminate()
        return process.wait(seconds)

    def tell(self) -> str:
        """Return the last words of every process, for whoever reads of a failure."""
        return "\n".join(f"--- {path.stem}\n{self.last_words(path.stem)}" for path in sorted(self.home.glob("*.log")))

    def destroy(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.cluster.destroy()
        shutil.rmtree(self.home)


def _kill_a_backend(installation: Installation) -> None:
    """Kill the server process of one connection: PostgreSQL then ends all of them and recovers by itself."""
    try:
        with installation.connect() as db:
            row = db.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename IN ('lamplit_app', 'lamplit_sealer') ORDER BY random() LIMIT 1"
            ).fetchone()
    except psycopg.OperationalError:  # it is recovering from the last time
        return
    if row is not None:
        os.kill(row[0], signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until something holds; fail with `what` after `seconds`. A database that is away does not hold."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if true():
                return
        except psycopg.OperationalError:
            pass
        assert time.monotonic() < deadline, f"It never came about: {what}"
        time.sleep(0.1)


def read_journal(path: Path) -> list[dict[str, Any]]:
    """Return the whole lines of a client's journal; a kill may have cut the last one."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]
