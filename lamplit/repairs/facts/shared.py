"""Cases that are bigger than one home: a trouble of one home that reaches others."""

from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.keys import FAULT, Plain


@fact("repair.home_linked", 1, subjects=("repair", "home", "household"))
class RepairHomeLinked(Fact, frozen=True, kw_only=True):
    """A repair turned out to concern another home too: the trouble comes from there, or reaches it. Source: staff who looked.

    `says` is what that household is told of it, sealed for it alone. `ended`: it was found not to concern that home.
    """

    repair: Id
    home: Id
    household: Id
    part: Annotated[Literal["source", "affected"], Clear(Plain)]
    ended: Annotated[bool, Clear(Plain)] | None = None
    says: Annotated[Personal[str], FAULT] = None
