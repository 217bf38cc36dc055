"""What can happen to where she stands: a line disputed and answered, "I have paid" said and looked for, a plan agreed and ended.

Sums and days against a pseudonym are clear, as the books are: the standby must know what is not chased. What she wrote, and
what she has to live on, is sealed.
"""

from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.rent.facts.keys import ACCOUNT, On, Pence

_STOPS = "what stops the chase of a pseudonym: a sum and a day, never why"
WayName = Literal["bank", "card", "shop", "office", "other"]
Instalments = Annotated[list[tuple[On, Pence]], Clear("what a pseudonym pays when")]


class Budget(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What comes in and goes out each month, as she told us: in pence."""

    comes_in: int
    goes_out: int
    words: str | None = None


@fact("line.disputed", 1, subjects=("account", "dispute"))
class LineDisputed(Fact, frozen=True, kw_only=True):
    """Somebody told us that a line of her account is wrong. We do not ask for it until a person has answered.

    `line`: of the books; None is the account as a whole. Pre-Action Protocol for Possession Claims by Social Landlords, 2.
    """

    account: Id
    dispute: Id
    pence: Pence
    line: Annotated[str | None, Clear("a line's id: pseudonyms")] = None
    words: Annotated[Personal[str], ACCOUNT] = None


@fact("dispute.answered", 1, subjects=("account", "dispute"))
class DisputeAnswered(Fact, frozen=True, kw_only=True):
    """A person answered a dispute. Money that was wrong is moved by an entry of its own."""

    account: Id
    dispute: Id
    outcome: Annotated[Literal["upheld", "not_upheld", "withdrawn"], Clear(_STOPS)]
    words: Annotated[Personal[str], ACCOUNT] = None


@fact("payment.said", 1, subjects=("account", "said"))
class PaymentSaid(Fact, frozen=True, kw_only=True):
    """Somebody told us that she has paid: how much, when and how. It counts as on its way until we have looked for it."""

    account: Id
    said: Id
    pence: Pence
    on: On
    way: Annotated[WayName, Clear("which files to look in")]
    words: Annotated[Personal[str], ACCOUNT] = None


@fact("payment.looked_for", 1, subjects=("account", "said"))
class PaymentLookedFor(Fact, frozen=True, kw_only=True):
    """A person looked for a payment that she told us of. `line`: where it stands in the books."""

    account: Id
    said: Id
    outcome: Annotated[Literal["found", "not_found", "withdrawn"], Clear(_STOPS)]
    line: Annotated[str | None, Clear("a line's id: pseudonyms")] = None
    words: Annotated[Personal[str], ACCOUNT] = None


@fact("plan.agreed", 1, subjects=("account", "plan"))
class PlanAgreed(Fact, frozen=True, kw_only=True):
    """She and we agreed how she pays what she owes: instalments she can afford. `pence`: what they pay off.

    Pre-Action Protocol for Possession Claims by Social Landlords, 2.2: sums she can afford, from what comes in and goes out.
    """

    account: Id
    plan: Id
    pence: Pence
    instalments: Instalments
    replaces: Id | None = None
    budget: Annotated[Personal[Budget], ACCOUNT] = None


@fact("plan.ended", 1, subjects=("account", "plan"))
class PlanEnded(Fact, frozen=True, kw_only=True):
    """A plan came to its end: paid off, or it was too much for her, or nothing was paid."""

    account: Id
    plan: Id
    why: Annotated[Literal["kept", "not_kept", "asked"], Clear(_STOPS)]
