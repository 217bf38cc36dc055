"""Bacs: its days, its letters, its reason codes."""

import csv
from datetime import date

import pytest

from lamplit.basics import bacs_days as days
from lamplit.basics.advices import KINDS, STEPS, Advice, codes, meaning
from lamplit.basics.bacs_text import fold, reference_wrong
from lamplit.basics.working_days import working_day_before

ON = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("due", "entry", "processing", "bacs_date", "input_on"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), date(2026, 11, 30), " 26334", date(2026, 11, 27)),
        (date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 24), " 26358", date(2026, 12, 23)),
        (date(2027, 1, 1), date(2027, 1, 4), date(2026, 12, 31), " 26365", date(2026, 12, 30)),
    ],
    ids=["due Tue 1 Dec 2026", "due Mon 28 Dec 2026, a bank holiday", "due Fri 1 Jan 2027"],
)
def test_the_worked_examples_of_the_cycle(due, entry, processing, bacs_date, input_on):
    assert days.cycle(due) == days.Cycle(input_on, processing, entry)
    assert days.to_bacs_date(processing) == bacs_date
    assert days.from_bacs_date(bacs_date) == processing


def test_a_file_of_today_goes_with_the_next_cycle_and_at_a_weekend_with_the_one_after_it():
    friday, saturday, monday = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)
    assert days.next_cycle(friday) == days.Cycle(friday, monday, date(2026, 12, 1))
    assert days.next_cycle(saturday) == days.Cycle(monday, date(2026, 12, 1), date(2026, 12, 2))


def test_how_long_things_take():
    assert days.earliest_after_notice(ON) == date(2026, 12, 10)
    assert days.notice_by(date(2026, 12, 10)) == ON
    assert days.notice_by(date(2026, 12, 10), days=3) == date(2026, 12, 7)
    assert days.earliest_after_notice(ON, days=3) == date(2026, 12, 1)
    assert days.first_collection_on(date(2026, 12, 18)) == date(2027, 1, 6)  # Christmas, Boxing Day (Monday) and New Year
    assert days.first_input_on(date(2026, 11, 30)) == date(2026, 10, 31)
    assert days.represent_until(date(2027, 1, 31)) == date(2027, 2, 28)
    assert days.represent_until(date(2026, 5, 31)) == date(2026, 6, 30)
    assert days.represent_until(date(2026, 12, 1)) == date(2027, 1, 1)
    assert days.collect_late_until(date(2026, 7, 1)) == date(2026, 7, 6)
    assert days.challenge_until(ON) == date(2026, 12, 16)
    assert working_day_before(ON, 0) == ON
    with pytest.raises(ValueError, match="counted back"):
        working_day_before(ON, -1)


def test_bacs_dates_that_are_none():
    assert days.from_bacs_date("28366") == date(2028, 12, 31)
    for text in ["", " 27366", " 26000", " 2633", "026334", " २६334"]:
        assert days.from_bacs_date(text) is None, text


def test_names_in_letters_that_bacs_knows():
    assert fold("Łukasz O’Brien & Søn, née Weiß") == "LUKASZ O BRIEN & SON  NEE WEISS"
    assert fold("A-1/2.B&C") == "A-1/2.B&C"
    assert fold("李\n") == "  "


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("RENT1", "6 to 18"),
        ("R" * 19, "6 to 18"),
        ("rent001", "capital letters"),
        ("RENT_001", "capital letters"),
        ("/RENT01", "begins with a letter"),
        ("RENT01 ", "end with a space"),
        ("DDIC001", "DDIC"),
        ("000000", "repeated"),
    ],
)
def test_a_reference_that_banks_would_refuse(reference, says):
    assert says in reference_wrong(reference)


def test_a_reference_that_banks_take():
    assert [reference_wrong(text) for text in ("RENT01", "T-1/2.B&C 00000018", "0RENT0")] == [None] * 3


def test_every_code_asks_for_steps_that_we_know():
    for kind in KINDS:
        assert codes(kind)
        for code in codes(kind):
            found = meaning(kind, code, ON)
            assert found.words
            assert found.steps
            assert set(found.steps) <= set(STEPS), (kind, code)
    used = {step for kind in KINDS for code in codes(kind) for step in meaning(kind, code, ON).steps}
    assert used == set(STEPS)
    assert meaning("ARUDD", "Z", ON) is None
    assert meaning("ARUDD", "0", date(1999, 1, 1)) is None
    # The rules of the domain, by name.
    assert meaning("ARUDD", "0", ON).steps == ("reverse", "represent_or_contact")
    assert all("deceased" in meaning(kind, "2", ON).steps for kind in ("AUDDIS", "ADDACS", "ARUDD"))
    assert all("cancel_mandate" in meaning("ARUDD", code, ON).steps for code in "1B56")
    assert meaning("ADDACS", "R", ON).steps == ("reactivate",)
    assert all("update_as_supplied" in meaning("ADDACS", code, ON).steps for code in "CE3")
    assert not any("represent_or_contact" in meaning("ARUDD", code, ON).steps for code in codes("ARUDD") if code != "0")


@pytest.mark.material
def test_no_published_code_is_missing(material):
    rows = list(csv.DictReader((material / "bank" / "bacs-reason-codes.psv").read_text().splitlines(), delimiter="|"))
    assert len(rows) == 35
    published = {(kind, row["code"]) for row in rows for kind in row["reports"].split()}
    assert published == {(kind, code) for kind in ("AUDDIS", "ADDACS", "ARUDD", "DDICA") for code in codes(kind)}


def test_an_advice_shows_no_account_number_and_no_name():
    advice = Advice(kind="ARUDD", report="R1", item=1, code="0", reference="RENT01", account="12345678", name="Amina Khan")
    assert "…678" in repr(advice)
    assert "12345" not in repr(advice)
    assert "Amina" not in f"{advice}"
