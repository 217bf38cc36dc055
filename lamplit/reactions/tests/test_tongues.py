"""Letters in another language: whole, of our templates' shape, sent before ours, and known to be ours when they are checked."""

import ast
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jinja2 import meta

from lamplit import reactions
from lamplit.basics import who
from lamplit.basics.clock import LONDON
from lamplit.messages import rules
from lamplit.messages.rules import checking, templates
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote, Reach
from lamplit.reactions import follow as following
from lamplit.reactions import letters, wording
from lamplit.reactions.fields import fields
from lamplit.reactions.tests.test_letters import TURNS, VALUES
from lamplit.reactions.tests.working import follow, messages
from lamplit.reactions.tongues import Phrase, tongue
from lamplit.repairs.actions.closing import read_answer
from lamplit.repairs.facts import Answer, Caller
from lamplit.repairs.tests import story
from tests.cast import AT, BY_PRIYA, RUTH
from tests.landlord import Landlord

FOLDER = Path(reactions.__file__).parent
CODES = sorted(one.letters for one in rules.languages() if one.letters)
EVERY = [
    (code, name.removesuffix(".txt"))
    for code in CODES
    for name in letters.templates(code).list_templates()
    if not name.startswith("_")
]
DAY = timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=LONDON)


def read_in(code: str) -> str:
    return next(one.name for one in rules.languages() if one.letters == code)


def hers(code: str, template: str, **values: Any) -> rules.InHers:
    written = letters.in_hers(template, None, AT, read_in(code), **(VALUES | values))["hers"]
    assert isinstance(written, rules.InHers)
    return written


def test_each_language_has_its_folder_and_the_same_letters() -> None:
    assert sorted(one.name for one in (FOLDER / "words").iterdir() if one.is_dir()) == CODES
    each = [{template for of, template in EVERY if of == code} for code in CODES]
    assert each[0], "none is empty"
    assert all(one == each[0] for one in each)
    assert {"repair_received", "visit_booked", "is_it_mended", "hazard_summary"} <= each[0]


@pytest.mark.parametrize(("code", "template"), EVERY)
def test_it_uses_what_ours_uses_and_reads_to_its_end_in_every_turn(code: str, template: str) -> None:
    environment = letters.templates(code)
    source = environment.loader.get_source(environment, f"{template}.txt")[0]
    assert meta.find_undeclared_variables(environment.parse(source)) - {"now", "landlord"} == set(fields()[template])
    about = Phrase("report {reference}", reference="M-7KDQ-42XR")
    for turn in TURNS:
        phrases = {"about": about, "tried": [Phrase("We knocked.")], "what": Phrase("mobile number")}
        said = hers(code, template, **(turn | phrases))
        rules.check_body(said.subject, said.body)
        assert "0303 100 0100" in said.body, "her landlord's number"
        assert "We knocked" not in said.body
        assert len(said.body) + rules.reader.ROOM_FOR_CODE + 160 <= rules.TEXT_HOLDS, "with the first line it is one text"
        _, ours = letters.write(template, AT, **(VALUES | turn))
        assert ours != said.body


def test_every_phrase_is_said_in_every_language_and_none_is_left_over() -> None:
    used = {
        node.args[0].value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Phrase"
        if isinstance(node.args[0], ast.Constant)
    }
    assert used
    assert all(set(tongue(code).phrases) == used for code in CODES)


@pytest.mark.parametrize(
    ("due_at", "polish", "welsh"),
    [
        (
            MONDAY.replace(hour=14, minute=40),
            "przed godziną 14:40 dzisiaj (poniedziałek, 2 marca)",
            "cyn 14:40 heddiw (Dydd Llun 2 Mawrth)",
        ),
        (MONDAY.replace(day=4, hour=0), "do końca dnia jutro (wtorek, 3 marca)", "erbyn diwedd yfory (Dydd Mawrth 3 Mawrth)"),
        (MONDAY.replace(day=12, hour=8), "przed godziną 08:00 w czwartek, 12 marca", "cyn 08:00 ddydd Iau 12 Mawrth"),
        (MONDAY.replace(day=14, hour=0), "do końca dnia w piątek, 13 marca", "erbyn diwedd y dydd ddydd Gwener 13 Mawrth"),
    ],
)
def test_a_time_limit_is_said_as_the_language_says_it(due_at: datetime, polish: str, welsh: str) -> None:
    assert tongue("pl").before(due_at, MONDAY) == polish
    assert tongue("cy").before(due_at, MONDAY) == welsh


@pytest.mark.parametrize(("code", "template"), EVERY)
def test_it_is_known_to_be_ours_word_for_word(code: str, template: str) -> None:
    patterns = templates.patterns(wording.in_use({}), template)
    first = rules.convey(rules.Wishes(language=code), "0303 100 0100").first
    phrases = {"about": Phrase("a repair near you"), "tried": [Phrase("We knocked.")], "what": Phrase("mobile number")}
    for turn in TURNS:
        told = letters.write(template, AT, **(VALUES | turn | phrases))
        both, whole = rules.said_in_both(*told, hers(code, template, **(turn | phrases)), first, "email")
        sent = f"{both}\n\n{rules.with_code(whole, '7KDQ42')}"
        known = checking.compare_fixed(sent, patterns)
        assert (known.kind, known.strange) == ("fixed", ())
    changed = checking.compare_fixed(sent.replace("0303 100 0100", "0909 666 6666", 1), patterns)
    assert (changed.kind, [mark.said for mark in changed.marks]) == ("part", ["0909 666 6666"])


