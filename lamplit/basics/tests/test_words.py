"""How dates, times, money and counts are said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics import words

NOW = datetime(2026, 11, 23, 14, 40, tzinfo=UTC)  # a Monday, winter time
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


def test_a_date_is_said_with_its_weekday_and_without_its_year():
    assert words.long_date(date(2026, 12, 1)) == "Tuesday 1 December"


def test_a_moment_just_before_midnight_in_summer_falls_on_londons_day():
    assert words.long_date(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "Wednesday 1 July"
    assert words.full_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "31 December 2026"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        words.moment(datetime(2026, 1, 1, 9))  # noqa: DTZ001 - what is tested


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(0, 0, "midnight"), (0, 5, "12:05am"), (8, 0, "8am"), (12, 0, "noon"), (12, 1, "12:01pm"), (14, 40, "2:40pm")],
)
def test_the_time_of_day_is_said_as_people_say_it(hour, minute, said):
    assert words.clock_time(datetime(2026, 12, 1, hour, minute, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (8, "Tuesday 1 December"), (400, "28 December 2027")],
)
def test_a_near_day_is_said_by_name_and_a_far_one_with_its_year(days, said):
    assert words.near_date(NOW + days * DAY, NOW) == said


def test_tomorrow_goes_by_the_calendar_and_not_by_24_hours():
    assert words.near_moment(datetime(2026, 11, 24, 0, 30, tzinfo=UTC), NOW) == "Tomorrow, 12:30am"


def test_a_promise_for_tomorrow_names_the_day_too():
    assert words.before(NOW + DAY, NOW) == "before 2:40pm tomorrow, Tuesday 24 November"
    assert words.before(NOW + 8 * DAY, NOW) == "before 2:40pm on Tuesday 1 December"


@pytest.mark.parametrize(
    ("midnight", "said"),
    [
        (datetime(2026, 11, 24, tzinfo=UTC), "by the end of today, Monday 23 November"),
        (datetime(2026, 11, 25, tzinfo=UTC), "by the end of tomorrow, Tuesday 24 November"),
        (datetime(2026, 11, 28, tzinfo=UTC), "by the end of Friday 27 November"),
        (datetime(2026, 6, 30, 23, tzinfo=UTC), "by the end of Tuesday 30 June"),
        (datetime(2027, 1, 1, tzinfo=UTC), "by the end of Thursday 31 December"),
    ],
)
def test_a_limit_of_whole_days_names_the_day_that_ends(midnight, said):
    assert words.before(midnight, NOW) == said


def test_a_limit_that_was_set_is_said_without_regard_to_today():
    assert words.by_then(NOW) == "by Monday 23 November, 2:40pm"
    assert words.by_then(datetime(2026, 11, 24, tzinfo=UTC)) == "by the end of Monday 23 November"
    assert words.by_then(datetime(2026, 11, 24, 0, 0, 59, tzinfo=UTC)) == "by the end of Monday 23 November"


def test_a_day_completes_a_sentence():
    assert [words.on_date(NOW + days * DAY, NOW) for days in (0, -1, -3)] == ["today", "yesterday", "on Friday 20 November"]


def test_how_often_is_said_as_people_say_it():
    assert [words.times(count) for count in (1, 2, 3)] == ["once", "twice", "3 times"]


def test_a_slot_is_a_day_and_two_times():
    start = datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert words.slot(start, start + 4 * HOUR) == "Tuesday 1 December, between 8am and noon"


def test_a_slot_in_summer_is_said_in_summer_time():
    start = datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert words.slot(start, start + 4 * HOUR) == "Wednesday 1 July, between 8am and noon"


def test_a_slot_over_midnight_says_both_days():
    start = datetime(2026, 12, 1, 22, tzinfo=UTC)
    assert words.slot(start, start + 8 * HOUR) == "Tuesday 1 December, 10pm, to Wednesday 2 December, 6am"


@pytest.mark.parametrize(
    ("left", "said", "aloud"),
    [
        (6 * DAY + HOUR, "6 d left", "6 days left"),
        (2 * DAY, "2 d left", "2 days left"),
        (DAY + 4 * HOUR, "1 d 4 h left", "1 day 4 hours left"),
        (DAY, "1 d left", "1 day left"),
        (3 * HOUR + 5 * MINUTE, "3 h 05 m left", "3 hours 5 minutes left"),
        (HOUR, "1 h 00 m left", "1 hour 0 minutes left"),
        (18 * MINUTE, "18 m left", "18 minutes left"),
        (timedelta(seconds=59), "under 1 m left", "under 1 minute left"),
        (timedelta(0), "under 1 m left", "under 1 minute left"),
        (-timedelta(seconds=30), "overdue under 1 m", "overdue under 1 minute"),
        (-59 * MINUTE, "overdue 59 m", "overdue 59 minutes"),
        (-2 * HOUR, "overdue 2 h", "overdue 2 hours"),
        (-25 * HOUR, "overdue 1 d", "overdue 1 day"),
    ],
)
def test_the_time_left_is_short_for_the_eye_and_whole_for_the_ear(left, said, aloud):
    assert words.time_left(NOW + left, NOW) == said
    assert words.time_left_aloud(NOW + left, NOW) == aloud


def test_the_time_left_over_the_night_the_clocks_change_counts_real_hours():
    before = words.london(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    after = words.london(datetime(2026, 10, 25, 3, 30, tzinfo=UTC))
    assert words.time_left(after, before) == "3 h 00 m left"


@pytest.mark.parametrize(
    ("left", "how"), [(2 * HOUR, "calm"), (HOUR, "calm"), (59 * MINUTE, "soon"), (timedelta(0), "soon"), (-MINUTE, "late")]
)
def test_a_clock_is_soon_in_its_last_hour_and_late_after_it(left, how):
    assert words.urgency(NOW + left, NOW) == how


@pytest.mark.parametrize(("hours", "used"), [(-1, 0), (0, 0), (6, 25), (24, 100), (30, 100)])
def test_the_bar_stays_between_empty_and_full(hours, used):
    assert words.share_used(NOW, NOW + DAY, NOW + hours * HOUR) == used


def test_a_clock_of_no_length_is_used_up():
    assert words.share_used(NOW, NOW, NOW) == 100


@pytest.mark.parametrize(
    ("back", "said"),
    [
        (timedelta(seconds=40), "just now"),
        (-MINUTE, "just now"),
        (MINUTE, "1 minute ago"),
        (2 * HOUR, "2 hours ago"),
        (3 * DAY, "3 days ago"),
    ],
)
def test_how_long_ago_is_said_in_one_unit(back, said):
    assert words.ago(NOW - back, NOW) == said


@pytest.mark.parametrize(
    ("pence", "said"), [(0, "£0.00"), (5, "£0.05"), (38000, "£380.00"), (123_456_789, "£1,234,567.89"), (-1205, "-£12.05")]
)
def test_money_is_pounds_and_two_figures_of_pence(pence, said):
    assert words.pounds(pence) == said


@pytest.mark.parametrize(("count", "said"), [(0, "no repairs"), (1, "1 repair"), (4, "4 repairs"), (12_000, "12,000 repairs")])
def test_a_count_agrees_with_its_word(count, said):
    assert words.plural(count, "repair") == said


def test_a_word_with_its_own_plural_keeps_it():
    assert words.plural(2, "person", "people") == "2 people"


@pytest.mark.parametrize(("given", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_a_list_is_read_with_and(given, said):
    assert words.listed(given) == said


def test_a_sentence_begins_with_a_capital_and_keeps_the_rest():
    assert words.sentence("before Dev Patel comes") == "Before Dev Patel comes"
    assert words.sentence("") == ""
