"""A day typed in three boxes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from lamplit.config.fields import DayField

SEEN = DayField(what="the day you saw it")


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MAR"])
def test_a_month_may_be_a_number_or_a_word(month):
    assert SEEN.clean(["27", month, "2026"]) == date(2026, 3, 27)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["", "", ""], "Enter the day you saw it"),
        (None, "Enter the day you saw it"),
        (["27", "", "2026"], "The day you saw it must include a month"),
        (["", "3", ""], "The day you saw it must include a day and a year"),
        (["31", "2", "2026"], "The day you saw it must be a real date, like 27 3 2026"),
        (["27", "march!", "26"], "The day you saw it must have a year of 4 numbers, like 2026"),
        (["27", "Smarch", "2026"], "The day you saw it must be a real date, like 27 3 2026"),
        (["-1", "3", "2026"], "The day you saw it must be a real date, like 27 3 2026"),
        (["x", "3", "2026"], "The day you saw it must be a real date, like 27 3 2026"),
        (["²", "3", "2026"], "The day you saw it must be a real date, like 27 3 2026"),
        (["1", "²", "2026"], "The day you saw it must be a real date, like 27 3 2026"),
        (["1", "1" * 5000, "2026"], "The day you saw it must be a real date, like 27 3 2026"),
    ],
)
def test_a_day_that_is_none_says_how_to_put_it_right(typed, said):
    with pytest.raises(ValidationError) as caught:
        SEEN.clean(typed)
    assert caught.value.messages == [said]


def test_a_day_that_need_not_be_given_may_be_left_empty():
    assert DayField(required=False).clean(["", " ", ""]) is None


def test_spaces_around_what_was_typed_do_no_harm():
    assert SEEN.clean([" 1", "12 ", "2026"]) == date(2026, 12, 1)


def test_a_known_day_fills_the_three_boxes():
    assert SEEN.widget.decompress(date(2026, 3, 7)) == ["7", "3", "2026"]
