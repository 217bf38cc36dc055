"""Reporting a repair from the portal: with and without signing in, for oneself and for somebody else."""

import re
from datetime import datetime

import pytest
from django.test import Client, override_settings

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.words import before
from lamplit.config import standing_by
from lamplit.messages import queries as messages
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.portal.models import ReportDraft
from lamplit.portal.tests.scene import come_in
from lamplit.repairs import queries as repairs
from tests import cast

LEAK = ["none", "leak", "kitchen", "light", "no", "caught", "above"]
TAP = ["none", "water", "drips", "kitchen"]
MOULD = ["none", "damp", "kitchen", "small", "no", "windows"]
SOON = override_settings(RECEIPT_WAIT_SECONDS=0.2)


def text_of(answer) -> str:
    """The words of a page, tags and spaces apart."""
    page = re.sub(r"<template.*?</template>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def answer_questions(client: Client, options: list[str]) -> str:
    """Begin, and answer the questions of the tree. Returns where it goes on."""
    path = client.post("/report")["Location"]
    for option in options:
        answer = client.post(path, {"answer": option})
        assert answer.status_code == 302, f"{path} {option}: {text_of(answer)}"
        path = answer["Location"]
    return path


def post(client: Client, path: str, **data) -> str:
    answer = client.post(path, data)
    assert answer.status_code == 302, f"{path}: {text_of(answer)}"
    return answer["Location"]


def as_visitor(client: Client, options: list[str], **who) -> str:
    assert answer_questions(client, options) == "/report/words"
    assert post(client, "/report/words", words="It began last night") == "/report/whom"
    assert post(client, "/report/whom", whom=who.get("whom", "me")) == "/report/postcode"
    assert post(client, "/report/postcode", postcode="zz11aa") == "/report/address"
    assert post(client, "/report/address", home=cast.RUTHS_HOME) == "/report/name"
    rest = {key: value for key, value in who.items() if key != "whom"}
    assert post(client, "/report/name", **({"name": "Una Bright", "phone": "07700 900123"} | rest)) == "/report/household"
    return post(client, "/report/household", needs="none")


@SOON
def test_somebody_signed_in_reports_for_her_home(portal):
    client = come_in()
    assert answer_questions(client, LEAK) == "/report/words"
    assert post(client, "/report/words", words="") == "/report/whom"
    page = text_of(client.get("/report/whom"))
    assert "5 Ember Rise" in page
    assert post(client, "/report/whom", whom=cast.RUTHS_HOME) == "/report/household"
    assert post(client, "/report/household", needs=["baby", "respiratory"]) == "/report/check"
    page = text_of(client.get("/report/check"))
    assert "A baby under 1" in page
    assert "From the home above" in page
    assert post(client, "/report/check") == "/report/received"
    repair = repairs.of_person(cast.RUTH)[0]
    assert (repair.home, repair.reporter, repair.channel, repair.priority) == (cast.RUTHS_HOME, cast.RUTH, "portal", "emergency")
    assert set(repair.triage["needs"]) >= {"baby", "respiratory"}


@SOON
def test_it_gives_the_number_only_once_the_report_is_kept(portal):
    client = come_in()
    answer_questions(client, LEAK)
    post(client, "/report/words", words="")
    post(client, "/report/whom", whom=cast.RUTHS_HOME)
    post(client, "/report/household", needs="none")
    post(client, "/report/check")
    reference = repairs.of_person(cast.RUTH)[0].reference
    page = text_of(client.get("/report/received"))
    assert "saved here" in page
    assert "still copying" in page
    assert reference not in page
    portal.publish()
    page = text_of(client.get("/report/received"))
    assert reference in page
    assert "kept safe in two places" in page
    assert "This is an emergency" in page
    assert "Received." in page


def test_a_report_sent_twice_is_one_report(portal):
    client = come_in()
    answer_questions(client, TAP)
    post(client, "/report/words", words="")
    post(client, "/report/whom", whom=cast.RUTHS_HOME)
    post(client, "/report/household", needs="none")
    draft = ReportDraft.objects.get()
    post(client, "/report/check")
    ReportDraft.objects.filter(id=draft.id).update(answers=draft.answers, sent=None)  # as the second click saw it
    post(client, "/report/check")
    assert len(repairs.of_person(cast.RUTH)) == 1


@SOON
def test_a_visitor_reports_with_an_address_and_a_way_to_reach_her(portal):
    client = Client()
    assert as_visitor(client, TAP) == "/report/check"
    post(client, "/report/check")
    [row] = repairs.home_history(cast.RUTHS_HOME)
    assert (row.repair.channel, row.repair.reporter) == ("visitor", None)
    assert row.repair.caller == {"name": "Una Bright", "phone": "+447700900123"}
    assert row.repair.words == "It began last night"
    portal.publish()
    assert row.repair.reference in text_of(client.get("/report/received"))


def give_need(person: str, code: str) -> None:
    about = PersonNote(what="need", code=code, source="She said so")
    people.note_person(person=person, about=about, by=who.staff(cast.PRIYA), at=cast.AT, command=f"test:need:{code}")


@SOON
def test_a_stranger_is_told_what_follows_from_her_words_and_nothing_of_who_lives_there(portal):
    give_need(cast.MIA, "respiratory")
    client = Client()
    assert as_visitor(client, MOULD) == "/report/check"
    post(client, "/report/check")
    [row] = repairs.home_history(cast.RUTHS_HOME)
    alone = datetime.fromisoformat(row.repair.alone["due_at"])
    assert row.repair.due_at < alone  # ours is the shorter
    portal.publish()
    page = text_of(client.get("/report/received"))
    assert before(alone, now()) in page
    assert before(row.repair.due_at, now()) not in page


@SOON
def test_what_is_open_there_already_shows_a_stranger_nothing(portal):
    give_need(cast.MIA, "respiratory")
    for client, reached in ((Client(), "07700 900123"), (Client(), "07700 900124")):
        as_visitor(client, MOULD, phone=reached)
        post(client, "/report/check")
    portal.publish()
    page = text_of(client.get("/report/received"))
    assert "already" not in page
    [second, _] = repairs.home_history(cast.RUTHS_HOME)
    assert second.repair.joined_into
    assert before(datetime.fromisoformat(second.repair.alone["due_at"]), now()) in page


def test_a_visitor_speaks_for_somebody_else_and_sees_nothing_of_her(portal):
    client = Client()
    as_visitor(client, TAP, whom="other", for_name="Ruth", relation="I am her neighbour")
    post(client, "/report/check")
    repair = repairs.home_history(cast.RUTHS_HOME)[0].repair
    assert repair.caller["for_name"] == "Ruth"
    assert repair.caller["relation"] == "I am her neighbour"


def test_somebody_signed_in_speaks_for_another_and_it_is_not_among_her_own(portal):
    client = come_in()
    answer_questions(client, TAP)
    post(client, "/report/words", words="")
    assert post(client, "/report/whom", whom="other") == "/report/postcode"
    post(client, "/report/postcode", postcode="ZZ1 1AA")
    post(client, "/report/address", home=cast.TOMASZS_HOME)
    assert post(client, "/report/name", for_name="", relation="He lives below me") == "/report/household"
    post(client, "/report/household", needs="none")
    post(client, "/report/check")
    repair = repairs.home_history(cast.TOMASZS_HOME)[0].repair
    assert repair.caller["phone"] == "+447700900005"
    assert repairs.of_person(cast.RUTH) == []


@SOON
def test_a_home_that_is_not_listed_is_no_dead_end(portal, monkeypatch):
    client = Client()
    answer_questions(client, ["gas"])
    post(client, "/report/words", words="")
    post(client, "/report/whom", whom="me")
    post(client, "/report/postcode", postcode="SW1A 1AA")
    assert "no home in our list" in text_of(client.get("/report/address"))
    with monkeypatch.context() as standby:  # one that still opens homes says nothing of what it has not looked at
        standby.setattr(standing_by, "is_opened", lambda *_: False)
        assert "no home in our list" not in text_of(client.get("/report/address"))
        assert "We cannot look homes up just now" in text_of(client.get("/report/address"))
    assert post(client, "/report/address", address="The Boat House\nLampton") == "/report/name"
    post(client, "/report/name", name="Una Bright", phone="07700 900123")
    post(client, "/report/household", needs="none")
    post(client, "/report/check")
    [promise] = messages.open_promises()
    assert promise.what == "Find the home, make the report, and ring back."
    portal.publish()
    page = text_of(client.get("/report/received"))
    assert "We will ring you" in page


def test_danger_advice_stands_above_the_next_question_with_the_number_to_ring(portal):
    client = Client()
    path = answer_questions(client, LEAK[:4])
    page = client.get(path).content.decode()
    assert "Do this now" in page
    assert page.index("lamp-danger") < page.index("<h1")
    assert 'href="tel:999"' in page
    assert 'href="tel:03031000100"' in page


def test_going_back_and_changing_an_answer_asks_what_follows_from_it(portal):
    client = Client()
    answer_questions(client, LEAK)
    assert post(client, "/report/2", answer="damp") == "/report/3"
    assert "Where is the damp or mould?" in text_of(client.get("/report/3"))


def test_going_back_and_changing_nothing_keeps_every_answer(portal):
    client = Client()
    answer_questions(client, LEAK)
    assert 'value="leak" checked' in client.get("/report/2").content.decode()
    assert post(client, "/report/2", answer="leak") == "/report/words"


@pytest.mark.parametrize("option", ["", "no_such_thing", "\x00", "light"])
def test_an_answer_that_is_not_there_is_asked_again(portal, option):
    client = Client()
    path = answer_questions(client, ["none"])
    answer = client.post(path, {"answer": option})
    assert answer.status_code == 200
    assert "Choose an answer" in text_of(answer)


def test_a_page_further_on_leads_to_the_question_that_is_open(portal):
    client = Client()
    answer_questions(client, ["none"])
    for path in ("/report/9", "/report/words", "/report/household", "/report/check"):
        assert client.get(path)["Location"] == "/report/2"
    answer_questions(client, LEAK[1:])
    assert client.get("/report/check")["Location"] == "/report/words"


def test_without_a_draft_every_page_leads_to_the_start(portal):
    for path in ("/report/1", "/report/words", "/report/check", "/report/received"):
        assert Client().get(path)["Location"] == "/report"


def test_the_answers_are_there_when_she_comes_back(portal):
    client = Client()
    answer_questions(client, LEAK[:3])
    again = Client()
    again.cookies = client.cookies
    assert "Your answers are still here" in text_of(again.get("/report"))
    assert again.post("/report")["Location"] == "/report/4"
    assert again.post("/report", {"again": "yes"})["Location"] == "/report/1"


def test_signing_in_on_the_way_keeps_the_answers_and_makes_them_hers(portal):
    client = Client()
    answer_questions(client, TAP)
    come_in(client=client)
    assert client.post("/report")["Location"] == "/report/words"
    elsewhere = come_in()
    assert elsewhere.post("/report")["Location"] == "/report/words"


def test_after_signing_out_nobody_finds_her_answers_on_this_device(portal):
    client = come_in()
    answer_questions(client, TAP)
    cookie = client.cookies["report"].value
    client.post("/sign-out")
    client.cookies["report"] = cookie
    assert client.get("/report/words")["Location"] == "/report"


def test_a_forged_cookie_finds_no_draft(portal):
    client = Client()
    answer_questions(client, TAP)
    stranger = Client()
    stranger.cookies["report"] = ReportDraft.objects.get().id
    assert stranger.get("/report/words")["Location"] == "/report"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "phone": "07700 900123"}, "Enter your name"),
        ({"name": "Una"}, "Enter a phone number or an e-mail address"),
        ({"name": "Una", "phone": "12"}, "Enter a phone number, like"),
        ({"name": "Una", "email": "una"}, "Enter an e-mail address, like"),
    ],
)
def test_it_asks_for_a_way_to_reach_a_visitor(portal, typed, said):
    client = Client()
    answer_questions(client, TAP)
    post(client, "/report/words", words="")
    post(client, "/report/whom", whom="me")
    post(client, "/report/postcode", postcode="ZZ1 1AA")
    post(client, "/report/address", home=cast.RUTHS_HOME)
    assert said in text_of(client.post("/report/name", typed))


def test_the_address_finder_never_says_who_lives_there(portal):
    client = Client()
    answer_questions(client, TAP)
    post(client, "/report/words", words="")
    post(client, "/report/whom", whom="me")
    post(client, "/report/postcode", postcode="ZZ1 1AA")
    page = text_of(client.get("/report/address"))
    assert page.index("2 Ember Rise") < page.index("5 Ember Rise") < page.index("8 Ember Rise")
    for name in ("Ruth", "Adeyemi", "Tomasz", "Wolski"):
        assert name not in page


def test_nobody_reports_for_a_home_in_which_she_does_not_live_as_if_it_were_hers(portal):
    client = come_in()
    answer_questions(client, TAP)
    post(client, "/report/words", words="")
    assert "Choose whose home it is" in text_of(client.post("/report/whom", {"whom": cast.TOMASZS_HOME}))


def test_postcodes_cannot_be_asked_for_without_end(portal):
    client = Client()
    answer_questions(client, TAP)
    post(client, "/report/words", words="")
    post(client, "/report/whom", whom="me")
    answers = [client.post("/report/postcode", {"postcode": "zz"}).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
