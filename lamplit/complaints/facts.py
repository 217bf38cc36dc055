"""What can happen to a complaint. Its clear side names no person, home or repair (docs/decisions/0004-one-kind-of-note.md)."""

from datetime import date
from typing import Annotated

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

CASE = Key("complaint", "case")

ByOn = Annotated[date, Clear("the Code's clock; the standby must keep it")]
Reference = Annotated[str, Clear("a number made at random")]


@fact("complaint.made", 1, subjects=("complaint",), actor=CASE)
class ComplaintMade(Fact, frozen=True, kw_only=True):
    """Somebody was dissatisfied and chose to complain (Complaint Handling Code 1.2, 1.3)."""

    complaint: Id
    reference: Reference
    acknowledge_by_on: ByOn
    respond_by_on: ByOn
    person: Annotated[Personal[str], CASE] = None
    home: Annotated[Personal[str], CASE] = None
    repair: Annotated[Personal[str], CASE] = None
    contact: Annotated[Personal[str], CASE] = None
    channel: Annotated[Personal[str], CASE] = None
    words: Annotated[Personal[str], CASE] = None
    wanted: Annotated[Personal[str], CASE] = None
    name: Annotated[Personal[str], CASE] = None  # of somebody whom we do not know yet, or who complains for her
    reach: Annotated[Personal[str], CASE] = None


@fact("complaint.assigned", 1, subjects=("complaint", "owner"), actor=CASE)
class ComplaintAssigned(Fact, frozen=True, kw_only=True):
    """A complaint was given to a named person."""

    complaint: Id
    owner: Id


@fact("complaint.acknowledged", 1, subjects=("complaint",), actor=CASE)
class ComplaintAcknowledged(Fact, frozen=True, kw_only=True):
    """We told her that we have her complaint and how we understand it (Code 6.2)."""

    complaint: Id
    respond_by_on: ByOn
    definition: Annotated[Personal[str], CASE] = None
    channel: Annotated[Personal[str], CASE] = None
