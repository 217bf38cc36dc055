"""Working days: the day of the event is day 0, bank holidays are England's, dates are London's."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lamplit.basics import working_days as wd

KNOWN = st.dates(date(2017, 1, 1), date(2028, 6, 30))


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        (date(2026, 12, 14), 10, date(2026, 12, 30)),
        (date(2026, 12, 30), 3, date(2027, 1, 5)),
        (date(2026, 12, 30), 5, date(2027, 1, 7)),
        (date(2026, 11, 30), 10, date(2026, 12, 14)),
        (date(2026, 12, 14), 3, date(2026, 12, 17)),
        (date(2026, 12, 14), 5, date(2026, 12, 21)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),  # a report on Saturday: day 1 is Monday
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day's substitute is Monday 28 December
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the state funeral
        (date(2023, 5, 5), 1, date(2023, 5, 9)),  # the coronation
        (date(2017, 11, 15), 10, date(2017, 11, 29)),
    ],
)
def test_it_counts_from_the_day_after_the_event(on: date, count: int, expected: date) -> None:
    assert wd.add_working_days(on, count) == expected
    assert wd.working_days_between(on, expected) == count


def test_it_returns_the_day_itself_for_no_days_even_on_a_sunday() -> None:
    assert wd.add_working_days(date(2026, 11, 29), 0) == date(2026, 11, 29)


@given(KNOWN, st.integers(0, 60), st.integers(0, 60))
def test_it_never_gives_an_earlier_day_for_more_days(on: date, fewer: int, more: int) -> None:
    assert wd.add_working_days(on, fewer) <= wd.add_working_days(on, fewer + more)


@given(KNOWN, st.integers(0, 20), st.integers(0, 30))
def test_it_never_gives_an_earlier_day_for_a_later_event(on: date, later: int, count: int) -> None:
    assert wd.add_working_days(on, count) <= wd.add_working_days(on + timedelta(days=later), count)


@given(KNOWN, st.integers(1, 60))
def test_it_always_ends_on_a_working_day(on: date, count: int) -> None:
    assert wd.is_working_day(wd.add_working_days(on, count))


@pytest.mark.parametrize("on", [date(2016, 12, 31), date(2029, 1, 1)])
def test_it_says_where_to_add_a_year_that_is_not_known(on: date) -> None:
    with pytest.raises(wd.BeyondKnownHolidays, match=r"2017-01-01 to 2028-12-31.*bank_holidays\.toml"):
        wd.is_working_day(on)


def test_it_refuses_to_count_past_the_known_holidays() -> None:
    with pytest.raises(wd.BeyondKnownHolidays):
        wd.add_working_days(date(2028, 12, 29), 1)


def test_it_refuses_to_count_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        wd.add_working_days(date(2026, 1, 5), -1)


def test_it_holds_eight_holidays_a_year_but_for_the_crown() -> None:
    count = {year: sum(day.year == year for day in wd.england().days) for year in range(2017, 2029)}
    assert count == {year: {2022: 10, 2023: 9}.get(year, 8) for year in range(2017, 2029)}
    assert all(day.weekday() < 5 for day in wd.england().days)


@pytest.mark.material
def test_it_holds_the_holidays_that_the_government_published(material: Path) -> None:
    events = json.loads((material / "places" / "bank-holidays.json").read_text(encoding="utf-8"))["england-and-wales"]["events"]
    published = {date.fromisoformat(event["date"]) for event in events}
    years = {day.year for day in published}
    assert {day for day in wd.england().days if day.year in years} == published


def test_it_refuses_a_holiday_file_with_a_missing_year() -> None:
    with pytest.raises(ValueError, match="missing between 2026 and 2028"):
        wd.load_holidays("[year.2026]\ndays=[]\n[year.2028]\ndays=[]\n")


def test_it_refuses_a_holiday_under_the_wrong_year() -> None:
    with pytest.raises(ValueError, match="2027-01-01 stands under 2026"):
        wd.load_holidays("[year.2026]\ndays=[2027-01-01]\n")


@pytest.mark.parametrize(
    ("at", "on"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 0, tzinfo=UTC), date(2026, 7, 1)),  # midnight in summer
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_it_reads_dates_in_london(at: datetime, on: date) -> None:
    assert wd.london_date(at) == on


def test_it_refuses_an_instant_without_a_zone() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        wd.london_date(datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)])
def test_it_knows_that_a_london_day_may_have_23_or_25_hours(on: date, hours: int) -> None:
    assert wd.day_ends_at(on) - wd.day_begins_at(on) == timedelta(hours=hours)


@given(KNOWN)
def test_it_begins_each_day_where_the_one_before_ends(on: date) -> None:
    assert wd.london_date(wd.day_begins_at(on)) == on
    assert wd.london_date(wd.day_ends_at(on) - timedelta(microseconds=1)) == on
    assert wd.london_date(wd.day_ends_at(on)) == on + timedelta(days=1)
