"""Benefit that is awarded for time already charged and not yet paid, and benefit that has not come.

Housing Benefit is paid in arrears, every two or four weeks; rent falls due in advance. So an account that benefit pays in full
is "in arrears" on most days: technical arrears, which nobody may be chased for. Universal Credit is paid once a month, seven
days after its assessment period ends.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import msgspec

from lamplit.basics.plain import Plain
from lamplit.rent.rules.dates import add_months
from lamplit.rent.rules.figures import law, part, per_cent, policy, rate

_DAY = timedelta(days=1)
Kind = Literal["hb", "uc", "uc_managed"]
Cycle = Literal["two_weekly", "four_weekly", "monthly"]
_CYCLE_DAYS = {"two_weekly": 14, "four_weekly": 28}
_A_YEAR = {"week": 52, "month": 12}


class Claim(Plain, frozen=True, kw_only=True):
    """A claim as we know it. `paid_to`: the last day that a payment which reached us covers.

    `pays_after_days`: from the end of a benefit period to its pay day. `eligible_pence`: the part of the rent that benefit
    can pay for. `pending`: asked for, not decided; then perhaps `refused`. `stopped`: we were told that it is not paid any
    more. `uc` is paid to her, not to us: nobody tells us of it, so its pay days move it on (`as_of`).
    """

    claim: str
    kind: Kind
    award_pence: int
    cycle: Cycle
    paid_to: date
    eligible_pence: int
    award_per: Literal["week", "month"] = "week"
    eligible_per: Literal["week", "month"] = "week"
    pays_after_days: int = 0
    state: Literal["paying", "pending", "stopped", "refused"] = "paying"
    ends_on: date | None = None


class NextPayment(Plain, frozen=True, kw_only=True):
    """A payment that we expect: for which days, on which day, and how much."""

    from_on: date
    to_on: date
    pay_on: date
    pence: int


class Cover(Plain, frozen=True, kw_only=True):
    """What a claim covers of what is already charged. `late`: its pay day has passed and the benefit has not come."""

    claim: str
    pence: int
    from_on: date
    to_on: date
    days: int
    pay_on: date
    late: bool


@lru_cache(maxsize=64)
def _figures(on: date) -> tuple[int, int, int, int]:
    """The figures that every cover reads: read once a day, not once an account."""
    return (
        law().number("benefit.hb_year_days", on),
        law().number("benefit.uc_year_days", on),
        policy().number("benefit.late_days", on),
        policy().number("benefit.past_pay_day_days", on),
    )


def period_ends_on(claim: Claim) -> date:
    """Return the last day of the benefit period that is paid next."""
    if claim.cycle == "monthly":
        return add_months(claim.paid_to + _DAY, 1) - _DAY
    return claim.paid_to + _DAY * _CYCLE_DAYS[claim.cycle]


def pay_day(claim: Claim) -> date:
    """Return the day on which the next payment of a claim should reach us."""
    return period_ends_on(claim) + _DAY * claim.pays_after_days


def as_of(claim: Claim, on: date) -> Claim:
    """Return a claim as it stands on a day. What is paid to her we never see: its pay day moves it on, period by period."""
    if claim.kind != "uc" or claim.state != "paying":
        return claim
    while pay_day(claim) < on and (claim.ends_on is None or claim.paid_to < claim.ends_on):
        claim = msgspec.structs.replace(claim, paid_to=period_ends_on(claim))
    return claim


def next_due(claim: Claim, on: date) -> NextPayment | None:
    """Return the payment that comes next, or None from a claim that pays nothing. A late one stays the next."""
    if claim.state != "paying":
        return None
    claim = as_of(claim, on)
    first, last = claim.paid_to + _DAY, period_ends_on(claim)
    if claim.ends_on is not None:
        last = min(last, claim.ends_on)
    if last < first:
        return None
    whole = claim.cycle == "monthly" and claim.award_per == "month" and last == period_ends_on(claim)
    pence = claim.award_pence if whole else _for_days(claim, claim.award_pence, claim.award_per, (last - first).days + 1, on)
    return NextPayment(from_on=first, to_on=last, pay_on=pay_day(claim), pence=pence)


def is_late(claim: Claim, on: date) -> bool:
    """True when benefit has not come: stopped, or its pay day is more than ten days ago (policy; the limit is two weeks).

    A claim whose end we know is not late once it has paid to that end. One not decided yet is pending, never late. What is paid
    to the tenant herself we cannot see.
    """
    if claim.state != "paying":
        return claim.state == "stopped"
    if claim.kind == "uc" or (claim.ends_on is not None and claim.paid_to >= claim.ends_on):
        return False
    return on > pay_day(claim) + _DAY * _figures(on)[2]


def cover(claim: Claim, charged_to: date, on: date) -> Cover | None:
    """Return what benefit covers of the rent already charged; None when it covers nothing.

    From the day after the last paid benefit period to the end of the period already charged (not to today), and no further
    than one cycle and ten days past the pay day. Never more than the part of the rent that benefit can pay for.
    """
    if claim.state != "paying":
        return None
    claim = as_of(claim, on)
    expected_on = pay_day(claim)
    reaches = _one_cycle_after(claim, expected_on) + _DAY * _figures(on)[3]
    to_on = min(charged_to, reaches, claim.ends_on or charged_to)
    days = (to_on - claim.paid_to).days
    if days <= 0:
        return None
    award = _for_days(claim, claim.award_pence, claim.award_per, days, on)
    pence = min(award, _for_days(claim, claim.eligible_pence, claim.eligible_per, days, on))
    late = is_late(claim, on)
    return Cover(
        claim=claim.claim, pence=pence, from_on=claim.paid_to + _DAY, to_on=to_on, days=days, pay_on=expected_on, late=late
    )


def _one_cycle_after(claim: Claim, on: date) -> date:
    return add_months(on, 1) if claim.cycle == "monthly" else on + _DAY * _CYCLE_DAYS[claim.cycle]


def _for_days(claim: Claim, pence: int, per: Literal["week", "month"], days: int, on: date) -> int:
    """Housing Benefit turns a month into 12/52 of a week; a week is seven days. Universal Credit's month is 12/365 a day."""
    if per == "week":
        return part(pence, days, 7)
    year_days = _figures(on)[0 if claim.kind == "hb" else 1]
    return part(pence, _A_YEAR[per] * days, year_days)


