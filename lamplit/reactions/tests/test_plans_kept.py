"""A plan ends as kept only when it was truly paid: what may be paid, or was paid for rent to come, ends none."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from lamplit.reactions import chasing
from lamplit.reactions.tests.test_rent import MONDAY, ONE, charged, let, terms
from lamplit.reactions.tests.test_standing import NOW, RUTH, TODAY, paid, stands
from lamplit.rent import actions, queries
from lamplit.rent.facts import Budget, Protection
from tests import cast
from tests.landlord import Landlord

__all__ = ["let", "terms"]

OWED = 13_097
LAST = TODAY + timedelta(days=14)
BUDGET = Budget(comes_in=90_000, goes_out=10_000)
HERS: dict[str, Any] = {"account": RUTH, "by": cast.BY_RUTH, "at": NOW}


@pytest.fixture
def plan(let: Landlord, monkeypatch: pytest.MonkeyPatch) -> str:
    """A plan in three parts for what she owed on a Tuesday, with every payment file in."""
    charged()
    monkeypatch.setattr(import_module("lamplit.rent.queries.position"), "payments_to", lambda on: on)
    return actions.agree_plan(each_pence=5000, every="weekly", first_on=TODAY, budget=BUDGET, command="t:0", **HERS)


def ended(on: date) -> str | None:
    chasing.end_plans(datetime(on.year, on.month, on.day, 3, tzinfo=UTC))
    row = queries.last_plan(RUTH)
    assert row is not None
    return row.why if row.ended_at else None


def test_what_is_disputed_pays_no_plan_and_its_answer_lets_the_plan_run_on(plan: str) -> None:
    line = next(one for one in queries.lines(RUTH) if one.what == "rent")
    actions.dispute_line(line=line.id, command="t:1", **HERS)
    dispute = actions.dispute_line(command="t:2", **HERS)
    assert (stands().to_pay_pence, ended(TODAY), ended(LAST + timedelta(days=30))) == (0, None, None)
    for one in queries.open_disputes():
        actions.answer_dispute(dispute=one.id, outcome="not_upheld", words="It stands.", by=ONE, at=NOW, command=f"t:{one.id}")
    assert queries.dispute(dispute).outcome == "not_upheld"  # type: ignore[union-attr]
    assert stands().to_pay_pence == 5000, "the rest is due as it was agreed"
    assert ended(LAST + timedelta(days=6)) == "not_kept"


def test_what_she_says_that_she_paid_pays_no_plan(plan: str) -> None:
    actions.say_paid(pence=OWED, on=TODAY, way="shop", command="t:1", **HERS)
    assert (stands().to_pay_pence, ended(TODAY), ended(TODAY + timedelta(days=1))) == (0, None, None)


def test_what_may_be_hers_pays_no_plan(plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lamplit.rent.queries.sources.suspense", lambda _: {RUTH: (OWED, TODAY)})
    assert (stands().to_pay_pence, ended(TODAY), ended(LAST)) == (0, None, None)


def test_what_a_breathing_space_protects_is_not_paid(plan: str) -> None:
    about = Protection(kind="crisis", registered_on=TODAY)
    actions.start_protection(about=about, command="t:1", **(HERS | {"by": ONE}))
    tomorrow = TODAY + timedelta(days=1)
    assert (stands(tomorrow).to_pay_pence, ended(tomorrow), ended(LAST + timedelta(days=6))) == (0, None, None)


def test_rent_paid_ahead_pays_no_plan(plan: str) -> None:
    later = HERS | {"at": NOW + timedelta(hours=1)}
    actions.agree_plan(each_pence=5000, every="monthly", first_on=TODAY, budget=BUDGET, command="t:1", **later)
    paid(OWED * 4)  # her rent of a month, each week of which is still to be charged
    assert stands(TODAY + timedelta(days=1)).credit_pence == 3 * OWED
    for number in range(1, 5):
        monday = MONDAY + timedelta(days=7 * number)
        assert ended(monday - timedelta(days=1)) is None
        charged(monday)
    assert (ended(monday), stands(monday).to_pay_pence) == (None, 5000), "the first instalment; the others are due later"


def test_one_that_stood_paid_for_a_month_ends_before_its_last_day(let: Landlord) -> None:
    charged()
    actions.agree_plan(each_pence=1000, every="monthly", first_on=TODAY, budget=BUDGET, command="t:0", **HERS)
    paid(OWED)
    month = TODAY + timedelta(days=1 + 30)
    assert (ended(month - timedelta(days=1)), ended(month)) == (None, "kept")


def test_one_whose_instalments_are_paid_ends_on_its_last_day(plan: str) -> None:
    paid(5000)
    paid(8097)
    assert (ended(LAST - timedelta(days=1)), ended(LAST)) == (None, "kept")
