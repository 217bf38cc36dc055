"""Dated configuration: a value for each day, and a line for each mistake."""

from datetime import date

import pytest

from lamplit.basics.dated import Dated, NotInForce, load_dated
from lamplit.basics.lines import LineError

GOOD = """# figures
[[awaab.B1]]
value = 10
effective_from = 2025-10-27
effective_to = 2026-11-29
citation = "SI 2025/1042"

[[awaab.B1]]
value = 7
effective_from = 2026-11-30
citation = "an amendment"

[[awaab.hazards]]
value = ["damp", "cold"]
effective_from = 2025-10-27
citation = "SI 2025/1042"
"""


def test_it_gives_the_value_that_held_on_the_day() -> None:
    law = load_dated(GOOD, "law.toml")
    assert law.number("awaab.B1", date(2025, 10, 27)) == 10
    assert law.number("awaab.B1", date(2026, 11, 29)) == 10
    assert law.number("awaab.B1", date(2026, 11, 30)) == 7
    assert law.number("awaab.B1", date(2099, 1, 1)) == 7
    assert law.on("awaab.hazards", date(2026, 1, 1)).value == ("damp", "cold")
    assert law.lines == {"awaab.B1": (2, 8), "awaab.hazards": (13,)}
    assert law.names("awaab") == ["B1", "hazards"]


def test_it_finds_nothing_before_the_first_day() -> None:
    law = load_dated(GOOD, "law.toml")
    assert law.find("awaab.B1", date(2025, 10, 26)) is None
    with pytest.raises(NotInForce, match=r"law\.toml: awaab\.B1 has no value for 2025-10-26"):
        law.on("awaab.B1", date(2025, 10, 26))


def test_it_does_not_take_a_number_for_a_list() -> None:
    law = load_dated(GOOD, "law.toml")
    assert law.texts("awaab.hazards", date(2026, 1, 1)) == ("damp", "cold")
    with pytest.raises(TypeError, match="no list"):
        law.texts("awaab.B1", date(2026, 1, 1))


def test_it_does_not_take_a_list_for_a_number() -> None:
    with pytest.raises(TypeError, match="no whole number"):
        load_dated(GOOD, "law.toml").number("awaab.hazards", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("2026-11-29", "2026-11-30", 8, "begins on 2026-11-30, but the one before holds until 2026-11-30"),
        ("effective_to = 2026-11-29\n", "", 7, "the one before holds until further notice"),
        ("2026-11-29", "2026-11-28", 8, "nothing holds between 2026-11-28 and 2026-11-30"),
        ("effective_to = 2026-11-29", "effective_to = 2025-01-01", 2, "ends on 2025-01-01, before it begins"),
        ("value = 10", "value = 1.5", 2, "Expected"),
        ("value = 10", "vale = 10", 2, "vale"),
        ("value = 10\n", "", 2, "missing required field `value`"),
        ('citation = "an amendment"', 'citation = " "', 8, "say in `citation` who says so"),
        ("value = 10", "value = = 10", 3, "Invalid value"),
        ("# figures", "loose = 1", 1, "loose stands outside a series"),
        ("# figures", 'C = [{value = 1, effective_from = 2020-01-01, citation = "x"}]', 1, "its own [[C]] line"),
    ],
)
def test_it_names_the_line_that_is_wrong(old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(LineError) as caught:
        load_dated(GOOD.replace(old, new, 1), "law.toml")
    assert (caught.value.source, caught.value.line) == ("law.toml", line)
    assert what in str(caught.value)


def test_it_keeps_the_words_of_an_entry() -> None:
    words = 'words = "Finish"\n'
    law = load_dated(GOOD.replace("[[awaab.hazards]]", words + "[[awaab.hazards]]"), "law.toml")
    assert law.on("awaab.B1", date(2027, 1, 1)) == Dated(
        value=7, effective_from=date(2026, 11, 30), citation="an amendment", words="Finish"
    )
