"""What goes to the book of former tenants when a tenancy has ended, and back."""

import pytest

from lamplit.rent.rules.former import to_move


@pytest.mark.parametrize(
    ("over", "rent", "former", "moved", "goes"),
    [
        (True, 3_742, 0, 0, 3_742),  # what she owes at the end
        (True, 500, 3_742, 3_742, 500),  # a payment that came back after it
        (True, -1_000, 3_742, 3_742, -1_000),  # what she paid later pays it
        (True, -5_000, 3_742, 3_742, -3_742),  # and beyond that it is hers
        (True, -5_000, 0, 0, 0),
        (True, -5_000, -200, 0, 0),
        (False, 0, 3_742, 3_742, -3_742),  # it did not end after all
        (False, 0, 900, 0, 0),  # what a person put there stays
    ],
)  # fmt: skip
def test_what_goes_to_the_book_of_former_tenants(over: bool, rent: int, former: int, moved: int, goes: int) -> None:
    assert to_move(over=over, rent_pence=rent, former_pence=former, moved_pence=moved) == goes
