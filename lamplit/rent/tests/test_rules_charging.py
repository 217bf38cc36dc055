"""Charges: the worked examples of the account rules by name, and sums that hold for any terms."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.rent.rules.charging import (
    Line,
    Span,
    Terms,
    charge_for,
    mondays_in_year,
    over_weeks,
    periods,
    rent_free_weeks,
    share_out,
    total,
    uc_monthly,
    void_loss,
    year_starts_on,
)
from lamplit.rent.rules.figures import part, split

RENT = Line(charge="rent", pence=11_847)
CLEANING = Line(charge="service", pence=512, category="B")
MONDAY = date(2026, 4, 6)


def charged(terms: Terms, first: date, last: date) -> int:
    return sum(total(charge_for(terms, period)) for period in periods(terms, first, last))


def test_53_mondays_in_2024_25_and_2030_31() -> None:
    assert [year for year in range(2020, 2035) if mondays_in_year(year) == 53] == [2024, 2030]
    assert year_starts_on(2024) == date(2024, 4, 1)
    year = year_starts_on(2030), year_starts_on(2031) - timedelta(days=1)
    terms = Terms(frequency="weekly", lines=(RENT,), starts_on=year[0])
    assert charged(terms, *year) == 53 * 11_847
    assert uc_monthly(11_847, "weekly") * 12 // 11_847 < 53  # benefit counts 52: nobody pays the 53rd week for her


def test_118_47_over_52_50_and_48_weeks() -> None:
    assert 52 * 11_847 == 616_044
    assert uc_monthly(11_847, "weekly") == 51_337
    assert [over_weeks(11_847, weeks) for weeks in (52, 50, 48)] == [11_847, 12_321, 12_834]
    for weeks, free in ((50, 2), (48, 4)):
        weekly = over_weeks(11_847, weeks)
        off = rent_free_weeks(weeks, MONDAY)
        terms = Terms(frequency="weekly", lines=(RENT.__class__(charge="rent", pence=weekly),), starts_on=MONDAY, rent_free=off)
        assert charged(terms, MONDAY, date(2027, 4, 4)) == weekly * weeks
        assert len(off) == free
        assert all(charge_for(terms, periods(terms, monday, monday)[0]) == [] for monday in off)
        assert abs(uc_monthly(weekly, "weekly", free) - 51_337) <= 2
    assert rent_free_weeks(52, MONDAY) == ()
    assert uc_monthly(47_388, "four_weekly") == 51_337
    assert uc_monthly(28_000, "monthly") == 28_000


def test_pro_rata_first_and_last_weekly_and_monthly() -> None:
    terms = Terms(frequency="weekly", lines=(RENT, CLEANING), starts_on=date(2026, 11, 26), ends_on=date(2026, 12, 9))
    first, second, last = periods(terms, date(2026, 11, 1), date(2026, 12, 31))
    assert (first.due_on, first.last_on, last.first_on, last.last_on) == (
        date(2026, 11, 26),
        date(2026, 11, 29),
        date(2026, 12, 7),
        date(2026, 12, 9),
    )
    assert [(c.charge, c.pence, c.days, c.of_days, c.category) for c in charge_for(terms, first)] == [
        ("rent", 6770, 4, 7, None),
        ("service", 293, 4, 7, "B"),
    ]
    assert [total(charge_for(terms, each)) for each in (second, last)] == [12_359, 5077 + 219]
    monthly = Terms(frequency="monthly", lines=(Line(charge="rent", pence=28_000),), starts_on=date(2026, 11, 16))
    part_of, whole = periods(monthly, date(2026, 11, 1), date(2026, 12, 1))
    assert total(charge_for(monthly, part_of)) == 13_808  # 280.00 x 12 / 365 x 15
    assert (whole.due_on, total(charge_for(monthly, whole))) == (date(2026, 12, 1), 28_000)


def test_four_weeks_begin_where_the_terms_say_and_lines_may_be_weekly_or_monthly() -> None:
    lines = (RENT.__class__(charge="rent", pence=10_000, per="week"), Line(charge="garage", pence=5_200, per="month"))
    terms = Terms(frequency="four_weekly", lines=lines, starts_on=MONDAY, anchor=MONDAY, rent_free=(date(2026, 4, 13),))
    found = periods(terms, MONDAY, date(2027, 4, 4))
    assert len(found) == 13
    assert [c.pence for c in charge_for(terms, found[0])] == [30_000, 3600]
    assert [c.pence for c in charge_for(terms, found[1])] == [40_000, 4800]
    with pytest.raises(ValueError, match="Monday"):
        periods(Terms(frequency="four_weekly", lines=lines, starts_on=MONDAY, anchor=date(2026, 4, 7)), MONDAY, MONDAY)
    # Terms set in any year, also about one of 53 weeks, keep the landlord's four weeks.
    starts = {
        period.from_on
        for start in (date(2024, 1, 1), date(2026, 6, 1), date(2031, 1, 6), date(2031, 4, 7))
        for period in periods(Terms(frequency="four_weekly", lines=lines, starts_on=start), date(2031, 3, 1), date(2031, 6, 30))
    }
    assert {(day - MONDAY).days % 28 for day in starts} == {0}
    as_month = Terms(frequency="monthly", lines=(lines[0],), starts_on=date(2026, 4, 1))
    assert total(charge_for(as_month, periods(as_month, date(2026, 5, 1), date(2026, 5, 1))[0])) == 43_333


def test_a_void_costs_the_landlord_and_never_her() -> None:
    void = Span(from_on=date(2026, 4, 8), to_on=date(2026, 4, 14))
    terms = Terms(frequency="weekly", lines=(RENT,), starts_on=MONDAY, voids=(void,))
    first, second = periods(terms, MONDAY, date(2026, 4, 13))
    assert [(total(charge_for(terms, each)), void_loss(terms, each)) for each in (first, second)] == [
        (3385, 11_847 - 3385),
        (8462, 11_847 - 8462),
    ]
    empty = Terms(frequency="weekly", lines=(RENT,), starts_on=MONDAY, voids=(Span(from_on=MONDAY, to_on=date(2026, 4, 12)),))
    assert charge_for(empty, first) == []


def test_joint_accounts_by_largest_remainder() -> None:
    terms = Terms(frequency="weekly", lines=(RENT, CLEANING), starts_on=MONDAY)
    charges = charge_for(terms, periods(terms, MONDAY, MONDAY)[0])
    assert share_out(charges, (1, 1)) == [6180, 6179]
    assert split(100, (1, 1, 1)) == [34, 33, 33]
    assert split(-100, (2, 1)) == [-67, -33]
    assert part(-1, 1, 2) == -1
    with pytest.raises(ValueError, match="weights"):
        split(100, (0, 0))


@settings(max_examples=50)
@given(
    pence=st.integers(-1_000_000, 1_000_000),
    weights=st.lists(st.integers(0, 1000), min_size=1, max_size=5).filter(any),
)
def test_a_split_adds_up_and_nobody_is_a_penny_from_her_share(pence: int, weights: list[int]) -> None:
    parts = split(pence, weights)
    assert sum(parts) == pence
    assert all(abs(one * sum(weights) - pence * weight) < sum(weights) for one, weight in zip(parts, weights, strict=True))


@settings(max_examples=50)
@given(
    frequency=st.sampled_from(["weekly", "four_weekly", "monthly"]),
    start=st.dates(date(2026, 4, 6), date(2026, 6, 30)),
    length=st.integers(0, 200),
    pence=st.integers(1, 100_000),
)
def test_periods_touch_and_no_day_is_charged_twice(frequency: str, start: date, length: int, pence: int) -> None:
    end = start + timedelta(days=length)
    terms = Terms(frequency=frequency, lines=(Line(charge="rent", pence=pence),), starts_on=start, ends_on=end)
    found = periods(terms, start, end + timedelta(days=400))
    assert (found[0].first_on, found[-1].last_on) == (start, end)
    for one, two in pairwise(found):
        assert one.last_on + timedelta(days=1) == two.first_on
    charges = [charge for period in found for charge in charge_for(terms, period)]
    assert sum(charge.days for charge in charges) <= length + 1
    assert all(charge.pence <= charge.full_pence for charge in charges)
