"""Somewhere else to stay while a home is not safe (SI 2025/1042: at the landlord's cost, for the whole household)."""

from datetime import date
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.repairs.facts.keys import FAULT, SAID, STAY, Pence, Plain


@fact("stay.offered", 1, subjects=("stay", "repair", "household"))
class StayOffered(Fact, frozen=True, kw_only=True):
    """A household was offered somewhere to stay until its home is safe, at our cost. Where it is stands under the contact key."""

    stay: Id
    repair: Id
    household: Id
    pence: Pence | None = None  # what we expect it to cost us
    who: Annotated[Personal[str], STAY] = None
    place: Annotated[Personal[str], STAY] = None
    from_on: Annotated[Personal[date], STAY] = None
    until_on: Annotated[Personal[date], STAY] = None
    suits: Annotated[Personal[str], FAULT] = None  # why it is suitable for them


@fact("stay.answered", 1, subjects=("stay", "repair", "household", "voice"))
class StayAnswered(Fact, frozen=True, kw_only=True):
    """The household took the offer of somewhere to stay, or did not."""

    stay: Id
    repair: Id
    household: Id
    voice: Id
    accepted: Annotated[bool, Clear("the law's clocks run on at the standby")]
    channel: Annotated[Literal["portal", "call", "text", "email", "letter", "visit", "counter"], Clear(Plain)]
    says: Annotated[Personal[str], SAID] = None


@fact("stay.begun", 1, subjects=("stay", "repair", "household"))
class StayBegun(Fact, frozen=True, kw_only=True):
    """The household moved into the place that it had taken: the home is empty until it is safe."""

    stay: Id
    repair: Id
    household: Id


@fact("stay.ended", 1, subjects=("stay", "repair", "household"))
class StayEnded(Fact, frozen=True, kw_only=True):
    """The household is back at home, or does not need the place any more. `pence` is what it cost us."""

    stay: Id
    repair: Id
    household: Id
    moved_back: Annotated[bool, Clear("the law's clocks run on at the standby")]
    pence: Pence | None = None
    says: Annotated[Personal[str], FAULT] = None
