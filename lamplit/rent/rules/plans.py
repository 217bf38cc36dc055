"""Plans: what she can afford, cut into instalments, and how much of them is paid. Pure.

A plan pays off what she owed on the day that it was agreed; rent that falls due after it is paid beside it. So what is paid of a
plan is what she owed then less what she owes now, the oldest instalment first.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from lamplit.basics.refusal import Refused
from lamplit.rent.rules.dates import add_months
from lamplit.rent.rules.figures import policy
from lamplit.rent.rules.position import Instalment, Plan

Due = tuple[date, int]


def instalments(pence: int, each: int, every: str, first_on: date) -> list[Due]:
    """Cut what she owes into equal sums, weekly, every four weeks or monthly; the last is what is left.

    Refused: rent.plan_nothing, rent.plan_too_small, rent.plan_too_long.
    """
    if pence <= 0:
        raise Refused("rent.plan_nothing")
    if each < policy().number("plan.least_pence", first_on):
        raise Refused("rent.plan_too_small")
    count = -(-pence // each)
    days = [_day(first_on, every, number) for number in range(min(count, _MOST))]
    longest = add_months(first_on, policy().number("plan.most_months", first_on))
    if count > _MOST or days[-1] > longest:
        raise Refused("rent.plan_too_long")
    return [(day, min(each, pence - each * number)) for number, day in enumerate(days)]


_MOST = 520  # ten years of weeks: no policy reaches further


def _day(first_on: date, every: str, number: int) -> date:
    if every == "monthly":
        return add_months(first_on, number)
    return first_on + timedelta(days=(7 if every == "weekly" else 28) * number)


def check_first(first_on: date, today: date) -> None:
    """Refuse a first day that has passed or is far ahead. Refused: rent.plan_day."""
    if not today <= first_on <= today + timedelta(days=policy().number("plan.first_within_days", today)):
        raise Refused("rent.plan_day")


def check_afford(each: int, every: str, left_a_month: int) -> None:
    """Refuse more than she has left each month. Refused: rent.plan_too_much."""
    a_month = each if every == "monthly" else -(-each * (52 if every == "weekly" else 13) // 12)
    if a_month > left_a_month:
        raise Refused("rent.plan_too_much")


def paid_of(plan: Plan, pence: int, owed_now: int) -> Plan:
    """Return a plan of `pence` with what is paid of each instalment, when she owes `owed_now` without it."""
    left, parts = max(pence - owed_now, 0), []
    for each in plan.instalments:
        paid = min(each.pence, left)
        left -= paid
        parts.append(Instalment(on=each.on, pence=each.pence, paid_pence=paid))
    return Plan(plan=plan.plan, instalments=tuple(parts))


def outcome(
    parts: Sequence[Instalment], on: date, paid_to: date | None, owed: int, most_owed: int
) -> Literal["kept", "not_kept"] | None:
    """Say how a plan ended, or None while it runs. `paid_to`: the day up to which every payment is known; None: nobody can say.

    What is disputed, on its way or may be hers is not paid: `owed` counts none of it, and nor does `most_owed`, the most that she
    owed in the last month. Rent paid ahead pays no plan either. So a plan ends early once it stood paid for a month. One that is
    not paid is given some days after its last instalment; where her word alone is against it, it waits for a person.
    """
    last = max(each.on for each in parts)
    if not (owed if on >= last else most_owed):
        return "kept"
    if all(each.paid_pence >= each.pence for each in parts):
        return None
    if paid_to is None or paid_to <= last + timedelta(days=policy().number("plan.settle_days", last)):
        return None
    return "not_kept"
