"""Which days a home stood empty, and the rent that was lost by it."""

from datetime import date

from lamplit.rent.rules.charging import Span
from lamplit.rent.rules.voids import Let, Void, empty, lost

YEAR = Span(from_on=date(2026, 4, 6), to_on=date(2026, 5, 31))


def void(first: date, last: date, pence: int | None, account: str | None = "t_1") -> Void:
    return Void(home="h_1", from_on=first, to_on=last, days=(last - first).days + 1, lost_pence=pence, account=account)


def test_between_two_tenancies_the_days_cost_what_the_first_one_did() -> None:
    first = Let(account="t_1", started_on=date(2020, 1, 6), ended_on=date(2026, 4, 12), pence=11_847)
    second = Let(account="t_1", started_on=date(2026, 5, 4), ended_on=None, pence=14_000)
    assert empty("h_1", [second, first], YEAR) == [void(date(2026, 4, 13), date(2026, 5, 3), 3 * 11_847)]
    assert empty("h_1", [first], YEAR) == [void(date(2026, 4, 13), date(2026, 5, 31), 7 * 11_847)]
    assert empty("h_1", [second], YEAR) == [
        void(date(2026, 4, 6), date(2026, 5, 3), None, None)
    ]  # not let before, as far as we know
    assert empty("h_1", [], YEAR) == [void(date(2026, 4, 6), date(2026, 5, 31), None, None)]
    assert empty("h_1", [Let(account="t_1", started_on=date(2020, 1, 6), ended_on=None)], YEAR) == []


def test_who_moves_out_as_the_next_moves_in_leaves_nothing_empty() -> None:
    one = Let(account="t_1", started_on=date(2020, 1, 6), ended_on=date(2026, 4, 12), pence=1)
    beside = Let(account="t_1", started_on=date(2026, 4, 10), ended_on=date(2026, 5, 30), pence=700)
    late = Let(account="t_1", started_on=date(2026, 6, 8), ended_on=None, pence=1)
    assert empty("h_1", [one, beside, late], YEAR) == [void(date(2026, 5, 31), date(2026, 5, 31), 100)]


def test_a_day_costs_a_part_of_each_rhythm() -> None:
    lets = [
        Let(account="t_1", started_on=YEAR.from_on, ended_on=None, pence=28_000, frequency=often)
        for often in ("weekly", "four_weekly", "monthly")
    ]
    assert [lost(one, 10) for one in lets] == [40_000, 10_000, 9_205]
