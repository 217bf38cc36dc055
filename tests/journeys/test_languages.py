"""Reporting a repair in another language, on a phone: from the switch to the number, and what staff read of it."""

import json
import re

from playwright.sync_api import Page, expect

from tests.journeys.looking import look, size
from tests.journeys.test_tenant import PHONE_NUMBER


def choose(page: Page, *labels: str, on: str) -> None:
    """Answer questions one after another, each with exactly these words, and go on by the button named."""
    for label in labels:
        page.get_by_label(label, exact=True).check()
        page.get_by_role("button", name=on).click()


def type_and_go(page: Page, on: str, **typed: str) -> None:
    for name, words in typed.items():
        page.locator(f"[name={name}]").fill(words)
    page.get_by_role("button", name=on).click()


def test_a_leak_is_reported_in_polish_and_staff_read_it_in_english(window, at_desk, site):
    page = window()
    page.goto("/report")
    page.get_by_role("link", name="Polski").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Zgłoś naprawę")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    look(page, "polish start")
    page.get_by_role("button", name="Zacznij").click()
    choose(page, "Nic z tego", "Woda cieknie lub wlewa się do środka", "Łazienka lub prysznic", on="Dalej")
    page.get_by_role("button", name="Dalej").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Wybierz odpowiedź")
    page.get_by_label("Tak, leci przez lampę").check()
    danger = page.locator(".lamp-danger")
    expect(danger).to_contain_text("Nie dotykaj lampy, włącznika ani gniazdka.")
    assert PHONE_NUMBER in danger.inner_text()
    look(page, "polish danger")
    page.get_by_role("button", name="Dalej").click()
    choose(page, "Nie", "Mogę zbierać wodę do wiadra lub miski", "Z mieszkania wyżej", on="Dalej")
    type_and_go(page, "Dalej", words="Cieknie od godziny.")
    look(page, "polish whom")
    choose(page, "Moje mieszkanie", on="Dalej")
    type_and_go(page, "Dalej", postcode="zz11aa")
    page.get_by_role("radio", name=re.compile("^8 Ember Rise")).check()
    page.get_by_role("button", name="Dalej").click()
    type_and_go(page, "Dalej", name="Wanda Wren", phone="07700 900 556")
    look(page, "polish household")
    choose(page, "Dziecko poniżej 1 roku", on="Dalej")
    look(page, "polish check")
    page.get_by_role("button", name="Wyślij zgłoszenie").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mamy Twoje zgłoszenie")
    expect(page.locator("main [lang=en]")).to_have_count(0)
    look(page, "polish receipt")
    number = page.locator(".lamp-number").inner_text()
    repair, answers = kept(site, number)
    assert [one["said"] for one in answers][3:5] == ["Yes, it comes through a light", "No"]
    assert {one["language"] for one in answers} == {"pl"}
    assert answers[3]["asked"] == "Czy woda jest blisko czegoś elektrycznego?"
    assert answers[3]["shown"] == "Tak, leci przez lampę"
    desk = at_desk("lead")
    desk.goto(f"/desk/repairs/{repair}")
    desk.get_by_text("Why this priority").click()
    expect(desk.locator(".lamp-answers")).to_contain_text("Is the water near anything electric?")
    expect(desk.locator(".lamp-answers [lang=pl]").nth(7)).to_have_text("Tak, leci przez lampę")
    look(desk, "desk reads a polish report")


def kept(site, number: str):
    """Return the id of a repair and its answers, as the record keeps them."""
    with site.connect("admin") as db:
        ident, answers = db.execute("SELECT id, answers FROM repair WHERE reference = %s", [number]).fetchone()
    return ident, json.loads(answers)


def test_long_welsh_words_fit_the_smallest_phone_in_large_print(window):
    page = window(viewport=size(320, 640))
    page.goto("/report")
    page.get_by_role("link", name="Cymraeg").click()
    page.get_by_role("link", name="Print bras").click()
    expect(page.locator("html")).to_have_class("large-print")
    look(page, "welsh start")
    page.get_by_role("button", name="Dechrau").click()
    look(page, "welsh first question")
    choose(page, "Rwy’n gallu arogli nwy", on="Parhau")
    expect(page.locator(".lamp-danger")).to_contain_text("0800 111 999")
    look(page, "welsh danger")
    type_and_go(page, "Parhau", words="")
    choose(page, "Fy nghartref i", on="Parhau")
    type_and_go(page, "Parhau", postcode="SW1A 2AA")
    look(page, "welsh address")
    page.goto("/")
    look(page, "welsh first page")
    page.goto("/help")
    expect(page.locator(".lamp-languages")).to_contain_text("yn Saesneg o hyd")
    look(page, "welsh page that is still english")
