"""The same main ways for everybody: by keyboard alone, without scripts, on a small or an enlarged screen, in other colours."""

import re
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Error, Page, expect

from lamplit.basics.clock import LONDON
from tests import cast
from tests.journeys.acting import answer, continue_
from tests.journeys.looking import DESK, faults_of, shoot, size
from tests.journeys.test_tenant import begin, send, skip_words

WAYS: dict[str, dict[str, Any]] = {
    "without scripts": {"java_script_enabled": False},
    "320 pixels": {"viewport": size(320, 640)},
    "400 per cent": {"viewport": size(320, 256)},
    "forced colours": {"forced_colors": "active"},
    "large print": {"viewport": size(390, 844)},
}
MOST_STOPS = 120
# How a stop of the tab key looks: what it is called, where it is, what kind of thing it is.
STOP = """() => { const at = document.activeElement, box = at.getBoundingClientRect();
    const label = at.labels && at.labels.length ? at.labels[0].innerText : '';
    return { name: (label || at.getAttribute('aria-label') || at.innerText || at.value || '').trim(), kind: at.type || at.tagName,
        body: at === document.body, x: box.x, y: box.y, width: box.width, height: box.height,
        inMain: !!at.closest('main'), top: box.y + window.scrollY } }"""


def check(page: Page, way: str, name: str) -> list[str]:
    shoot(page, f"{way} {name}")
    return [f"{way}, {name}: {one}" for one in faults_of(page)]


def enlarge(page: Page, way: str) -> None:
    if way == "large print":
        page.goto("/")
        page.get_by_role("link", name="Large print", exact=True).click()
        page.wait_for_load_state()
        expect(page.get_by_role("link", name="Usual print")).to_be_visible()


@pytest.mark.parametrize("way", WAYS)
def test_she_reports_and_reads_what_happens(at_home, way):
    page = at_home(**WAYS[way])
    enlarge(page, way)
    faults = check(page, way, "home")
    begin(page)
    answer(page, "None of these", "Water leaking", "Hall", "Yes, near a switch")
    faults += check(page, way, "advice")
    expect(page.locator(".lamp-danger").first).to_be_visible()
    answer(page, "No", "I can catch it", "A boiler or a radiator")
    skip_words(page, "It drips.")
    answer(page, "My home")
    page.get_by_label("baby").check()
    faults += check(page, way, "household")
    continue_(page)
    faults += check(page, way, "read back")
    send(page)
    faults += check(page, way, "receipt")
    page.get_by_role("link", name="See this repair").click()
    page.get_by_label("Add a note").fill(f"I was here {way}.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("main")).to_contain_text(f"I was here {way}.")
    faults += check(page, way, "repair")
    page.goto("/messages")
    faults += check(page, way, "messages")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("way", WAYS)
def test_the_desk_takes_a_call(at_desk, way):
    page = at_desk("lead", **WAYS[way])
    enlarge(page, way)
    page.goto("/desk/")
    faults = check(page, way, "queue")
    page.locator(".lamp-q tbody a").first.click()
    faults += check(page, way, "repair of the desk")
    page.get_by_role("link", name="Record a contact").first.click()
    page.get_by_label("What was said?").fill(f"They rang, and we wrote {way}.")
    faults += check(page, way, "contact")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("body")).to_contain_text(f"we wrote {way}")
    assert not faults, "\n".join(faults)


