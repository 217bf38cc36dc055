"""Serves the status files before anything of Django runs: without the database, and thousands of times a second.

Only while somebody writes them (else the page itself says what it sees), and only to those who chose no language and no print.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from lamplit.basics.clock import now
from lamplit.config.languages import COOKIE, LANGUAGES, OURS
from lamplit.config.middleware import HEADERS, POLICY

App = Callable[[dict[str, Any], Any], Iterable[bytes]]
FRESH = 180.0  # seconds since a file was written
LOOK_EVERY = 0.5  # seconds between two looks at a file
PATHS = {
    "/status": ("status.html", "text/html; charset=utf-8"),
    "/status.json": ("status.json", "application/json"),
    "/status.rss": ("status.rss", "application/rss+xml; charset=utf-8"),
    "/status.txt": ("status.txt", "text/plain; charset=utf-8"),
}
_CHOSEN = (f"{COOKIE}=", "print_size=", "sessionid=")
_OTHERS = tuple(one.code for one in LANGUAGES if one is not OURS)


class Served:
    """A WSGI application in front of another."""

    def __init__(self, behind: App, folder: Path, clock: Callable[[], datetime] = now) -> None:
        self._behind, self._folder, self._clock = behind, folder, clock
        self._kept: dict[str, tuple[float, float, bytes]] = {}  # by name: looked at, written at, bytes to show

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        found = PATHS.get(environ.get("PATH_INFO", ""))
        if found is None or environ["REQUEST_METHOD"] not in ("GET", "HEAD") or _asks_for_more(environ):
            return self._behind(environ, start)
        data = self._fresh(found[0])
        if not data:
            return self._behind(environ, start)
        more = [("Access-Control-Allow-Origin", "*")] if found[0] != "status.html" else []
        start("200 OK", [
            ("Content-Type", found[1]), ("Content-Length", str(len(data))), ("Cache-Control", "public, max-age=10"),
            ("Content-Security-Policy", POLICY), *HEADERS.items(), *more,
        ])  # fmt: skip
        return [data if environ["REQUEST_METHOD"] == "GET" else b""]

    def _fresh(self, name: str) -> bytes:
        """Return what a file says; nothing when there is none, or nobody writes it any more."""
        at = time.monotonic()
        looked, written, data = self._kept.get(name, (float("-inf"), 0.0, b""))
        if at - looked >= LOOK_EVERY:
            file = self._folder / name
            try:
                there = file.stat().st_mtime
                fresh = self._clock().timestamp() - there < FRESH
                data = (data if data and there == written else file.read_bytes()) if fresh else b""
            except OSError:
                there, data = 0.0, b""
            self._kept[name] = (at, there, data)
        return data


def _asks_for_more(environ: dict[str, Any]) -> bool:
    """Whether her page is another than everybody's: signed in, in another language, in large print."""
    cookies = environ.get("HTTP_COOKIE", "")
    if cookies and any(name in cookies for name in _CHOSEN):
        return True
    wanted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return bool(wanted) and any(code in wanted for code in _OTHERS)
