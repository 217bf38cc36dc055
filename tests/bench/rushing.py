"""Walk through the forms of a report as browsers without scripts do, over HTTP; then send many finished ones at an even pace."""

import http.client
import os
import re
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connections

from lamplit.cli import start
from lamplit.portal.models import ReportDraft
from lamplit.tenancies.models import Member, Tenancy
from tests.bench.visiting import tenant

BROWSERS, WARM, QUIET = 16, 8, 100  # at once, before anything is measured, pages of each
CHOSEN = {"none", "leak", "bathroom", "no", "caught", "fitting"}  # a sink that leaks into a bucket; nobody with needs
_FIELD = re.compile(r'<input[^>]*\bname="(?P<name>[^"]+)"[^>]*>')
_VALUE = re.compile(r'\bvalue="([^"]*)"')
_TYPE = re.compile(r'\btype="([^"]*)"')
Lives = tuple[str, str]  # a tenant and her home


class Browser:
    """One tenant who signed in. Keeps cookies, follows where she is led, sends what a form holds."""

    def __init__(self, port: int, person: str | None) -> None:
        self._to = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        name = settings.SESSION_COOKIE_NAME
        self.cookies = {name: tenant(person).cookies[name].value} if person else {}
        self.requests, self.path, self.page, self.status = 0, "", "", 0
        self.address = ""  # from which a proxy of ours says that she comes

    def ask(self, path: str, sent: list[tuple[str, str]] | None = None, *, follow: bool = True) -> None:
        """Ask for an address, or send a form there, and go where the answer leads."""
        while True:
            self._once(path, sent)
            where = self.leads
            if not (follow and where):
                return
            path, sent = where, None

    def _once(self, path: str, sent: list[tuple[str, str]] | None) -> None:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Host": "127.0.0.1"}
        if self.address:
            headers["X-Forwarded-For"] = self.address
        if sent is None:
            self._to.request("GET", path, headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            self._to.request("POST", path, urlencode(sent), headers)
        answer = self._to.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        self.requests, self.path, self.status = self.requests + 1, path, answer.status
        self.leads = answer.getheader("Location")
        self.page = answer.read().decode()

    def hang_up(self) -> None:
        """Close the connection, as a telephone does between two pages: the next request opens another."""
        self._to.close()

    def form(self) -> list[tuple[str, str]]:
        """Return what the page's form sends: its hidden fields, of its choices the first that is one of CHOSEN or her home."""
        inside = self.page[self.page.index("<main") :]
        sent: dict[str, str] = {}
        for field in _FIELD.finditer(inside):
            kind, value = _TYPE.search(field[0]), _VALUE.search(field[0])
            name, held = unescape(field["name"]), unescape(value[1]) if value else ""
            if kind and kind[1] in ("radio", "checkbox"):
                if name not in sent and (held in CHOSEN or held.startswith("h_")):
                    sent[name] = held
            else:
                sent.setdefault(name, held)
        return list(sent.items())

    def report(self, *, send: bool) -> None:
        """Go from the first page to the last before it is sent, and with `send` to its number."""
        self.ask("/report")
        self.ask("/report", self.form())
        while self.path != "/report/check":
            before = self.path
            self.ask(before, self.form())
            assert self.path != before, (self.status, before, re.sub(r"<[^>]+>", " ", self.page)[-2000:])
        if send:
            self.ask(self.path, self.form())
            assert self.path == "/report/received", (self.status, self.path)
            assert "lamp-number" in self.page or "keeping your report safe" in self.page


def main(port: str, walks: str, per_second: str, seconds: str) -> dict[str, Any]:
    """Return how many whole reports a second, how the rush went, and what the record says of it."""
    tenants = dict(Member.objects.filter(role="tenant", left_on=None).order_by("tenancy").values_list("tenancy", "person"))
    homes = Tenancy.objects.filter(ended_on=None).order_by("id").values_list("id", "home")
    people = [(tenants[tenancy], home) for tenancy, home in homes if tenancy in tenants]
    rush = int(per_second) * int(seconds)
    assert len(people) >= int(walks) + WARM + 1 + rush, "there are homes enough"
    _until_it_answers(int(port))
    strangers = [Browser(int(port), None) for _ in range(BROWSERS)]

    def pages(n: int) -> None:
        for _ in range(QUIET):
            strangers[n].ask("/signed-out")

    _rate(pages, range(BROWSERS))  # each process of the server reads its templates once
    floor = _rate(pages, range(BROWSERS)) * QUIET
    browsers = [Browser(int(port), person) for person, _ in people[: int(walks) + WARM]]
    for browser in browsers[:WARM]:
        browser.report(send=True)
    spent = _processors()
    whole = _rate(lambda n: browsers[n].report(send=True), range(WARM, len(browsers)))
    spent = (_processors() - spent) / int(walks)
    requests = sum(browser.requests for browser in browsers) / len(browsers)
    model, *rest = people[int(walks) + WARM :]
    sent = _rush(int(port), _drafts(int(port), model, rest[:rush]), 1 / int(per_second))
    return {"floor": floor, "requests": requests, "whole": whole, "spent": spent} | sent


def _processors() -> float:
    """Return the seconds that this machine's processors have worked, all programs together."""
    user, nice, system, _, _, interrupts, *_ = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + interrupts) / os.sysconf("SC_CLK_TCK")


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            return Browser(port, None).ask("/signed-out")
        except OSError:
            assert time.monotonic() < deadline, "the site answers"
            time.sleep(0.1)


