"""Who works for the landlord or its contractors, in what role, and who is on call."""

from datetime import date, datetime
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

WHO = Key("staff", "contact")
FIRM = Key("contractor", "contact")

RoleName = Literal[
    "contact_centre",
    "housing_officer",
    "planner",
    "surveyor",
    "operative",
    "contractor",
    "complaints",
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
