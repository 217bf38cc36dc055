"""Somebody who takes steps by dice."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from lamplit.basics import who
from tests import cast

_commands = count()


class Player:
    """Somebody who takes steps, each a little later than the one before."""

    def __init__(self, seed: int, at: datetime = cast.AT) -> None:
        self.dice, self.at = random.Random(seed), at  # noqa: S311 - for tests, never a secret

    def take(self, step: "Step") -> Any:
        """Take a step. Refused if its rules say no."""
        self.at += timedelta(minutes=self.dice.choice([0, 1, 7, 60, 600, 3000]))
        return step(self)

    def do(self, action: Any, **kwargs: Any) -> Any:
        told = {"by": self.by(), "at": self.at, "command": f"form:step{next(_commands)}"}
        return action(**(told | kwargs))

    def by(self) -> who.By:
        return self.dice.choice([cast.BY_PRIYA, cast.BY_DELE, who.job("dice"), who.visitor(), who.person(cast.RUTH)])

    def pick(self, model: type[Any], **where: Any) -> str:
        """Return the id of a row, now and then one that is not there."""
        found = list(model.objects.filter(**where).order_by("id").values_list("id", flat=True)[:200])
        return self.dice.choice(found) if found and self.dice.random() > 0.03 else "z_nothing"

    def maybe(self, value: Any) -> Any:
        return value if self.dice.random() < 0.5 else None

    def words(self) -> str:
        return self.dice.choice(
            ["It drips", "Zażółć gęślą jaźń", "Two\nlines", "👩‍🔧 came", "x" * 300, "'; DROP TABLE repair; --"]
        )

    def day(self, *days: int) -> Any:
        return (self.at + timedelta(days=self.dice.choice(days))).date()


Step = Callable[[Player], Any]
