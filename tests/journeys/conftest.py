"""One site for all journeys of a worker, a browser for each module, windows that close by themselves."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.journeys.acting import come_in, sign_in
from tests.journeys.looking import ARGS, DESK, PHONE, ROOT, opened
from tests.journeys.settle import RUTHS_ADDRESS
from tests.journeys.site import Site

expect.set_options(timeout=20_000)  # a loaded machine is slow, not wrong


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/journeys/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="package")
def site() -> Iterator[Site]:
    """The running site, until the last journey is over. What its processes said last is printed when something fails."""
    running = Site()
    try:
        yield running
    finally:
        print(running.tell())
        running.destroy()


def find_browser() -> str:
    return os.environ.get("LAMPLIT_BROWSER") or subprocess.check_output([ROOT / "bin" / "find-browser"], text=True).strip()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser. One a module: while it runs, Django's queries do not work in this process."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_browser(), args=["--headless", *ARGS])
        yield started
        started.close()


@pytest.fixture
def window(browser: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a window of its own: `window()` is a phone, `window(viewport=DESK)` a desk. What its console complains of fails it."""
    with ExitStack() as open_until_the_end:
        yield lambda **options: open_until_the_end.enter_context(opened(browser, site.address, **{"viewport": PHONE} | options))


@pytest.fixture(scope="package")
def states() -> dict[str, Any]:
    """The cookies of everybody who has signed in, by role: a code works once."""
    return {}


@pytest.fixture
def at_desk(window: Callable[..., Page], site: Site, states: dict[str, Any]) -> Callable[..., Page]:
    """Open the desk as somebody: `at_desk("planner")`. She signs in once a run."""

    def as_role(role: str, **options: Any) -> Page:
        page = window(**{"viewport": DESK, "storage_state": states.get(role)} | options)
        if role not in states:
            sign_in(page, site.who["staff"][role]["email"])
            states[role] = page.context.storage_state()
        page.goto("/desk/")
        return page

    return as_role


@pytest.fixture
def at_home(window: Callable[..., Page], states: dict[str, Any]) -> Callable[..., Page]:
    """Open the portal as a tenant, by her e-mail address; Ruth when none is given. She signs in once a run."""

    def as_tenant(contact: str = RUTHS_ADDRESS, **options: Any) -> Page:
        page = window(**{"storage_state": states.get(contact)} | options)
        if contact not in states:
            come_in(page, contact)
            states[contact] = page.context.storage_state()
        page.goto("/")
        return page

    return as_tenant
