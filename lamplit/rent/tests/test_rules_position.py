"""The true position: what is taken away, in which order, and what the tenant reads."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplit.rent.rules.benefit import Claim
from lamplit.rent.rules.position import Account, Collection, Instalment, Plan, Position, Sum, position, words
from lamplit.rent.tests.test_rules_benefit import IN_FULL, hb

ON = date(2026, 11, 27)
SUNDAY = date(2026, 11, 29)


def account(balance_pence: int, **changed: object) -> Account:
    return Account(**{"account": "t_1", "on": ON, "charged_to": SUNDAY, "balance_pence": balance_pence, **changed})


def lines(found: Position) -> list[tuple[str, int]]:
    return [(line.code, line.pence) for line in found.lines]


def test_weekly_example_she_pays_60_by_friday_4_december() -> None:
    found = position(account(36_000, claims=(hb(date(2026, 11, 8)),)))
    assert lines(found) == [("balance", 36_000), ("benefit_due", -30_000)]
    assert (found.to_pay_pence, found.by, found.asking) == (6000, date(2026, 12, 4), None)
    assert found.sentence == "Please pay £60.00 by Friday 4 December."
    assert found.lines[1].tenant_words == "Your benefit pays this part"
    assert found.lines[1].staff_words == ("£300.00 for 21 days, 9 November 2026 to 29 November 2026, expected on 6 December 2026")
    assert found.lines[0].staff_words == "Balance on 27 November 2026, charged to 29 November 2026"


def test_full_benefit_four_weekly_against_rent_monthly_in_advance_mid_month() -> None:
    on = date(2022, 6, 14)
    found = position(Account(account="t_1", on=on, charged_to=date(2022, 6, 30), balance_pence=36_285, claims=(IN_FULL,)))
    assert (found.to_pay_pence, lines(found)[1]) == (285, ("benefit_due", -36_000))


def test_a_claim_that_stopped_never_reads_you_owe_nothing() -> None:
    late = hb(date(2026, 10, 18))  # should have paid on 15 November; twelve days ago
    for balance, claims in ((36_000, (late,)), (0, (late,)), (-2000, (late,)), (36_000, (hb(SUNDAY, state="stopped"),))):
        found = position(account(balance, claims=claims))
        assert found.asking == "council"
        assert found.sentence.startswith("We are asking the council about your benefit.")
        assert "do not need to pay" not in found.sentence
    covered = position(account(36_000, claims=(late,)))
    assert lines(covered) == [("balance", 36_000), ("benefit_late", -36_000)]
    assert covered.sentence == "We are asking the council about your benefit."
    managed = position(account(100, claims=(hb(date(2026, 10, 18), kind="uc_managed", cycle="four_weekly"),)))
    assert managed.sentence == "We are asking the Department for Work and Pensions about your benefit."


def test_every_line_at_once_in_its_order_and_the_lines_add_up() -> None:
    plan = Plan(
        plan="plan_1",
        instalments=(
            Instalment(on=date(2026, 11, 20), pence=2000, paid_pence=1500),
            Instalment(on=date(2026, 12, 20), pence=2000),
            Instalment(on=date(2027, 1, 20), pence=2000),
        ),
    )
    found = position(
        account(
            100_000,
            protected_pence=40_000,
            in_transit=(Sum(pence=1000, source="shop", on=date(2026, 11, 26)),),
            missed=(Sum(pence=12_000, source="run_1", on=date(2026, 11, 25)),),
            claims=(hb(date(2026, 11, 8)),),
            disputed=(Sum(pence=3000, source="line_9"),),
            suspense_pence=500,
            collections=(Collection(source="dd_1", on=date(2026, 12, 1), pence=5000, of_balance_pence=2000),),
            plan=plan,
            asked_by=date(2026, 12, 2),
        )
    )
    assert lines(found) == [
        ("balance", 100_000),
        ("protected", -40_000),
        ("in_transit", -1000),
        ("missed_by_us", -12_000),
        ("benefit_due", -30_000),
        ("disputed", -3000),
        ("suspense", -500),
        ("direct_debit", -2000),
        ("plan", -4000),
    ]
    assert found.to_pay_pence == sum(line.pence for line in found.lines) == 7500
    assert found.sentence == (
        "We did not take your Direct Debit. You are not in arrears because of that. "
        "Please pay £75.00 by Wednesday 2 December. We will take £50.00 by Direct Debit on Tuesday 1 December."
    )
    assert all(line.tenant_words and line.staff_words and "None" not in line.staff_words for line in found.lines)
    assert position(account(100_000, asked_by=date(2026, 11, 1))).by == ON + timedelta(days=7)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({}, "You do not need to pay anything now."),
        ({"balance_pence": -1200}, "You do not need to pay anything now. You are £12.00 ahead with your rent."),
        ({"balance_pence": 5000, "protected_pence": 5000}, "You do not need to pay anything now."),
        (
            {"balance_pence": 30_000, "claims": (hb(date(2026, 11, 8)),)},
            "You do not need to pay anything now. Your benefit covers what is owed.",
        ),
        (
            {
                "balance_pence": 4000,
                "plan": Plan(plan="p", instalments=(Instalment(on=date(2026, 12, 4), pence=4000, paid_pence=2000),)),
            },
            "Please pay £20.00 by Friday 4 December. Your next instalment is £20.00, by Friday 4 December.",
        ),
        (
            {"balance_pence": 4000, "plan": Plan(plan="p", instalments=(Instalment(on=ON, pence=4000),))},
            "Please pay £40.00 by Friday 4 December.",  # an instalment is due on its day
        ),
        (
            {"balance_pence": 4000, "plan": Plan(plan="p", instalments=(Instalment(on=date(2026, 12, 4), pence=4000),))},
            "You do not need to pay anything now. Your next instalment is £40.00, by Friday 4 December.",
        ),
    ],
)
def test_one_plain_answer(changed: dict[str, object], sentence: str) -> None:
    assert position(account(**{"balance_pence": 0, **changed})).sentence == sentence


def test_the_sum_beside_being_ahead_is_what_she_is_ahead_by_for_every_reader() -> None:
    (ahead,) = position(account(-1200)).lines
    assert (ahead.pence, ahead.shown_pence) == (0, 1200)
    assert [line.shown_pence for line in position(account(36_000, claims=(hb(date(2026, 11, 8)),))).lines] == [36_000, -30_000]


def test_sentences_are_short_and_every_code_has_words_for_both() -> None:
    said = words()
    assert set(said["tenant"]) == set(said["staff"])
    sentences = [one for group in ("sentence", "missed") for text in said[group].values() for one in text.split(". ")]
    assert max(len(one.split()) for one in sentences) < 25


SUMS = st.integers(0, 60_000)


@settings(max_examples=50)
@given(balance=st.integers(-50_000, 200_000), protected=SUMS, sums=st.lists(SUMS, max_size=3), paid=SUMS, suspense=SUMS)
def test_lines_add_up_and_a_payment_never_makes_her_pay_more(
    balance: int, protected: int, sums: list[int], paid: int, suspense: int
) -> None:
    some = tuple(Sum(pence=pence, source="x", on=ON) for pence in sums)
    fields = {"protected_pence": protected, "in_transit": some, "missed": some, "suspense_pence": suspense}
    claim: Claim = hb(date(2026, 11, 8))
    before = position(account(balance, claims=(claim,), **fields))
    after = position(account(balance - paid, claims=(claim,), **fields))
    sent = (*some, Sum(pence=paid, source="y", on=ON))
    on_its_way = position(account(balance, claims=(claim,), **{**fields, "in_transit": sent}))
    assert before.to_pay_pence == sum(line.pence for line in before.lines) >= 0
    assert after.to_pay_pence <= before.to_pay_pence
    assert on_its_way.to_pay_pence == after.to_pay_pence
    assert (before.by is None) == (before.to_pay_pence == 0)
    assert before.credit_pence == max(-balance, 0)
