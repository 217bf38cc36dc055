"""Whose benefit a schedule brings, where one number stands on several claims."""

from datetime import date

import pytest

from lamplit.exchange.tests.test_money import COUNCIL, Take, claimed, how, rent, take
from lamplit.rent import actions, queries
from lamplit.rent.models import MoneyLine
from lamplit.rent.rules.claimed import Numbered, Paid, whose
from lamplit.tenancies import actions as tenancies
from tests import cast

__all__ = ["take"]
RUTHS, TOMASZS = cast.RUTHS_TENANCY, cast.TOMASZS_TENANCY


def numbered(claim: str = "c", **told: object) -> Numbered:
    usual = {
        "claim": claim, "account": "t_one", "scheme": "hb", "state": "paying", "award_pence": 10_000, "cycle": "four_weekly",
        "pays_after_days": 0, "ends_on": None, "started_on": date(2020, 1, 6), "ended_on": None,
    }  # fmt: skip
    return Numbered(**(usual | told))  # type: ignore[arg-type]


def paid(source: str = "hb", **told: object) -> Paid:
    usual = {"pence": 40_000, "on": date(2026, 11, 23), "from_on": date(2026, 10, 26), "to_on": date(2026, 11, 22)}
    return Paid(**{"source": source, **usual, **told})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("claims", "line", "found"),
    [
        ([numbered()], paid(), [("t_one", "c")]),
        ([numbered(state="refused")], paid(), []),
        ([numbered(state="pending")], paid(), [("t_one", "c")]),  # it is paid before anybody told us
        ([numbered(state="stopped", ends_on=date(2026, 10, 25))], paid(), []),
        ([numbered(state="stopped", ends_on=date(2026, 11, 1))], paid(), [("t_one", "c")]),
        ([numbered(started_on=date(2026, 11, 23))], paid(), []),
        # A line without days is for those of a cycle before it.
        ([numbered(ends_on=date(2026, 11, 1))], paid(from_on=None, to_on=None), [("t_one", "c")]),
        ([numbered(ends_on=date(2026, 10, 20))], paid(from_on=None, to_on=None), []),
        # Universal Credit pays rent and deductions under one number.
        ([numbered("m", scheme="uc_managed"), numbered("d", scheme="tpd", award_pence=2_500)], paid("uc", pence=2_500),
         [("t_one", "d")]),
        ([numbered("m", scheme="uc_managed"), numbered("d", scheme="tpd")], paid("uc", pence=77), [("t_one", None)]),
        ([numbered("m", scheme="uc_managed"), numbered("h")], paid("uc"), [("t_one", "m")]),
        ([numbered(scheme="uc_tenant")], paid("uc"), [("t_one", None)]),
    ],
)  # fmt: skip
def test_the_days_and_the_scheme_of_a_line_say_which_claim_it_pays(claims: object, line: Paid, found: object) -> None:
    assert [tuple(one) for one in whose(line, claims)] == found  # type: ignore[arg-type]


def test_benefit_follows_who_moves_home_and_what_may_be_of_two_waits(take: Take) -> None:
    claimed(TOMASZS, "HB/7")
    new = claimed(RUTHS, "HB/7")
    ended = {"tenancy": TOMASZS, "ended_on": date(2026, 11, 1), "why": None}
    tenancies.end_tenancy(**ended, **how())  # type: ignore[arg-type]
    rows = (
        "HB/7,,40.00,26/10/2026,22/11/2026,", "HB/7,,41.00,02/11/2026,22/11/2026,", "HB/7,,42.00,28/09/2026,25/10/2026,",
        "HB/7,0070012345,43.00,26/10/2026,22/11/2026,",
    )  # fmt: skip
    actions.end_claim(claim=new, ends_on=date(2026, 11, 22), stopped=True, **how())  # type: ignore[arg-type]
    (done,) = take("hb", "\n".join(["Claim,Yours,Amount,From,To,Kind", *rows]), layout=COUNCIL).done
    assert (done.posted_pence, done.waiting_pence) == (8_400, 8_200)
    assert (rent(RUTHS), rent(TOMASZS)) == (-8_400, 0)
    for row in MoneyLine.objects.filter(state="suspense"):
        assert {one.account for one in queries.suggestions(row, date(2026, 11, 25))} == {RUTHS, TOMASZS}, "a person sees both"
    assert queries.self_check() == []
