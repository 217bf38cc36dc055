"""The demo as somebody runs it: made, reached, cut off in the middle, started again, stopped."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import msgspec
import psycopg
import pytest

from lamplit.config.demo_staff import code_at
from lamplit.record import process
from lamplit.record.cluster import Cluster


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.out = home.with_suffix(".out")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LAMPLIT_")}
        with self.out.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lamplit.cli", "demo", "--port", str(port), "--homes", "40", "--years", "1"],
                env=environment | {"LAMPLIT_HOME": str(home)}, stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip

    def until(self, words: str, seconds: float = 240) -> str:
        deadline = time.monotonic() + seconds
        while words not in (said := self.out.read_text()):
            assert time.monotonic() < deadline, said
            time.sleep(0.1)
        return said

    def page(self, path: str, beside: int = 0) -> str:
        with build_opener(ProxyHandler({})).open(f"http://127.0.0.1:{self.port + beside}{path}", timeout=10) as answer:
            return answer.read().decode()

    def mail(self, said: str) -> str:
        """Send the standby an e-mail. Returns what it answers."""
        with smtplib.SMTP("127.0.0.1", self.port + 2, timeout=10) as relay:
            relay.ehlo()
            relay.mail("ruth@example.org")
            relay.rcpt("repairs@demo.lamplit.example")
            return relay.data(f"From: ruth@example.org\n{said}")[1].decode()

    def cosigned(self) -> None:
        """Wait until the standby holds and folded all that main has published, and main has heard of it."""
        deadline = time.monotonic() + 60
        found: tuple[int, ...] = ()
        while len(set(found)) != 1:
            assert time.monotonic() < deadline, found
            time.sleep(0.2)
            with psycopg.connect(Cluster(self.home).url("owner")) as db:
                query = "SELECT (SELECT size FROM record.checkpoint), coalesce((SELECT max(size) FROM record.cosigned), 0)"
                found = tuple(db.execute(query).fetchone())
            with psycopg.connect(Cluster(self.home / "standby").url("owner")) as db:
                found += db.execute("SELECT size FROM continuity.folded").fetchone()
        assert "All is well" in self.page("/standby", 1)

    def children(self) -> list[tuple[int, str]]:
        return msgspec.json.decode((self.home / "demo" / "pids").read_bytes())

    def end(self, kind: signal.Signals) -> int:
        self.process.send_signal(kind)
        return self.process.wait(40)


def alive(children: list[tuple[int, str]]) -> list[int]:
    return [pid for pid, seen in children if process.identity(pid) == seen]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_runs_survives_a_kill_goes_on_and_stops_all_of_it(tmp_path, port):
    home = tmp_path / "home"
    demo = Demo(home, port)
    try:
        said = demo.until("Ctrl-C stops all of it")
        assert f"http://127.0.0.1:{port}/desk/" in said
        assert f"http://127.0.0.1:{port + 1}/" in said
        assert "housing officer" in said
        assert "S-" in demo.mail("Subject: The tap drips\n\nIn the kitchen.")
        assert int(said.split("Drew ")[1].split()[0]) > 1
        assert "second step of staff" in demo.page("/demo/outbox")
        demo.cosigned()
        for name, number in (("seal", 0), ("standby", 2)):
            os.kill(demo.children()[number][0], signal.SIGKILL)
            demo.until(f"{name} ended (-9) and is started again")
        demo.cosigned()
        left = demo.children()
        demo.end(signal.SIGKILL)
        assert len(alive(left)) == 11  # nobody was there to stop them
        demo = Demo(home, port)
        demo.out.write_text("")
        demo.until("Ctrl-C stops all of it")
        assert not alive(left)
        again = demo.children()
        assert demo.end(signal.SIGINT) == 0
        assert not alive(again)
        assert not Cluster(home).running()
        assert not Cluster(home / "standby").running()
    finally:
        demo.process.kill()
        Cluster(home / "standby").destroy()
        Cluster(home).destroy()


def test_a_port_in_use_is_a_plain_sentence(lamplit, tmp_path, monkeypatch):
    monkeypatch.setenv("LAMPLIT_HOME", str(tmp_path))
    monkeypatch.setenv("LAMPLIT_DEMO", "0")  # put back afterwards
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = lamplit("demo", "--port", str(taken.getsockname()[1]))
    assert code == 1
    assert "is taken" in err
    assert "--port" in err


def test_the_second_step_is_the_one_that_authenticator_apps_show(monkeypatch):
    """RFC 6238, appendix B: the last six digits of the SHA-1 rows."""
    from datetime import UTC, datetime

    from lamplit.config import demo_staff

    monkeypatch.setattr(demo_staff, "SECOND_STEP", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert code_at(datetime.fromtimestamp(59, UTC)) == "287082"
    assert code_at(datetime.fromtimestamp(1111111109, UTC)) == "081804"
