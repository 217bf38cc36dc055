"""What people do again and again: sign in, answer a report's questions, fill a form. By what they see, never by an address."""

import base64
import hmac
import re
import struct
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.settle import PASSWORD, SECRET


def continue_(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def code_from_outbox(page: Page) -> str:
    """Read the newest code in the demo's outbox, in a tab beside."""
    beside = page.context.new_page()
    beside.goto("/demo/outbox")
    code = re.search(r"(\d{6}) (?:is your code|to Twój kod|yw eich cod)", beside.locator("main").inner_text())
    beside.close()
    assert code is not None
    return code[1]


def come_in(page: Page, contact: str) -> None:
    """Sign in as a tenant, from any page that shows the link."""
    page.goto("/sign-in")
    page.get_by_label("mobile number or e-mail").fill(contact)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/sign-in/code**")
    page.get_by_label("code").fill(code_from_outbox(page))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/sign-in/code" not in address)


def totp(at: float, secret: str = SECRET) -> str:
    """Return the code of a phone's authenticator (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", int(at) // 30), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def sign_in(page: Page, email: str) -> None:
    """Sign in as staff, with both steps."""
    page.goto("/desk/")
    page.get_by_label("Work e-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    continue_(page)
    second_step(page, "Code")
    page.wait_for_url(re.compile("/desk/(visits|staff)?$"))


def second_step(page: Page, label: str, secret: str = SECRET) -> None:
    """Type the phone's code. It lives for half a minute: one that ran out on the way is refused, and the next is typed."""
    for _ in range(3):
        page.get_by_label(label).fill(totp(time.time(), secret))
        with page.expect_navigation():
            continue_(page)
        if not page.locator(".govuk-error-summary").count():
            return


def fill_code(page: Page) -> None:
    """Set up the second step with the key that the page shows."""
    page.get_by_text("You cannot scan it?").click()
    second_step(page, "Code from the app", page.locator("details code").inner_text())


def answer(page: Page, *labels: str) -> None:
    """Answer questions of a report, each with the option that begins with these words."""
    for label in labels:
        choose(page, label)
        continue_(page)


def choose(page: Page, label: str) -> None:
    """Choose the option, or tick the box, that begins with these words."""
    named = re.compile(rf"^{re.escape(label)}\b")
    page.get_by_role("radio", name=named).or_(page.get_by_role("checkbox", name=named)).check()


def wait_for(page: Page, true: Callable[[], bool], what: str, seconds: float = 30) -> None:
    """Load a page again until something is so: a job of ours runs in between."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"It never came about: {what}. The page says: {page.locator('main').inner_text()}"
        time.sleep(0.3)
        page.reload()


def summary(page: Page) -> dict[str, str]:
    """Return the rows of a summary list."""
    rows: list[Any] = page.locator(".govuk-summary-list__row").all()
    return {row.locator("dt").inner_text().strip(): row.locator("dd").first.inner_text().strip() for row in rows}


__all__ = ["expect"]
