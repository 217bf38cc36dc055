"""A batch as it is told: facts with their actors and times, in the order in which they happened."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lamplit.basics.fact import Fact
from lamplit.basics.who import By, cli
from lamplit.cli.seed.crew import Crew
from lamplit.record.page import Item

IMPORT = cli("seed")


@dataclass
class Story:
    """What is told of one batch. `new_id(letter, at)` makes ids; `now` is the present, beyond which nothing is told."""

    dice: random.Random
    new_id: Callable[[str, datetime], str]
    crew: Crew
    begins: datetime
    now: datetime
    number: int
    of: int
    items: list[Item] = field(default_factory=list)
    repairs: int = 0
    complaints: int = 0
    mobiles: int = 0
    people: int = 0

    def tell(self, fact: Fact, at: datetime, by: By = IMPORT) -> bool:
        """Tell a fact, unless it lies ahead. Returns whether it was told."""
        if at > self.now:
            return False
        self.items.append(Item(fact, by, at))
        return True

    def in_order(self) -> list[Item]:
        """Return everything told, by time. What happened at one moment stays in the order in which it was told."""
        return sorted(self.items, key=lambda item: item.at)

    def likely(self, share: float) -> bool:
        return self.dice.random() < share

    def some_minutes(self, least: int, most: int) -> timedelta:
        return timedelta(seconds=self.dice.randint(least * 60, most * 60))

    def reference(self, letter: str) -> str:
        """Return a number such as `M-7KDQ-42XR` that no other batch gives: a counter, spread over all of them."""
        count = self.repairs if letter == "M" else self.complaints
        spread = ((self.number << 20 | count) * 683_970_313_817 + 104_729) % (1 << 40)  # an odd factor: each comes once
        spelt = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[spread >> shift & 31] for shift in range(35, -1, -5))
        return f"{letter}-{spelt[:4]}-{spelt[4:]}"
