"""The status page as plain files: whole, written only when they say something else, and served without the database."""

import json
import os
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from lamplit.basics.clock import now
from lamplit.config.status import files, picture
from lamplit.config.status.served import FRESH, Served
from lamplit.messages.actions import publish_scam
from lamplit.portal.tests.test_status import all_runs, an_incident
from tests.cast import BY_PRIYA


def test_files_are_replaced_when_they_say_something_else(landlord, tmp_path, monkeypatch):
    at = now().replace(second=5)
    all_runs(landlord)
    assert files.write(tmp_path, at) == 4
    feed = ET.fromstring((tmp_path / "status.rss").read_text())  # noqa: S314 - we wrote it ourselves
    assert feed.findtext("channel/lastBuildDate") == format_datetime(at.replace(second=0, microsecond=0)), "as of the page"
    assert files.write(tmp_path, at + timedelta(seconds=40)) == 0, "of the same minute, and nothing has changed"
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(files.FILES), "no half a file is left"
    assert all(file.stat().st_mode & 0o777 == 0o644 for file in tmp_path.iterdir()), "whatever serves them may read them"
    assert json.loads((tmp_path / "status.json").read_text())["everything_works"]
    an_incident(at - timedelta(minutes=1))
    publish_scam(says="Texts ask for £5.", by=BY_PRIYA, at=at, command="test:scam")
    assert files.write(tmp_path, at + timedelta(seconds=50)) == 4
    page = (tmp_path / "status.html").read_text()
    for words in ("Our phones do not work.", "Texts ask for £5.", "<title>", "Service status"):
        assert words in page
    assert "<item>" in (tmp_path / "status.rss").read_text()
    monkeypatch.setattr(picture, "loops", lambda: None)
    assert files.write(tmp_path, at + timedelta(seconds=50)) == 4
    text = (tmp_path / "status.txt").read_text()
    assert "Ring us instead, day and night." in text, "the database is away, and it says so"
    assert ": Working." not in text, "nobody can see that anything works"


class _Web:
    """A web server that has the files before it and, behind, an application that is dead."""

    def __init__(self, folder: Any) -> None:
        self.app = Served(self.behind, folder)

    def behind(self, environ: Any, start: Any) -> list[bytes]:
        start("500 Down", [])
        return [b"down"]

    def get(self, path: str, method: str = "GET", **more: str) -> tuple[str, dict[str, str], bytes]:
        said: list[Any] = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": method, **more}
        body = b"".join(self.app(environ, lambda status, headers: said.extend((status, dict(headers)))))
        return said[0], said[1], body


@pytest.fixture
def web(tmp_path: Any) -> _Web:
    for name in files.FILES:
        (tmp_path / name).write_text(f"as {name}")
    return _Web(tmp_path)


def test_it_is_served_while_everything_behind_is_dead_and_to_those_alone_who_want_what_everybody_gets(web, tmp_path):
    status, headers, body = web.get("/status")
    assert (status, body) == ("200 OK", b"as status.html")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert "Access-Control-Allow-Origin" not in headers
    assert web.get("/status.json")[1]["Access-Control-Allow-Origin"] == "*"
    assert web.get("/status.rss", "HEAD")[2] == b""
    assert web.get("/status", HTTP_ACCEPT_LANGUAGE="en-GB,en;q=0.9", HTTP_COOKIE="csrftoken=x")[0] == "200 OK"
    for other in (
        {"HTTP_COOKIE": "a=b; language=pl"}, {"HTTP_COOKIE": "print_size=large"}, {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_ACCEPT_LANGUAGE": "cy,en;q=0.5"},
    ):  # fmt: skip
        assert web.get("/status", **other)[2] == b"down"
    for path, method in (("/status", "POST"), ("/status/i_1", "GET"), ("/", "GET"), ("/../status", "GET")):
        assert web.get(path, method)[2] == b"down", path


def test_files_that_nobody_writes_any_more_are_not_served(tmp_path, web):
    old = now().timestamp() - FRESH - 5
    os.utime(tmp_path / "status.html", (old, old))
    assert _Web(tmp_path).get("/status")[2] == b"down"
    (tmp_path / "status.txt").unlink()
    assert web.get("/status.txt")[2] == b"down"
