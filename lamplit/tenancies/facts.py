"""What can happen to a tenancy and to the household under it."""

from datetime import date
from typing import Annotated, Literal

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact

HOUSEHOLD = Key("tenancy", "case")

Tenure = Annotated[
    Literal["secure", "assured", "assured_shorthold", "starter", "licence", "shared_ownership", "other"],
    Clear("the law's clocks differ by tenure; it tells nothing of a person"),
]
Role = Annotated[Literal["tenant", "occupant", "child"], Clear("who may ask for a repair; pseudonyms and no more")]
On = Annotated[date, Clear("who lived there when, by pseudonym, so that history reads right")]


@fact("tenancy.started", 1, subjects=("tenancy", "home", "tenants"))
class TenancyStarted(Fact, frozen=True, kw_only=True):
    """A tenancy of a home began, with one tenant or several joint ones.

    `reference`: what the system that it was brought over from calls it.
    """

    tenancy: Id
    home: Id
    tenants: list[Id]
    tenure: Tenure
    started_on: On
    reference: Annotated[Personal[str], HOUSEHOLD] = None


@fact("household.joined", 1, subjects=("tenancy", "person"))
class HouseholdJoined(Fact, frozen=True, kw_only=True):
    """Somebody came to live in, or to share, a tenancy."""

    tenancy: Id
    person: Id
    role: Role
    since_on: On


@fact("household.left", 1, subjects=("tenancy", "person"))
class HouseholdLeft(Fact, frozen=True, kw_only=True):
    """Somebody left a tenancy. Her contact points for it are used no more."""

    tenancy: Id
    person: Id
    left_on: On
    why: Annotated[Personal[str], HOUSEHOLD] = None


@fact("tenancy.ended", 1, subjects=("tenancy", "home"))
class TenancyEnded(Fact, frozen=True, kw_only=True):
    """A tenancy came to its end."""

    tenancy: Id
    home: Id
    ended_on: On
    why: Annotated[Personal[str], HOUSEHOLD] = None
