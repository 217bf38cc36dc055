"""Without a signal: what was chosen or typed waits on the device, says so, and arrives once."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.conftest import find_browser
from tests.journeys.looking import ARGS, PHONE, faults_of, shoot
from tests.journeys.test_photos import a_repair, file, pictures
from tests.pictures import photo


@pytest.fixture
def phone(browser: Any, site: Any, tmp_path: Path) -> Any:
    """Start a browser that keeps what it has when it is closed, signed in as somebody."""

    def started(state: Any) -> Any:
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "phone", executable_path=find_browser(), args=["--headless", *ARGS], base_url=site.address,
            viewport=PHONE, locale="en-GB",
        )  # fmt: skip
        context.add_cookies(state["cookies"])
        return context

    return started


def waiting(page: Page) -> Any:
    return page.get_by_role("region", name="Not sent yet").get_by_role("listitem")


def test_photos_wait_until_the_signal_is_back_and_arrive_once(phone, at_home, site):
    plain = at_home(site.who["tenant"]["email"])
    repair, state = a_repair(plain), plain.context.storage_state()
    there = len(pictures(plain))
    context = phone(state)
    page = context.new_page()
    page.goto(f"/repairs/{repair}/photo")
    page.wait_for_selector("input[type=file][multiple]")  # its script is there: from now on several may wait
    context.set_offline(True)
    page.get_by_label("Choose a photo").set_input_files(
        [file("one.jpg", photo()), file("two.png", photo("png", size=(600, 400)))]
    )
    page.get_by_label("What does it show?").fill("The tap drips")
    page.get_by_role("button", name="Send the photo").click()
    expect(waiting(page)).to_have_count(2)
    expect(waiting(page).first).to_contain_text("Waiting for a signal")
    expect(page.get_by_role("region", name="Not sent yet")).to_contain_text("We do not have these yet")
    page.scripts = True
    assert not faults_of(page)
    shoot(page, "photos wait for a signal")
    context.close()

    context = phone(state)
    page = context.new_page()
    lost: list[int] = []

    def loses_the_first_answer(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/photo", loses_the_first_answer)
    page.goto("/repairs")  # any page of hers sends what waits
    expect(waiting(page)).to_have_count(1)
    assert lost == [200]
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_role("region", name="Not sent yet")).to_be_hidden()
    assert page.evaluate("localStorage.getItem('lamplit-outbox')") is None
    plain.reload()
    assert len(pictures(plain)) == there + 2
    context.close()


def test_what_is_refused_says_why_and_what_is_anothers_is_not_sent(at_home, site):
    page = at_home(site.who["tenant"]["email"])
    repair = a_repair(page)
    page.goto(f"/repairs/{repair}/photo")
    page.wait_for_selector("input[type=file][multiple]")
    page.context.set_offline(True)
    page.get_by_label("Choose a photo").set_input_files([file("notes.txt", b"no photo at all"), file("hers.jpg", photo())])
    page.get_by_role("button", name="Send the photo").click()
    expect(waiting(page)).to_have_count(2)
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    expect(waiting(page).first).to_contain_text("Sign in to send it")
    page.expected = ["422"]
    page.goto("/")  # nobody is signed in on this device now
    expect(waiting(page)).to_have_count(2)
    expect(waiting(page).first).to_contain_text("It waits for another person")
    expect(page.get_by_role("region", name="Not sent yet")).not_to_contain_text("hers.jpg")
    page.context.add_cookies(at_home(site.who["tenant"]["email"]).context.storage_state()["cookies"])
    page.goto(f"/repairs/{repair}")
    expect(waiting(page)).to_have_count(1)
    expect(waiting(page)).to_contain_text("Not taken. We cannot read this kind of file")
    assert not faults_of(page)
    shoot(page, "photo not taken")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove all from this device").click()
    expect(page.get_by_role("region", name="Not sent yet")).to_be_hidden()


def test_what_came_of_a_visit_waits_too_and_other_words_stay_where_they_are(at_desk, site):
    page = at_desk("lead", viewport=PHONE)
    path = next(one["path"] for one in site.pages if one["path"].endswith("/outcome/inspected"))
    page.goto(path)
    page.get_by_label("What did you find?").fill("Condensation behind the wardrobe")
    page.wait_for_load_state("networkidle")  # its scripts are there
    page.context.set_offline(True)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(waiting(page)).to_contain_text("Waiting for a signal")
    shoot(page, "an outcome waits for a signal")
    page.context.set_offline(False)
    expect(page.get_by_role("region", name="Not sent yet")).to_be_hidden()
    page.goto(path.partition("/outcome/")[0])
    expect(page.locator("main")).to_contain_text("looked at only")
    page.goto("/desk/search")
    page.context.set_offline(True)
    page.get_by_role("searchbox").or_(page.locator("input[name=q]")).first.fill("Ruth")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("You have no signal")
    expect(page.locator("input[name=q]").first).to_have_value("Ruth")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("The signal is back")


def answered_with(body: str | None) -> Any:
    """Answer a question of the page like this; None: nobody answers."""

    def answer(route: Route) -> None:
        route.abort() if body is None else route.fulfill(body=body)

    return answer


def test_words_stay_where_they_are_when_we_are_not_there_and_go_once_we_are(at_home, site):
    page = at_home(site.who["tenant"]["email"])
    repair = a_repair(page)
    page.goto(f"/repairs/{repair}")
    page.wait_for_load_state("networkidle")  # its scripts are there
    page.expected = ["ERR_FAILED", "503"]
    page.get_by_label("Add a note").fill("It drips on the cooker now")
    for answer, says, name in (
        (None, "We cannot be reached just now. Nothing was sent.", "we cannot be reached"),
        ("S-000000000000", "You are on our standby service now", "a standby is at our address"),
        ("M-000000000000", "Our pages stopped while you were writing, and work again now.", "our pages were made again"),
    ):
        page.route("**/here", answered_with(answer))
        page.get_by_role("button", name="Add the note").click()
        expect(page.get_by_role("alert")).to_contain_text(says)
        expect(page.get_by_label("Add a note")).to_have_value("It drips on the cooker now")
        assert not faults_of(page)
        shoot(page, name)
        page.unroute("**/here")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("main")).to_contain_text("It drips on the cooker now")
    page.goto(f"/repairs/{repair}")
    expect(page.get_by_text("It drips on the cooker now")).to_have_count(1)


def test_an_answer_that_was_only_chosen_stays_too(at_home, site):
    page = at_home(site.who["tenant"]["email"])
    page.goto("/report")
    page.get_by_role("button", name="Start").click()
    page.wait_for_load_state("networkidle")  # its scripts are there
    page.expected = ["ERR_FAILED"]
    page.get_by_label("None of these").check()
    page.route("**/here", answered_with(None))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("What you wrote and chose is still here.")
    expect(page.get_by_label("None of these")).to_be_checked()
    page.unroute("**/here")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_contain_text("What is the problem with?")
