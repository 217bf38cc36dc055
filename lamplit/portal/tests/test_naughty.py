"""Whatever somebody types, no page breaks, and what is kept is what she typed."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lamplit.basics.clock import now
from lamplit.config.forms import new_nonce
from lamplit.portal.models import ReportDraft
from lamplit.portal.tests.scene import come_in
from lamplit.portal.tests.test_pages import report
from lamplit.portal.tests.test_report import answer_questions, post
from lamplit.repairs import queries
from tests import cast

OURS = [
    "\x00", "\x00x\x01y\x7f", "   ", "\r\n\r\n", "a" * 6_001, "é" * 6_000, "👩🏽‍🚒" * 500, "Z̷̢̛a̸͇͝l̴̰̈g̶͖̕ò̸̧",
    "\u202eright to left", "\u2028\u2029\ufeff",
    "<script>alert(1)</script>", "{{ 7 * 7 }}{% include 'x' %}", "%s %(x)s %d", "'; DROP TABLE repair; --", "../../etc/passwd",
    "\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "true", "None", "-1", "١٢٣٤٥٦", "²³", "1e999",
]  # fmt: skip
_hosts = count(1)


def pages_of(client: Client, text: str, repair: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every form of the portal, with the text wherever something can be typed."""
    yield "/sign-in", {"contact": text}
    yield "/sign-in/code", {"code": text}
    yield "/sign-in/name", {"name": text}
    yield "/check", {"code": text, "pasted": text}
    yield "/complain", {"words": text, "wanted": text, "name": text, "reach": "07700 900123"}
    yield "/complain", {"words": text, "name": text, "reach": text}
    yield "/report/1", {"answer": text}
    yield "/report/words", {"words": text}
    yield "/report/whom", {"whom": text}
    yield "/report/postcode", {"postcode": text}
    yield "/report/address", {"home": "not_listed", "address": text}
    yield "/report/name", {"name": text, "phone": text, "email": text}
    yield "/report/household", {"needs": text}
    yield f"/repairs/{repair}/note", {"says": text}
    yield f"/repairs/{repair}/photo", {"shows": text, "photo": text}
    yield f"/repairs/{repair}/photo", {"shows": text, "photo": SimpleUploadedFile("photo", text.encode("utf-8", "replace"))}
    yield f"/repairs/{repair}/mended", {"mended": text, "said": text}
    yield "/your-data/add", {"channel": "post", "value": text, "safe": "yes"}
    yield "/your-data/add", {"channel": "email", "value": text, "safe": "no"}
    yield "/your-data/ask", {"says": text}
    yield "/your-data/print", {"to": text}


def send_everywhere(client: Client, text: str, repair: str, only: slice = slice(None)) -> list[tuple[str, int]]:
    """Send the text to every form (or those in `only`) from an address of its own. Returns what broke."""
    broken = []
    number = next(_hosts)
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    for path, data in list(pages_of(client, text, repair))[only]:
        answer = client.post(path, {"nonce": new_nonce(), **data}, REMOTE_ADDR=address)
        if answer.status_code >= 500:
            broken.append((path, answer.status_code))
    for path in ("/sign-in", "/complain", "/your-data", f"/repairs/{repair}"):
        answer = client.get(path, {"next": text, "repair": text, "done": text}, REMOTE_ADDR=address)
        if answer.status_code >= 500:
            broken.append((path, answer.status_code))
    return broken


@pytest.fixture
def writer(portal) -> Client:
    """Somebody signed in, in the middle of a report for somebody else."""
    client = come_in()
    answer_questions(client, ["none", "other"])
    return client


@pytest.mark.slow
@pytest.mark.parametrize("text", OURS, ids=range(len(OURS)))
def test_no_form_breaks(writer, text):
    assert send_everywhere(writer, text, report().leads) == []


@pytest.mark.slow
@pytest.mark.material
@pytest.mark.parametrize("part", range(8))
def test_no_form_breaks_on_strings_that_broke_others(writer, material, part):
    strings = json.loads((material / "hostile" / "naughty-strings" / "blns.json").read_text())
    repair = report().leads
    mine = list(enumerate(strings))[part::8]  # each string goes to every third form, since all to all takes minutes
    broken = {text: found for place, text in mine if (found := send_everywhere(writer, text, repair, slice(place % 3, None, 3)))}
    assert broken == {}


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "Zoë O’Néill 👩🏽‍🚒\n“quoted”"])
def test_what_she_typed_is_shown_as_she_typed_it_and_nothing_of_it_runs(portal, text):
    made, client = report(), come_in()
    client.post(f"/repairs/{made.leads}/note", {"nonce": new_nonce(), "says": text})
    page = client.get(f"/repairs/{made.leads}").content.decode()
    assert "<script>alert" not in page
    assert queries.case(made.leads, now=now()).timeline[-1].said == text


def test_answers_in_a_question_of_her_own_words_come_back_as_typed(portal):
    client = Client()
    path = answer_questions(client, ["none", "other"])
    words = "The wall 'sweats' <b>black</b> & smells; since 3°C\nsecond line"
    assert post(client, path, answer=words) == "/report/4"
    assert ReportDraft.objects.get().answers["given"][-1]["said"] == words
    assert "<b>black" not in client.get("/report/3").content.decode()


def test_a_reports_whole_text_reaches_the_record(portal):
    client = come_in()
    path = answer_questions(client, ["none", "other"])
    said = "é" * 6_000
    post(client, path, answer=said)
    post(client, "/report/4", answer="kitchen")
    while (path := client.post("/report")["Location"]) not in ("/report/words", "/report/check"):
        page = client.get(path).content.decode()
        post(client, path, answer=page.split('name="answer"')[1].split('value="')[1].split('"')[0])
    post(client, "/report/words", words=said)
    post(client, "/report/whom", whom=cast.RUTHS_HOME)
    post(client, "/report/household", needs="none")
    assert post(client, "/report/check") == "/report/received"
    assert queries.of_person(cast.RUTH)[0].words == said
