"""She sets up a Direct Debit on the smallest phone, changes its bank account and ends it: every page of the way is looked at."""

from playwright.sync_api import Page, expect

from tests.journeys.looking import look, size

NUMBER, WRONG = "40000006", "40000007"  # of the made-up tables; nobody's


def type_in(page: Page, number: str) -> None:
    for label, words in (("Name on the account", "R Adeyemi"), ("Sort code", "10-00-03"), ("Account number", number)):
        page.get_by_label(label, exact=True).fill(words)


def go_on(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_she_pays_by_direct_debit(at_home, site):
    page = at_home(site.who["payer"]["email"], viewport=size(320, 640), axe=True)
    page.goto("/rent")
    page.get_by_role("link", name="Set up a Direct Debit").click()
    look(page, "debit begins")
    page.get_by_label("Yes, it is my account").check()
    page.get_by_label("Every month").check()
    go_on(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("What we would take")
    look(page, "debit new")
    page.get_by_label("Day 8 of the month").check()
    type_in(page, WRONG)
    go_on(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("They do not belong together.")
    expect(page.get_by_label("Account number", exact=True)).to_have_value("")
    type_in(page, NUMBER)
    go_on(page, "Continue")
    expect(page.locator("main")).to_contain_text("006")
    assert NUMBER not in page.content()
    look(page, "debit check")
    go_on(page, "Yes, set it up")
    page.wait_for_url("**/rent/direct-debit/done")
    look(page, "debit done")
    page.get_by_role("link", name="Your Direct Debit").last.click()
    page.get_by_role("link", name="Take it from another bank account").click()
    look(page, "debit bank")
    type_in(page, "31926810")
    go_on(page, "Send")
    expect(page.locator("main")).to_contain_text("ends in 810 waits until")
    look(page, "debit waits")
    page.goto("/rent/direct-debit/end")
    look(page, "debit end")
    go_on(page, "End it")
    page.wait_for_url("**/rent/direct-debit?ended=yes")
    page.get_by_role("button", name="Set up a Direct Debit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Please ring us")  # her new details wait
    for log in site.home.glob("*.log"):
        assert NUMBER not in log.read_text(errors="replace"), f"{log.name} has her number"
