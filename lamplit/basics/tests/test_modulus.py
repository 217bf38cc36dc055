"""The modulus check: the official cases with the published tables, and each exception by small tables of our own."""

from datetime import date

import pytest

from lamplit.basics.lines import LineError
from lamplit.basics.modulus import TableRejected, check, read_table, standard

ONES = "0 0 0 0 0 0 1 1 1 1 1 1 1 1"
FILLER = f"999998 999999 MOD10 {ONES}"


def table(*rows, substitutes=""):
    """A table invented for a test: its weights are nobody's."""
    text = "\n".join([*(f"100000 100009 {row}" for row in rows), FILLER])
    return read_table(text, substitutes, version="ours", valid_from=date(2026, 1, 1))


@pytest.mark.material
def test_the_34_official_cases(material):
    folder = material / "bank" / "modulus"
    texts = [(folder / name).read_text() for name in ("valacdos-v8-50.txt", "scsubtab.txt")]
    official = read_table(*texts, version="8.50", valid_from=date(2025, 6, 23))
    lines = [line.split() for line in (folder / "official-cases.txt").read_text().splitlines() if not line.startswith("#")]
    assert len(lines) == 34
    for words in lines:
        sort_code, account, valid = words[-3:]
        # Case 13 is a foreign currency account: the publisher calls it valid because nobody can check it.
        wanted = "cannot be checked" if words[0] == "13" else "valid" if valid == "Y" else "invalid"
        assert check(official, sort_code, account) == wanted, words
    assert check(official, "180002", "98093517") == "valid"
    assert check(official, "000000", "12345678") == "cannot be checked"


@pytest.mark.parametrize(
    ("row", "right", "wrong"),
    [
        (f"MOD10 {ONES}", "00000019", "00000018"),
        (f"MOD11 {ONES}", "00000029", "00000028"),
        ("DBLAL 0 0 0 0 0 0 2 1 2 1 2 1 2 1", "90000001", "90000002"),  # 18 counts as 1 + 8
        (f"DBLAL {ONES} 1", "00000003", "00000000"),
        (f"DBLAL {ONES} 3", "00600001", "00500001"),
        (f"MOD11 {ONES.replace('1 1 1 1 1 1 1 1', '1 1 1 1 1 1 0 0')} 4", "90000009", "90000019"),
        (f"MOD11 {ONES.replace('1 1 1 1 1 1 1 1', '1 1 1 1 1 1 0 0')} 5", "90000020", "10000010"),
        (f"DBLAL {ONES.replace('1 1 1 1 1 1 1 1', '1 1 1 1 1 1 1 0')} 5", "30000007", "30000006"),
        (f"MOD10 {ONES} 7", "55000091", "55000092"),
        ("MOD10 0 0 0 0 0 1 1 1 1 1 1 1 1 1 8", "00000004", "00000009"),
        ("MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 14", "00000190", "00000195"),
    ],
)
def test_each_rule_alone(row, right, wrong):
    assert check(table(row), "100001", right) == "valid"
    assert check(table(row), "100001", wrong) == "invalid"


def test_the_worked_example_of_double_alternate():
    rows = "499273 499273 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1\n" + FILLER
    assert check(read_table(rows, "", version="ours", valid_from=date(2026, 1, 1)), "499273", "12345678") == "valid"  # 70


def test_two_rows_must_both_pass_unless_they_are_a_pair():
    ten, eleven = f"MOD10 {ONES}", f"MOD11 {ONES}"
    assert check(table(ten, eleven), "100001", "00000019") == "invalid"
    assert check(table(ten, eleven), "100001", "99999992") == "invalid"
    assert check(table(f"{ten} 12", f"{eleven} 13"), "100001", "00000019") == "valid"
    assert check(table(f"{ten} 12", f"{eleven} 13"), "100001", "00000029") == "valid"
    assert check(table(f"{ten} 12", f"{eleven} 13"), "100001", "00000018") == "invalid"
    # 10: with ab = 09 or 99 and g = 9 the first eight weights do not count
    assert check(table(f"MOD10 {ONES} 10", f"MOD11 {ONES} 11"), "100001", "09000091") == "valid"
    assert check(table(f"MOD10 {ONES} 10", f"MOD11 {ONES} 11"), "100001", "08000091") == "invalid"
    # 2 and 9: with a = 0 the row's own weights; else the two fixed sets; else the same account under another sort code
    pair = table(f"MOD11 {ONES} 2", "MOD11 0 0 0 0 0 1 0 0 0 0 0 0 0 1 9")
    assert check(pair, "100001", "00000029") == "valid"
    assert check(pair, "100001", "00000007") == "valid"  # 4 (the last digit of 309634) and 7
    assert check(pair, "100001", "10000002") == "valid"  # 3 + 6 + 2 by the first fixed weights
    assert check(pair, "100001", "10000004") == "invalid"
    assert check(pair, "100001", "10000007") == "valid"  # not by the first row: by the second
    assert check(pair, "100001", "10000096") == "valid"  # g = 9: 27 + 6 by the second fixed weights
    assert check(pair, "100001", "10000093") == "invalid"
    substituted = table("DBLAL 0 0 0 0 0 1 1 1 1 1 1 1 1 0 5", substitutes="100001 100007")
    assert check(substituted, "100001", "00000003") == "valid"
    assert check(substituted, "100002", "00000003") == "invalid"
    assert check(substituted, "100002", "00000008") == "valid"


def test_what_cannot_be_checked_is_said_to_be_so():
    foreign = table(f"MOD10 {ONES} 6")
    assert check(foreign, "100001", "40000011") == "cannot be checked"
    assert check(foreign, "100001", "30000011") == "invalid"
    assert check(foreign, "123456", "12345678") == "cannot be checked"
    assert [check(foreign, *pair) for pair in [("1000", "12345678"), ("100001", "12345"), ("100001", "1234567x")]] == [
        "invalid"
    ] * 3


def test_account_numbers_of_another_length():
    assert standard("10-00-01", "123456") == ("100001", "00123456")
    assert standard("100001", "1234567") == ("100001", "01234567")
    assert standard("720001", "912345678") == ("720009", "12345678")
    assert standard("600001", "12-34567890") == ("600001", "34567890")
    assert standard("089000", "1234567890") == ("089000", "12345678")
    assert standard("100001", "1234567890", bank="leeds") == ("100001", "12345678")
    assert standard("100001", "1234567890") is None
    assert standard("١٠٠٠٠١", "12345678") is None


@pytest.mark.parametrize(
    ("weights", "substitutes", "says"),
    [
        ("", "", "empty or cut short"),
        (f"999999 100000 MOD10 {ONES}\n{FILLER}", "", "modulus weights:1: this is no row"),
        (f"{FILLER}\n100000 100009 MOD12 {ONES}", "", "modulus weights:2: this is no row"),
        (f"{FILLER}\n100000 100009 MOD10 {ONES[:-1]}x", "", "no whole number"),
        (f"100000 100009 MOD10 {ONES} 15\n{FILLER}", "", "exception 15 is not one that we know"),
        (f"{FILLER}\n100000 100009 MOD10 {ONES}", "", "not in the order"),
        (f"100000 100009 MOD10 {ONES}\n{FILLER}", "100000", "modulus substitutions:1"),
    ],
)
def test_a_table_that_is_not_whole_is_refused_in_words(weights, substitutes, says):
    with pytest.raises((LineError, TableRejected), match=says):
        read_table(weights, substitutes, version="1", valid_from=date(2026, 1, 1))
