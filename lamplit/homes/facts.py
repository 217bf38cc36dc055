"""What can happen to a home and the block it stands in."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

BLOCK = Key("block", "contact")
WHERE = Key("home", "contact")
STORY = Key("home", "case")

Storey = Annotated[int, msgspec.Meta(ge=-9, le=99), Clear("homes above and below each other share leaks")]
Stack = Annotated[int, msgspec.Meta(ge=0, le=999), Clear("homes above and below each other share leaks")]
Part = Annotated[
    Literal["boiler", "consumer_unit", "smoke_alarm", "co_alarm", "extractor_fan", "lift", "other"],
    Clear("a kind of part tells nothing of who lives there"),
]
Check = Annotated[
    Literal["gas_safety", "electrical", "alarm", "fire_risk", "legionella", "lift", "other"],
    Clear("the standby lists the safety checks that fall due"),
]
ByDate = Annotated[date, Clear("the standby lists the safety checks that fall due")]


class HomeNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Something to know before going there. `what`: asbestos, access, warning or other."""

    what: Literal["asbestos", "access", "warning", "other"]
    says: str
    where: str | None = None
    since_on: date | None = None
    source: str | None = None
    review_on: date | None = None
    ended_on: date | None = None


@fact("block.recorded", 1, subjects=("block",))
class BlockRecorded(Fact, frozen=True, kw_only=True):
    """A block became known to the landlord, or its particulars were put right."""

    block: Id
    name: Annotated[Personal[str], BLOCK] = None
    address: Annotated[Personal[list[str]], BLOCK] = None
    postcode: Annotated[Personal[str], BLOCK] = None
    reference: Annotated[Personal[str], BLOCK] = None


@fact("home.recorded", 1, subjects=("home", "block"))
class HomeRecorded(Fact, frozen=True, kw_only=True):
    """A home became known to the landlord. `reference`: what the system that it was brought over from calls it."""

    home: Id
    block: Id | None = None
    storey: Storey | None = None
    stack: Stack | None = None
    uprn: Annotated[Personal[str], WHERE] = None
    address: Annotated[Personal[list[str]], WHERE] = None
    postcode: Annotated[Personal[str], WHERE] = None
    shape: Annotated[Personal[str], WHERE] = None
    bedrooms: Annotated[Personal[int], WHERE] = None
    reference: Annotated[Personal[str], WHERE] = None


@fact("home.corrected", 1, subjects=("home", "block"))
class HomeCorrected(Fact, frozen=True, kw_only=True):
    """What we believed of a home was put right: every field holds what we believe now."""

    home: Id
    block: Id | None = None
    storey: Storey | None = None
    stack: Stack | None = None
    uprn: Annotated[Personal[str], WHERE] = None
    address: Annotated[Personal[list[str]], WHERE] = None
    postcode: Annotated[Personal[str], WHERE] = None
    shape: Annotated[Personal[str], WHERE] = None
    bedrooms: Annotated[Personal[int], WHERE] = None
    why: Annotated[Personal[str], WHERE] = None


@fact("home.noted", 1, subjects=("home",))
class HomeNoted(Fact, frozen=True, kw_only=True):
    """Something to know before going to a home was noted, changed or ended."""

    note: Id
    home: Id
    about: Annotated[Personal[HomeNote], STORY] = None


@fact("component.recorded", 1, subjects=("home",))
class ComponentRecorded(Fact, frozen=True, kw_only=True):
    """A part of a home that ages or is checked became known, or its particulars were put right."""

    component: Id
    home: Id
    what: Part
    installed_on: Annotated[date, Clear("age of parts, for the repairs figures")] | None = None
    removed_on: Annotated[date, Clear("age of parts, for the repairs figures")] | None = None
    model: Annotated[Personal[str], STORY] = None
    serial: Annotated[Personal[str], STORY] = None
    place: Annotated[Personal[str], STORY] = None


@fact("component.checked", 1, subjects=("home",))
class ComponentChecked(Fact, frozen=True, kw_only=True):
    """A safety check was made on a part of a home."""

    component: Id
    home: Id
    check: Check
    checked_on: ByDate
    satisfactory: Annotated[bool, Clear("the standby lists homes whose check failed")]
    next_due_on: ByDate | None = None
    found: Annotated[Personal[str], STORY] = None
