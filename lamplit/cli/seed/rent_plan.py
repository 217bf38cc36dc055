"""What each household of the made-up landlord is charged, and how it pays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from lamplit.rent import facts
from lamplit.rent.queries import Let
from lamplit.rent.rules import runs
from lamplit.rent.rules.charging import Frequency

_DAY = timedelta(days=1)
How = Literal["benefit", "part_benefit", "direct_debit", "card", "transfer", "behind", "stopped"]
_HOW: dict[How, int] = {
    "benefit": 24, "part_benefit": 12, "direct_debit": 30, "card": 14, "transfer": 12, "behind": 6, "stopped": 2,
}  # fmt: skip


@dataclass
class Payer:
    """How a household pays, and what it has been charged and has paid so far."""

    let: Let
    how: How
    terms: list[facts.Term]
    frequency: Frequency
    first_on: date
    reference: str
    brought: int
    owes: int  # of her own share
    sets: tuple[runs.Set, ...] = ()
    charged_to_on: date | None = None
    claim: str = ""

    @property
    def a_period(self) -> int:
        return sum(term.pence for term in self.terms)


def make_payers(lets: list[Let], dice: Random, begins: date, numbers: Iterator[int]) -> list[Payer]:
    """Say of each account what it costs and how its household pays."""
    return [_payer(let, dice, begins, next(numbers)) for let in lets]


def _payer(let: Let, dice: Random, begins: date, number: int) -> Payer:
    frequency: Frequency = "monthly" if dice.random() < 0.22 else "weekly"
    how = dice.choices(list(_HOW), list(_HOW.values()))[0]
    weekly = dice.randint(9_800, 14_900)
    service = dice.choice([0, 0, 450, 780, 1_250, 1_930])
    times = 52 / 12 if frequency == "monthly" else 1
    terms = [facts.Term(charge="rent", pence=round(weekly * times))]
    if service:
        terms.append(facts.Term(charge="service", pence=round(service * times), category=dice.choice(["B", "C"])))
    if dice.random() < 0.12:
        terms.append(facts.Term(charge="service_not_eligible", pence=round(dice.randint(300, 900) * times)))
    first = max(let.started_on, _begins(begins, frequency))
    brought = 0 if let.started_on > begins else dice.choice([0, 0, 0, 0, -1, 1]) * dice.randint(500, 30_000)
    return Payer(let, how, terms, frequency, first, f"7{number:07d}", brought, brought)


def _begins(on: date, frequency: Frequency) -> date:
    """Return the first period of a landlord's record: a Monday, or the first of a month."""
    if frequency == "monthly":
        return (on.replace(day=1) + timedelta(days=31)).replace(day=1)
    return on + timedelta(days=-on.weekday() % 7)
