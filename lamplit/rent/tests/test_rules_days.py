"""Days without a charge: what a run leaves out, and what is credited where it was charged already."""

from datetime import date, timedelta
from typing import Any

import pytest

from lamplit.basics.refusal import Refused
from lamplit.rent.rules.charging import Span
from lamplit.rent.rules.days import Charged, Credit, check_days, credits_for
from lamplit.rent.rules.runs import Chargeable, Set, work_out

MONDAY = date(2026, 4, 6)
DAY = timedelta(days=1)
TERMS = Set.of(MONDAY, "weekly", 52, [{"charge": "rent", "pence": 11_847}, {"charge": "service", "pence": 700, "category": "B"}])


def span(first: int, last: int) -> Span:
    return Span(from_on=MONDAY + DAY * first, to_on=MONDAY + DAY * last)


def week(number: int) -> list[Charged]:
    days: Any = {"from_on": MONDAY + DAY * 7 * number, "to_on": MONDAY + DAY * (7 * number + 6)}
    return [
        Charged(line=f"t.{number}.0", charge="rent", pence=11_847, **days),
        Charged(line=f"t.{number}.1", charge="service", pence=700, **days),
    ]


def test_whole_weeks_are_taken_back_and_parts_of_one_by_the_day() -> None:
    lines = [*week(0), *week(1), *week(2)]
    assert credits_for([TERMS], lines, (), span(4, 13)) == [
        Credit(charge="rent", pence=11_847 - 6_770, on=MONDAY),  # four of seven days are hers: 67.70
        Credit(charge="service", pence=300, on=MONDAY),
        Credit(charge="rent", pence=11_847, on=MONDAY + DAY * 7, line="t.1.0"),
        Credit(charge="service", pence=700, on=MONDAY + DAY * 7, line="t.1.1"),
    ]
    assert credits_for([TERMS], lines, (), span(21, 30)) == []


def test_days_in_two_parts_credit_a_week_no_more_than_once() -> None:
    first, second = credits_for([TERMS], week(0), (), span(0, 2)), credits_for([TERMS], week(0), (span(0, 2),), span(3, 6))
    assert sum(one.pence for one in (*first, *second)) == 11_847 + 700
    assert all(one.line is None for one in (*first, *second))


def test_a_run_charges_nothing_for_them_and_goes_on_after() -> None:
    away = Chargeable(
        account="t_1", started_on=MONDAY, ended_on=None, charged_to_on=None, sets=(TERMS,), voids=(span(4, 13),)
    )  # fmt: skip
    worked = work_out([away], "weekly", MONDAY + DAY * 14)
    assert [(batch.from_on, batch.charges) for batch in worked.batches] == [
        (MONDAY, [[("rent", 6_770), ("service", 400)]]),
        (MONDAY + DAY * 14, [[("rent", 11_847), ("service", 700)]]),
    ]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (span(3, 2), "days_wrong"),
        (span(-1, 2), "no_tenancy_then"),
        (span(90, 101), "no_tenancy_then"),
        (span(8, 12), "days_there"),
    ],
)
def test_days_that_are_none_of_hers_are_refused(asked: Span, code: str) -> None:
    with pytest.raises(Refused, match=f"rent.{code}"):
        check_days(asked, [span(10, 20)], MONDAY, MONDAY + DAY * 100, MONDAY)
    with pytest.raises(Refused, match=r"rent.days_too_many"):
        check_days(span(0, 800), [], MONDAY, None, MONDAY)


def test_terms_of_an_earlier_day_do_not_slow_or_change_a_whole_week() -> None:
    later = Set.of(MONDAY + DAY * 7, "weekly", 52, [{"charge": "rent", "pence": 12_416}])
    one = Chargeable(account="t_1", started_on=MONDAY, ended_on=None, charged_to_on=MONDAY + DAY * 6, sets=(TERMS, later))
    assert work_out([one], "weekly", MONDAY + DAY * 7).pence == 12_416
