"""Words and dates in the language of the page, and the marks where a page is still in English."""

from datetime import UTC, datetime

import pytest
from django.test import RequestFactory

from lamplit.config import languages, when
from lamplit.config.speaking import (
    BEGIN,
    END,
    NOTE,
    NOTE_END,
    gettext,
    lazy,
    mark_parts,
    marked,
    ngettext,
    of_data,
    sentence,
    unmarked,
)  # fmt: skip

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
SOON, TOMORROW, LATER = (datetime(2026, 11, 30, 14, 40, tzinfo=UTC), datetime(2026, 12, 1, 14, 40, tzinfo=UTC),
                         datetime(2026, 12, 2, 14, 40, tzinfo=UTC))  # fmt: skip
FRIDAY_ENDS = datetime(2026, 12, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "pl",
            [
                "przed godziną 14:40 dzisiaj (poniedziałek, 30 listopada)", "przed godziną 14:40 jutro (wtorek, 1 grudnia)",
                "przed godziną 14:40 w środę, 2 grudnia", "do końca dnia w piątek, 4 grudnia",
                "wtorek, 1 grudnia, między 14:40 a 18:00", "Dzisiaj, 14:40", "2 grudnia 2026", "w środę, 2 grudnia",
            ],
        ),
        (
            "cy",
            [
                "cyn 14:40 heddiw (Dydd Llun 30 Tachwedd)", "cyn 14:40 yfory (Dydd Mawrth 1 Rhagfyr)",
                "cyn 14:40 ddydd Mercher 2 Rhagfyr", "erbyn diwedd y dydd ddydd Gwener 4 Rhagfyr",
                "Dydd Mawrth 1 Rhagfyr, rhwng 14:40 a 18:00", "Heddiw, 14:40", "2 Rhagfyr 2026", "ddydd Mercher 2 Rhagfyr",
            ],
        ),
        (
            "en-gb",
            [
                "before 2:40pm today, Monday 30 November", "before 2:40pm tomorrow, Tuesday 1 December",
                "before 2:40pm on Wednesday 2 December", "by the end of Friday 4 December",
                "Tuesday 1 December, between 2:40pm and 6pm", "Today, 2:40pm", "2 December 2026", "on Wednesday 2 December",
            ],
        ),
    ],
)  # fmt: skip
def test_a_promise_says_its_day_in_her_language(code, said):
    with languages.within(languages.of_code(code)):
        assert said == [
            when.before(SOON, NOW), when.before(TOMORROW, NOW), when.before(LATER, NOW), when.before(FRIDAY_ENDS, NOW),
            when.slot(TOMORROW, datetime(2026, 12, 1, 18, 0, tzinfo=UTC)), when.near_moment(SOON, NOW), when.full_date(LATER),
            when.on_date(LATER, NOW),
        ]  # fmt: skip


def test_polish_has_three_forms_of_a_number_and_welsh_one_for_two():
    one, many = "Please wait %(count)s minute, then try again.", "Please wait %(count)s minutes, then try again."
    forms = {1: "minutę", 2: "minuty", 4: "minuty", 5: "minut", 11: "minut", 12: "minut", 21: "minut", 22: "minuty", 0: "minut"}
    with languages.within(languages.of_code("pl")):
        for count, form in forms.items():
            assert f" {count} {form}, " in ngettext(one, many, count) % {"count": count}
    with languages.within(languages.of_code("cy")):
        assert " 2 funud, " in ngettext(one, many, 2) % {"count": 2}
        assert " 3 munud, " in ngettext(one, many, 3) % {"count": 3}
    assert ngettext(one, many, 1) % {"count": 1} == "Please wait 1 minute, then try again."


def test_what_is_not_translated_is_english_and_marked_and_a_lazy_word_waits_for_its_page():
    label = lazy("Continue")
    assert str(label) == "Continue"
    with languages.within(languages.of_code("pl")):
        assert str(label) == gettext("Continue") == "Dalej"
        assert gettext("Nobody has translated this") == marked("Nobody has translated this")
        assert sentence(marked("nobody has")) == marked("Nobody has")
        assert gettext("") == ""
        with languages.in_ours():
            assert str(label) == "Continue"


def test_data_is_translated_under_its_code_or_once_for_all_and_changed_words_not_at_all():
    with languages.within(languages.of_code("cy")):
        assert of_data("option.leak_ceiling.yes", "Yes") == "Ydy"
        assert of_data("option.doors_why.yes", "Yes") == "Do"
        assert of_data("option.of_a_landlord.yes", "Yes") == "Ie"
        assert of_data("question.damp_size", "How much of it is there?") == marked("How much of it is there?")
    assert of_data("option.leak_ceiling.yes", "Yes") == "Yes"


def test_english_parts_get_a_language_only_where_a_tag_may_stand():
    page = (
        f'<title>{BEGIN}Help{END}</title><a aria-label="{BEGIN}More{END}" href="/">{BEGIN}Ring <b>{BEGIN}us{END}</b>{END}</a>'
        f"{NOTE}<p>Some is English</p>{NOTE_END}<option>{BEGIN}One{END}</option>"
    )
    assert mark_parts(page) == (
        '<title>Help</title><a aria-label="More" href="/"><span lang="en">Ring <b><span lang="en">us</span></b></span></a>'
        "<p>Some is English</p><option>One</option>"
    )
    assert mark_parts(f"<p>Pomoc</p>{NOTE}<p>Some is English</p>{NOTE_END}") == "<p>Pomoc</p>"
    for typed in (f"<p>{BEGIN}{BEGIN}{END}</p>", f"<p>{END}{BEGIN}</p>"):
        assert mark_parts(typed) == "<p></p>"
    assert unmarked(marked("x")) == "x"


@pytest.mark.parametrize(
    ("path", "cookie", "reads", "code"),
    [
        ("/report", None, "pl-PL,pl;q=0.9", "pl"), ("/report", None, "cy", "cy"), ("/report", None, "uk,de;q=0.5", "en-GB"),
        ("/report", None, None, "en-GB"), ("/report", "cy", "pl", "cy"), ("/report", "en-GB", "pl", "en-GB"),
        ("/report", "../../etc", "pl", "pl"), ("/desk/", "pl", "pl", "en-GB"), ("/api/v1/jobs", "pl", "pl", "en-GB"),
    ],
)  # fmt: skip
def test_she_chooses_else_her_browser_says_and_the_desk_is_ours(path, cookie, reads, code):
    request = RequestFactory().get(path, headers={"Accept-Language": reads} if reads else {})
    if cookie:
        request.COOKIES["language"] = cookie
    assert languages.chosen(request).code == code


def test_the_choice_stays_in_the_browser_and_leads_back_to_this_site_only():
    ask = RequestFactory().get
    chosen = languages.language(ask("/language", {"to": "pl", "back": "/report/2"}))
    assert (chosen["Location"], chosen.cookies["language"].value) == ("/report/2", "pl")
    made_up = languages.language(ask("/language", {"to": "xx", "back": "https://evil.test/"}))
    assert (made_up["Location"], "language" in made_up.cookies) == ("/", False)


def test_a_record_may_name_a_language_in_its_own_words():
    assert [languages.named(name) for name in ("Polish", " polski ", "CY", "Somali", None)] == [
        languages.of_code("pl"), languages.of_code("pl"), languages.of_code("cy"), None, None,
    ]  # fmt: skip
