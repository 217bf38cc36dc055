"""What every page of the kit promises: nothing inline, no two ids alike, every word escaped, misspelt names are loud."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest

pytestmark = pytest.mark.slow
NEEDED = ["name", "code", "amount", "what", "room", "lives_here", "team", "seen_on_day", "agree"]
PAGES = ["gallery", "large", "desk", "question", "plain", "standby"]


class Seen(HTMLParser):
    """Every tag of a page with its attributes, and the words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_inline_style_script_or_handler(kit_pages, page):
    seen = Seen(kit_pages[page])
    assert not seen.all("style")
    assert all(attrs.get("src") for attrs in seen.all("script"))
    assert not [(tag, name) for tag, attrs in seen.tags for name in attrs if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_language_a_title_one_main_and_one_h1(kit_pages, page):
    seen = Seen(kit_pages[page])
    assert seen.all("html")[0]["lang"] == "en-GB"
    assert "Harbour &amp; Heath Homes</title>" in kit_pages[page]
    assert len(seen.all("main")) == len(seen.all("h1")) == 1
    assert seen.all("a")[0]["href"] == "#main"


@pytest.mark.parametrize("page", PAGES)
def test_every_id_stands_once_and_everything_that_points_at_one_finds_it(kit_pages, page):
    seen = Seen(kit_pages[page])
    ids = Counter(attrs["id"] for _, attrs in seen.tags if attrs.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    pointed = {attrs["for"] for attrs in seen.all("label") if attrs.get("for")}
    pointed |= {attrs["href"][1:] for attrs in seen.all("a") if re.match("#.", attrs.get("href") or "")}
    for _, attrs in seen.tags:
        pointed |= set((attrs.get("aria-describedby") or "").split()) | set((attrs.get("aria-labelledby") or "").split())
    assert pointed - set(ids) == set()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_empty_is_shown_as_none(kit_pages, page):
    assert not re.search(r"\bNone\b(?! of these)", Seen(kit_pages[page]).words)
    assert not [attrs for _, attrs in Seen(kit_pages[page]).tags if "None" in attrs.values()]


def test_a_page_with_errors_says_so_in_its_summary_in_page_order(kit_pages):
    summary = kit_pages["gallery"].split("Please check this")[1].split("</ul>")[0]
    links = re.findall(r'href="#(\w+)"', summary)
    assert links == [f"wrong_{n}" for n in NEEDED]


def test_what_was_typed_wrong_stands_in_its_box_again(kit_pages):
    boxes = {attrs.get("name"): attrs for attrs in Seen(kit_pages["gallery"]).all("input") if "wrong" in attrs.get("id", "")}
    assert [boxes[f"seen_on_{part}"]["value"] for part in ("day", "month", "year")] == ["31", "2", "2026"]


def test_the_choice_that_was_kept_is_marked(kit_pages):
    chosen = [a["id"] for a in Seen(kit_pages["gallery"]).all("input") if "checked" in a]
    assert chosen == ["blank_room-2", "blank_lives_here"]


def test_the_way_out_stands_on_a_portal_page_and_needs_no_script(kit_pages):
    ways = [attrs for attrs in Seen(kit_pages["gallery"]).all("a") if "data-exit" in attrs]
    assert [way["href"] for way in ways] == ["https://www.bbc.co.uk/weather"]
    assert set(ways[0]["rel"].split()) == {"nofollow", "noreferrer", "noopener"}


def test_a_clock_has_whole_words_for_the_ear(kit_pages):
    assert "3 hours 5 minutes left" in kit_pages["desk"]


def test_a_queue_row_that_nobody_has_says_so(kit_pages):
    assert "nobody yet" in Seen(kit_pages["desk"]).words


def test_the_stack_says_in_words_which_homes_are_lit(kit_pages):
    words = " ".join(Seen(kit_pages["desk"]).words.split())
    assert "Home 10: bath overflow, reported 20 November" in words
    assert "Home 7 (this one): water through the kitchen light" in words


def test_the_desk_shows_only_the_sections_that_somebody_may_see(kit_pages):
    assert ">Record</a>" in kit_pages["desk"]
    assert ">Record</a>" not in kit_pages["desk_sections"]
    assert "&lt;b&gt;" in kit_pages["desk_sections"]


def test_the_standby_says_that_it_is_one_and_whom_to_ring(kit_pages):
    assert "You are on our standby service" in kit_pages["standby"]
    assert "0303 100 0100 or help.lamplit.example" in kit_pages["standby"]
    assert "lamp-standby" not in kit_pages["plain"]


def test_large_print_is_one_class_and_its_link_turns_it_off_again(kit_pages):
    assert Seen(kit_pages["large"]).all("html")[0]["class"] == "large-print"
    assert "/print-size?to=usual&amp;back=/kit" in kit_pages["large"]
    assert "/print-size?to=large&amp;back=/kit" in kit_pages["gallery"]


def test_the_print_size_link_comes_back_to_this_site_only(kit_pages):
    assert kit_pages["print_size_home"] == "/repairs"
    assert kit_pages["print_size_elsewhere"] == "/"
    assert kit_pages["print_size_cookie"].startswith("print_size=large;")


def test_every_word_is_escaped(kit_pages):
    assert "<script" not in kit_pages["escaped"]
    assert kit_pages["escaped"].count("&lt;script&gt;") == 9


def test_a_misspelt_name_is_an_error_and_a_missing_key_is_not(kit_pages):
    assert kit_pages["misspelt_name"] == "UndefinedError: 'tennant' is undefined"
    assert kit_pages["misspelt_attribute"].startswith("UndefinedError: 'datetime.datetime object' has no attribute 'yeer'")
    assert kit_pages["missing_key"] == "[]"
