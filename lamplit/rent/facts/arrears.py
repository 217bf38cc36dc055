"""What can happen to an account that is behind: holds, breathing space, steps, and what the nightly look found.

What a hold is for, and whether somebody has a breathing space for her health, is sealed. That an account is held or protected is
clear: a standby without a key must ask nobody for money either.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact
from lamplit.rent.facts.keys import ACCOUNT, Accounts, Count, On, Pence, Text

CARE = Key("account", "care")
_STEPS = "which step of the landlord's policy was taken, against a pseudonym; it tells nothing of a person's life"
ReviewOn = Annotated[date, Clear("the day on which a hold is looked at again, so that it is no place to be forgotten in")]
StepCode = Annotated[str, Clear(_STEPS)]
Stands = Literal["owes", "look", "clear"]


@fact("account.held", 1, subjects=("hold", "account"))
class AccountHeld(Fact, frozen=True, kw_only=True):
    """A hold was placed on an account: no step is taken while it stands. Source: the desk, or an answer to a rent letter.

    `kind`: one of `rules.holds.KINDS`. `because`: the contact or e-mail that it follows from. `owner`: who looks at it again;
    nobody yet where a job placed it.
    """

    hold: Id
    account: Id
    review_on: ReviewOn
    owner: Id | None = None
    because: Id | None = None
    kind: Annotated[Personal[str], CARE] = None
    words: Annotated[Personal[str], CARE] = None


@fact("hold.moved", 1, subjects=("hold", "account"))
class HoldMoved(Fact, frozen=True, kw_only=True):
    """Somebody looked at a hold and left it: it is looked at again on another day. Source: the desk."""

    hold: Id
    account: Id
    review_on: ReviewOn
    owner: Id | None = None
    words: Annotated[Personal[str], CARE] = None


@fact("hold.ended", 1, subjects=("hold", "account"))
class HoldEnded(Fact, frozen=True, kw_only=True):
    """A person ended a hold, and said why. Source: the desk."""

    hold: Id
    account: Id
    words: Annotated[Personal[str], CARE] = None


@fact("hold.looked_at", 1, subjects=("account",))
class HoldLookedAt(Fact, frozen=True, kw_only=True):
    """Somebody looked at a hold that nobody placed: it follows from what else is so, and stays. Source: the desk.

    `code`: which of those in `data/steps.toml`, or that she considered the needs in the home. All look alike without a key.
    """

    account: Id
    review_on: ReviewOn
    code: Annotated[Personal[str], CARE] = None
    words: Annotated[Personal[str], CARE] = None


@fact("holds.due", 1, subjects=())
class HoldsDue(Fact, frozen=True, kw_only=True):
    """Holds whose day has come and at which nobody has looked. Source: the nightly look. `oldest_on`: the first of those days."""

    on: On
    holds: Count
    oldest_on: On


class Protection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What we were told of a breathing space. Its kind and its days tell of a person's health, so all of it is sealed.

    `ended_on`: the last day of one that was cancelled or ended early.
    """

    kind: Literal["standard", "crisis"]
    registered_on: date
    treatment_ended_on: date | None = None
    ended_on: date | None = None
    adviser: str | None = None
    reference: str | None = None


@fact("protection.started", 1, subjects=("protection", "account"))
class ProtectionStarted(Fact, frozen=True, kw_only=True):
    """What an account owed on a day became protected: nobody asks for it. Rent that falls due after is beside it.

    `pence`: what the account stood at then; below nought she was ahead, and nothing is protected.
    Source: a notice of the Insolvency Service (SI 2020/1311), written down at the desk.
    """

    protection: Id
    account: Id
    from_on: On
    pence: Pence
    about: Annotated[Personal[Protection], CARE] = None


@fact("protection.reviewed", 1, subjects=("protection", "account"))
class ProtectionReviewed(Fact, frozen=True, kw_only=True):
    """More became known of a protection: its review, or when the treatment ended. `about` is all of it as we believe it now."""

    protection: Id
    account: Id
    about: Annotated[Personal[Protection], CARE] = None
    words: Annotated[Personal[str], CARE] = None


@fact("protection.ended", 1, subjects=("protection", "account"))
class ProtectionEnded(Fact, frozen=True, kw_only=True):
    """What was protected is not any more. Source: the desk, or the job on the day after its last one."""

    protection: Id
    account: Id
    words: Annotated[Personal[str], CARE] = None


@fact("step.taken", 1, subjects=("account", "tenants"))
class StepTaken(Fact, frozen=True, kw_only=True):
    """A step of the arrears policy was taken. Source: the nightly job where policy says so, else a person at the desk.

    `relies`: the facts that it rests on. `working`: the lines of the position as she reads them, and `says` its sentence: her
    letter has these very words. `spoke`: a person spoke to her. `pay_by_on`: the day that she was given.
    """

    account: Id
    step: StepCode
    on: On
    pence: Pence
    relies: Annotated[list[str], Clear("ids of facts and names of files: pseudonyms")]
    citation: Text
    tenants: Annotated[list[Id], Clear("pseudonyms of the named tenants whom it is for")]
    pay_by_on: On | None = None
    spoke: Annotated[bool, Clear("that a person spoke to her, never what was said")] | None = None
    working: Annotated[Personal[list[str]], ACCOUNT] = None
    says: Annotated[Personal[str], ACCOUNT] = None
    note: Annotated[Personal[str], ACCOUNT] = None


@fact("step.refused", 1, subjects=("account",))
class StepRefused(Fact, frozen=True, kw_only=True):
    """A person asked for a step, and holds refused it. Source: the desk. `holds`: their codes."""

    account: Id
    step: StepCode | None = None
    holds: Annotated[Personal[list[str]], CARE] = None


@fact("needs.considered", 1, subjects=("account",))
class NeedsConsidered(Fact, frozen=True, kw_only=True):
    """A person considered what the people of a home need before anything more is done (Equality Act 2010; protocol 2.4).

    No longer written: its kind, in clear, told whose home has needs. `hold.looked_at` says it, sealed.
    """

    account: Id
    words: Annotated[Personal[str], CARE] = None


@fact("arrears.seen", 1, subjects=("accounts",))
class ArrearsSeen(Fact, frozen=True, kw_only=True):
    """Where accounts stood on a night, of those that stand otherwise than the night before. Source: the nightly job.

    `pence` beside `accounts`: what each needs to pay, nought below what steps are taken for. `stands`: `look` has something
    else that a person must look at.
    """

    on: On
    accounts: Accounts
    pence: Annotated[list[Pence], Clear("what each pseudonym needs to pay")]
    stands: Annotated[list[Stands], Clear("whether a person looks at the account; never why")]


@fact("rent.sampled", 1, subjects=())
class RentSampled(Fact, frozen=True, kw_only=True):
    """Accounts drawn by lot were made again from the record's entries alone. Until none differs, no letter goes out."""

    accounts: Count
    differing: Accounts
