"""The desk in another language: every word of its own is found in a catalogue, and nothing translated goes into the record.

They are read in a language that says every word between brackets (`tests/brackets.py`).
"""

from collections.abc import Callable
from typing import Any

import pytest
from babel import Locale
from django.apps import apps
from django.test import Client

from lamplit.config import languages, speaking
from lamplit.desk.tests import story
from lamplit.desk.tests.scene import ROLES, sent
from lamplit.desk.tests.test_who_may import addresses
from lamplit.record.page import Page
from lamplit.staff import queries as staff
from tests import brackets, cast


@pytest.fixture
def in_brackets(monkeypatch: pytest.MonkeyPatch, desk: Callable[[str], Client]) -> Callable[[str], Client]:
    """Return a browser of somebody with a role, who reads the desk between brackets."""
    brackets.used(monkeypatch)

    def opened(role: str) -> Client:
        client = desk(role)
        client.cookies[languages.DESK_COOKIE] = "cy"
        return client

    return opened


def words_known() -> set[str]:
    """Return every word that people wrote, or that stands in the tables otherwise, and the names of days and months."""
    welsh = Locale("cy")
    known = set(brackets.WORD.findall(str([*welsh.days["format"]["wide"].values(), *welsh.months["format"]["wide"].values()])))
    for model in apps.get_models():
        if model.__module__.startswith("lamplit."):
            for row in model.objects.values():
                known |= {word.lower() for value in row.values() for word in brackets.WORD.findall(str(value))}
    return {word.lower() for word in known}


@pytest.mark.timeout(400)
def test_every_word_of_the_desk_can_be_said_in_another_language(scene, in_brackets):
    pages = addresses(story.everything(scene))
    known = words_known() | {word.lower() for one in languages.LANGUAGES for word in brackets.WORD.findall(one.own_name)}
    drawn: set[str] = set()
    wrong = set()
    for role in sorted(ROLES, key=lambda role: -len(staff.allowed([role]))):
        client = in_brackets(role)
        for name, path in pages.items():
            if name in drawn:
                continue
            answer = client.get(f"{path}?person={cast.RUTH}" if name in ("contact", "new_complaint") else path)
            if answer.status_code != 200 or answer.streaming or not answer["Content-Type"].startswith("text/html"):
                continue
            drawn.add(name)
            wrong |= {
                (name, piece)
                for piece in brackets.unsaid(answer.content.decode())
                if not all(word.lower() in known for word in brackets.WORD.findall(piece))
            }
    assert len(drawn) > 55
    assert not wrong, "\n".join(f"{name}: {piece}" for name, piece in sorted(wrong))


def test_what_is_written_down_is_in_our_language_whatever_she_reads(scene, in_brackets, monkeypatch):
    written: list[str] = []
    keep = Page._write

    def kept(self: Page, fact: Any, by: Any, at: Any) -> str:
        written.append(repr(fact))
        return keep(self, fact, by, at)

    repair = story.report().repair
    monkeypatch.setattr(Page, "_write", kept)
    planner = in_brackets("planner")
    sent(planner, f"/desk/repairs/{repair}/note", says="Seen from the street.", audience="staff")
    sent(planner, f"/desk/repairs/{repair}/order-work", trade="plumber", what="Mend the pipe", needs=["photo"])
    assert len(written) > 1
    assert [one for one in written if brackets.BEGIN in one or speaking.BEGIN in one] == []


def test_the_desk_is_english_until_she_chooses_and_her_choice_is_the_desks_alone(scene, desk):
    lead = desk("lead")
    lead.cookies[languages.COOKIE] = "cy"
    assert '<html lang="en-GB"' in lead.get("/desk/", headers={"Accept-Language": "cy"}).content.decode()
    assert lead.get("/language?to=cy&back=/desk/").cookies.keys() == {languages.DESK_COOKIE}
    page = lead.get("/desk/").content.decode()
    assert '<html lang="cy"' in page
    assert "Allgofnodi" in page
    assert page.count("Mae rhan o'r dudalen hon yn Saesneg o hyd.") == 1
    assert '<span lang="en">' in page
