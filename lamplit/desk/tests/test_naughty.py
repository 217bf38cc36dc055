"""Whatever is typed into whatever box: a page comes back, never a broken one, and nothing typed becomes markup."""

import re
from collections.abc import Iterator

import pytest

from lamplit.desk.tests import story
from lamplit.desk.tests.test_who_may import addresses

NAUGHTY = [
    "", " ", "\x00", "null\x00byte", "undefined", "NaN", "1/0", "0x0", "-1", "99999999999999999999", "1e309", "٣", "½",
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}{% if %}", "%s%d%n", "'; DROP TABLE repair;--",
    "../../etc/passwd", "\r\nSet-Cookie: a=b", "\ufeff", "\u202eright to left",
    "Z\u0335a\u0335l\u0335g\u0335o", "👩‍👩‍👧", "ﷺ", "\ud83d",
    "田中さんにあげて下さい", "á" * 400, "x" * 9000, "\n" * 50, "true", "[]", '{"a": 1}', "\\", "`",
    "\t\v\x1b[31m", "NULL", "s_0",
]  # fmt: skip


def fields_of(page: str) -> list[str]:
    """Return the names of the boxes that a page's own form has."""
    return list(dict.fromkeys(re.findall(r'name="([a-zA-Z_]\w*)"', page.partition("<main")[2])))


@pytest.mark.slow
def test_no_form_breaks(scene, desk):
    """Every form, by somebody who may send it: each round puts other strings into its boxes, and three fill all of them alike."""
    made = story.everything(scene)
    clients = {
        "lead": desk("lead"),
        "admin": desk("admin"),
        "housing_officer": desk("housing_officer"),
        "records": desk("records"),
    }
    for name, path in addresses(made).items():
        for client in clients.values():
            shown = client.get(f"{path}?person={made['person']}" if name == "contact" else path)
            if shown.status_code == 200:
                break
        page = shown.content.decode()
        names = fields_of(page)
        nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', page)
        for filled in _rounds(names):
            sent = filled | ({"nonce": nonce[1]} if nonce else {})
            answer = client.post(path, {key: value.encode("utf-8", "surrogatepass") for key, value in sent.items()})
            assert answer.status_code < 500, (name, filled)
            assert b"<script>alert(1)" not in answer.content, name
            assert b"<img src=x" not in answer.content, name


def _rounds(names: list[str]) -> Iterator[dict[str, str]]:
    for same in ("", "\x00", "x" * 9000):
        yield dict.fromkeys(names, same)
    for start in range(0, len(NAUGHTY), 5):
        yield {name: NAUGHTY[(start + place * 7) % len(NAUGHTY)] for place, name in enumerate(names)}


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
