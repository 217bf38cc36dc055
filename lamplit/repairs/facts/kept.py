"""What facts of repairs carry inside: a clock, an answer, why a priority was set, who told us, what was tried."""

from datetime import datetime
from typing import Literal

import msgspec


class ClockStarted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A clock of the law or of the landlord began to run. `code` names its row in the dated configuration."""

    code: str
    starts_at: datetime
    due_at: datetime


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One answer as it was given: the question's and option's codes in that version of the tree, and the words shown or typed.

    `said` is in the language of the tree. Where she read it in another `language`, `asked` and `shown` are the question and the
    option as she saw them.
    """

    question: str
    option: str | None = None
    said: str | None = None
    language: str | None = None
    asked: str | None = None
    shown: str | None = None


class HazardKept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One of several hazards of a repair. Its place in the list is its number: clocks and steps of the second end in `.2`."""

    hazard: str
    hazard_class: str


class TriageKept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Why a repair has its priority: every rule that fired, with what it saw, as it stood then."""

    rule: str
    fired: list[str]
    inputs: list[str]
    needs: list[str]
    advice: list[str]
    hazard: str | None = None
    hazard_class: str | None = None  # none, significant, emergency
    unsilent: bool | None = None  # silence never closes this one
    hazards: list[HazardKept] | None = None  # where there are several; `hazard` is the gravest


class Alone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What follows from somebody's own words alone, without what we hold of the household: all that she may be told."""

    priority: Literal["immediate", "emergency", "urgent", "routine", "planned"]
    due_at: datetime


class Caller(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who told us, when she did not sign in or told us for somebody else."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    says_address: str | None = None
    for_name: str | None = None
    relation: str | None = None


class Tried(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing tried to get in or to get an answer: knocked, called, texted, carded, neighbour; when."""

    way: str
    at: datetime | None = None
    said: str | None = None
