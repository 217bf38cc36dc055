"""What a Direct Debit collects each time."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.rent.rules import usual
from lamplit.rent.rules.benefit import Claim

ON = date(2026, 11, 30)
HB = {"claim": "c", "kind": "hb", "cycle": "four_weekly", "paid_to": ON, "award_pence": 5_000, "eligible_pence": 12_000}


def test_a_years_charge_is_spread_over_its_collections():
    assert [usual.charged("weekly", 52, 12_000, every) for every in ("weekly", "four_weekly", "monthly")] == [
        12_000,
        48_000,
        52_000,
    ]
    assert usual.charged("weekly", 48, 13_000, "weekly") == 12_000  # rent-free weeks are paid towards, too
    assert usual.charged("four_weekly", 52, 48_000, "weekly") == 12_000
    assert usual.charged("monthly", 52, 52_000, "weekly") == 12_000


def test_benefit_that_is_paid_to_us_and_no_other_is_taken_off():
    assert usual.benefit([Claim(**HB)], "monthly", ON) == 21_667
    assert usual.benefit([Claim(**{**HB, "award_pence": 15_000})], "weekly", ON) == 12_000  # no more than benefit can pay for
    managed = {**HB, "kind": "uc_managed", "award_per": "month", "eligible_per": "month"}
    assert usual.benefit([Claim(**managed)], "four_weekly", ON) == 4_615
    for other in ({"kind": "uc"}, {"state": "pending"}, {"state": "stopped"}, {"ends_on": ON}):
        assert usual.benefit([Claim(**{**HB, **other})], "weekly", ON) == 0


def test_a_plans_instalment_is_collected_in_its_own_rhythm_alone():
    parts = [["2026-11-10", 1_000], ["2026-12-10", 1_000], ["2027-01-10", 300]]
    assert usual.instalment(parts, "monthly", ON) == 1_000
    assert usual.instalment(parts, "weekly", ON) == 0
    assert usual.instalment(parts, "monthly", date(2026, 12, 11)) == 0  # what is left of it is no instalment
    assert usual.instalment(parts[:1], "monthly", date(2026, 11, 1)) == 0


@settings(max_examples=50)
@given(st.integers(1, 90_000), st.sampled_from([52, 50, 48]))
def test_twelve_months_and_a_years_weeks_come_to_the_same(pence, weeks):
    year = pence * weeks
    assert abs(usual.charged("weekly", weeks, pence, "monthly") * 12 - year) <= 6
    assert abs(usual.charged("weekly", weeks, pence, "weekly") * 52 - year) <= 26