@pytest.fixture
def _begun(landlord: Landlord) -> None:
    following.begin_at(0)
    story.begin()


def _prefers(channel: str | None = None) -> None:
    for code, value in (("language", "Polish"), ("channel", channel)):
        if value is not None:
            about = PersonNote(what="preference", code=code, value=value)
            story.do(people.note_person, person=RUTH, about=about, by=BY_PRIYA, at=AT - DAY)


@pytest.mark.usefixtures("_begun")
def test_whoever_reads_polish_is_written_to_in_polish_and_in_english(landlord: Landlord) -> None:
    story.do(
        people.set_reach, by=who.cli("import"), at=AT - 2 * DAY, person=RUTH,
        how=Reach(channel="email", value="ruth@example.org", state="works", safe=True),
    )  # fmt: skip
    _prefers("email")
    made = story.report()
    follow(landlord)
    (receipt,) = messages("repair_received")
    assert receipt.channel == "email"
    polish, _, english = receipt.body.partition("\n\nIn English:\n\n")
    assert polish.startswith("Polski: Jeśli potrzebują")
    assert f"Numer Twojego zgłoszenia to {made.reference}." in polish
    assert "Naprawimy to do końca dnia" in polish
    assert "To tłumaczenie czeka" in polish, "nobody who grew up with it has read it"
    assert "We will mend it by the end of" in english
    assert receipt.subject.startswith("Mamy Twoje zgłoszenie")
    assert "We have your report" in receipt.subject


@pytest.mark.usefixtures("_begun")
def test_a_text_that_holds_one_language_says_it_in_hers(landlord: Landlord) -> None:
    _prefers()
    story.report()
    follow(landlord)
    (receipt,) = messages("repair_received")
    assert receipt.channel == "text"
    assert len(receipt.body) <= rules.TEXT_HOLDS
    assert "Naprawimy to do końca dnia" in receipt.body
    assert "We will mend" not in receipt.body
    assert "/ We have your report" in receipt.subject, "staff read in their list what it was"


@pytest.mark.usefixtures("_begun")
def test_what_fails_by_email_fits_the_text_that_goes_instead(landlord: Landlord) -> None:
    both = rules.said_in_both("Hello", "We come. " * 60, hers("pl", "repair_received", **TURNS[0]), None, "email")[1]
    whole = rules.with_code(both, "7KDQ42")
    assert len(whole) > rules.TEXT_HOLDS
    text = rules.as_text(whole)
    assert len(text) <= rules.TEXT_HOLDS
    assert text.endswith("\n\nCheck this message: code 7KDQ42")
    assert "We come" not in text
    assert "To tłumaczenie czeka" not in text
    assert rules.as_text("We come.\n\nCheck this message: code 7KDQ42") == "We come.\n\nCheck this message: code 7KDQ42"


@pytest.mark.usefixtures("_begun")
def test_somebody_whom_we_do_not_know_is_answered_in_the_language_that_she_read(landlord: Landlord) -> None:
    answers = [Answer(question="what", said="Leak", language="pl", asked="Co się stało?", shown="Przeciek")]
    caller = Caller(name="Ann", phone="07700 900077")
    story.report(reporter=None, by=who.visitor(), channel="visitor", caller=caller, answers=answers)
    follow(landlord)
    (receipt,) = messages("repair_received")
    assert receipt.body.startswith("Polski: Jeśli potrzebują")
    assert "Dziękujemy za wiadomość." in receipt.body
    (word,) = messages("repair_reported_for_you")
    assert "Somebody told us" in word.body
    assert "Polski" not in word.body, "Ruth reads English"


def test_yes_and_no_are_understood_as_the_question_asks_for_them() -> None:
    for code, yes, no in (("pl", "TAK", "NIE"), ("cy", "YDY", "NA")):
        asked = hers(code, "is_it_mended", **(TURNS[0] | {"channel": "text"})).body
        assert yes in asked
        assert no in asked
        assert read_answer(f"{yes.title()}.") == "yes"
        assert read_answer(no) == "no"


def test_a_screen_reader_is_told_which_part_is_in_which_language() -> None:
    first, told = rules.convey(rules.Wishes(language="pl"), "0303 100 0100").first, hers("pl", "repair_joined")
    ours = letters.write("repair_joined", AT, **VALUES)
    both = rules.said_in_both(*ours, told, first, "email")[1]
    assert [code for code, _ in rules.spoken_parts(both)] == ["pl", ""]
    assert rules.spoken_parts(rules.with_first_line(told.body, first)) == [("pl", rules.with_first_line(told.body, first))]
    assert rules.spoken_parts(rules.with_first_line(ours[1], first)) == [("pl", first), ("", ours[1])]
    assert rules.spoken_parts(ours[1]) == [("", ours[1])]
