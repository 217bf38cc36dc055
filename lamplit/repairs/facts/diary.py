"""The diary: whose time is given out in slots, how much of it there is, and who is on the way.

Working practice of repairs services: parts of a day, confirmed, reminded the day before, and told when somebody sets out.
"""

from datetime import date
from typing import Annotated

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact
from lamplit.repairs.facts.keys import Plain

DIARY = Key("diary", "contact")
Places = "how many visits there is time for; a number of nobody's"


@fact("diary.recorded", 1, subjects=("diary", "contractor"))
class DiaryRecorded(Fact, frozen=True, kw_only=True):
    """Planners gave a firm, or people of our own, a diary for its trades in a part of town, or changed or ended it.

    Source: the landlord's planners. `area`: the beginning of postcodes, as "ZZ1" or "ZZ1 4"; None is everywhere.
    """

    diary: Id
    contractor: Id | None = None
    trades: Annotated[list[str], Clear("who does which trade")]
    area: Annotated[str, Clear("a part of town holds thousands of homes")] | None = None
    ended: Annotated[bool, Clear(Plain)] | None = None
    name: Annotated[Personal[str], DIARY] = None  # a firm's, which may be one person's own


@fact("capacity.set", 1, subjects=("diary",))
class CapacitySet(Fact, frozen=True, kw_only=True):
    """Planners said how many visits a diary has time for in a part of the day, on which weekdays, from when to when.

    Source: the landlord's planners. Of two that name the same day the later one counts, so a day off is one that says 0.
    """

    diary: Id
    part: Annotated[str, Clear(Places)]
    weekdays: Annotated[list[Annotated[int, msgspec.Meta(ge=0, le=6)]], Clear(Places)]  # 0 is Monday
    from_on: Annotated[date, Clear(Places)]
    until_on: Annotated[date, Clear(Places)] | None = None
    places: Annotated[int, msgspec.Meta(ge=0, le=999), Clear(Places)]


@fact("visit.set_out", 1, subjects=("visit", "work", "repair"))
class VisitSetOut(Fact, frozen=True, kw_only=True):
    """Whoever makes a visit is on the way there. Source: whoever sets out, or the firm's own system (HACT, status 20)."""

    visit: Id
    work: Id
    repair: Id
