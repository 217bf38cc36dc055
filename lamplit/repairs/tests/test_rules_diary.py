"""Which times are free: no clock, no database."""

from datetime import UTC, date, datetime
from typing import NamedTuple

import pytest

from lamplit.basics.refusal import Refused
from lamplit.repairs.rules import diary
from lamplit.repairs.rules.diary import places_on
from lamplit.repairs.rules.law import data, load_figures
from lamplit.repairs.rules.visits import owed_for_missed

AT = datetime(2026, 3, 30, 9, 30, tzinfo=UTC)  # a Monday, the first day of summer time; Friday 3 and Monday 6 April are holidays
DUE = datetime(2026, 4, 2, 22, 59, tzinfo=UTC)
WEEK = [0, 1, 2, 3, 4]


class Told(NamedTuple):
    part: str = "am"
    places: int = 1
    weekdays: list[int] = WEEK
    from_on: date = date(2026, 1, 1)
    until_on: date | None = None


class Whose(NamedTuple):
    id: str
    contractor: str | None = None
    area: str | None = None
    trades: tuple[str, ...] = ("plumber",)
    ended: bool = False


def free(told, taken=(), priority="routine", **kwargs):
    slots = diary.free_slots(told, taken, at=AT, due_at=DUE, priority=priority, **kwargs)
    return [(slot.code, slot.free, slot.late) for slot in slots]


def test_the_last_word_on_a_day_counts_and_holidays_are_free_unless_named():
    told = [Told(places=3), Told(places=0, from_on=date(2026, 4, 1), until_on=date(2026, 4, 1)), Told(part="pm", weekdays=[3])]
    assert [places_on(told, date(2026, 3, day), "am") for day in (29, 30, 31)] == [0, 3, 3]
    assert [places_on(told, date(2026, 4, day), "am") for day in (1, 2, 3, 6, 7)] == [0, 3, 0, 0, 3]
    opened = [*told, Told(places=2, from_on=date(2026, 4, 3), until_on=date(2026, 4, 3))]
    assert places_on(opened, date(2026, 4, 3), "am") == 2  # somebody said that they work on Good Friday
    assert free(told)[:5] == [
        ("2026-03-31.am", 3, False),
        ("2026-04-02.am", 3, False),
        ("2026-04-02.pm", 1, False),
        ("2026-04-07.am", 3, True),
        ("2026-04-08.am", 3, True),
    ]


def test_a_visit_takes_every_part_that_it_touches_and_some_places_are_held_back():
    told = [Told(places=5), Told(part="pm", places=1)]
    whole_day = (datetime(2026, 3, 31, 8, tzinfo=UTC), datetime(2026, 3, 31, 15, tzinfo=UTC))
    next_day = (datetime(2026, 4, 1, 7, tzinfo=UTC), datetime(2026, 4, 1, 11, tzinfo=UTC))  # 8 to noon in summer time
    taken = [whole_day, next_day]
    assert free(told, taken)[:3] == [("2026-03-31.am", 3, False), ("2026-04-01.am", 3, False), ("2026-04-01.pm", 1, False)]
    assert free(told, taken, priority="emergency")[:2] == [("2026-03-31.am", 4, False), ("2026-04-01.am", 4, False)]
    assert diary.is_full(told, taken, whole_day, priority="routine")
    assert not diary.is_full(told, taken, next_day, priority="routine")
    assert not diary.is_full(told, taken, whole_day, priority="immediate")  # an emergency waits for no place
    sunday = (datetime(2026, 4, 5, 8, tzinfo=UTC), datetime(2026, 4, 5, 9, tzinfo=UTC))
    assert diary.is_full(told, [], sunday, priority="routine")


def test_the_landlord_says_how_far_ahead_and_what_notice():
    text = data("policy.toml").replace("[[slot.notice_days]]\nvalue = 1", "[[slot.notice_days]]\nvalue = 3")
    figures = load_figures(text.replace("[[slot.days_ahead]]\nvalue = 42", "[[slot.days_ahead]]\nvalue = 1"), "policy.toml")
    assert free([Told()], figures=figures) == [("2026-04-02.am", 1, False)]
    assert len(free([Told()])) == 27  # 42 days from tomorrow: 30 weekdays, less three holidays


@pytest.mark.parametrize(
    ("area", "postcode", "inside"),
    [
        (None, None, True), ("ZZ1", "ZZ1 4AB", True), ("ZZ1", "ZZ10 1AA", False), ("ZZ1 4", "zz1 4ab", True),
        ("ZZ1 4", "ZZ1 5AB", False), ("ZZ", "ZZ10 1AA", True), ("Z", "ZZ1 1AA", False), ("ZZ1", None, False),
    ],
)  # fmt: skip
def test_an_area_is_the_beginning_of_postcodes(area, postcode, inside):
    assert diary.covers(area, postcode) is inside


def test_a_work_has_the_diary_of_its_firm_and_trade_with_the_narrowest_area():
    rows = [Whose("d_1", "f_1"), Whose("d_2", "f_1", "ZZ1"), Whose("d_3", "f_1", "ZZ1 4", ended=True), Whose("d_4", None)]
    kept = {"trade": "plumber", "postcode": "ZZ1 4AB"}
    assert diary.diary_for(rows, contractor="f_1", **kept).id == "d_2"
    assert diary.diary_for(rows, contractor=None, **kept).id == "d_4"
    assert diary.diary_for(rows, contractor="f_1", trade="plumber", postcode="ZZ9 9ZZ").id == "d_1"
    assert diary.diary_for(rows, contractor="f_1", trade="roofer", postcode="ZZ1 4AB") is None


@pytest.mark.parametrize(("typed", "kept"), [("", None), (" zz1 ", "ZZ1"), ("zz1  4", "ZZ1 4"), ("n", "N")])
def test_areas_are_read(typed, kept):
    assert diary.normal_area(typed) == kept


@pytest.mark.parametrize("typed", ["Ember Rise", "ZZ1 4AB", "1", "ZZ1 4 5"])
def test_no_area(typed):
    with pytest.raises(Refused) as refused:
        diary.normal_area(typed)
    assert refused.value.code == "repairs.no_such_area"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"part": "night"}, "repairs.no_such_part"), ({"weekdays": []}, "repairs.no_weekday"),
        ({"until_on": date(2025, 1, 1)}, "repairs.days_backwards"), ({"places": 1000}, "repairs.too_many_places"),
    ],
)  # fmt: skip
def test_capacity_is_checked(change, code):
    good = {"part": "am", "weekdays": WEEK, "from_on": date(2026, 1, 1), "until_on": None, "places": 1}
    diary.check_capacity(**good)
    with pytest.raises(Refused) as refused:
        diary.check_capacity(**good | change)
    assert refused.value.code == code


def test_what_we_owe_is_the_landlords_own_figure():
    assert owed_for_missed(AT) == 0
    text = data("policy.toml").replace("[[missed.owed_pence]]\nvalue = 0", "[[missed.owed_pence]]\nvalue = 1000")
    assert owed_for_missed(AT, load_figures(text, "policy.toml")) == 1000