def _rate(work: Callable[[int], None], numbers: range) -> float:
    begun = time.perf_counter()
    with ThreadPoolExecutor(BROWSERS) as pool:
        list(pool.map(work, numbers))
    return len(numbers) / (time.perf_counter() - begun)


def _drafts(port: int, model: Lives, people: Iterable[Lives]) -> list[tuple[str, Browser]]:
    """Bring many tenants to the last page before sending: one by the forms, the others by a copy of her draft for their homes."""
    first = Browser(port, model[0])
    first.report(send=False)
    row = ReportDraft.objects.get(person=model[0])
    ready = []
    for n, (person, home) in enumerate(people):
        draft = ReportDraft(id=f"rush-{n}", person=person, answers=row.answers | {"home": home}, changed_at=datetime.now(UTC))
        ready.append(draft)
    ReportDraft.objects.bulk_create(ready)
    browsers = [(draft.id, Browser(port, draft.person)) for draft in ready]
    for _, browser in browsers:
        browser.ask("/report/check")
        assert browser.path == "/report/check", browser.path
        browser.hang_up()
    return browsers


def _rush(port: int, drafts: list[tuple[str, Browser]], apart: float) -> dict[str, Any]:
    """Send each at its moment, whether or not those before it are answered, as many people who know nothing of each other."""
    waits, failed, lock = list[float](), list[str](), threading.Lock()
    begun = time.perf_counter()

    def send(n: int) -> None:
        ident, browser = drafts[n]
        moment = begun + n * apart
        time.sleep(max(0.0, moment - time.perf_counter()))
        try:
            browser.ask("/report/check", browser.form(), follow=False)
            browser.hang_up()  # a proxy holds the phones' idle connections: 3,000 of them would fill the web server
            good = browser.status in (302, 303) and browser.leads == "/report/received"
        except OSError:
            good = False
        with lock:
            waits.append(time.perf_counter() - moment)
            if not good:
                failed.append(ident)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(send, range(len(drafts))))
    seconds, bad = time.perf_counter() - begun, set(failed)
    connections.close_all()
    behind = _until_published()
    return {
        "sent": len(drafts) - len(bad), "seconds": seconds, "waits": sorted(waits), "failed": len(bad), "behind": behind,
        **_found([ident for ident, _ in drafts if ident not in bad]),
    }  # fmt: skip


def _until_published() -> float:
    """Wait until the near store has all. Returns the seconds."""
    begun = time.perf_counter()
    with start.connect("sealer") as db:
        db.autocommit = True
        while True:
            row = db.execute(
                "SELECT (SELECT count(*) FROM record.intake), p.size >= c.size FROM record.published p, record.checkpoint c"
                " WHERE p.store = 'near'"
            ).fetchone()
            if row == (0, True):
                return time.perf_counter() - begun
            time.sleep(0.05)


def _found(answered: list[str]) -> dict[str, int]:
    """Count those that were answered and are not in the record, and those that are there twice: each is one sealed command."""
    query = (
        "SELECT c.id, count(e.idx) FROM record.command c JOIN record.entry e ON e.intake_id = c.intake_to WHERE c.id = ANY(%s)"
        " GROUP BY c.id"
    )
    with start.connect("sealer") as db:
        there = dict(db.execute(query, [[f"form:report-{ident}" for ident in answered]]).fetchall())
    told = dict(ReportDraft.objects.filter(id__in=answered).values_list("id", "sent"))
    references = [sent["reference"] for sent in told.values() if sent]
    return {"lost": len(answered) - len(there), "twice": len(references) - len(set(references))}
