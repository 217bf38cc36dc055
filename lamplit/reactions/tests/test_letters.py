"""The words that people get: plain, whole, and never a link or a number to pay to."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import meta

from lamplit import reactions
from lamplit.basics.fact import REGISTRY
from lamplit.messages import rules
from lamplit.reactions import worker
from lamplit.reactions.fields import CannotWriteError, fields
from lamplit.reactions.letters import templates, write
from lamplit.reactions.table import REACTIONS
from lamplit.repairs.facts import WorkPlanned
from lamplit.repairs.rules.diary import Slot
from tests.cast import AT

FOLDER = Path(reactions.__file__).parent
TEMPLATES = sorted(name.removesuffix(".txt") for name in templates().list_templates() if not name.startswith("_"))
OF_MONEY = {
    "debit_confirmed", "debit_details", "debit_ended", "debit_missed", "debit_notice", "rent_change", "rent_letter_1",
    "rent_letter_2", "rent_text",
}  # fmt: skip
TOMORROW = AT + timedelta(days=1)
VALUES = {
    "reference": "M-7KDQ-42XR", "due_at": TOMORROW, "from_at": TOMORROW, "until_at": TOMORROW + timedelta(hours=4),
    "arrived_at": AT, "changed_at": AT, "call_on": TOMORROW.date(), "acknowledge_by_on": TOMORROW.date(),
    "respond_by_on": TOMORROW.date(), "about": "report M-7KDQ-42XR", "staff": "Priya Nair", "ring": 2, "what": "mobile number",
    "tried": ["We knocked.", "We rang you."], "attempt": 1, "found": "Mould over the window.", "no_work": "The wall is dry.",
    "channel": "text", "how": "confirmed", "name": "Jo Planner", "allowed": "120 people in an hour", "reached_at": AT,
    "next_at": TOMORROW, "last_at": AT, "count": 2, "faults": "2 faults were", "found_at": AT, "expected": "serial 4712",
    "first": "The account t_1 has a balance that is not the sum of its lines.", "label": "P-7KDQ", "opened_at": AT,
    "every": "each month", "why": "Your Direct Debit begins.", "dues": ["1 July 2026: £400.00", "1 August 2026: £400.00"],
    "guarantee": ["This is where the words of the bank stand."], "last3": "810", "until": TOMORROW.date(), "day": TOMORROW.date(),
    "sentence": "We will not take your Direct Debit on 1 July. You are not in arrears. Keep it in place.",
    "says": "Please pay £130.97 by Thursday 16 April.", "working": ["Charged and not paid yet: £130.97"], "on": TOMORROW.date(),
    "sampled_at": AT, "quarter": "2026Q3", "of": "1,200", "firm": "Kindle Works",
    "home": "5 Ember Rise, Lampton, ZZ1 1AA", "was": ["Rent: £118.47"], "becomes": ["Rent: £124.16"],
    "old": "£118.47", "new": "£124.16", "starts": "6 April 2026", "written": "2 February 2026", "cpi": "3.8",
    "body": "We come tomorrow. Call us on 0303 100 0100.", "said": ["We did not send this.", "Ring us on 0303 100 0100."],
}  # fmt: skip
FAN = WorkPlanned(what="Fit a fan", begins_on=TOMORROW.date(), ends_on=TOMORROW.date())
SLOT = Slot(day=TOMORROW.date(), part="am", from_at=TOMORROW, until_at=TOMORROW + timedelta(hours=4), free=1, late=False)
TURNS = [
    {
        "emergency": yes, "lead": yes, "joined": joined == "report",
        "reaches": joined == "home", "moved": yes, "ours": yes, "unsaid": yes, "how": how, "channel": channel,
        "source": yes, "said_so": yes, "owed": 1000 if yes else None, "next": SLOT if yes else None, "finding": finding,
        "works": [FAN] if yes else [], "missed": yes, "overdue": yes, "drill": yes,
        "choose": yes, "fault": yes, "by_bank": yes, "stopped": yes, "affordable": yes, "converging": "£1.00" if yes else None,
        "tenancy": not yes, "council": yes, "credit": yes, "debit_follows": yes, "debit_asks": not yes,
    }
    for yes, joined in ((True, "report"), (False, ""), (False, "home"))
    for how, channel, finding in (
        ("confirmed", "text", "significant"),
        ("not_confirmed", "email", "emergency"),
        ("not_ours", "post", "none"),
    )
]  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("turn", TURNS)
def test_every_letter_reads_plainly_in_every_turn(template: str, turn: dict[str, object]) -> None:
    subject, body = write(template, AT, **(VALUES | turn))
    rules.check_body(subject, body)
    assert "Call us on 0" in body
    for sentence in re.split(r"[.?!:]\s|\n", f"{subject}\n{body}"):
        assert len(sentence.split()) <= 25, sentence
    assert not re.search(r"successful|please note|kindly|\n\n\n|  ", body, re.IGNORECASE)


@pytest.mark.parametrize("template", ["repair_received", "repair_reopened"])
def test_whoever_does_not_live_there_reads_no_date(template: str) -> None:
    _, body = write(template, AT, **(VALUES | TURNS[0] | {"due_at": None, "emergency": False}))
    assert "those who live there" in body
    assert "March" not in body


def test_every_template_is_used_and_every_used_one_is_there() -> None:
    texts = {
        node.value
        for path in (*FOLDER.glob("*.py"), *(FOLDER.parent / "exchange" / "post").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(TEMPLATES) <= texts


def test_every_letter_says_what_it_needs_and_uses_all_of_it() -> None:
    """Every field is declared and used; none asks for money where it may not: there is no kind of field for it."""
    assert set(fields()) == set(TEMPLATES)
    loader = templates().loader
    for name, declared in fields().items():
        source = loader.get_source(templates(), f"{name}.txt")[0]
        assert meta.find_undeclared_variables(templates().parse(source)) - {"now", "landlord"} == set(declared), name
        # A letter about a Direct Debit speaks of her bank; where to pay is said by none.
        asks = r"account number|sort code|(bank|credit|debit) card" + ("" if name in OF_MONEY else r"|bank|\bpay\b|£")
        assert not re.search(asks, source, re.IGNORECASE), name


def test_every_letter_that_names_a_sum_or_a_day_says_whether_it_asks_anything_of_its_reader() -> None:
    """Else an incident would not stop it: its reader may be asked for money by somebody who holds our system."""
    names = {"dues", "working", "sentence"}  # of money, beside the kinds of days
    kinds = {"day", "moment", "slot", "works"}
    wanted = {one for one, each in fields().items() if names & set(each) or kinds & {field.kind for field in each.values()}}
    assert wanted == {one for one in fields() if rules.asks(one) is not None or rules.asks_nothing(one)}
    for letter in ("debit_notice", "debit_missed", "debit_details"):
        assert rules.asks(letter) == "money"


@pytest.mark.parametrize(
    ("letter", "wrong", "said"),
    [
        ("repair_joined", {"reference": None}, "'reference' is missing"),
        ("repair_joined", {"reference": "7"}, "a number like"),
        ("repair_accepted", {"staff": None}, "'staff' is missing"),
        ("visit_booked", {"from_at": "tomorrow"}, "a day and a time"),
        ("visit_booked", {"from_at": AT.replace(tzinfo=None)}, "a day and a time"),
        ("visit_missed", {"call_on": AT}, "a day"),
        ("on_call", {"ring": True}, "a whole number"),
        ("no_access", {"tried": ["We knocked.", ""]}, "sentences"),
        ("no_such_letter", {}, "does not say what it needs"),
    ],
)
def test_a_letter_with_a_hole_is_not_written_and_what_is_wrong_is_said(letter: str, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(CannotWriteError, match=said) as no:
        write(letter, AT, **(VALUES | TURNS[0] | wrong))
    assert "tomorrow" not in str(no.value)


def test_without_what_may_be_missing_it_reads_as_well() -> None:
    _, body = write("no_access", AT, **(VALUES | TURNS[0] | {"tried": None}))
    assert "This is what we tried" not in body


def test_somebody_at_the_desk_reads_what_is_wrong_with_a_letter() -> None:
    owed = worker._failed(2, ["The letter 'x' was not written: 'y' is missing."] * 2)
    assert owed == "2 entries wait for a reaction that failed. The letter 'x' was not written: 'y' is missing."
    assert worker._failed(1, []) == "1 entry waits for a reaction that failed. The log says why."


def grade(text: str) -> float:
    """Return the school year in which a text can be read (Flesch and Kincaid), syllables counted by their vowels."""
    text = re.sub(r"\b[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}\b|\d[\d ,.:]*", "it", text)
    sentences = max(1, len(re.findall(r"[.?!]+(?:\s|$)", text)))
    found = re.findall(r"[a-z’']+", text.lower())
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word)))) for word in found)
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_letter_is_easy_by_the_count_too(template: str) -> None:
    """A count of syllables knows no sense: "emergency" has four and everybody knows it. So the limit is two years above nine."""
    _, body = write(template, AT, **(VALUES | TURNS[0]))
    assert grade(body) <= 6.5, grade(body)


def test_every_fact_has_decided_reactions() -> None:
    ours = {cls for cls in REGISTRY.values() if cls.__module__.startswith("lamplit.") and ".tests" not in cls.__module__}
    assert set(REACTIONS) == ours


def test_every_reaction_has_its_own_name() -> None:
    listed = [(f.__module__, f.__name__) for reactions_ in REACTIONS.values() for f in reactions_]
    assert len(listed) == len(set(listed))
