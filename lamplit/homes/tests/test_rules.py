from dataclasses import dataclass
from datetime import date

import pytest

from lamplit.basics.refusal import Refused
from lamplit.homes import rules
from lamplit.homes.facts import HomeNote


@dataclass
class Flat:
    storey: int | None
    stack: int | None


@pytest.mark.parametrize(
    ("storey", "stack", "where"),
    [
        (3, 4, "above"),
        (1, 4, "below"),
        (2, 3, "beside"),
        (2, 5, "beside"),
        (2, 4, None),
        (3, 5, None),
        (4, 4, None),
        (2, 6, None),
        (2, None, None),
    ],
)
def test_it_knows_which_homes_touch(storey, stack, where):
    assert rules.where_from(Flat(2, 4), Flat(storey, stack)) == where


def test_postcodes_are_written_as_royal_mail_does():
    assert rules.normal_postcode(" hh1 2ab") == "HH1 2AB"
    assert rules.normal_postcode("ec1a1bb") == "EC1A 1BB"
    for wrong in ("", "HH1", "12345", "HH1 2ABC", "H H"):
        with pytest.raises(Refused, match=r"homes\.bad_postcode"):
            rules.normal_postcode(wrong)


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("homes.no_address", {"address": []}),
        ("homes.bad_uprn", {"uprn": "12 34"}),
        ("homes.bad_uprn", {"uprn": "1" * 13}),
        ("homes.bad_bedrooms", {"bedrooms": 31}),
        ("homes.bad_postcode", {"postcode": "nowhere"}),
    ],
)
def test_it_refuses_particulars_that_cannot_be(code, given):
    told = {"uprn": None, "address": ["1 Alder Row"], "postcode": None, "shape": None, "bedrooms": None}
    with pytest.raises(Refused) as refused:
        rules.check_particulars(**(told | given))
    assert refused.value.code == code


def test_leading_noughts_of_a_uprn_do_not_count():
    assert rules.check_particulars(uprn="0010023336", address=["x"], postcode=None, shape=None, bedrooms=0).uprn == "10023336"


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("homes.note_says_nothing", HomeNote(what="warning", says="")),
        ("homes.note_without_source", HomeNote(what="asbestos", says="In the airing cupboard")),
        ("homes.dates_out_of_order", HomeNote(what="other", says="x", since_on=date(2026, 2, 1), ended_on=date(2026, 1, 1))),
        ("homes.dates_out_of_order", HomeNote(what="other", says="x", since_on=date(2026, 2, 1), review_on=date(2026, 1, 1))),
    ],
)
def test_it_refuses_notes_that_help_nobody(code, note):
    with pytest.raises(Refused) as refused:
        rules.check_note(note)
    assert refused.value.code == code


def test_a_note_counts_from_its_first_day_until_the_day_it_ends():
    note = HomeNote(what="warning", says="x", since_on=date(2026, 1, 2), review_on=date(2026, 1, 3), ended_on=date(2026, 1, 9))
    assert [rules.is_live(note, date(2026, 1, day)) for day in (1, 2, 8, 9)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("code", "checked_on", "next_due_on", "satisfactory", "found"),
    [
        ("homes.checked_later", date(2026, 6, 2), None, True, None),
        ("homes.dates_out_of_order", date(2026, 6, 1), date(2026, 5, 1), True, None),
        ("homes.check_failed_without_words", date(2026, 6, 1), None, False, None),
    ],
)
def test_it_refuses_checks_that_cannot_be(code, checked_on, next_due_on, satisfactory, found):
    with pytest.raises(Refused) as refused:
        rules.check_check(checked_on, next_due_on, satisfactory, found, date(2026, 6, 1))
    assert refused.value.code == code
