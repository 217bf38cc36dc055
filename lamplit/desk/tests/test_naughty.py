"""Whatever is typed into whatever box: a page comes back, never a broken one, and nothing typed becomes markup."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from lamplit.desk.tests import story
from lamplit.desk.tests.test_who_may import addresses
from tests import cast

NAUGHTY = [
    "", " ", "\x00", "null\x00byte", "undefined", "NaN", "1/0", "0x0", "-1", "99999999999999999999", "1e309", "٣", "½",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}{% if %}", "%s%d%n", "'; DROP TABLE repair;--",
    "../../etc/passwd", "\r\nSet-Cookie: a=b", "\ufeff", "\u202eright to left",
    "Z\u0335a\u0335l\u0335g\u0335o", "👩‍👩‍👧", "ﷺ", "\ud83d",
    "田中さんにあげて下さい", "á" * 400, "x" * 9000, "\n" * 50, "true", "[]", '{"a": 1}', "\\", "`",
    "\t\v\x1b[31m", "NULL", "s_0",
]  # fmt: skip

FEW = 1
FORM = "application/x-www-form-urlencoded"  # the test's browser would take bytes for a list of numbers


def fields_of(page: str) -> list[str]:
    """Return the names of the boxes that a page's own form has."""
    return list(dict.fromkeys(re.findall(r'name="([a-zA-Z_]\w*)"', page.partition("<main")[2])))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_form_breaks(scene, desk):
    """Every form, by somebody who may send it: two rounds alike, FEW with strings that the forms share out."""
    made = story.everything(scene)
    clients = {
        "lead": desk("lead"),
        "admin": desk("admin"),
        "housing_officer": desk("housing_officer"),
        "records": desk("records"),
    }
    for turn, (name, path) in enumerate(addresses(made).items()):
        for client in clients.values():
            shown = client.get(f"{path}?person={made['person']}" if name == "contact" else path)
            if shown.status_code == 200:
                break
        if not shown["Content-Type"].startswith("text/html"):  # a paper or a picture: it has no boxes
            continue
        page = shown.content.decode()
        names = fields_of(page)
        nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)
        for filled in _rounds(names, turn):
            sent = filled | ({"nonce": nonce[1]} if nonce else {})
            answer = client.post(path, urlencode(sent, errors="surrogatepass"), content_type=FORM)
            assert answer.status_code < 500, (name, filled)
            assert b"<script>alert(1)" not in answer.content, name
            assert b"<img src=x" not in answer.content, name


def _rounds(names: list[str], turn: int) -> Iterator[dict[str, str]]:
    for same in ("\x00", "x" * 9000):
        yield dict.fromkeys(names, same)
    for start in range(turn * FEW, (turn + 1) * FEW):
        yield {name: NAUGHTY[(start * 5 + place * 7) % len(NAUGHTY)] for place, name in enumerate(names)}


def test_no_question_in_an_address_breaks_a_page(scene, desk):
    story.everything(scene)
    for string in NAUGHTY:
        safe = string.encode("utf-8", "surrogatepass")
        for path, key in (
            ("search", "q"),
            ("report", "q"),
            ("", "after"),
            ("", "f"),
            ("board/open", "from"),
            ("board/missed", "clock"),
        ):
            answer = desk("lead").get(f"/desk/{path}", {key: safe})
            assert answer.status_code < 500, (path, string)
            assert b"<script>alert(1)" not in answer.content
    lead = desk("lead")
    person = f"people/{cast.RUTH}"
    for path, key in (
        ("visits/sheet", "who"), ("visits/sheet", "firm"), ("visits/sheet/paper", "who"), ("contact", "person"),
        ("complaints/new", "home"), (person, "through"), ("search", "q"),
    ):  # fmt: skip
        assert lead.get(f"/desk/{path}", {key: "\x00"}).status_code == 400, (path, "no database takes a NUL")
    for key in ("from", "to"):
        assert lead.get("/desk/board/open", {key: "²"}).status_code == 404, "a digit that is no number"


def test_naughty_words_are_kept_as_they_were_said(scene, desk):
    from lamplit.desk.tests.scene import sent, words_of

    story.open_firm()
    told = story.report()
    for number, string in enumerate(NAUGHTY):
        if string.strip() and len(string) < 8000 and "\x00" not in string and "\ud83d" not in string:
            sent(desk("planner"), f"/desk/repairs/{told.repair}/note", says=f"{number} {string}", audience="all")
    page = words_of(desk("planner"), f"/desk/repairs/{told.repair}")
    for string in ("{{7*7}}", "'; DROP TABLE repair;--", "田中さんにあげて下さい", "Z\u0335a"):
        assert string in page
