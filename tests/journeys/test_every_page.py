"""Every page that there is, on the smallest phone and on a desk: axe finds nothing, nothing sticks out, no raw word stands there.

The pages come from the resolver. A new one is looked at by itself; one that cannot be reached so must be named here.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from lamplit.staff.rules import PERMISSIONS
from tests.journeys.acting import answer, choose, code_from_outbox, continue_, fill_code
from tests.journeys.looking import DESK, faults_of, shoot, size
from tests.journeys.settle import PASSWORD, SHARED_ADDRESS
from tests.journeys.test_tenant import begin, say_where, skip_words

# Addresses that answer with no page of their own: they only take a form or lead on, and must go on doing so.
NO_PAGE = {
    "/sign-out", "/print-size", "/language", "/here", "/repairs/<repair>/note", "/repairs/<repair>/mended", "/your-data/print",
    "/repairs/<repair>/visits/<visit>/missed", "/repairs/<repair>/me-too",
    "/desk/sign-out", "/desk/sign-up", "/desk/second-step/off", "/api/v1/openapi.json",
    "/api/v1/providers/notify", "/api/v1/providers/notify/texts", "/status.json", "/status.rss", "/status.txt",
}  # fmt: skip
# Pages that stand in the middle of a way; the tests below go that way.
WALKED = {
    "/sign-in/code", "/sign-in/name", "/report/<number>", "/report/words", "/report/whom", "/report/postcode",
    "/report/address", "/report/name", "/report/household", "/report/check", "/report/received", "/complain/received",
    "/report/received/photo",
    "/desk/sign-in", "/desk/sign-in/code", "/desk/welcome/<secret>", "/desk/second-step/set-up", "/sign-in",
    "/desk/passkeys/<pk>/name", "/desk/passkeys/<pk>/remove", "/desk/sign-in/passkey", "/desk/sign-in/again/passkey",
    "/desk/second-step", "/desk/second-step/codes", "/desk/repairs/<repair>/told",
    "/desk/on-call/planted/<planted>/agree", "/desk/on-call/planted/<planted>/end",  # asked first why the list is opened
    "/desk/jobs/<work>/set-out",  # there on the day of a visit alone
    "/desk/incident/back/messages/<kind>",  # there after a loss alone
    "/desk/rent/<account>/debit/go-on",  # there when a bank stopped one
    "/desk/rent/<account>/days/<days>/credit",  # there while a large credit waits
    "/rent/direct-debit/done", "/rent/direct-debit/bank", "/rent/direct-debit/end",  # there while she pays by one: test_debit.py
    "/desk/rent/<account>/plan/end",  # there while a plan runs
    "/desk/rent/<account>/holds/look",  # there while something holds a step that nobody placed
}  # fmt: skip
# Pages that are about what a link names after a question mark, and no page without it.
ASKED = {"/desk/contact"}
# Addresses that hand out a proof or a picture. A proof that is not ready yet answers with a page, which is looked at.
FILES = {
    "/repairs/<repair>/photos/<photo>/<size>", "/desk/repairs/<repair>/photos/<photo>/<size>",
    "/desk/jobs/<work>/photos/<photo>/<size>",
    "/repairs/<repair>/summaries/<summary>", "/desk/repairs/<repair>/summaries/<summary>",
    "/desk/repairs/<repair>/story",
    "/messages/<message>/as-sent", "/desk/messages/<message>/as-sent",
    "/desk/visits/sheet/paper", "/desk/incident/told/<telling>/<sheet>.pdf",
    "/rent/receipts/<file>/<number>/proof",
    "/rent/<account>/statement",
    "/repairs/<repair>/receipt", "/repairs/<repair>/story", "/desk/record/<entry>/proof", "/desk/record/<kind>/<about>/proof",
}  # fmt: skip
FILTER = "f"  # each filter of a list is a page of its own
ROLES = ("lead", "admin", "records", "housing_officer")
LEADS_SHARE = 4  # the lead sees most pages: as many tests, so that workers can share them
SMALL = size(320, 640)


def look_twice(page: Page, name: str) -> list[str]:
    """Return the faults of a page at both widths, keeping pictures of both. axe looks once, where most people read it.

    The width at which the window stands comes first: each change of it is a layout more.
    """
    found, read_at = [], DESK if "/desk/" in page.url else SMALL
    for wide in sorted((DESK, SMALL), key=lambda width: width != page.viewport_size):
        if wide != page.viewport_size:
            page.set_viewport_size(wide)
        found += faults_of(page, axe=wide is read_at)
        shoot(page, name)
    return found


def role_for(permission: str) -> str:
    return next(role for role in ROLES if role in PERMISSIONS[permission])


def seen_of(page: Page, route: str, path: str, who: str) -> tuple[bool, list[str]]:
    """Open an address. Returns whether it is a page of its own, and what is wrong with it."""
    if route in NO_PAGE | WALKED | ASKED | FILES:  # asked quietly: the console of a window complains of what answers no page
        asked = page.request.get(path, max_redirects=0)
        assert asked.status in (200, 302, 303, 404, 405), f"{path}: {asked.status}"
        no_page = "text/html" not in asked.headers.get("content-type", "")
        if asked.status != 200 or no_page or "attachment" in asked.headers.get("content-disposition", ""):
            return False, []
    answered = page.goto(path)
    if answered is None or answered.status != 200 or answered.request.redirected_from is not None:
        return False, []
    return True, look_twice(page, f"{who} {route} {path.rsplit('/', 1)[-1][-8:]}")


def questions(page: Page) -> Iterator[str]:
    """Yield the links of a page that ask for something (`?f=mine`), one for each kind."""
    links = page.locator("main a[href*='?'], .lamp-side a[href*='?']")
    yield from links.evaluate_all("links => links.map(link => link.getAttribute('href')).filter(href => href.startsWith('/'))")


def kind_of(href: str) -> str:
    """Two links are of one kind when they differ in ids and numbers alone."""
    parts = urlsplit(href)
    path = re.sub(r"[a-z]_[0-9a-z]{20}", "<id>", parts.path)
    asked = [f"{name}={text}" if name == FILTER else name for name, text in parse_qsl(parts.query)]
    return f"{path}?{'&'.join(asked)}"


def crawl(page: Page, pages: list[dict[str, str]], who: str) -> list[str]:
    """Look at all of these pages and at what they lead to with a question mark. Returns every fault.

    An address that is no page must be named above, and one that is named so must be none.
    """
    faults: list[str] = []
    asked: dict[str, str] = {}
    are_pages: dict[str, bool] = {}
    for one in pages:
        is_page, found = seen_of(page, one["route"], one["path"], who)
        are_pages[one["route"]] = are_pages.get(one["route"], False) or is_page
        faults += found
        if is_page:
            asked |= {kind_of(href): href for href in questions(page) if kind_of(href) not in asked}
    for kind, href in asked.items():
        is_page, found = seen_of(page, kind, href, who)
        faults += found if is_page else [f"{href} leads to no page"]
        are_pages[urlsplit(href).path] = True
    faults += [
        f"{route} was not seen" for route, seen in are_pages.items() if not seen and route not in NO_PAGE | WALKED | ASKED | FILES
    ]
    return faults + [f"{route} is a page" for route, seen in are_pages.items() if seen and route in NO_PAGE]


def test_pages_for_everybody(window, site):
    page = window(viewport=DESK, axe=True)
    faults = crawl(page, [one for one in site.pages if one["for"] == "everyone"], "anybody")
    assert not faults, "\n".join(faults)


def test_pages_of_a_tenant(at_home, site):
    page = at_home(site.who["tenant"]["email"], viewport=DESK, axe=True)
    hers = [
        one for one in site.pages if one["for"] == "tenant" or one["route"] in ("/", "/report", "/complain", "/status", "/help")
    ]
    faults = crawl(page, hers, "tenant")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("role", "share"), [*(("lead", n) for n in range(LEADS_SHARE)), *((role, 0) for role in ROLES[1:])])
def test_pages_of_staff(at_desk, site, role, share):
    page = at_desk(role, axe=True)
    theirs = [one for one in site.pages if one["for"] == "staff" and role_for(one["may"]) == role]
    if role == "lead":
        routes = sorted({one["route"] for one in theirs})[share::LEADS_SHARE]
        theirs = [one for one in theirs if one["route"] in routes]
    faults = crawl(page, theirs, role)
    assert not faults, "\n".join(faults)


def test_every_step_of_a_report(window):
    page = window(viewport=DESK, axe=True)
    begin(page)
    faults = look_twice(page, "report first question")
    answer(page, "None of these", "Water leaking", "Bathroom")
    choose(page, "Yes, it comes through a light")
    faults += look_twice(page, "report danger")
    continue_(page)
    page.wait_for_url("**/report/5")
    faults += look_twice(page, "report after danger")
    continue_(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    faults += look_twice(page, "report error")
    answer(page, "No", "I can catch it", "I am not sure")
    page.wait_for_url("**/report/words")
    faults += look_twice(page, "report words")
    skip_words(page)
    faults += look_twice(page, "report whom")
    answer(page, "Somebody else")
    page.wait_for_url("**/report/postcode")
    faults += look_twice(page, "report postcode")
    say_where(page, "2 Ember Rise")
    page.goto("/report/address")
    faults += look_twice(page, "report address")
    continue_(page)
    page.wait_for_url("**/report/name")
    continue_(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    faults += look_twice(page, "report name errors")
    page.get_by_label("Your name").or_(page.get_by_label("Your full name")).fill("Wanda Wren")
    page.get_by_label("phone").fill("07700 900 555")
    continue_(page)
    page.wait_for_url("**/report/household")
    faults += look_twice(page, "report household")
    answer(page, "None of these")
    page.wait_for_url("**/report/check")
    faults += look_twice(page, "report check")
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url("**/report/received")
    faults += look_twice(page, "report received")
    page.get_by_role("link", name="Add a photo").click()
    faults += look_twice(page, "report photo")
    page.get_by_role("button", name="Send the photo").click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    faults += look_twice(page, "report photo error")
    assert not faults, "\n".join(faults)


def test_every_step_of_signing_in(window, site):
    page = window(viewport=DESK, axe=True)
    page.goto("/sign-in")
    faults = look_twice(page, "sign in")
    page.get_by_label("mobile number or e-mail").fill(SHARED_ADDRESS)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/sign-in/code**")
    faults += look_twice(page, "sign in code")
    page.get_by_label("code").fill(code_from_outbox(page))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/name**")
    faults += look_twice(page, "sign in name")
    page.goto(f"/desk/welcome/{site.who['welcome']['secret']}")
    faults += look_twice(page, "desk welcome")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.locator("main form button").click()
    page.wait_for_url("**/desk/sign-in**")
    faults += look_twice(page, "desk sign in chosen")
    page.get_by_label("Work e-mail address").fill(site.who["welcome"]["email"])
    page.get_by_label("Password").fill(PASSWORD)
    continue_(page)
    page.wait_for_url("**/desk/second-step/set-up")
    faults += look_twice(page, "desk second step")
    fill_code(page)
    page.wait_for_url(lambda address: "set-up" not in address)
    faults += look_twice(page, "desk recovery codes")
    assert not faults, "\n".join(faults)


def test_a_complaint_received(window):
    page = window(viewport=DESK, axe=True)
    page.goto("/complain")
    page.get_by_role("button", name="Send the complaint").click()
    faults = look_twice(page, "complain errors")
    page.get_by_label("What went wrong?").fill("Nobody came.")
    page.get_by_label("name").fill("Wanda Wren")
    page.get_by_label(re.compile("reach you|phone|e-mail")).first.fill("wanda@home.example")
    page.get_by_role("button", name="Send the complaint").click()
    page.wait_for_url("**/complain/received")
    faults += look_twice(page, "complaint received")
    assert not faults, "\n".join(faults)
