"""A report in another language: she reads hers, and the record keeps what she saw beside our words."""

import re

from django.test import Client, override_settings

from lamplit.basics import who
from lamplit.messages import queries as messages
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.portal.models import ReportDraft
from lamplit.portal.tests.scene import come_in
from lamplit.portal.tests.test_report import LEAK, as_visitor, post, text_of
from lamplit.repairs import queries as repairs
from tests import cast

PRIVATE = re.compile("[\ue000-\uf8ff]")


def body_of(answer) -> str:
    page = answer.content.decode()
    assert not PRIVATE.search(page)
    return page


@override_settings(RECEIPT_WAIT_SECONDS=0.2)
def test_a_report_in_polish_keeps_what_she_saw_and_staff_read_english(portal):
    client = Client(headers={"Accept-Language": "pl,en;q=0.5"})
    page = client.get("/report")
    assert page["Content-Language"] == "pl"
    assert int(page["Content-Length"]) == len(page.content)
    assert '<html lang="pl"' in body_of(page)
    assert "Zgłoś naprawę" in text_of(page)
    assert "jeszcze po angielsku" not in text_of(page)
    assert "czeka na sprawdzenie" in text_of(page)
    assert as_visitor(client, LEAK) == "/report/check"
    assert "Tak, leci przez lampę" in text_of(client.get("/report/check"))
    assert "Nie dotykaj lampy, włącznika ani gniazdka." in text_of(client.get("/report/words"))
    assert "Wybierz odpowiedź" in text_of(client.post("/report/1", {"answer": "made up"}))
    post(client, "/report/check")
    portal.publish()
    [row] = repairs.home_history(cast.RUTHS_HOME)
    page = client.get("/report/received")
    assert row.repair.reference in body_of(page)
    assert 'lang="en"' not in body_of(page).partition("<main")[2].partition("</main>")[0]
    assert "Ktoś przyjdzie przed godziną" in text_of(page)
    light = row.repair.answers[3]
    assert light == {
        "question": "leak_electrics", "option": "light", "said": "Yes, it comes through a light", "language": "pl",
        "asked": "Czy woda jest blisko czegoś elektrycznego?", "shown": "Tak, leci przez lampę",
    }  # fmt: skip
    assert row.repair.title == "A leak from the home above"


def test_she_may_change_her_language_on_the_way_and_keeps_her_answers(portal):
    client = Client()
    client.cookies["language"] = "pl"
    path = client.post("/report")["Location"]
    for option in ("none", "water", "drips"):
        path = post(client, path, answer=option)
    client.get("/language", {"to": "en-GB", "back": path})
    assert "In which room is it?" in text_of(client.get(path))
    assert post(client, "/report/2", answer="water") == "/report/4"  # the same answer, now read in English
    given = ReportDraft.objects.get().answers["given"]
    assert [one.get("language") for one in given] == ["pl", None, "pl"]


def test_what_is_not_translated_says_so_once_and_is_marked_as_english(portal):
    client = Client()
    client.cookies["language"] = "cy"
    page = body_of(client.get("/accessibility"))
    assert '<html lang="cy"' in page
    assert page.count("yn Saesneg o hyd") == 1
    assert '<li><span lang="en">Use every page with a keyboard alone, or with a screen reader.</span></li>' in page
    assert "<title>Hygyrchedd - " in page
    assert "yn Saesneg o hyd" not in body_of(client.get("/report"))
    missing = client.get("/no-such-page")
    assert (missing.status_code, "Ni allwn ddod o hyd i’r dudalen honno" in body_of(missing)) == (404, True)


def test_her_record_names_her_language_and_what_she_chose_here_counts_more(portal):
    about = PersonNote(what="preference", code="language", value="Polish", source="She said so")
    people.note_person(person=cast.RUTH, about=about, by=who.staff(cast.PRIYA), at=cast.AT, command="test:language")
    client = come_in()
    assert client.cookies["language"].value == "pl"
    assert '<html lang="pl"' in body_of(client.get("/"))
    chosen = Client()
    chosen.cookies["language"] = "cy"
    assert come_in(client=chosen).cookies["language"].value == "cy"


def test_a_home_that_is_not_listed_is_handed_over_in_english(portal):
    client = Client()
    client.cookies["language"] = "pl"
    path = client.post("/report")["Location"]
    post(client, path, answer="gas")
    post(client, "/report/words", words="Czuję gaz w kuchni")
    post(client, "/report/whom", whom="me")
    post(client, "/report/postcode", postcode="SW1A 1AA")
    post(client, "/report/address", address="The Boat House\nLampton")
    post(client, "/report/name", name="Una Bright", phone="07700 900123")
    post(client, "/report/household", needs="none")
    post(client, "/report/check")
    [promise] = messages.open_promises()
    said = messages.contact(promise.contact).said
    assert "Is any of this happening now?: I can smell gas" in said
    assert "Anything else: Czuję gaz w kuchni" in said
    assert "Language: Polish" in said
    assert not PRIVATE.search(said)
