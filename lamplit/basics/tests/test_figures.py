"""The landlord's own figures over those of a release."""

from datetime import date

import pytest

from lamplit.basics import figures
from lamplit.basics.dated import load_dated
from lamplit.basics.lines import LineError

OURS = """
[[cpi]]
value = "3.8"
effective_from = 2026-04-01
effective_to = 2027-03-31
citation = "the Office for National Statistics"

[[late_days]]
value = 10
effective_from = 2017-01-01
citation = "policy"
words = "days"

[[weeks]]
value = ["a"]
effective_from = 2017-01-01
citation = "policy"
"""
NEXT = """
[[cpi]]
value = "2.9"
effective_from = 2027-04-01
effective_to = 2028-03-31
citation = "the Office for National Statistics, October 2026"
"""


def over(text):
    return figures.over(load_dated(OURS, "ours.toml"), load_dated(text, "own.toml"))


def test_what_comes_next_is_added_and_what_held_before_still_holds():
    found = over(NEXT)
    assert [found.on("cpi", day).value for day in (date(2027, 3, 31), date(2027, 4, 1))] == ["3.8", "2.9"]
    assert found.number("late_days", date(2027, 4, 1)) == 10


def test_a_decision_holds_from_its_first_day_on():
    found = over('[[late_days]]\nvalue = 5\neffective_from = 2027-01-01\ncitation = "the board, 3 December 2026"\n')
    assert [found.number("late_days", day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [10, 5]
    assert found.series["late_days"][0].words == "days"


def test_one_from_the_first_day_on_takes_the_place_of_ours():
    found = over('[[late_days]]\nvalue = 5\neffective_from = 2017-01-01\ncitation = "the board"\n')
    assert [entry.value for entry in found.series["late_days"]] == [5]
    assert len(found.lines["late_days"]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NEXT.replace("cpi", "cip"), "own.toml:2: there is no figure cip"),
        (NEXT.replace('"2.9"', "2"), 'own.toml:2: cpi is written like "3.8"'),
        (NEXT.replace("2027-04-01", "2027-05-01"), "own.toml:2: cpi: nothing holds between 2027-03-31 and 2027-05-01"),
        ('[[weeks]]\nvalue = "b"\neffective_from = 2027-01-01\ncitation = "x"\n', 'weeks is written like ["a"]'),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text, said):
    with pytest.raises(LineError) as error:
        over(text)
    assert said in str(error.value)


def test_every_file_of_a_release_can_be_read():
    for feature, name in figures.FILES:
        assert figures.figures_of(feature, name).series
