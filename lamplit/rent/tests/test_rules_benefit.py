"""Benefit cover: both worked examples by name, and a claim that stopped."""

from datetime import date, timedelta

from lamplit.rent.rules.benefit import (
    Claim,
    cover,
    deductions_due,
    is_late,
    may_ask_for_direct_payment,
    most_deducted,
    next_due,
    pay_day,
    uc_payments,
)

DAY = timedelta(days=1)
IN_FULL = Claim(
    claim="c_full",
    kind="hb",
    award_pence=6462,
    cycle="four_weekly",
    paid_to=date(2022, 5, 22),
    eligible_pence=28_000,
    eligible_per="month",
)


def hb(paid_to: date, **changed: object) -> Claim:
    fields = {"claim": "c_1", "kind": "hb", "award_pence": 10_000, "cycle": "four_weekly", "eligible_pence": 12_000}
    return Claim(**{**fields, "paid_to": paid_to, **changed})


def test_weekly_example_gross_360_cover_300_real_60() -> None:
    paid_to = date(2026, 11, 8)
    found = cover(hb(paid_to), paid_to + 21 * DAY, paid_to + 21 * DAY)
    assert found is not None
    assert (found.pence, found.days, found.late, 36_000 - found.pence) == (30_000, 21, False, 6000)


def test_monthly_in_advance_example_cover_to_30_june_is_360() -> None:
    on = date(2022, 6, 14)
    found, to_today = cover(IN_FULL, date(2022, 6, 30), on), cover(IN_FULL, on, on)
    assert found is not None
    assert to_today is not None
    assert (found.days, found.pence, found.from_on, found.to_on) == (39, 36_000, date(2022, 5, 23), date(2022, 6, 30))
    assert (to_today.days, to_today.pence, 36_285 - to_today.pence) == (23, 21_231, 15_054)


def test_cover_runs_no_further_than_one_cycle_and_ten_days_past_the_pay_day() -> None:
    claim = hb(date(2026, 11, 1), pays_after_days=2)
    due = next_due(claim, date(2026, 11, 26))
    assert due is not None
    assert (due.pay_on, due.pence, due.from_on, due.to_on) == (
        date(2026, 12, 1),
        40_000,
        date(2026, 11, 2),
        date(2026, 11, 29),
    )
    far = cover(claim, date(2027, 3, 31), date(2026, 11, 26))
    assert far is not None
    assert far.to_on == date(2026, 12, 1) + 28 * DAY + 10 * DAY
    assert cover(claim, claim.paid_to, date(2026, 11, 26)) is None


def test_benefit_that_has_not_come_surfaces_within_two_weeks_of_the_pay_day() -> None:
    claim = hb(date(2026, 11, 1))
    assert pay_day(claim) == date(2026, 11, 29)
    assert [is_late(claim, pay_day(claim) + days * DAY) for days in (0, 10, 11, 14)] == [False, False, True, True]
    late = cover(claim, date(2026, 12, 13), date(2026, 12, 12))
    assert late is not None
    assert late.late


def test_a_claim_that_ends_stops_or_waits() -> None:
    ends = hb(date(2026, 11, 1), ends_on=date(2026, 11, 8))
    shown = cover(ends, date(2026, 11, 29), date(2026, 11, 20))
    due = next_due(ends, date(2026, 11, 20))
    assert shown is not None
    assert due is not None
    assert (shown.pence, due.pence) == (10_000, 10_000)
    paid_up = hb(date(2026, 11, 8), ends_on=date(2026, 11, 8))
    assert (is_late(paid_up, date(2027, 2, 1)), next_due(paid_up, date(2027, 2, 1))) == (False, None)
    for state, late in (("stopped", True), ("pending", False)):
        claim = hb(date(2026, 11, 1), state=state)
        assert (is_late(claim, date(2026, 11, 2)), cover(claim, date(2026, 11, 29), date(2026, 11, 2))) == (late, None)
        assert next_due(claim, date(2026, 11, 2)) is None


def test_cover_is_never_more_than_benefit_can_pay_for() -> None:
    found = cover(hb(date(2026, 11, 1), award_pence=15_000), date(2026, 11, 29), date(2026, 11, 20))
    assert found is not None
    assert found.pence == 48_000


def test_universal_credit_is_paid_seven_days_after_its_period_and_the_next_one_covers_what_follows() -> None:
    first, second = uc_payments(date(2026, 10, 31), 45_000, date(2026, 11, 1), date(2027, 1, 8))
    assert (first.to_on, first.pay_on) == (date(2026, 11, 29), date(2026, 12, 6))
    assert (second.from_on, second.to_on, second.pay_on) == (date(2026, 11, 30), date(2026, 12, 30), date(2027, 1, 6))
    uc = hb(date(2026, 11, 14), kind="uc", cycle="monthly", award_pence=45_000, award_per="month", eligible_pence=45_000)
    uc = Claim(**{**{f: getattr(uc, f) for f in uc.__struct_fields__}, "eligible_per": "month", "pays_after_days": 7})
    due = next_due(uc, date(2026, 11, 20))
    assert due is not None
    assert (due.pay_on, due.pence) == (date(2026, 12, 21), 45_000)
    before, after = (cover(uc, date(2026, 12, 31), on) for on in (date(2026, 12, 21), date(2026, 12, 22)))
    assert before is not None
    assert after is not None
    assert (before.pence, is_late(uc, date(2027, 2, 1))) == (69_534, False)
    # What was paid on 21 December was for the days to the 14th: the next payment, of 21 January, covers what follows.
    assert (after.from_on, after.days, after.pence, after.pay_on) == (date(2026, 12, 15), 17, 25_151, date(2027, 1, 21))


def test_third_party_deductions() -> None:
    on = date(2026, 11, 26)
    assert [may_ask_for_direct_payment(owed, 50_000, on) for owed in (99_999, 100_000)] == [False, True]
    assert most_deducted(40_014, on) == 6002
    assert deductions_due(date(2026, 11, 2), on, date(2027, 1, 1)) == [date(2026, 11, 30), date(2026, 12, 28)]
    assert deductions_due(date(2026, 11, 2), date(2026, 10, 1), date(2026, 11, 2)) == [date(2026, 11, 2)]
