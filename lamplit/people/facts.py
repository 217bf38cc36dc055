"""What can happen to a person we know: who she is, how to reach her, what to know of her.

Needs, risks, restricted markers and plain preferences all arrive as `person.noted`, wholly sealed and
padded, so that the store does not tell who has which (docs/decisions/0004-one-kind-of-note.md).
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Fact, Id, Key, Personal, fact

WHO = Key("person", "contact")
CARE = Key("person", "care")


class PersonNote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing to know of a person.

    `what`: `need` or `risk` (code of repairs' needs table, moves deadlines), `preference` (code `language`, `channel` or
    `format`; its value in `value`), `restricted` (abuse or safeguarding: only safe contact points are used), `alert` (for
    staff before they visit). `changes` says in words what we do otherwise because of it.
    """

    what: Literal["need", "risk", "preference", "restricted", "alert"]
    code: str
    value: str | None = None
    says: str | None = None
    changes: str | None = None
    source: str | None = None
    since_on: date | None = None
    review_on: date | None = None
    ended_on: date | None = None


class Reach(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One way to reach a person. `state`: unproved, works, fails or ended. `safe`: nobody else reads or hears it.

    `proved`: how we know that it is hers: she entered a code that we sent there. `held`: given online while a marker of abuse or
    safeguarding held, and used for nothing until staff have asked her in another way.
    """

    channel: Literal["text", "phone", "email", "post"]
    value: str
    state: Literal["unproved", "works", "fails", "ended"]
    safe: bool
    label: str | None = None
    why: str | None = None
    proved: Literal["code"] | None = None
    held: bool | None = None


class Mandate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What somebody may do for her: `scope` of repairs, rent, complaints, everything; until when.

    `person` is the id of whoever acts, where we know her.
    """

    name: str
    relation: str | None = None
    organisation: str | None = None
    email: str | None = None
    phone: str | None = None
    scope: list[str]
    expires_on: date | None = None
    ended_on: date | None = None
    person: str | None = None


@fact("person.recorded", 1, subjects=("person",))
class PersonRecorded(Fact, frozen=True, kw_only=True):
    """A person became known to the landlord. `reference`: what the system that she was brought over from calls her."""

    person: Id
    name: Annotated[Personal[str], WHO] = None
    known_as: Annotated[Personal[str], WHO] = None
    title: Annotated[Personal[str], WHO] = None
    born_on: Annotated[Personal[date], WHO] = None
    reference: Annotated[Personal[str], WHO] = None


@fact("person.corrected", 1, subjects=("person",))
class PersonCorrected(Fact, frozen=True, kw_only=True):
    """What we believed of a person was put right: every field holds what we believe now."""

    person: Id
    name: Annotated[Personal[str], WHO] = None
    known_as: Annotated[Personal[str], WHO] = None
    title: Annotated[Personal[str], WHO] = None
    born_on: Annotated[Personal[date], WHO] = None
    why: Annotated[Personal[str], WHO] = None


@fact("reach.recorded", 1, subjects=("person",))
class ReachRecorded(Fact, frozen=True, kw_only=True):
    """A way to reach a person was given, proved, changed or ended: `how` holds all of it as we believe it now."""

    reach: Id
    person: Id
    how: Annotated[Personal[Reach], WHO] = None


@fact("person.noted", 1, subjects=("person",))
class PersonNoted(Fact, frozen=True, kw_only=True):
    """Something to know of a person was noted, changed or ended: `about` holds all of it as we believe it now."""

    note: Id
    person: Id
    about: Annotated[Personal[PersonNote], CARE] = None


@fact("person.represented", 1, subjects=("person",))
class PersonRepresented(Fact, frozen=True, kw_only=True):
    """Somebody was given leave to act for a person, or the leave was changed or ended."""

    mandate: Id
    person: Id
    leave: Annotated[Personal[Mandate], WHO] = None
