"""What work costs: the schedule of rates, and more work or money asked for while it is done. Whole pence everywhere."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.keys import FAULT, Pence, Plain, Trade

LISTED = "the landlord's price list tells nothing of a person"
Unit = Literal["item", "number", "metre", "square_metre", "cubic_metre", "hour"]


class RateLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """So much of one rate, as it stood that day. `hundredths` of its unit; `pence` is the sum of the line."""

    code: str
    says: str
    unit: str
    hundredths: int
    pence: int


@fact("rate.recorded", 1, subjects=("rate",))
class RateRecorded(Fact, frozen=True, kw_only=True):
    """A rate of the schedule became known, or was put right: its price for one unit, from its first day to its last."""

    rate: Id
    code: Annotated[str, Clear(LISTED)]
    says: Annotated[str, Clear(LISTED)]
    trade: Trade
    unit: Annotated[Unit, Clear(LISTED)]
    pence: Annotated[int, msgspec.Meta(ge=0), Clear(LISTED)]
    from_on: Annotated[date, Clear(LISTED)]
    until_on: Annotated[date, Clear(LISTED)] | None = None


@fact("variation.asked", 1, subjects=("variation", "work", "repair", "household", "contractor", "approver"))
class VariationAsked(Fact, frozen=True, kw_only=True):
    """Whoever does a work asked for more work or more money. `limit_pence`: up to which it is agreed without a person.

    `pence` None: not priced yet. `make_safe`: the home is not safe before it is done, so nobody waits for a yes.
    """

    variation: Id
    work: Id
    repair: Id
    household: Id
    contractor: Id | None = None
    approver: Id | None = None
    more: Annotated[Literal["work", "money"], Clear(Plain)]
    pence: Pence | None = None
    limit_pence: Pence
    make_safe: Annotated[bool, Clear(Plain)] | None = None
    answer_by: Annotated[datetime, Clear("the standby orders its queue by it")] | None = None
    trade: Trade | None = None
    price: Annotated[Personal[list[RateLine]], FAULT] = None
    what: Annotated[Personal[str], FAULT] = None
    why: Annotated[Personal[str], FAULT] = None


@fact("variation.decided", 1, subjects=("variation", "work", "repair", "household", "led_to"))
class VariationDecided(Fact, frozen=True, kw_only=True):
    """More work or money was agreed or refused. `at_once`: by the limit, or to make a home safe, without a person.

    `led_to` is the work that was ordered for it.
    """

    variation: Id
    work: Id
    repair: Id
    household: Id
    led_to: Id | None = None
    agreed: Annotated[bool, Clear(Plain)]
    at_once: Annotated[bool, Clear(Plain)] | None = None
    more: Annotated[Literal["work", "money"], Clear(Plain)]
    pence: Pence | None = None
    why: Annotated[Personal[str], FAULT] = None
