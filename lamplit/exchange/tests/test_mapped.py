"""Files that a landlord describes: our own samples, read as their descriptions say, and refused in words."""

from datetime import date
from pathlib import Path

import pytest

from lamplit.exchange.bank.mapped import preview, read, read_day
from lamplit.exchange.bank.mapping import LayoutWrong, read_layout

OURS = Path(__file__).parent / "ours"


def sample(name):
    return read_layout((OURS / f"{name}.toml").read_text()), next(
        path for path in OURS.iterdir() if path.stem == name and path.suffix != ".toml"
    ).read_bytes()


def problems(layout, data, file_name=""):
    reading = read(data, layout, file_name)
    assert reading.files == ()
    return " | ".join(map(str, reading.problems))


def test_card_payments():
    layout, data = sample("card_payments")
    (file,) = read(data, layout).files
    assert (file.serial, file.dated, file.layout) == ("00417", date(2026, 11, 25), "card payments (our sample)")
    assert (file.credit_pence, file.debit_pence) == (114_050, 2000)
    assert [(line.line, line.pence, line.reference, line.kind, line.bank_id) for line in file.lines] == [
        (3, 112_050, "9826000000000000017", "CASH", "A1"),
        (4, 2000, "9826000000000000025", "APP", "A2"),
        (5, -2000, "9826000000000000025", "REV", "A3"),
    ]


def test_shop_payments_of_fixed_width():
    layout, data = sample("paypoint_like")
    (file,) = read(data, layout, "SHOP_000123.txt").files
    assert file.serial == "000123"
    assert [(line.pence, line.reference, line.on) for line in file.lines] == [
        (12_050, "9826000000000000017", date(2026, 11, 24)),
        (2000, "9826000000000000025", date(2026, 11, 24)),
    ]
    assert "no serial" in problems(layout, data, "other.txt")


def test_a_benefit_schedule():
    layout, data = sample("benefit")
    (schedule,) = read(data, layout).files
    assert schedule.pence == 40_000 + 1234 - 4000 - 500
    assert [(line.kind, line.pence, line.reference) for line in schedule.lines] == [
        ("payment", 40_000, "RENT0001"),
        ("adjustment", 1234, "RENT0002"),
        ("recovery", -4000, "RENT0001"),
        ("recovery", -500, ""),
    ]
    first, second = schedule.lines[:2]
    assert (first.claim, first.name, first.ni_number, first.settlement) == ("60001", "KHAN A", "QQ1234**C", "S88")
    assert (first.from_on, first.to_on, second.ni_number) == (date(2026, 10, 26), date(2026, 11, 22), None)
    assert "KHAN" not in repr(first)


def test_a_preview_shows_the_first_lines_as_they_would_be_read():
    layout, data = sample("card_payments")
    shown = preview(data, layout, count=2)
    assert shown.heading == ("Reference", "Amount", "Paid", "How", "Transaction")
    assert (len(shown.first), shown.count, shown.serial, shown.problems) == (2, 3, "00417", ())
    assert preview(data.replace(b"Amount", b"Sum"), layout).problems[0].words == "The heading has no column of this name."
    assert preview(b"\x00", layout).problems[0].words == "The line has characters that no text has."
    wrong = preview(data.replace(b"24/11/2026", b"11/24/2026"), layout)
    assert (len(wrong.first), len(wrong.problems)) == (1, 2)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("T,3", "T,4", "line 6, count: The last row counts 4 lines; there are 3."),
        ("T,3,1120.50", "T,3,1120.51", "line 6, total: The lines do not add up"),
        ("T,3,1120.50", "", "the file is cut short"),
        ("H,00417", "X,00417", "begins H"),
        ("H,00417", "H,", "line 1, serial: The serial of the file is missing."),
        ("Paid", "Paid on", "line 2, Paid: The heading has no column"),
        ("How", "Paid", "more than one column"),
        ("£20", "20,0.5x", "line 4, on"),
        ("£20", "twenty", "line 4, money: This is no sum in pounds."),
        ("£20", "20.005", "line 4, money"),
        ("24/11/2026,CASH", "31/11/2026,CASH", "line 3, on: This is no date as DD/MM/YYYY."),
        ("24/11/2026,CASH", ",CASH", "line 3, on: The date is missing."),
        (",CASH,A1", "", "line 3, kind: The row has only 3 columns."),
        ("A1", '"A1', "quote"),
        ("A1", "A" * 300, "line 3, bank_id: This is longer"),
        ("A1", "A\x00", "line 3: The line has characters"),
        ("A1", "A" * 20_000, "line 3: The line is longer"),
    ],
)
def test_a_wrong_file_says_where_and_gives_nothing(old, new, says):
    layout, data = sample("card_payments")
    text = data.decode("windows-1252")
    assert old in text
    assert says in problems(layout, text.replace(old, new).encode("windows-1252"))


def test_a_schedule_that_makes_no_sense_says_where():
    layout, data = sample("benefit")
    assert "line 2, to_on: The period ends before" in problems(layout, data.replace(b"22/11/26", b"22/10/26", 1))
    assert "neither a claim nor our reference" in problems(layout, data.replace(b"60003", b""))
    assert "line 2: The line has letters that are not utf-8" in problems(layout, data.replace(b"KHAN", b"KH\xc4N", 1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('on = "Paid"\n', "", "does not say where on is"),
        ("bank_id", "secret", r"\[columns\] names secret"),
        ("layout =", "lay out =", "no TOML"),
        ("encoding", "enkoding", "unknown field"),
        ('"windows-1252"', '"klingon"', "nobody knows klingon"),
        ('delimiter = ","', 'delimiter = ",,"', "one character"),
        ('delimiter = ","\n', "", "pair of positions"),
        ("serial = 2", "serial = 0", "counted from 1"),
        ("serial = 2", 'serial = "No"', "have no heading"),
        ('begins = "H"', 'begins = ""', "cannot be empty"),
        ("DD/MM/YYYY", "D/M/Y", "made of DD, MM"),
        ('debit = "How"\n', "", "needs the column"),
        ("debits = ", "recoveries = [1]\ndebits = ", "cannot be used"),
        ("debits = ", 'recoveries = ["X"]\nserial_in_name = "("\ndebits = ', "no pattern"),
        ("debits = ", 'serial_in_name = "X"\ndebits = ', "one group"),
        ('"pounds"', '"guineas"', "cannot be used"),
    ],
)
def test_a_description_that_cannot_be_used_says_why(old, new, says):
    text = (OURS / "card_payments.toml").read_text()
    assert old in text
    with pytest.raises(LayoutWrong, match=says):
        read_layout(text.replace(old, new))


def test_days_as_they_are_written():
    assert read_day("26.11.26", "DD.MM.YY") == date(2026, 11, 26)
    assert read_day("20261126", "YYYYMMDD") == date(2026, 11, 26)
    assert [read_day(text, "DD/MM/YYYY") for text in ("6/11/2026", "30/02/2026", "26-11-2026", "٢٦/١١/٢٠٢٦")] == [None] * 4
