"""Breathing Space: its days, what it freezes, where payments go, and what must not be done."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.rent.rules.breathing import (
    Space,
    Standing,
    charge,
    ends_on,
    freeze,
    may_ask_review_until,
    midway_review,
    pay,
    refuses,
    runs,
    starts_on,
)

STANDARD = Space(registered_on=date(2026, 12, 1))


def test_starts_2_december_2026_ends_30_january_2027_60_days_inclusive() -> None:
    assert (starts_on(STANDARD), ends_on(STANDARD)) == (date(2026, 12, 2), date(2027, 1, 30))
    assert (date(2027, 1, 30) - date(2026, 12, 2)).days + 1 == 60
    assert midway_review(STANDARD) == (date(2026, 12, 26), date(2027, 1, 5))
    assert may_ask_review_until(STANDARD) == date(2026, 12, 21)
    days = (date(2026, 12, 1), date(2026, 12, 2), date(2027, 1, 30), date(2027, 1, 31))
    assert [runs(STANDARD, day) for day in days] == [False, True, True, False]


def test_a_crisis_lasts_as_long_as_its_treatment_and_30_days() -> None:
    going_on = Space(registered_on=date(2026, 12, 1), kind="crisis")
    assert (ends_on(going_on), runs(going_on, date(2028, 1, 1)), midway_review(going_on)) == (None, True, None)
    over = Space(registered_on=date(2026, 12, 1), kind="crisis", treatment_ended_on=date(2027, 2, 1))
    assert ends_on(over) == date(2027, 3, 3)
    assert ends_on(Space(registered_on=date(2026, 12, 1), ended_on=date(2026, 12, 20))) == date(2026, 12, 20)


def test_nothing_is_asked_for_about_what_is_protected_and_ongoing_rent_is_as_ever() -> None:
    on = date(2026, 12, 10)
    for act in ("letter", "text", "call", "fee", "notice", "collect", "possession", "warrant"):
        assert refuses(STANDARD, act, "protected", on)
        assert not refuses(STANDARD, act, "ongoing", on)
        assert not refuses(STANDARD, act, "protected", date(2027, 1, 31))
    assert not refuses(STANDARD, "statement", "protected", on)


def test_a_payment_goes_to_ongoing_rent_first_or_where_she_says() -> None:
    now = charge(freeze(50_000), 12_000)
    assert now == Standing(protected_pence=50_000, ongoing_pence=12_000)
    assert pay(now, 15_000) == Standing(protected_pence=47_000, ongoing_pence=0)
    assert pay(now, 15_000, "protected") == Standing(protected_pence=35_000, ongoing_pence=12_000)
    assert pay(now, 70_000) == Standing(protected_pence=0, ongoing_pence=-8000)
    assert freeze(-300) == Standing(protected_pence=0, ongoing_pence=-300)


@settings(max_examples=50)
@given(owed=st.integers(-50_000, 100_000), moves=st.lists(st.tuples(st.booleans(), st.integers(0, 30_000)), max_size=8))
def test_no_penny_is_lost_between_the_two(owed: int, moves: list[tuple[bool, int]]) -> None:
    standing, balance = freeze(owed), owed
    for number, (is_payment, pence) in enumerate(moves):
        if is_payment:
            says = ("protected", "ongoing", None)[number % 3]
            standing, balance = pay(standing, pence, says), balance - pence
        else:
            standing, balance = charge(standing, pence), balance + pence
    assert standing.protected_pence + standing.ongoing_pence == balance
    assert 0 <= standing.protected_pence <= max(owed, 0)
