"""The services of an installation: stopped in order, started in order, and seen to work."""

import os
import subprocess
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import psycopg

from lamplit.basics.clock import now
from lamplit.cli import start
from lamplit.cli.installation import layout
from lamplit.cli.say import Failed, warn
from lamplit.config import place

CURRENT = Path("/opt/lamplit/current")
SECONDS = 45  # within which all of them must show that they work


def installed() -> bool:
    """Whether this is a machine where `lamplit install` ran, and not a demo or a working copy."""
    return os.environ.get("LAMPLIT_INSTALLED") == "1"


class Services:
    """The services and the front server's closed sign."""

    closed = Path(layout.CLOSED)

    def __init__(self) -> None:
        self.shape = layout.shape(standby=place.standby() is not None)

    def stop(self) -> None:
        """Hang the sign out, then stop: pages first, the sealer last."""
        self.closed.touch()
        self._systemctl("stop", *(f"lamplit-{name}" for name in reversed(self.shape.programs)))

    def start(self) -> None:
        """Start them in their order and see them work. Failed when one does not. The sign stays until `open_doors`.

        The worker is last: until then nobody writes, and going back needs no rebuilding.
        """
        self._systemctl("daemon-reload")
        *others, worker = self.shape.services
        for name in others:
            self._systemctl("start", f"lamplit-{name}")
        self.wait_until_well(("seal", "publish near"))
        self._systemctl("start", f"lamplit-{worker}", f"lamplit-{layout.CHOSEN}")
        self.wait_until_well()

    def open_doors(self) -> None:
        self.closed.unlink(missing_ok=True)

    def point_at(self, release: Path) -> None:
        """Let `current` be another release, in one step."""
        part = CURRENT.with_name(".current.part")
        part.unlink(missing_ok=True)
        part.symlink_to(release)
        part.replace(CURRENT)

    def wait_until_well(self, loops: Sequence[str] | None = None) -> None:
        """Return when the pages answer and these loops have shown that they are alive. Failed when that takes too long."""
        since, deadline = now(), time.monotonic() + SECONDS
        missing = ["all of them"]
        while missing and time.monotonic() < deadline:
            time.sleep(1)
            missing = self._missing(since, self.shape.loops if loops is None else loops)
        if missing:
            raise Failed(f"These do not work within {SECONDS} seconds: {', '.join(missing)}.")

    def _missing(self, since: datetime, loops: Sequence[str]) -> list[str]:
        missing = [] if pages_answer() else ["the pages"]
        try:
            with start.connect("sealer") as db:
                rows: dict[str, datetime] = dict(
                    db.execute("SELECT name, alive_at FROM record.loop WHERE trouble = ''").fetchall()
                )
        except psycopg.Error:
            return ["the database"]
        return missing + [name for name in loops if name not in rows or rows[name] < since]

    def _systemctl(self, *words: str) -> None:
        done = subprocess.run(["systemctl", *words], capture_output=True, text=True, check=False)
        if done.returncode:
            warn(done.stderr.strip())
            raise Failed(f"`systemctl {' '.join(words)}` failed. `journalctl -u lamplit-{self.shape.services[0]}` may say why.")


def pages_answer() -> bool:
    """Whether the pages answer on this machine, as the front server would ask them."""
    hosts = os.environ.get("LAMPLIT_HOSTS", "localhost").split()
    asked = Request(f"http://127.0.0.1:{os.environ.get('LAMPLIT_PORT', '8000')}/status", headers={"Host": hosts[0]})
    try:
        with build_opener(ProxyHandler({})).open(asked, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
