"""Kills the leading database of three under load, and counts what was lost. Repeats docs/failover.md.

    sudo apt-get install patroni etcd-server etcd-client postgresql
    sudo .venv/bin/python bin/try_failover.py [seconds before and after each kill]

Three etcd, three Patroni with PostgreSQL in synchronous mode, on ports of this machine, in a folder that goes at the end. Two
clients report repairs, promise, book and close; the sealer, the publisher and the worker run too.
"""

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg

ROOT = Path(__file__).resolve().parents[1]
NODES = (1, 2, 3)
USER = pwd.getpwnam("postgres")
POSTGRESQL = max(Path("/usr/lib/postgresql").iterdir(), key=lambda path: int(path.name)) / "bin"
TTL, LOOP, RETRY = 10, 2, 3  # seconds: after TTL without its leader a cluster chooses another
CLIENTS = ("ada", "ben")
ALL = ["leader", "replica", "sync_standby"]


def patroni_file(folder: Path, n: int, password: str) -> Path:
    """Write one node's settings. JSON is YAML."""
    access = ["local all all trust", "host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256"]
    who = {"username": "postgres", "password": password}
    settings = {
        "scope": "lamplit", "name": f"node{n}",
        "restapi": {"listen": f"127.0.0.1:{18000 + n}", "connect_address": f"127.0.0.1:{18000 + n}"},
        "etcd3": {"hosts": [f"127.0.0.1:{12379 + 10 * m}" for m in NODES]},
        "bootstrap": {
            "dcs": {
                "ttl": TTL, "loop_wait": LOOP, "retry_timeout": RETRY, "maximum_lag_on_failover": 0,
                "synchronous_mode": True, "synchronous_mode_strict": True,
                "postgresql": {"parameters": {"synchronous_commit": "on", "max_connections": 60, "log_statement": "none"}},
            },
            "initdb": ["data-checksums", {"locale": "C.UTF-8"}, {"encoding": "UTF8"}],
            "pg_hba": access,
        },
        "postgresql": {
            "listen": f"127.0.0.1:{15430 + n}", "connect_address": f"127.0.0.1:{15430 + n}", "data_dir": str(folder / f"data{n}"),
            "bin_dir": str(POSTGRESQL), "pgpass": str(folder / f"pgpass{n}"), "pg_hba": access,
            "authentication": {"superuser": who, "replication": who}, "parameters": {"unix_socket_directories": str(folder)},
        },
    }  # fmt: skip
    file = folder / f"node{n}.yml"
    file.write_text(json.dumps(settings, indent=1))
    return file


class Three:
    """Three nodes. Each etcd, and each Patroni with its PostgreSQL, is a group of processes of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.password = folder, secrets.token_hex(12)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            as_user = {"user": USER.pw_uid, "group": USER.pw_gid, "extra_groups": []}
            self.running[name] = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True, cwd=self.folder,
                env={"PATH": os.environ["PATH"]}, **as_user,
            )  # fmt: skip

    def begin(self) -> None:
        peers = ",".join(f"e{n}=http://127.0.0.1:{12380 + 10 * n}" for n in NODES)
        for n in NODES:
            client, peer = f"http://127.0.0.1:{12379 + 10 * n}", f"http://127.0.0.1:{12380 + 10 * n}"
            self.start(f"etcd{n}", [
                "etcd", "--name", f"e{n}", "--data-dir", str(self.folder / f"etcd{n}"), "--listen-client-urls", client,
                "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--initial-cluster", peers,
            ])  # fmt: skip
        for n in NODES:
            file = patroni_file(self.folder, n, self.password)
            os.chown(file, USER.pw_uid, USER.pw_gid)
            self.start(f"node{n}", ["patroni", str(file)])
        until(
            "three nodes, one of them synchronous", lambda: sorted(self.roles().values()) == ["leader", "replica", "sync_standby"]
        )

    def roles(self) -> dict[str, str]:
        """Return each node's role, as any of them says."""
        for n in NODES:
            try:
                with urlopen(f"http://127.0.0.1:{18000 + n}/cluster", timeout=2) as answer:
                    said = json.load(answer)
                return {one["name"]: one["role"] for one in said["members"] if one["state"] in ("running", "streaming")}
            except OSError:
                continue
        return {}

    def kill(self, node: str) -> None:
        """End a node as a power cut does: Patroni, PostgreSQL and all that they started."""
        pid = int((self.folder / f"data{node[-1]}" / "postmaster.pid").read_text().split()[0])
        os.killpg(self.running[node].pid, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)
        self.running.pop(node).wait()

    def end(self) -> None:
        for process in self.running.values():
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.running.values():
            process.wait(60)

    @property
    def url(self) -> str:
        ports = ",".join(str(15430 + n) for n in NODES)
        hosts = ",".join(["127.0.0.1"] * len(NODES))
        return (
            f"host={hosts} port={ports} user=postgres password={self.password} dbname=lamplit"
            " target_session_attrs=read-write connect_timeout=2"
        )


