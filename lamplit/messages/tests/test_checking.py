"""Is it ours? Comparing, without a database: what copying changes does not count, and what a fraudster changes does."""

import pytest

from lamplit.messages.rules import checking, templates
from lamplit.messages.rules.checking import Told, compare, compare_fixed
from lamplit.messages.rules.templates import Words

VISIT = """Subject: {% if moved %}We have moved our visit to{% else %}We will come on{% endif %} {{ day | long_date }}
We will come on {{ day | long_date }}. It is about {{ about }}.
{% if late %}

We are sorry: we are late.
{% endif %}

Whoever comes will show you a card with a photo. Ask to see it.
{% include "_end.txt" %}
"""
FOUND = "Subject: What we found\nThe paper says the same. Keep it.\n\nWhat we found: {{ found }}\n"
WORDS = Words(
    texts={"visit": VISIT, "found": FOUND, "_end": "\n{{ landlord.name }}\nCall us on {{ landlord.phone }}.\n"},
    kinds={"visit": {"day": "day", "about": "words", "moved": "yes_no"}, "found": {"found": "words"}},
    landlord={"name": "Harbour & Heath Homes", "phone": "0303 100 0100"}, keys={}, lines=("Polski: Zadzwoń.",),
)  # fmt: skip
SUBJECT = "We will come on Monday 30 November"
BODY = """Polski: Zadzwoń.

We will come on Monday 30 November. It is about a leak in the bathroom.

Whoever comes will show you a card with a photo. Ask to see it.

Harbour & Heath Homes
Call us on 0303 100 0100.

Check this message: code 7KDQ42"""
PAY = "Pay the fee at http://harbour-pay.example/x now."


@pytest.mark.parametrize(
    "pasted",
    [
        BODY,
        f"{SUBJECT}\n{BODY}",
        BODY.replace("\n", "\r\n").replace(" ", "\u00a0", 3),
        "\n".join(f"> {line}" for line in BODY.split("\n")),
        f"Hello Ruth,\nFrom: Harbour & Heath <m@homes.example>\n---- Forwarded message ----\n{BODY}",
        BODY.replace("a card with a photo", "a card\nwith a photo"),
        " ".join(BODY.split()),
    ],
    ids=["as sent", "subject", "spaces", "quoted", "forwarded", "wrapped", "one line"],
)
def test_what_copying_changes_does_not_count(pasted):
    assert compare(pasted, [SUBJECT, BODY]).kind == "ours"


def test_what_was_put_in_is_shown_and_named():
    found = compare(
        BODY.replace("Ask to see it.", f"{PAY} Sort code 11-22-33, account 12345678. Ring 07700 900123."), [SUBJECT, BODY]
    )
    assert found.kind == "part"
    assert found.strange == (PAY, "Sort code 11-22-33, account 12345678.", "Ring 07700 900123.")
    named = {(mark.kind, mark.said) for mark in found.marks}
    assert named == {
        ("link", "http://harbour-pay.example/x"), ("bank", "11-22-33"), ("bank", "12345678"), ("phone", "07700 900123"),
    }  # fmt: skip
    assert compare(f"{BODY}\nFrom: pay to 12-34-56 12345678", [SUBJECT, BODY]).kind == "part", "a header hides no account"


def test_what_is_missing_is_said_and_another_text_is_none():
    cut = compare(BODY.replace("We will come on Monday 30 November. ", ""), [SUBJECT, BODY])
    assert (cut.kind, cut.missing, cut.strange) == ("part", True, ())
    assert compare("Your parcel waits. Check this message: code 7KDQ42", [SUBJECT, "Hello.\n\nNo code"]).kind == "none"


def test_without_the_message_its_fixed_words_are_compared_and_a_field_hides_nothing():
    visit = templates.patterns(WORDS, "visit")
    assert compare_fixed(BODY, visit) == checking.Compared(kind="fixed")
    moved = compare_fixed(BODY.replace("30 November", "1 December"), visit)
    assert moved.kind == "fixed", "a date is one of the things that only the main system can compare"
    for put_in in ("see www.pay.example/x", "ring 07700 900123", "to 11-22-33"):
        forged = compare_fixed(BODY.replace("a leak in the bathroom", put_in), visit)
        assert forged.kind == "part"
        assert forged.marks
    extra = compare_fixed(BODY.replace("Ask to see it.", "Give them £50 in cash."), visit)
    assert (extra.kind, extra.strange) == ("part", ("Give them £50 in cash.",))


def test_what_somebody_writes_by_hand_stays_open_unless_it_asks_for_something():
    found = templates.patterns(WORDS, "found")
    said = "The paper says the same. Keep it.\nWhat we found: A wet wall. It dries slowly."
    honest = compare_fixed(said, found)
    assert (honest.kind, honest.open_) == ("fixed", ("It dries slowly.",))
    asks = compare_fixed(f"{said} Bring your bank card.", found)
    assert (asks.kind, asks.strange) == ("part", ("Bring your bank card.",))
    assert compare_fixed("You won. Call now.", found).kind == "none"
    assert checking.fits_any(BODY, {name: templates.patterns(WORDS, name) for name in WORDS.texts}) == "visit"
    assert checking.fits_any("You won. Call now.", {"visit": templates.patterns(WORDS, "visit")}) is None


def test_of_a_message_that_a_person_wrote_only_what_none_of_ours_may_carry_is_strange():
    assert compare_fixed("We ring you on Monday. Ring 07700 900123.", []).kind == "open"
    forged = compare_fixed(f"We ring you on Monday. {PAY}", [])
    assert (forged.kind, forged.strange) == ("part", (PAY,))


def test_codes_are_found_where_people_put_them():
    assert checking.codes_in(" 7kd q42", "") == ["7KDQ42"]
    assert checking.codes_in("", f"{BODY}\nRef 123ABC") == ["7KDQ42", "123ABC"]
    assert checking.codes_in("", "Nobody wrote a coding secret here") == []


def test_what_stands_in_clear_opens_with_the_code_alone():
    told = Told(template="visit_booked", channel="text")
    sealed = checking.close("7KDQ42", told, "m_one")
    assert checking.reopen("7kdq 42", sealed, "m_one") == told
    assert checking.reopen("7KDQ43", sealed, "m_one") is None
    assert checking.reopen("7KDQ42", sealed, "m_two") is None
    assert checking.mark_of("7KDQ42") not in sealed
    assert len(sealed) == len(checking.close("7KDQ42", Told(template="copy", channel="post"), "m_one"))
