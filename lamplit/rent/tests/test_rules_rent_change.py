"""How much a rent may go up, and what the notice must keep to."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.basics.dated import NotInForce
from lamplit.basics.refusal import Refused
from lamplit.rent.rules.charging import Line, Terms
from lamplit.rent.rules.figures import law, policy, rate
from lamplit.rent.rules.rent_change import (
    Increase,
    affordable_rent,
    cpi_for,
    earliest_start,
    new_rent,
    notices,
    relet_rent,
)

IN_2026, IN_2027, IN_2028 = date(2026, 4, 6), date(2027, 4, 5), date(2028, 4, 3)


def test_118_47_and_4_8_per_cent_is_124_16() -> None:
    assert cpi_for(IN_2026) == Decimal("3.8")
    assert new_rent(11_847, None, cpi_for(IN_2026), IN_2026).pence == 12_416
    with pytest.raises(NotInForce):
        cpi_for(IN_2027)  # entered each October; nobody guesses it


@pytest.mark.parametrize(
    ("formula", "on", "pence", "convergence"),
    [
        (14_000, IN_2026, 12_416, 0),  # no convergence in 2026/27
        (14_000, IN_2027, 12_516, 100),
        (14_000, IN_2028, 12_616, 200),
        (12_450, IN_2027, 12_450, 34),  # never above formula rent
        (12_000, IN_2027, 12_416, 0),  # above formula already: CPI + 1 alone
    ],
)
def test_convergence_moves_towards_formula_and_never_past_it(formula: int, on: date, pence: int, convergence: int) -> None:
    found = new_rent(11_847, formula, Decimal("3.8"), on)
    assert (found.pence, found.convergence_pence, found.uplifted_pence) == (pence, convergence, 12_416)


@settings(max_examples=50)
@given(old=st.integers(1, 50_000), formula=st.integers(1, 50_000), tenths=st.integers(-50, 120))
def test_the_new_rent_is_the_formula_of_the_standard(old: int, formula: int, tenths: int) -> None:
    found = new_rent(old, formula, Decimal(tenths) / 10, IN_2027)
    exact = old * (1000 + tenths + 10)
    assert abs(1000 * found.uplifted_pence - exact) <= 500
    assert found.pence == min(found.uplifted_pence + 100, max(formula, found.uplifted_pence))


def test_a_new_letting() -> None:
    assert relet_rent(12_000, IN_2026) == 12_000
    assert relet_rent(12_000, IN_2026, flexibility=True) == 12_600
    assert relet_rent(12_000, IN_2026, flexibility=True, supported=True) == 13_200
    assert affordable_rent(20_001, IN_2026) == 16_001
    with pytest.raises(TypeError, match="no rate"):
        rate(law(), "notice.months", IN_2026)
    assert all(entry.citation for values in (law(), policy()) for series in values.series.values() for entry in series)


def increase(**changed: object) -> Increase:
    fields = {"served_on": date(2027, 2, 22), "starts_on": IN_2027, "old_pence": 12_416, "new_pence": 13_012}
    return Increase(**{**fields, "tenants": ("p_ann", "p_bob"), "last_on": IN_2026, **changed})


WEEKLY = Terms(frequency="weekly", lines=(Line(charge="rent", pence=12_416),), starts_on=date(2020, 1, 6))


def test_each_named_tenant_gets_a_notice_that_says_all_that_it_must() -> None:
    found = notices(WEEKLY, increase())
    assert [notice.tenant for notice in found] == ["p_ann", "p_bob"]
    assert {"tribunal", "new_rent", "starts_on", "tenant"} <= set(found[0].says)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tenants": ()}, "rent.notice_names_nobody"),
        ({"served_on": date(2027, 3, 6)}, "rent.notice_too_short"),
        ({"last_on": date(2026, 4, 13)}, "rent.increase_too_soon"),
        ({"starts_on": date(2027, 4, 6)}, "rent.increase_not_at_period"),
    ],
)
def test_a_notice_that_would_not_hold_is_refused(changed: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        notices(WEEKLY, increase(**changed))
    assert refused.value.code == code
    assert all(str(detail).endswith(" 2027") for detail in refused.value.details.values())  # a day as people read it


def test_a_month_is_a_month_and_the_53rd_week_keeps_the_anniversary() -> None:
    assert earliest_start(date(2027, 1, 31)) == date(2027, 2, 28)
    assert notices(WEEKLY, increase(served_on=date(2027, 3, 5)))
    # 52 weeks after 3 April 2028 are 2 April 2029: within six days of the anniversary of the first increase.
    assert earliest_start(date(2029, 1, 1), date(2028, 4, 3), date(2003, 4, 7)) == date(2029, 4, 2)
    # 52 weeks after 2 April 2029 are 1 April 2030; the anniversary of 8 April 2019 is seven days later: then 53.
    assert earliest_start(date(2030, 1, 1), date(2029, 4, 2), date(2019, 4, 8)) == date(2030, 4, 8)
