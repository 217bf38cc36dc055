"""A whole installation for browsers: a made-up landlord of some 60 homes, the cast, and every process that `lamplit` has."""

import json
import subprocess
import sys
import time
import urllib.request
from functools import cached_property
from typing import Any

from tests.attack.running import LOOPS, ROOT, Installation, wait_until

HOMES = "60"


class Site(Installation):
    """The running site. `who` says who is there (tests/journeys/settle.py)."""

    def __init__(self) -> None:
        super().__init__()
        self.lamplit("seed", "--homes", HOMES, "--years", "1", "--processes", "1")
        self.who: dict[str, Any] = self.ask("tests.journeys.settle")
        for name in ("web", *LOOPS):
            self.start(name)
        wait_until(self._answers, f"the site answers; {self.last_words('web')}")

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"LAMPLIT_DEMO": "1"}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, module: str, *words: str) -> Any:
        """Run a module of this folder inside the installation and return the JSON that it prints."""
        done = subprocess.run(
            [sys.executable, "-m", module, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{module}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
        return json.loads(done.stdout.splitlines()[-1])

    @cached_property
    def pages(self) -> list[dict[str, str]]:
        """Every address with ids that there are (tests/journeys/pages.py)."""
        found: list[dict[str, str]] = self.ask("tests.journeys.pages", self.who["tenant"]["id"])
        return found

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/status", timeout=10) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
            return False