def uc_payments(first_on: date, award_pence: int, from_on: date, to_on: date) -> list[NextPayment]:
    """Return the monthly payments of Universal Credit that are expected on the days asked for.

    `first_on` begins the first assessment period: the day of the claim. The first payment comes about five weeks after it.
    """
    found: list[NextPayment] = []
    month = 0
    while True:
        starts, ends = add_months(first_on, month), add_months(first_on, month + 1) - _DAY
        pay_on = ends + _DAY * law().number("uc.after_period_days", ends)
        if pay_on > to_on:
            return found
        if pay_on >= from_on:
            found.append(NextPayment(from_on=starts, to_on=ends, pay_on=pay_on, pence=award_pence))
        month += 1


def may_ask_for_direct_payment(owed_pence: int, monthly_rent: int, on: date) -> bool:
    """True when rent of two months is owed: the landlord may ask for managed payment and third-party deductions."""
    return owed_pence >= monthly_rent * law().number("tpd.owed_months", on)


def most_deducted(standard_allowance: int, on: date) -> int:
    """Return the most that third-party deductions may take from a month's Universal Credit (Fair Repayment Rate)."""
    return per_cent(standard_allowance, rate(law(), "tpd.most", on))


def deductions_due(first_paid_on: date, from_on: date, to_on: date) -> list[date]:
    """Return the days on which third-party deductions reach us: every 28 days, 28 days in arrears."""
    every = law().number("tpd.every_days", first_paid_on)
    skipped = max(0, -(-(from_on - first_paid_on).days // every))
    count = (to_on - first_paid_on).days // every + 1
    return [first_paid_on + _DAY * every * number for number in range(skipped, max(count, skipped))]
