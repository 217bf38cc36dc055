"""Reviews of why the same trouble comes back."""

from datetime import date
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.keys import FAULT, Plain


@fact("review.due", 1, subjects=("review", "repair", "home", "household", "owner"))
class ReviewDue(Fact, frozen=True, kw_only=True):
    """By policy somebody has to find out why a trouble comes back: told of too often, or opened again."""

    review: Id
    repair: Id
    home: Id
    household: Id
    owner: Id | None = None
    because: Annotated[Literal["reports", "reopened"], Clear(Plain)]
    reports: Annotated[int, Clear(Plain)] | None = None
    due_on: Annotated[date, Clear("the standby orders its queue by it")]


@fact("review.given", 1, subjects=("review", "repair", "owner"))
class ReviewGiven(Fact, frozen=True, kw_only=True):
    """A review was given to a named person."""

    review: Id
    repair: Id
    owner: Id


@fact("review.closed", 1, subjects=("review", "repair", "household"))
class ReviewClosed(Fact, frozen=True, kw_only=True):
    """A review ended: why it came back, and what changes. `tells` is what the household reads of it."""

    review: Id
    repair: Id
    household: Id
    finding: Annotated[Personal[str], FAULT] = None
    changes: Annotated[Personal[str], FAULT] = None
    tells: Annotated[Personal[str], FAULT] = None
