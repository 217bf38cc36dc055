"""What can happen to a person we know: who she is, how to reach her, what to know of her.

Needs, risks, restricted markers and plain preferences all arrive as `person.noted`, wholly sealed and
padded, so that the store does not tell who has which (docs/decisions/0004-one-kind-of-note.md).
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

WHO = Key("person", "contact")
MERGED = Key("kept", "case")
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
    """What somebody may do for her: `scope` of repairs, rent, complaints, everything; from when until when.

    `person` is the id of whoever acts, where we know her. `evidence`: what we saw, such as a power of attorney. `copies`: what we
    write to her of these matters goes to `person` as well, by a way of that person's own.
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
    evidence: str | None = None
    from_on: date | None = None
    copies: bool | None = None


class Planting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a box of `planted.noted` holds, under the key that stands in no database.

    `proposed`, `agreed`, `ended`: all of a planted record as it stands. `person` and `steps` are set when it is agreed: whom it
    is to be, and when her record and each contact point come into being. `opened`: `reader` was shown the record `of`, as a
    look tells it. `listed`: `reader` read the list. `salt` makes two boxes differ that say the same.
    """

    what: Literal["proposed", "agreed", "ended", "opened", "listed"]
    salt: str
    at: datetime
    person: str | None = None
    name: str | None = None
    title: str | None = None
    born_on: date | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    steps: list[datetime] | None = None
    proposed_by: str | None = None
    proposed_at: datetime | None = None
    agreed_by: str | None = None
    agreed_at: datetime | None = None
    ended_by: str | None = None
    why: str | None = None
    of: str | None = None
    reader: str | None = None
    via: str | None = None
    about: str | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Somebody looked at what we hold of a person. `about` is the repair or home through which it was opened.

    `via`: `page` of hers, `case` (work on something of hers), `home` where she lives, `photo`, `file` handed out,
    `system` of a firm.
    A complaint is never named: next to her pseudonym it would tell that she complained.
    """

    person: str
    via: Literal["page", "case", "home", "photo", "file", "system"]
    about: str | None = None
    count: int | None = None


@fact("records.read", 1, subjects=("reader", "people"))
class RecordsRead(Fact, frozen=True, kw_only=True):
    """A member of staff, or a firm's system, looked at people's records in one minute (a system: in one hour)."""

    batch: Id
    reader: Id
    people: list[Id]
    looked_at: Annotated[datetime, Clear("who looked at whose record when is for the person and for auditors to check")]
    looks: Annotated[list[Look], Clear("pseudonyms, and the kind of page; never what stood on it")]
    team: Annotated[str, Clear("a team is no person")] | None = None


@fact("look.explained", 1, subjects=("person", "reader"))
class LookExplained(Fact, frozen=True, kw_only=True):
    """A member of staff said why she opens the record of somebody who is kept for few."""

    person: Id
    reader: Id
    why: Annotated[Personal[str], CARE] = None


@fact("planted.noted", 1, subjects=("planted",), actor=Key("planted", "case"))
class PlantedNoted(Fact, frozen=True, kw_only=True):
    """Something was noted of a person who does not exist and whose record rings: it was proposed, agreed on, ended or opened.

    Which of these, of whom and by whom stands in the box alone (`Planting`), so that neither the store, nor the tables, nor the
    record's own keys tell her from others. Source: the landlord's policy; UK GDPR, article 32, asks for such a measure.
    """

    planted: Id
    trap: Annotated[str, Clear("a mark that tells nothing without a key that stands in no database")]
    box: Annotated[str, Clear("sealed under a key that stands in no database; every box is equally long")]


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


@fact("person.merged", 1, subjects=("merge", "kept", "gone"))
class PersonMerged(Fact, frozen=True, kw_only=True):
    """Two records were found to be of one person: `gone` is shown under `kept` from now on. Both stay as they are."""

    merge: Id
    kept: Id
    gone: Id
    why: Annotated[Personal[str], MERGED] = None


@fact("person.merge_confirmed", 1, subjects=("merge", "kept", "gone"))
class MergeConfirmed(Fact, frozen=True, kw_only=True):
    """A second person made sure that both records are of one person: what is sent to her may use the contact points of both."""

    merge: Id
    kept: Id
    gone: Id
    how: Annotated[Personal[str], MERGED] = None


@fact("person.unmerged", 1, subjects=("merge", "kept", "gone"))
class PersonUnmerged(Fact, frozen=True, kw_only=True):
    """Two records that were merged are of two people after all."""

    merge: Id
    kept: Id
    gone: Id
    why: Annotated[Personal[str], MERGED] = None
