"""Signing in: with a code, to one's own person, and without telling anybody who is known to us."""

from datetime import date, timedelta

import pytest
from django.test import Client

from lamplit.basics.clock import now
from lamplit.config import standing_by
from lamplit.config.audience import PERSON
from lamplit.config.speaking import BEGIN, END
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.portal import codes
from lamplit.portal.models import DemoCode, SignInCode
from lamplit.portal.tests.scene import ME, RUTHS_NUMBER, add_reach, last_code
from tests import cast

UNKNOWN = "07700 900999"


def ask(contact: str) -> Client:
    client = Client()
    client.post("/sign-in", {"contact": contact})
    return client


def test_it_lets_her_in_with_the_code_and_the_session_holds_her_person_alone(portal):
    client = ask(RUTHS_NUMBER)
    answer = client.post("/sign-in/code", {"code": last_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert dict(client.session) == {PERSON: cast.RUTH}
    assert not SignInCode.objects.exists()


def test_it_sends_the_code_to_the_number_that_was_asked_for_and_says_how_long_it_works(portal):
    ask("+44 7700 900 005")
    sent = DemoCode.objects.get()
    assert (sent.channel, sent.to) == ("text", "+447700900005")
    assert "It works until" in sent.words
    assert "http" not in sent.words


def test_the_code_comes_in_the_language_of_the_page_on_which_it_was_asked_for(portal):
    client = Client()
    client.cookies["language"] = "pl"
    client.post("/sign-in", {"contact": RUTHS_NUMBER})
    words = DemoCode.objects.get().words
    assert words.startswith(last_code())
    assert "to Twój kod logowania" in words
    assert not set(words) & {BEGIN, END}


def test_while_a_standby_still_opens_names_it_says_that_no_code_may_come(portal, monkeypatch):
    said = "Some people cannot sign in here yet"
    assert said not in Client().get("/sign-in").content.decode()
    monkeypatch.setattr(standing_by, "is_opened", lambda *tables: "person" not in tables)
    assert said in Client().get("/sign-in").content.decode()


def test_it_answers_the_same_whether_or_not_we_know_the_number(portal):
    pages = []
    for contact in (RUTHS_NUMBER, UNKNOWN):
        client = Client()
        first = client.post("/sign-in", {"contact": contact})
        page = client.get("/sign-in/code").content.decode()
        wrong = client.post("/sign-in/code", {"code": "12345x"}).content.decode()
        pages.append((first.status_code, first["Location"], without_tokens(page), without_tokens(wrong)))
    assert pages[0] == pages[1]
    assert DemoCode.objects.count() == 1


def without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_it_does_not_keep_the_code_itself(portal):
    ask(RUTHS_NUMBER)
    assert last_code() not in str(SignInCode.objects.values().get())


def test_it_takes_a_pasted_code_with_spaces(portal):
    client = ask(RUTHS_NUMBER)
    code = last_code()
    assert client.post("/sign-in/code", {"code": f" {code[:3]} {code[3:]}\n"}).status_code == 302


def test_it_takes_no_code_after_five_wrong_ones(portal):
    client = ask(RUTHS_NUMBER)
    wrong = "000000" if last_code() != "000000" else "000001"
    for _ in range(5):
        assert codes_wrong(client.post("/sign-in/code", {"code": wrong}))
    answer = client.post("/sign-in/code", {"code": last_code()})
    assert b"You need a new code" in answer.content
    assert PERSON not in client.session


def codes_wrong(answer) -> bool:
    return b"That code is not right" in answer.content


def test_it_takes_no_code_after_15_minutes(portal):
    client = ask(RUTHS_NUMBER)
    SignInCode.objects.update(expires_at=now() - timedelta(seconds=1))
    assert b"You need a new code" in client.post("/sign-in/code", {"code": last_code()}).content


def test_it_takes_no_code_that_another_browser_asked_for(portal):
    ask(RUTHS_NUMBER)
    stranger = ask(UNKNOWN)
    assert codes_wrong(stranger.post("/sign-in/code", {"code": last_code()}))


def test_a_code_works_once(portal):
    client = ask(RUTHS_NUMBER)
    code = last_code()
    ident = client.session["sign_in"]
    client.post("/sign-in/code", {"code": code})
    assert codes.try_code(ident, code, now()) is None


@pytest.mark.parametrize("typed", ["", "   ", "07700", "not an address", "a@b", "x" * 300, "\x00"])
def test_it_says_what_to_enter(portal, typed):
    answer = Client().post("/sign-in", {"contact": typed})
    assert answer.status_code == 200
    assert b"Please check this" in answer.content
    assert not SignInCode.objects.exists()


def test_it_leads_back_to_the_page_that_was_asked_for(portal):
    client = Client()
    first = client.get("/your-data")
    assert first["Location"] == "/sign-in?next=%2Fyour-data"
    second = client.post(first["Location"], {"contact": RUTHS_NUMBER})
    assert client.post(second["Location"], {"code": last_code()})["Location"] == "/your-data"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_it_never_leads_to_another_site(portal, elsewhere):
    client = Client()
    client.post("/sign-in", {"contact": RUTHS_NUMBER}, query_params={"next": elsewhere})
    answer = client.post("/sign-in/code", {"code": last_code()}, query_params={"next": elsewhere})
    assert answer["Location"] == "/"


def test_somebody_in_danger_gets_a_code_only_where_nobody_else_reads_it(portal):
    add_reach(cast.RUTH, "shared@home.example", safe=False)
    marker = PersonNote(what="restricted", code="abuse", source="herself", since_on=date(2026, 3, 1))
    people.note_person(person=cast.RUTH, about=marker, by=ME, at=cast.AT, command="test:marker")
    ask("shared@home.example")
    assert not DemoCode.objects.exists()
    ask(RUTHS_NUMBER)
    assert DemoCode.objects.get().to == "+447700900005"


def test_people_who_share_an_address_each_come_in_to_their_own_person_by_name(portal):
    for person in (cast.RUTH, cast.TOMASZ):
        add_reach(person, "both@home.example", command=f"test:{person}")
    client = ask("both@home.example")
    assert DemoCode.objects.count() == 1
    assert client.post("/sign-in/code", {"code": last_code()})["Location"] == "/sign-in/name"
    assert PERSON not in client.session
    page = client.get("/sign-in/name").content.decode()
    assert "Ruth" not in page
    assert "Tomasz" not in page
    assert b"We have no such name" in client.post("/sign-in/name", {"name": "Otto Finch"}).content
    assert client.post("/sign-in/name", {"name": "tomasz  WOLSKI"})["Location"] == "/"
    assert client.session[PERSON] == cast.TOMASZ


def test_a_name_alone_lets_nobody_in(portal):
    client = ask(RUTHS_NUMBER)
    assert b"You need a new code" in client.post("/sign-in/name", {"name": "Ruth Adeyemi"}).content


def test_the_sixth_code_in_an_hour_has_to_wait_and_that_too_tells_nothing(portal):
    answers = [
        [Client().post("/sign-in", {"contact": contact}).status_code for _ in range(6)] for contact in (RUTHS_NUMBER, UNKNOWN)
    ]
    assert answers == [[302] * 5 + [429]] * 2
    assert DemoCode.objects.count() == 5


def test_signing_out_ends_the_session(signed_in):
    client = signed_in()
    assert client.get("/sign-out").status_code == 405
    client.post("/sign-out")
    assert PERSON not in client.session


def test_her_record_asks_for_large_print_and_gets_it(portal, signed_in):
    about = PersonNote(what="preference", code="format", value="large print")
    people.note_person(person=cast.RUTH, about=about, by=ME, at=cast.AT, command="test:large")
    client = signed_in()
    assert client.cookies["print_size"].value == "large"
