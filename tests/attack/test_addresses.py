"""No page links to an address with anybody's name, number or words in it, and no log line has them: addresses end up in logs."""

import io
import logging
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_plus

import pytest
from django.test import Client, override_settings

from lamplit.config.logs import WithoutWords
from lamplit.desk.tests.scene import Scene, open_scene
from lamplit.repairs.tests import story
from tests import cast
from tests.landlord import Landlord

pytestmark = [pytest.mark.attack, pytest.mark.slow]
MOST = 120  # pages of one browser
LINKS = re.compile(r'(?:href|action|src|formaction)="([^"]*)"')
IDS = re.compile(r"\b[a-z]_[0-9a-z]{20}\b")  # those of the cast are readable, as no others are
WORDS = [
    "ruth",
    "adeyemi",
    r"mia\b",
    "tomasz",
    "wolski",
    "ember",
    "zz1 ?1aa",
    "7700 ?900005",
    "landlord.ex",
    "priya",
    "water drips",
]
PERSONAL = re.compile("|".join(WORDS), re.IGNORECASE)
LEAVES = ("/sign-out", "/desk/sign-out", "/static/", "/desk/welcome/")


@pytest.fixture
def scene(landlord: Landlord) -> Scene:
    made = open_scene()
    for fault in ("leak_fitting", "damp_mould"):
        story.report(story.actions.Said(fault=fault, room="kitchen"), at=story.AT)
    return made


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, at any level, in the form in which it goes out."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(WithoutWords("{levelname} {name} {message}", style="{"))
    for name in ("", "django"):  # Django's own does not go on to the root
        logging.getLogger(name).addHandler(handler)
    yield said
    for name in ("", "django"):
        logging.getLogger(name).removeHandler(handler)


def walk(client: Client, first: str) -> Iterator[tuple[str, str]]:
    """Follow every link from page to page. Yields (page, link), unescaped."""
    waiting, seen = [first], {first}
    while waiting and len(seen) < MOST * 4:
        page = waiting.pop(0)
        answer = client.get(page, follow=True)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for found in LINKS.findall(answer.content.decode()):
            link = unescape(found)
            yield page, link
            path = link.partition("#")[0]
            if path.startswith("/") and not path.startswith(LEAVES) and path not in seen:
                seen.add(path)
                if len(seen) < MOST:
                    waiting.append(path)


def told(links: Iterator[tuple[str, str]]) -> tuple[int, list[tuple[str, str]]]:
    """Return how many links there were, and those that tell something of somebody."""
    every = [(page, link) for page, link in links if not link.startswith(("tel:", "mailto:", "sms:"))]
    return len(every), [(page, link) for page, link in every if PERSONAL.search(IDS.sub("", unquote_plus(link)))]


@pytest.mark.parametrize("role", ["lead", "planner", "housing_officer", "operative"])
def test_the_desk_links_to_ids_alone(scene: Scene, role: str) -> None:
    count, bad = told(walk(scene.browser(role), "/desk/"))
    assert count > 50
    assert bad == []


def test_the_portal_links_to_ids_alone(scene: Scene) -> None:
    from lamplit.portal import codes
    from lamplit.portal.tests.scene import come_in

    with override_settings(CODE_SENDER="lamplit.portal.codes.Outbox"):
        codes.sender.cache_clear()
        count, bad = told(walk(come_in(), "/"))
    codes.sender.cache_clear()
    assert count > 30
    assert bad == []


def test_a_page_that_breaks_logs_no_word_of_what_was_typed(
    scene: Scene, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst that can happen: an error whose own text quotes the form, in the middle of a page."""

    quoted = f"cannot write {WORDS}"  # not spelt out below: a traceback shows our own code, which is public

    def break_(*_: object, **__: object) -> None:
        raise ValueError(quoted)

    monkeypatch.setattr("lamplit.people.queries.search", break_)
    client = scene.browser("lead")
    client.raise_request_exception = False
    assert client.post("/desk/search", {"q": "Ruth Adeyemi"}).status_code == 500
    assert client.get("/desk/people/Ruth-Adeyemi-not-an-id").status_code == 404
    assert client.post("/desk/people/new", {"name": "Ruth Adeyemi"}).status_code in (200, 400, 403)
    said = logged.getvalue()
    assert "ValueError" in said
    assert PERSONAL.search(said.replace("/desk/people/Ruth-Adeyemi-not-an-id", "")) is None, said


def test_it_would_see_one() -> None:
    page = [("/desk/", "/desk/search?q=Ruth+Adeyemi"), ("/desk/", "/desk/homes/h_0")]
    assert told(iter(page)) == (2, page[:1])
    assert cast.RUTH  # the names above are the cast's
