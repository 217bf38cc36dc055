"""How much of what is owed today the next Direct Debit pays."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.rent.rules.covering import Charges, before, of_balance

SEPTEMBER = date(2026, 9, 1)
MONTHLY = Charges(pence=40_000, frequency="monthly", to_on=date(2026, 8, 31))
WEEKLY = Charges(pence=10_000, frequency="weekly", to_on=date(2026, 8, 30))  # from Monday to Sunday


def pays(pence: int, on: date, charges: Charges = MONTHLY, due_on: date = SEPTEMBER, every: str = "monthly") -> int:
    return of_balance(pence, due_on, before(every, due_on), charges, on)


def test_what_came_back_in_august_is_not_paid_by_septembers() -> None:
    assert pays(40_000, date(2026, 8, 5)) == 0
    assert pays(40_000, date(2026, 8, 31)) == 0
    assert pays(45_000, date(2026, 8, 20)) == 5_000, "what is more than the rent pays off an old debt"


def test_rent_of_its_own_time_is_paid_by_it() -> None:
    assert pays(40_000, date(2026, 8, 10), due_on=date(2026, 8, 15)) == 40_000, "the rent of the 1st, taken on the 15th"
    assert pays(10_000, date(2026, 9, 2), WEEKLY, date(2026, 9, 4), "weekly") == 10_000
    # By the month for weekly rent: three Mondays of August were, two are to come, and it never was five weeks' worth.
    assert pays(43_333, date(2026, 8, 20), WEEKLY) == 30_000
    assert pays(43_333, date(2026, 8, 31), WEEKLY) == 43_333
    four = Charges(pence=40_000, frequency="four_weekly", to_on=date(2026, 8, 30))
    assert pays(40_000, date(2026, 8, 20), four, date(2026, 8, 31), "four_weekly") == 0


@settings(max_examples=50)
@given(
    st.integers(0, 90_000), st.integers(0, 90_000), st.sampled_from(["weekly", "four_weekly", "monthly"]),
    st.sampled_from(["weekly", "four_weekly", "monthly"]), st.integers(0, 60), st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)  # fmt: skip
def test_it_never_pays_more_than_itself(pence: int, each: int, every: str, charged: str, days: int, to_on: date) -> None:
    on = SEPTEMBER - timedelta(days=days)
    found = pays(pence, on, Charges(pence=each, frequency=charged, to_on=to_on), every=every)
    assert 0 <= found <= pence
    assert found == pence or each > 0