def until(what: str, holds: Callable[[], Any], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(f"In {seconds:.0f} s there was no {what}.")
        time.sleep(0.2)


class Lamplit:
    """Its programs, with the three as their database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LAMPLIT_")}
        self.environment = kept | {
            "LAMPLIT_HOME": str(folder), "LAMPLIT_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "lamplit.config.settings"
        }  # fmt: skip
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stdout[-2000:]}{done.stderr[-3000:]}")
        return done.stdout

    def start(self, name: str, *words: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def end(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            process.wait(60)

    def answered(self) -> list[tuple[float, str]]:
        """Return when each command was acknowledged, and its id. One that a rule refused has left nothing to lose."""
        lines = [line for name in CLIENTS for line in (self.folder / f"{name}.journal").read_bytes().splitlines()]
        found = [json.loads(line) for line in lines if line.endswith(b"}")]
        return sorted((line["at"], line["do"]["command"]) for line in found if "answer" in line and not refused(line["answer"]))


def refused(answer: Any) -> bool:
    return isinstance(answer, dict) and "refused" in answer


def main(seconds: float) -> None:
    folder = Path(tempfile.mkdtemp(prefix="lamplit-failover-"))
    folder.chmod(0o711)
    servers = folder / "servers"
    servers.mkdir()
    os.chown(servers, USER.pw_uid, USER.pw_gid)
    with ended(Three(servers)) as three, ended(Lamplit(folder / "lamplit", three.url)) as lamplit:
        lamplit.folder.mkdir(0o700)
        three.begin()
        lamplit.run("lamplit.cli", "init")
        lamplit.run("tests.attack.load", "begin")
        for name, words in (("seal", "seal"), ("publish", "publish"), ("work", "work")):
            lamplit.start(name, "lamplit.cli", words)
        for seed, name in enumerate(CLIENTS):
            lamplit.start(name, "tests.attack.load", name, str(seed), str(4 * seconds + 60))
        time.sleep(seconds)
        report: dict[str, Any] = {"kills": []}
        for _ in range(2):
            report["kills"].append(kill_the_leader(three, lamplit, seconds))
        for name in CLIENTS:
            lamplit.running.pop(name).terminate()
        time.sleep(3)
        report |= whole(three, lamplit)
    shutil.rmtree(folder)
    sys.stdout.write(json.dumps(report, indent=2) + "\n")
    if report["lost"]:
        raise SystemExit("Acknowledged facts were lost.")


@contextmanager
def ended(what: Any) -> Iterator[Any]:
    try:
        yield what
    finally:
        what.end()


def kill_the_leader(three: Three, lamplit: Lamplit, seconds: float) -> dict[str, Any]:
    leader = next(name for name, role in three.roles().items() if role == "leader")
    before, at = len(lamplit.answered()), time.time()
    three.kill(leader)
    until("answer after the kill", lambda: any(when > at + 0.5 for when, _ in lamplit.answered()))
    time.sleep(seconds)
    times = [when for when, _ in lamplit.answered()]
    gap = max(later - earlier for earlier, later in pairwise(times) if later > at)
    new = next(name for name, role in three.roles().items() if role == "leader")
    three.start(leader, ["patroni", str(three.folder / f"{leader}.yml")])  # it comes back as a follower of the new one
    until("three nodes again", lambda: sorted(three.roles().values()) == ALL)
    return {"killed": leader, "leads": new, "acknowledged_before": before, "seconds_without_an_answer": round(gap, 1)}


def whole(three: Three, lamplit: Lamplit) -> dict[str, Any]:
    """Hold what was acknowledged against the database, and the record against its store and its tables."""
    known = {command for _, command in lamplit.answered()}
    with psycopg.connect(three.url) as db:
        there = {row[0] for row in db.execute("SELECT id FROM record.command").fetchall()}
        version = db.execute("SHOW server_version").fetchone()
    lamplit.end()
    lamplit.running.clear()
    lamplit.run("lamplit.cli", "seal", "--once")
    lamplit.run("lamplit.cli", "publish", "--once")
    vkey = lamplit.run("lamplit.cli", "log", "key").strip()
    verified = lamplit.run("lamplit.cli", "log", "verify", "--store", str(lamplit.folder / "store"), "--key", vkey)
    return {
        "acknowledged": len(known), "lost": sorted(known - there), "postgresql": version[0] if version else "",
        "record": verified.strip().splitlines()[-1], "audit": lamplit.run("lamplit.cli", "audit").strip().splitlines()[-1],
    }  # fmt: skip


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 20.0)
