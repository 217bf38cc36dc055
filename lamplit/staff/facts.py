"""Who works for the landlord or its contractors, in what role, and who is on call."""

from datetime import date, datetime
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

WHO = Key("staff", "contact")
FIRM = Key("contractor", "contact")
LOOKS = Key("reader", "case")

RoleName = Literal[
    "contact_centre",
    "housing_officer",
    "planner",
    "surveyor",
    "operative",
    "contractor",
    "complaints",
    "income",
    "finance",
    "lead",
    "records",
    "admin",
]
Roles = Annotated[list[RoleName], Clear("who may do what is for everyone to check")]
Team = Annotated[str, Clear("a team is no person")]
When = Annotated[datetime, Clear("the standby must know whom to ring")]


@fact("contractor.recorded", 1, subjects=("contractor",))
class ContractorRecorded(Fact, frozen=True, kw_only=True):
    """A contractor became known, or its particulars were put right."""

    contractor: Id
    trades: Annotated[list[str], Clear("which firm does which trade")]
    name: Annotated[Personal[str], FIRM] = None
    phone: Annotated[Personal[str], FIRM] = None
    email: Annotated[Personal[str], FIRM] = None


@fact("staff.joined", 1, subjects=("staff", "contractor"))
class StaffJoined(Fact, frozen=True, kw_only=True):
    """Somebody began to work here, or for a contractor."""

    staff: Id
    roles: Roles
    team: Team | None = None
    contractor: Id | None = None
    name: Annotated[Personal[str], WHO] = None
    email: Annotated[Personal[str], WHO] = None
    phone: Annotated[Personal[str], WHO] = None


@fact("staff.changed", 1, subjects=("staff", "contractor"))
class StaffChanged(Fact, frozen=True, kw_only=True):
    """Somebody's roles, team or particulars changed: every field holds what is true now."""

    staff: Id
    roles: Roles
    team: Team | None = None
    contractor: Id | None = None
    name: Annotated[Personal[str], WHO] = None
    email: Annotated[Personal[str], WHO] = None
    phone: Annotated[Personal[str], WHO] = None


@fact("staff.shut_out", 1, subjects=("staff",))
class StaffShutOut(Fact, frozen=True, kw_only=True):
    """An account was shut: somebody left, or nobody had used it for the time that the landlord allows."""

    staff: Id
    because: Annotated[Literal["left", "dormant", "security"], Clear("why an account is shut is for everyone to check")]


@fact("staff.let_in", 1, subjects=("staff",))
class StaffLetIn(Fact, frozen=True, kw_only=True):
    """A shut account was opened again."""

    staff: Id


@fact("staff.link_asked", 1, subjects=("staff",))
class LinkAsked(Fact, frozen=True, kw_only=True):
    """Somebody asked that a member of staff get a new way in, since hers is lost. A second person gives it."""

    staff: Id


@fact("staff.link_given", 1, subjects=("staff",))
class LinkGiven(Fact, frozen=True, kw_only=True):
    """A member of staff was given a link with which she sets up her way in: by a second person, where she had one before."""

    staff: Id


RELEASE = Key("release", "contact")


@fact("staff.links_released", 1, subjects=("release",))
class LinksReleased(Fact, frozen=True, kw_only=True):
    """After a loss, two people let everybody on the staff list set up a way in again: no older one worked from then on.

    Each link is a fact of its own. Source: the landlord's policy (`docs/install.md`).
    """

    release: Id
    count: Annotated[int, Clear("how many ways in were given is for everyone to check")]
    first: Annotated[Personal[str], RELEASE] = None
    second: Annotated[Personal[str], RELEASE] = None


@fact("staff.link_used", 1, subjects=("staff",))
class LinkUsed(Fact, frozen=True, kw_only=True):
    """A member of staff used the link that she was given, and chose a password. Source: the landlord's policy."""

    staff: Id


@fact("token.given", 1, subjects=("contractor",))
class TokenGiven(Fact, frozen=True, kw_only=True):
    """A firm's own system was let in to the firm's jobs. `expires_on` is the last day."""

    token: Id
    contractor: Id
    digest: Annotated[str, Clear("the SHA-256 of 256 random bits tells nothing of them")]
    expires_on: Annotated[date, Clear("who may come in, and how long, is for everyone to check")]
    label: Annotated[Personal[str], FIRM] = None


@fact("token.ended", 1, subjects=("contractor",))
class TokenEnded(Fact, frozen=True, kw_only=True):
    """A firm's system was shut out."""

    token: Id
    contractor: Id


@fact("on_call.set", 1, subjects=("staff",))
class OnCallSet(Fact, frozen=True, kw_only=True):
    """Somebody took a turn on call; `lead` is rung when the first does not accept."""

    shift: Id
    staff: Id
    from_at: When
    until_at: When
    lead: Annotated[bool, Clear("the standby must know whom to ring")]


AREA = "where a team works tells nothing of a person"


@fact("patch.recorded", 1, subjects=("patch",))
class PatchRecorded(Fact, frozen=True, kw_only=True):
    """A patch of the landlord's homes became known, or was put right: blocks, and postcodes by how they begin."""

    patch: Id
    name: Annotated[str, Clear(AREA)]
    blocks: Annotated[list[str], Clear(AREA)]
    postcodes: Annotated[list[str], Clear(AREA)]


@fact("cover.recorded", 1, subjects=("cover", "contractor", "patch"))
class CoverRecorded(Fact, frozen=True, kw_only=True):
    """A contractor was to do a trade in a patch, or everywhere, from a day on; or that was put right or ended."""

    cover: Id
    contractor: Id
    trade: Annotated[str, Clear("which firm does which trade")]
    patch: Id | None = None
    from_on: Annotated[date, Clear("which firm does which trade")]
    until_on: Annotated[date, Clear("which firm does which trade")] | None = None


@fact("look_limit.reached", 1, subjects=("reader",))
class LookLimitReached(Fact, frozen=True, kw_only=True):
    """A member of staff, or a firm's system, would have seen more people than the landlord allows. The page was not shown.

    Source: the landlord's policy (`data/looking.toml`); UK GDPR, articles 5(1)(f) and 32, ask for such a measure.
    """

    reader: Id
    span: Annotated[Literal["hour", "day"], Clear("who may look at how many is for everyone to check")]
    most: Annotated[int, Clear("who may look at how many is for everyone to check")]


@fact("look_limit.lifted", 1, subjects=("reader",))
class LookLimitLifted(Fact, frozen=True, kw_only=True):
    """Somebody else let a reader see more people than the landlord allows, until a moment. Source: the landlord's policy."""

    reader: Id
    until_at: Annotated[datetime, Clear("who may look at how many, and how long, is for everyone to check")]
    why: Annotated[Personal[str], LOOKS] = None
