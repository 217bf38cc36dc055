"""The barcode of a payment number."""

import pytest

from lamplit.config.barcode import _WIDTHS, QUIET, barcode, symbols


def test_the_table_is_that_of_the_standard_by_its_own_rules() -> None:
    assert len(_WIDTHS) == len(set(_WIDTHS)) == 107
    for widths in _WIDTHS[:-1]:
        assert sum(map(int, widths)) == 11
        assert sum(map(int, widths[::2])) % 2 == 0  # a reader finds a wrong bar by this
    assert sum(map(int, _WIDTHS[-1])) == 13


def test_a_number_is_drawn_and_checked() -> None:
    assert symbols("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]
    assert symbols("70012345") == [105, 70, 1, 23, 45, (105 + 70 + 2 + 69 + 180) % 103, 106]
    drawn = barcode("70012345")
    assert drawn.width == 2 * QUIET + 6 * 11 + 13
    assert drawn.bars[0] == (QUIET, 2)
    assert drawn.bars[-1][0] + drawn.bars[-1][1] == drawn.width - QUIET
    for wrong in ("", "£5"):
        with pytest.raises(ValueError, match="printable"):
            symbols(wrong)
