"""Looking at a page as a reader does: nothing sticks out, axe finds nothing, no code or id stands where words belong."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
SHOTS = os.environ.get("LAMPLIT_SHOTS")
STANDS_OUT = """() => { const wide = document.documentElement.scrollWidth, room = window.innerWidth;
    return wide <= room ? [] : [...document.querySelectorAll('body *')].filter(n => n.getBoundingClientRect().right > room + 1)
        .map(n => n.outerHTML.slice(0, 120)) }"""
RUN_AXE = """axe.run(document, {resultTypes: ['violations']}).then(done =>
    done.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160)).join(' | ')))"""
# Everything that a page says, with what stands in its boxes already.
SAID = """() => [document.body.innerText, ...[...document.querySelectorAll('input[type=text], input[type=search], textarea')]
    .map(box => box.value)].join('\\n')"""
# What a reader must never meet: an id, a word out of the code, an empty value, a moment or number as machines write it,
# two full stops, "1 times", "midnight on Friday" (read as a day late).
RAW = re.compile(
    r"\b[a-z]_[0-9a-hjkmnp-tv-z]{20}\b|\bNone\b(?! of these)|\bundefined\b|\{\{|\}\}"
    r"|\d{4}-\d\d-\d\dT\d\d|\d\d:\d\d:\d\d|\b[a-z]+_[a-z_]+\b|\+44\d{9,10}\b|[^.]\.\.(?!\.)|\?:"
    r"|\b1 (?:times|days|hours|minutes|bedrooms|repairs|messages|visits|reports|needs|homes|entries|rounds|questions)\b"
    r"|midnight on\b"
)


_click = Locator.click


def _click_and_wait(self: Locator, *args: Any, **options: Any) -> None:
    """Press something. A tenant's page asks first whether we are there (scripts/reach.js): the press ends after that."""
    _click(self, *args, **options)
    page = self.page
    for _ in range(1_000):
        with suppress(Error):  # it goes on to another page, whose address is known once that one answers; or the window is shut
            if page.is_closed() or not page.evaluate("document.documentElement.hasAttribute('data-sending')"):
                break
            page.wait_for_timeout(10)
    with suppress(Error):
        page.wait_for_load_state()


Locator.click = _click_and_wait  # type: ignore[method-assign]


def size(width: int, height: int = 900) -> dict[str, int]:
    return {"width": width, "height": height}


@contextmanager
def opened(browser: Browser, address: str, *, axe: bool = False, **options: Any) -> Iterator[Page]:
    """Open a browser's window of its own. What its console or its pages complain of fails the test at the end.

    `axe`: it stands ready on every page. Where each is looked at, that takes a fifth of the time of handing it over anew.
    """
    context: BrowserContext = browser.new_context(**{"base_url": address, "locale": "en-GB"} | options)
    if axe:
        context.add_init_script(path=AXE)
    context.set_default_timeout(30_000)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.expected = []  # type: ignore[attr-defined]  # parts of complaints that a test asks for, such as a 404
    page.scripts = options.get("java_script_enabled", True)  # type: ignore[attr-defined]
    try:
        yield page
        left = [one for one in complaints if not any(part in one for part in page.expected)]  # type: ignore[attr-defined]
        assert not left, left
    finally:
        context.close()


def faults_of(page: Page, *, axe: bool = True) -> list[str]:
    """Return everything that is wrong with a page as it stands, in words."""
    page.wait_for_load_state()  # what was pressed last may be on its way
    where = f"{page.url} at {page.viewport_size['width'] if page.viewport_size else '?'}"
    found = []
    if axe and page.scripts:  # type: ignore[attr-defined]  # axe is one; without them a page is the same page
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(AXE.read_text())  # the driver may; a page's own policy would not let it in
        found += [f"axe: {one}" for one in page.evaluate(RUN_AXE)]
    found += [f"sticks out: {one}" for one in page.evaluate(STANDS_OUT)]
    if "/desk/record/" not in page.url:  # there an entry's own name is what an auditor asks for
        said = page.evaluate(SAID)
        found += [f"raw: {one}" for one in sorted(set(RAW.findall(said)))]
    return [f"{where}: {one}" for one in found]


def shoot(page: Page, name: str, **options: Any) -> None:
    """Keep a picture of the whole page when LAMPLIT_SHOTS names a folder."""
    if SHOTS:
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        width = page.viewport_size["width"] if page.viewport_size else 0
        file = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:90]
        page.screenshot(path=folder / f"{file}.{width}.png", full_page=True, **options)


def look(page: Page, name: str) -> None:
    """Look at a page of a journey: it must have no fault. Keeps a picture."""
    shoot(page, name)
    faults = faults_of(page)
    assert not faults, faults
