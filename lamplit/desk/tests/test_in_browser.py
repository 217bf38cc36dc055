"""The desk in a real browser: axe finds nothing, nothing sticks out, keys work and can be turned off, and scripts may be off.

Nothing is served: the browser is handed what the test client gets, with its own headers, and the compiled files.
"""

import mimetypes
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from lamplit.config.jinja import BUILT
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import Scene, send
from lamplit.desk.tests.test_firm_jobs import a_job, mailed, post
from lamplit.desk.tests.test_report import answer, sent_on, to_a_leak, walk
from lamplit.desk.tests.test_who_may import addresses
from lamplit.desk.views.firm_jobs import SAYS
from tests import cast

__all__ = ["post"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
ROOT = Path(__file__).resolve().parents[3]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
SITE = "https://desk.test"
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
WIDTHS = (320, 768, 1280)
FINDINGS = "axe.run(document).then(done => done.violations.map(v => [v.id, v.nodes.map(n => n.html)]))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = os.environ.get("LAMPLIT_BROWSER") or subprocess.check_output([ROOT / "bin" / "find-browser"], text=True).strip()
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop in this thread, at which Django shies; nothing of Django runs in that loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=found, args=ARGS)
        yield started
        started.close()


class Desk:
    """One window. What a test client gets beforehand is what the browser is given: Django stays out of the browser's loop."""

    def __init__(self, page: Page, client: Client) -> None:
        self.page, self._client, self.said = page, client, list[str]()
        self._got: dict[str, Any] = {}
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.route("**/*", self._give)

    def _give(self, route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/built/"):
            file = BUILT / path.removeprefix("/static/built/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
            return
        answer = self._got[path]
        route.fulfill(status=answer.status_code, body=answer.content, headers=dict(answer.headers))

    def open(self, path: str, *also: str) -> Page:
        """Open an address; `also` are those that the keys lead to from there."""
        self._got |= {one: self._client.get(one) for one in (path, *also)}
        pictures = set(re.findall(r'src="(/desk/[^"]+)"', self._got[path].content.decode()))
        self._got |= {one: self._client.get(one) for one in pictures}
        return self._goto(path)

    def show(self, answer: Any) -> Page:
        """Show a page that came as the answer to a form."""
        self._got["/shown"] = answer
        return self._goto("/shown")

    def _goto(self, path: str) -> Page:
        self.page.goto(SITE + path, wait_until="networkidle")
        assert self.said == [], path
        return self.page


@pytest.fixture
def window(browser: Browser, scene: Scene) -> Iterator[Any]:
    """Open a window of somebody with a role: `window("planner")`."""
    contexts = []

    def opened(role: str | None, **options: Any) -> Desk:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
        contexts.append(context)
        return Desk(context.new_page(), scene.browser(role) if role else Client())

    yield opened
    for context in contexts:
        context.close()


def check(page: Page, name: str = "") -> str:
    """Look at a page at each width. Returns what it says."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    page.evaluate(AXE)
    assert page.evaluate(FINDINGS) == [], name
    return page.locator("main").inner_text()


@pytest.mark.parametrize("role", ["operative"])  # the pages of the office are walked in tests/journeys
def test_every_page_of_a_role(scene, window, role):
    desk = window(role)
    for name, path in addresses(story.everything(scene)).items():
        path = f"{path}?person={cast.RUTH}" if name == "contact" else path  # noqa: PLW2901 - the same address, whole
        answer = scene.browser(role).get(path)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            check(desk.open(path), name)


def test_signing_in_and_setting_up_codes(scene, window):
    check(window(None).open("/desk/sign-in"))
    client = scene.browser("planner")
    session = client.session
    session["desk_second_step"] = 0
    session.save()
    check(window("planner").open("/desk/second-step/set-up"))


def test_the_pages_that_a_firm_opens_by_its_link(scene, window, desk, post):
    _, work = a_job()
    path, firm = mailed(desk, post, work), window(None)
    check(window("planner").open(f"/desk/jobs/{work.id}/send"))
    says = [f"{path}/{one}" for one in SAYS]
    for one in (path, f"{path}?said=accept", *says):
        check(firm.open(one), one)
    for one in says:
        check(firm.show(Client().post(one, {})), one)  # with what is wrong in it
    proofs = {f"proof_{kind}": "seen" for kind in work.needs}
    done = send(Client(), f"{path}/mended", **proofs, did="Renewed the joint", electrics="tested", made_good="on")
    assert "Thank you" in check(firm.show(done))


def test_a_report_with_danger_and_with_errors(scene, window, desk):
    story.open_firm()
    client = desk("contact_centre")
    window_open = window("contact_centre")
    danger = answer(client, walk(client), option="gas")
    check(window_open.show(danger))
    page = to_a_leak(client)
    check(window_open.show(sent_on(client, page, reporter="other")))


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"java_script_enabled": False}])
def test_forced_colours_and_no_scripts(scene, window, options):
    made = story.everything(scene)
    desk = window("lead", **options)
    for path in ("/desk/", f"/desk/repairs/{made['repair']}", f"/desk/homes/{cast.RUTHS_HOME}"):
        page = desk.open(path)
        assert page.locator("h1").count() == 1
        assert page.locator("main").is_visible()


def test_single_keys_work_and_can_be_turned_off(scene, window):
    story.everything(scene)
    page = window("lead").open("/desk/visits", "/desk/")
    page.keyboard.press("q")
    page.wait_for_url(f"{SITE}/desk/", wait_until="networkidle")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("v")
    assert page.url == f"{SITE}/desk/"
    page.get_by_role("button", name="Turn single-key shortcuts off").click()
    page.keyboard.press("v")
    page.wait_for_timeout(300)
    assert page.url == f"{SITE}/desk/"


def test_the_tab_key_goes_in_the_order_of_reading(scene, window):
    made = story.everything(scene)
    page = window("lead").open(f"/desk/repairs/{made['repair']}")
    places = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea')].map(e => e.tabIndex)"
    )
    assert set(places) == {0}
