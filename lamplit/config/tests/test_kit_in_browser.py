"""The kit in a real browser: axe finds nothing, nothing sticks out, and the few scripts do what they promise.

Nothing is served: the browser is handed the rendered pages and the compiled files, under the real security policy.
"""

import mimetypes
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from lamplit.config.jinja import BUILT
from lamplit.config.middleware import POLICY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SITE = "http://kit.test/"
ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = os.environ.get("LAMPLIT_BROWSER") or subprocess.check_output([ROOT / "bin" / "find-browser"], text=True).strip()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, kit_pages: dict[str, str]) -> Iterator[Any]:
    """Open a page of the kit at a width: `open_page("desk", 1280, forced_colors="active")`."""
    contexts = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if route.request.url.startswith(SITE) and path in kit_pages:
            body = kit_pages[path].encode()
            route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        elif path.startswith("static/built/"):
            file = BUILT / path.removeprefix("static/built/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        else:
            route.fulfill(body="somewhere else", content_type="text/plain")

    def opened(name: str, width: int, height: int = 900, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.route("**/*", answer)
        page.goto(SITE + name, wait_until="networkidle")
        assert said == []
        return page

    yield opened
    for context in contexts:
        context.close()


VIEWS = [(name, width, "none") for name in ("gallery", "large", "desk", "question", "plain") for width in (320, 768, 1280)]


@pytest.mark.parametrize(("name", "width", "colours"), [*VIEWS, ("gallery", 1280, "active"), ("desk", 1280, "active")])
def test_axe_finds_nothing_and_nothing_sticks_out(open_page, name, width, colours):
    page = open_page(name, width, forced_colors=colours)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document).then(done => done.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
    assert found == []


def test_escape_pressed_three_times_leaves_the_page(open_page):
    page = open_page("gallery", 390)
    for _ in range(2):
        page.keyboard.press("Escape")
    assert page.locator("[data-exit-said]").text_content() == "Press Escape 1 more time to leave."
    page.keyboard.press("Escape")
    page.wait_for_url("https://www.bbc.co.uk/weather")


def test_the_page_is_left_without_a_way_back_by_the_back_button(open_page):
    page = open_page("gallery", 390)
    entries = page.evaluate("history.length")
    page.click("[data-exit]")
    page.wait_for_url("https://www.bbc.co.uk/weather")
    assert page.evaluate("history.length") == entries


def test_the_first_two_stops_of_the_keyboard_are_the_main_part_and_the_way_out(open_page):
    page = open_page("question", 390)
    stops = []
    for _ in range(2):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert stops == ["Skip to the main part", "Emergency: Exit this page"]


def test_the_way_out_stays_in_sight_when_the_page_is_scrolled(open_page):
    page = open_page("gallery", 390)
    page.evaluate("window.scrollTo(0, 3000)")
    assert 0 <= page.locator("[data-exit]").bounding_box()["y"] < 60


def test_a_focused_control_is_never_under_the_way_out(open_page):
    page = open_page("gallery", 390)
    page.evaluate("document.getElementById('blank_name').focus({preventScroll: true})")
    covered = """() => { const at = document.activeElement.getBoundingClientRect();
        const way = document.querySelector('[data-exit]').getBoundingClientRect();
        return at.top >= way.top && at.bottom <= way.bottom && at.left >= way.left && at.right <= way.right }"""
    for _ in range(40):
        page.keyboard.press("Tab")
        assert not page.evaluate(covered) or page.evaluate("document.activeElement.hasAttribute('data-exit')")


def test_a_choice_opens_what_stands_under_it(open_page):
    page = open_page("gallery", 768)
    inside = page.locator("#conditional-blank_room-3")
    assert not inside.is_visible()
    page.check("#blank_room-3")
    assert inside.is_visible()
    page.check("#blank_room")
    assert not inside.is_visible()


def test_none_of_these_takes_the_other_ticks_away_and_the_other_way_round(open_page):
    page = open_page("gallery", 768)
    none_of_these = page.locator("input[name=lives_here][value=none]").first
    none_of_these.check()
    assert not page.is_checked("#blank_lives_here")
    page.check("#blank_lives_here")
    assert not none_of_these.is_checked()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(open_page):
    page = open_page("gallery", 768)
    page.wait_for_selector(".govuk-error-summary:focus")  # its script is loaded when the page has something for it
    page.click("a[href='#wrong_seen_on_day']")
    assert page.evaluate("document.activeElement.id") == "wrong_seen_on_day"


def test_a_single_key_goes_to_the_search_box_until_it_is_turned_off(open_page):
    page = open_page("desk", 1280)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find-q"
    page.keyboard.type("/q")
    assert page.input_value("#find-q") == "/q"
    page.click("[data-shortcuts-switch]")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "find-q"


def test_on_paper_there_is_no_navigation_and_the_landlord_can_still_be_rung(open_page):
    page = open_page("gallery", 1280)
    page.emulate_media(media="print")
    assert not page.locator(".lamp-nav").is_visible()
    assert not page.locator("[data-exit]").is_visible()
    assert page.locator(".lamp-foot__phone").is_visible()


def test_large_print_is_half_as_large_again(open_page):
    size = "parseFloat(getComputedStyle(document.querySelector('.govuk-body')).fontSize)"
    usual, large = (open_page(name, 1280).evaluate(size) for name in ("gallery", "large"))
    assert large == 1.5 * usual