def tab_to(page: Page, name: str, way: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Press the tab key until something of this name has the focus. Every stop must be in sight."""
    passed: list[str] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop: dict[str, Any] = page.evaluate(STOP)
        passed.append(stop["name"])
        assert stop["body"] or (stop["width"] > 0 and stop["y"] + stop["height"] > 0), f"{stop} is out of sight"
        if way is not None:
            way.append(stop)
        if re.match(name, stop["name"]):
            return stop
    raise AssertionError(f"the tab key never came to {name}; it came by {passed}")


def pick(page: Page, label: str) -> None:
    """Choose an option with the arrow keys, as a group of radio buttons works."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate(STOP)["kind"] == "radio":
            break
    page.keyboard.press("Space")
    for _ in range(30):
        stop = page.evaluate(STOP)
        if stop["name"].startswith(label):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow keys never came to {label}")


def press_on(page: Page, name: str) -> None:
    tab_to(page, name)
    before = page.url
    page.keyboard.press("Enter")
    try:
        page.wait_for_url(lambda address: address != before)
    except Error as late:
        raise AssertionError(f"{name} led nowhere; the page says: {page.locator('main').inner_text()}") from late


def test_a_report_by_keyboard_alone(at_home):
    page = at_home(viewport=DESK)
    press_on(page, "Report a repair")
    tab_to(page, "Start|Go on with it")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/*")
    for label in ("None of these", "Damp or mould", "Kitchen", "Smaller", "No", "Wet windows"):
        pick(page, label)
        press_on(page, "Continue")
    tab_to(page, "Is there anything else")
    page.keyboard.type("Typed without a mouse.")
    press_on(page, "Continue")
    pick(page, "My home")
    press_on(page, "Continue")
    tab_to(page, "None of these")
    page.keyboard.press("Space")
    press_on(page, "Continue")
    press_on(page, "Send the report")
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your report")
    press_on(page, "See this repair")
    expect(page.locator("main")).to_contain_text("Typed without a mouse.")


def test_the_desk_by_keyboard_alone(at_desk):
    page = at_desk("lead")
    page.wait_for_load_state("networkidle")  # the keys are a script's
    page.keyboard.press("/")
    page.keyboard.type("Ruth Adeyemi")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search**")
    press_on(page, "Ruth Adeyemi")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("c")
    page.wait_for_url("**/desk/contact**")
    tab_to(page, "What was said")
    page.keyboard.type("All by keyboard.")
    press_on(page, "Record it")
    expect(page.locator("body")).to_contain_text("All by keyboard.")


def type_into(page: Page, label: str, words: str) -> None:
    """Come to a box, or to a list of which typing the first letters chooses, and type."""
    tab_to(page, label)
    page.keyboard.type(words)


def type_day(page: Page, day: date) -> None:
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        type_into(page, label, str(number))


def a_damp_bedroom(page: Page) -> None:
    """Take a report of damp in Tomasz's bedroom, and open the repair."""
    page.goto(f"/desk/report/{cast.TOMASZS_HOME}")
    answers = ("None of these", "Damp or mould", "Bedroom", "Smaller", "No", "Wet windows")
    asked = [
        "What is the problem",
        "Where is the damp",
        "How much is there",
        "Is anyone unwell",
        "Where do you think",
        "It seems",
    ]
    for label, then in zip(answers, asked, strict=True):
        tab_to(page, label)
        page.keyboard.press("Enter")
        expect(page.locator("main form")).to_contain_text(then)
    expect(page.locator("main")).to_contain_text("Somebody sleeps in that room. Ask who.")
    type_into(page, "In their own words", "It is behind the bed.")
    tab_to(page, "A child sleeps in that room")
    page.keyboard.press("Space")
    press_on(page, "Send the report")
    press_on(page, "Open the repair")
    expect(page.locator("main")).to_contain_text("A child sleeps in that room.")


def test_a_survey_and_its_summary_by_keyboard_alone(at_desk):
    page, until = at_desk("surveyor"), datetime.now(LONDON).date() + timedelta(days=9)
    a_damp_bedroom(page)
    press_on(page, "Record a survey")
    type_into(page, "What did you find", "Black mould behind the bed")
    type_into(page, "What is the cause", "A cold wall")
    type_into(page, "What is the hazard", "Significant")
    type_into(page, "What is to be done", "Line the wall")
    type_into(page, "Which trade", "Plasterer")
    type_day(page, until)
    press_on(page, "Record the survey")
    press_on(page, "Write what we found")
    expect(page.locator("main")).to_contain_text("There is a significant hazard: damp and mould")
    tab_to(page, "What did we find")
    expect(page.locator(":focus")).to_have_value("Black mould behind the bed. The cause: A cold wall.")
    tab_to(page, "Work 1")
    expect(page.locator(":focus")).to_have_value("Line the wall")
    finished = page.get_by_role("group", name="By which day do we finish?").first
    expect(finished.get_by_label("Day")).to_have_value(str(until.day))
    if page.get_by_label("Work 2").input_value():  # the cause in the whole stack, once damp was told of three times in it
        tab_to(page, "Work 2")
        tab_to(page, "Year")
        type_day(page, until)
    press_on(page, "Send it")
    expect(page.locator("main")).to_contain_text("What we found, for Tomasz Wolski (PDF)")
    expect(page.locator("main")).to_contain_text("Line the wall")


STEPS_ON_A_SHEET = 15  # of what happened; where it stands and what can be kept take two sheets at most
ADDED = "[...document.querySelectorAll('a')].map(link => getComputedStyle(link, '::after').content).join(' ')"  # by the styles
PLACES = ["/", "/report", "/repairs", "/complain", "/your-data", "/desk/", "/desk/search?q=Ruth", "/desk/complaints/new"]


@pytest.mark.parametrize("path", PLACES)
def test_the_focus_goes_in_reading_order_is_seen_and_gets_out_again(at_home, at_desk, path):
    page = at_desk("lead") if path.startswith("/desk") else at_home(viewport=DESK)
    page.goto(path)
    stops: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["body"]:
            break
        stops.append(stop)
        if len(stops) % 3 == 0:  # every third stop is looked at with and without the focus
            assert looks_different(page, stop), f"{path}: the focus on {stop['name'] or stop['kind']} cannot be seen"
    else:
        raise AssertionError(f"{path}: the tab key never left the page")
    assert stops[0]["name"] == "Skip to the main part"
    main = [stop for stop in stops if stop["inMain"]]
    for before, after in pairwise(main):
        assert after["top"] > before["top"] - 60 or after["x"] > before["x"] + 200, (
            f"{before['name']} is read before {after['name']}"
        )


def looks_different(page: Page, stop: dict[str, Any]) -> bool:
    clip = {
        "x": max(0, stop["x"] - 6), "y": max(0, stop["y"] - 6), "width": min(stop["width"] + 12, 700),
        "height": min(stop["height"] + 12, 300),
    }  # fmt: skip
    with_focus = page.screenshot(clip=clip, caret="initial")
    page.evaluate("window.held = document.activeElement; document.activeElement.blur()")
    without = page.screenshot(clip=clip, caret="initial")
    page.evaluate("window.held.focus({preventScroll: true})")
    return with_focus != without


def test_a_repair_on_paper(at_home, site):
    page = at_home(site.who["tenant"]["email"], viewport=DESK)
    page.goto("/repairs")
    page.get_by_role("link", name="See this repair").first.click()
    page.wait_for_url("**/repairs/r_*")
    page.emulate_media(media="print")
    shoot(page, "repair on paper")
    for away in (".lamp-nav", "[data-exit]", "form"):
        assert not any(one.is_visible() for one in page.locator(away).all()), f"{away} is printed"
    expect(page.locator("main")).to_contain_text("Your number")
    expect(page.locator(".lamp-foot__phone")).to_be_visible()
    story = page.locator(".lamp-time__item").count() + page.locator(".lamp-photos li").count()
    sheets = len(re.findall(rb"/Type /Page\b", page.pdf(format="A4")))
    assert sheets <= 2 + story / STEPS_ON_A_SHEET, f"{sheets} sheets for a story of {story} steps"
    assert "/repairs/" not in page.evaluate(ADDED), "an address that only a screen can follow is printed"
