"""What a tenant does, as she does it: on her phone, from the first drop to the last word."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import cast
from tests.journeys.acting import answer, choose, code_from_outbox, come_in, continue_, summary, wait_for
from tests.journeys.looking import look
from tests.journeys.settle import RUTHS_ADDRESS, SHARED_ADDRESS

PHONE_NUMBER = "0303 100 0100"
MOULD = ("None of these", "Damp or mould", "Bedroom", "A whole wall", "Yes, someone is unwell", "I am not sure", "No")


def begin(page: Page) -> None:
    page.goto("/report")
    page.get_by_role("button", name=re.compile("^Start")).last.click()
    page.wait_for_url("**/report/1")


def say_where(page: Page, home: str = "5 Ember Rise", postcode: str = "zz11aa") -> None:
    page.get_by_label("postcode").fill(postcode)
    continue_(page)
    choose(page, home)
    continue_(page)


def skip_words(page: Page, said: str = "") -> None:
    page.get_by_label("anything else").fill(said)
    continue_(page)


def send(page: Page) -> str:
    """Send the report from its last page. Returns its number."""
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your report")
    number = page.locator(".lamp-number").inner_text()
    assert re.fullmatch(r"M-[0-9A-Z]{4}-[0-9A-Z]{4}", number)
    return number


def test_a_leak_through_a_light_is_reported_without_signing_in(window):
    page = window()
    begin(page)
    answer(page, "None of these", "Water leaking", "Bathroom")
    assert page.locator(".lamp-danger").count() == 0
    choose(page, "Yes, it comes through a light")
    danger = page.locator(".lamp-danger")
    expect(danger).to_be_visible()
    above_all = danger.bounding_box()["y"]
    assert above_all < page.get_by_role("heading", level=1).bounding_box()["y"]
    assert page.locator("main").bounding_box()["y"] <= above_all
    expect(danger).to_be_in_viewport()
    assert PHONE_NUMBER in danger.inner_text()
    look(page, "leak advice")
    continue_(page)
    expect(danger.first).to_be_visible()
    answer(page, "No", "I can catch it", "From the home above")
    skip_words(page, "It began an hour ago and it is getting worse.")
    look(page, "leak whom")
    answer(page, "My home")
    say_where(page)
    page.get_by_label("name").fill("Wanda Wren")
    page.get_by_label("phone").fill("07700 900 555")
    look(page, "leak name")
    continue_(page)
    page.get_by_label("baby").check()
    look(page, "leak household")
    continue_(page)
    read_back = summary(page)
    assert "5 Ember Rise" in " ".join(read_back.values())
    assert "It began an hour ago" in " ".join(read_back.values())
    look(page, "leak check")
    number = send(page)
    said = page.locator("main").inner_text()
    assert "Received" in said
    assert "This is an emergency" in said
    assert "Somebody will come before" in said
    assert re.search(r"(today|tomorrow)", said)
    assert PHONE_NUMBER in said
    assert "kept safe in two places" in said
    look(page, "leak receipt")
    beside = page.context.new_page()
    beside.goto("/demo/outbox")
    expect(beside.locator("main")).to_contain_text(number)


def report_mould(page: Page) -> str:
    begin(page)
    answer(page, *MOULD)
    skip_words(page, "It came back after the last time.")
    answer(page, "My home")
    page.get_by_label("Asthma").check()
    continue_(page)
    return send(page)


def test_damp_is_reported_after_signing_in_and_the_repair_tells_its_story(at_home):
    page = at_home()
    number = report_mould(page)
    said = page.locator("main").inner_text()
    assert re.search("We will mend it (before|by the end of)|This is an emergency", said)
    look(page, "mould receipt")
    page.get_by_role("link", name="See this repair").click()
    expect(page.get_by_text(re.compile(f"^Your numbers?: .*{number}"))).to_be_visible()
    story = page.locator(".lamp-time").first
    expect(story).to_contain_text("You told us")
    expect(story).to_contain_text("It came back after the last time.")
    expect(story).to_contain_text("We have to")
    look(page, "mould repair")
    page.get_by_label("Add a note").fill("We are away on Friday.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("We have your note")).to_be_visible()
    expect(page.locator("main")).to_contain_text("We are away on Friday.")
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Damp or mould")
    look(page, "home with repairs")


def test_an_empty_note_is_pointed_at_and_the_page_can_be_loaded_again(at_home):
    page = at_home()
    page.goto("/repairs")
    page.get_by_role("link", name="See this repair").first.click()
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Write what you want to tell us")
    look(page, "note missing")
    page.goto(page.url)  # as a phone does that forgot the page: it asks for the address again
    expect(page.get_by_label("Add a note")).to_be_visible()


def test_no_heating_in_winter_and_something_else(at_home):
    page = at_home()
    begin(page)
    answer(page, "None of these", "Heating or hot water", "No heating and no hot water")
    while page.get_by_role("button", name="Continue").is_visible() and "/report/w" not in page.url:
        page.locator("input[type=radio]").first.check()
        continue_(page)
        page.wait_for_load_state()
    skip_words(page)
    answer(page, "My home", "None of these")
    send(page)
    look(page, "heating receipt")
    begin(page)
    answer(page, "None of these", "Something else, or I am not sure")
    page.locator("textarea").fill("The letter box squeaks at night. It wakes the baby next door.")
    continue_(page)
    while "/report/words" not in page.url:
        page.locator("input[type=radio]").last.check()
        continue_(page)
        page.wait_for_load_state()
    skip_words(page)
    answer(page, "My home", "None of these")
    send(page)
    look(page, "something else receipt")


def test_she_reports_for_her_neighbour(at_home):
    page = at_home()
    begin(page)
    answer(page, "None of these", "Door, window or lock")
    while "/report/words" not in page.url:
        page.locator("input[type=radio]").last.check()
        continue_(page)
        page.wait_for_load_state()
    skip_words(page)
    answer(page, "Somebody else")
    say_where(page, "2 Ember Rise")
    page.get_by_label("How do you know them?").fill("I live above him")
    look(page, "for somebody else")
    continue_(page)
    answer(page, "None of these")
    send(page)
    page.goto("/repairs")
    expect(page.locator("main")).not_to_contain_text("2 Ember Rise")


def test_a_half_written_report_survives_the_phone(window, site):
    page = window()
    begin(page)
    answer(page, "None of these", "Water supply or taps")
    cookies = page.context.storage_state()
    page.context.close()  # the battery is empty
    again = window(storage_state=cookies)
    again.goto("/report")
    expect(again.locator("main")).to_contain_text("Your answers are still here")
    look(again, "report half written")
    again.get_by_role("button", name="Go on with it").click()
    expect(again).to_have_url(re.compile("/report/3$"))
    come_in(again, RUTHS_ADDRESS)
    elsewhere = window()  # another device, signed in
    come_in(elsewhere, RUTHS_ADDRESS)
    elsewhere.goto("/")
    expect(elsewhere.locator("main")).to_contain_text("A report that you have not sent")
    elsewhere.goto("/report")
    elsewhere.get_by_role("button", name="Go on with it").click()
    expect(elsewhere).to_have_url(re.compile("/report/3$"))


def test_two_people_with_one_address_say_who_they_are(window):
    page = window()
    page.goto("/sign-in")
    page.get_by_label("mobile number or e-mail").fill(SHARED_ADDRESS)
    page.get_by_role("button", name="Send me a code").click()
    page.wait_for_url("**/sign-in/code**")
    look(page, "enter the code")
    page.get_by_label("code").fill(code_from_outbox(page))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/name**")
    look(page, "who are you")
    page.get_by_label("name").fill("tomasz wolski")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tomasz")


def test_a_visit_is_changed_and_called_off(at_home, site):
    page = at_home(site.who["tenant"]["email"])
    page.goto("/repairs")
    card = page.locator(".lamp-card").filter(has_text="We come on").first
    card.get_by_role("link").click()
    page.get_by_role("link", name="Change or cancel this visit").click()
    look(page, "change a visit")
    slot = page.locator("input[type=radio]").nth(5)
    chosen = page.locator(f"label[for='{slot.get_attribute('id')}']").inner_text().partition(" (")[0].strip()
    slot.check()
    page.get_by_role("button", name="Change the visit").click()
    expect(page.get_by_text("Your visit is changed")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"We come on {chosen}")
    look(page, "visit changed")
    page.get_by_role("link", name="Change or cancel this visit").click()
    choose(page, "Cancel this visit")
    page.get_by_role("button", name="Change the visit").click()
    expect(page.get_by_text("Your visit is cancelled. The repair stays open.")).to_be_visible()


def test_not_mended_opens_it_again(at_home, site):
    page = at_home(site.who["done"]["email"])
    page.goto("/repairs")
    page.locator(".lamp-card").filter(has_text="Is it mended?").first.get_by_role("link").click()
    look(page, "is it mended")
    choose(page, "No, not yet")
    page.get_by_label("add anything").fill("It drips as before.")
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_text("The repair is open again")).to_be_visible()
    expect(page.locator("main")).to_contain_text("It drips as before.")
    expect(page.locator("main")).to_contain_text("It is not mended, so it is open again")
    look(page, "not mended")


@pytest.mark.parametrize("signed_in", [True, False])
def test_a_complaint_gets_a_number_and_two_dates(at_home, window, signed_in):
    page = at_home() if signed_in else window()
    page.goto("/complain")
    page.get_by_label("What went wrong?").fill("Nobody came, twice, and nobody rang.")
    page.get_by_label("What would put it right?").fill("Come on the day that you say.")
    if not signed_in:
        page.get_by_label("name").fill("Wanda Wren")
        page.get_by_label(re.compile("reach you|phone|e-mail")).first.fill("wanda@home.example")
    look(page, f"complain signed in {signed_in}")
    page.get_by_role("button", name="Send the complaint").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have your complaint")
    assert re.fullmatch(r"[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator(".lamp-number").inner_text())
    days = re.compile(r"^(Mon|Tues|Wednes|Thurs|Fri)day \d+ [A-Z][a-z]+( \d{4})?$")
    dates = summary(page)
    assert len(dates) == 2
    assert all(days.match(day) for day in dates.values()), dates
    look(page, f"complaint received {signed_in}")


def test_exit_this_page_leaves_nothing_to_go_back_to(window):
    page = window()
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="The weather", content_type="text/html"))
    page.goto("/report")
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url("https://www.bbc.co.uk/**")
    page.go_back()
    assert "/report" not in page.url


def kept(site):
    """Return the words of every message in the database, with whose they are."""
    with site.connect("admin") as db:
        return dict(db.execute("SELECT body, voice FROM message").fetchall())


def test_messages_are_shown_exactly_as_they_were_sent(at_home, site):
    page = at_home()
    report_mould(page)
    page.goto("/messages")
    wait_for(page, lambda: page.locator("article").count() > 0, "a message about what she reported")
    earlier = kept(site)  # before the page is read: the worker may be writing the next message
    page.reload()
    look(page, "messages")
    shown = [one.inner_text() for one in page.locator("article .lamp-words").all()]
    assert set(shown) <= set(kept(site))
    assert {body for body, voice in earlier.items() if voice == cast.RUTH} <= set(shown)
    code = re.search(r"code:? ([0-9A-Z]{6})\b", shown[0])
    assert code is not None
    page.goto("/check")
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill(code[1])
    page.get_by_role("button", name="Check").click()
    expect(page.locator("main")).to_contain_text("The code is one of ours. Now compare")
    look(page, "code checked")
    page.get_by_label(re.compile("paste|words", re.IGNORECASE)).last.fill(shown[0])
    page.get_by_label(re.compile("code", re.IGNORECASE)).first.fill("")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("main")).to_contain_text("This is ours, word for word")


def test_signing_out_leaves_nothing(window):
    page = window()
    come_in(page, RUTHS_ADDRESS)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    look(page, "signed out")
    page.goto("/repairs")
    expect(page).to_have_url(re.compile("/sign-in"))
