"""The portal in a real browser, beside what tests/journeys walks: danger advice at once, large print, no scripts, the tab key.

Nothing is served: the browser is handed what the test client gets, with its own headers, and the compiled files.
"""

import mimetypes
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from lamplit.basics.clock import now
from lamplit.config.jinja import BUILT
from lamplit.portal.tests.scene import come_in
from lamplit.portal.tests.test_pages import book, mend, report
from lamplit.portal.tests.test_report import LEAK, answer_questions, as_visitor
from lamplit.portal.tests.test_status import an_incident
from lamplit.rent.tests.account import brought
from tests import cast

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
SITE = "https://portal.test"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
WIDTHS = (320, 768, 1280)
FINDINGS = "axe.run(document).then(done => done.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"

# The words of an element that stand on more than one line.
BROKEN = """where => {
  const found = [], texts = document.createTreeWalker(document.querySelector(where), NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      const box = texts.currentNode.parentElement.closest(".govuk-visually-hidden");
      if (!box && new Set([...range.getClientRects()].map(one => one.top)).size > 1) found.push(word[0]);
    }
  return found;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = os.environ.get("LAMPLIT_BROWSER") or subprocess.check_output([ROOT / "bin" / "find-browser"], text=True).strip()
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop in this thread, at which Django shies; nothing of Django runs in that loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Any]:
    """Open what a client got: `open_page(answer)`."""
    contexts = []

    def opened(answer: Any, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": 320, "height": 900}, **options)
        contexts.append(context)
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))

        def give(route: Route) -> None:
            path = route.request.url.removeprefix(SITE)
            if path.startswith("/static/built/"):
                file = BUILT / path.removeprefix("/static/built/")
                route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
            else:
                route.fulfill(body=answer.content, headers=dict(answer.headers))

        page.route("**/*", give)
        page.goto(f"{SITE}/", wait_until="networkidle")
        assert said == []
        return page

    yield opened
    for context in contexts:
        context.close()


def check(page: Page) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE)
    assert page.evaluate(FINDINGS) == []


def test_a_page_that_is_not_there(portal, open_page):
    check(open_page(Client().get("/no-such-page")))


def test_a_repair_its_visit_and_the_question_whether_it_is_mended(portal, open_page):
    made, client = report(), come_in()
    visit = book(made.leads)
    check(open_page(client.get(f"/repairs/{made.leads}")))
    check(open_page(client.get(f"/repairs/{made.leads}/visits/{visit}")))
    mend(made.leads)
    check(open_page(client.post(f"/repairs/{made.leads}/mended", {})))


def test_her_rent_and_what_she_can_tell_us_of_it(portal, open_page):
    brought(12_345_678)  # a sum so long that large print has no room for words beside it
    client = come_in()
    check(open_page(client.get("/rent")))
    client.cookies["print_size"] = "large"
    page = open_page(client.get("/rent"))
    assert page.locator(".lamp-sums tbody th").count() > 1
    assert page.evaluate(BROKEN, ".lamp-sums") == [], "no word of the working is cut in two"
    check(page)
    for form in ("dispute", "paid", "plan"):
        check(open_page(client.post(f"/rent/{cast.RUTHS_TENANCY}/{form}", {})))


def test_large_print_and_forced_colours(portal, open_page):
    client = come_in()
    client.cookies["print_size"] = "large"
    check(open_page(client.get("/your-data")))
    check(open_page(client.get("/report"), forced_colors="active"))


def test_danger_advice_shows_the_moment_it_is_chosen_and_goes_when_it_is_not(portal, open_page):
    client = Client()
    path = answer_questions(client, LEAK[:3])
    page = open_page(client.get(path))
    assert page.locator(".lamp-danger").count() == 0
    page.get_by_label("Yes, it comes through a light").check()
    assert page.locator("[data-advice-place] [role=alert]").is_visible()
    assert page.locator("[data-advice-place] a[href='tel:999']").is_visible()
    check(page)
    page.get_by_label("No", exact=True).check()
    assert page.locator(".lamp-danger").count() == 0


def test_without_scripts_a_report_can_be_made_and_the_address_box_is_there(portal, open_page):
    client = Client()
    as_visitor(client, LEAK)
    page = open_page(client.get("/report/address"), java_script_enabled=False)
    assert page.get_by_label("Write the address").is_visible()
    assert page.get_by_role("button", name="Continue").is_visible()


def test_tab_goes_through_a_question_in_the_order_in_which_it_is_read(portal, open_page):
    client = Client()
    page = open_page(client.get(answer_questions(client, LEAK[:2])))
    page.keyboard.press("Tab")
    stops = []
    for _ in range(30):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.getBoundingClientRect().top + window.scrollY"))
        if page.evaluate("document.activeElement.matches('main button')"):
            break
    assert stops[1:] == sorted(stops[1:])


def test_the_status_page_in_an_incident(portal, open_page):
    incident = an_incident(now())
    usual = open_page(Client().get("/status"), java_script_enabled=False)
    assert usual.locator("h1 + .lamp-lead").is_visible(), "one sentence stands first"
    large = Client()
    large.cookies["print_size"] = "large"
    for answer in (large.get("/status"), Client().get(f"/status/{incident}")):
        check(open_page(answer))


def test_nobody_is_named_before_she_signs_in(portal, open_page):
    for path in ("/", "/report", "/status"):
        words = open_page(Client().get(path)).locator("body").inner_text()
        assert not any(name in words for name in ("Ruth", "Tomasz", cast.RUTH))
