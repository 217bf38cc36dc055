"""What can happen to quarterly statements (Pre-Action Protocol for Possession Claims by Social Landlords, 2.3)."""

from typing import Annotated

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, fact
from lamplit.rent.facts.keys import Accounts, Count, On, Text

_WENT = "whether a duty to every tenant alike was done; it names pseudonyms alone"


def statement_id(account: str, quarter: str) -> str:
    """Return the id of an account's statements of a quarter."""
    return f"{account}.{quarter}"


@fact("statements.sent", 1, subjects=("accounts",))
class StatementsSent(Fact, frozen=True, kw_only=True):
    """The statements of a quarter went to named tenants of many accounts.

    `people`: to whom; `whose`: beside each of them, which of `accounts` it is, counted from 0. `wanting`: beside each account,
    how many of its tenants still have none (post may not be safe for them): a person sees to it.
    """

    quarter: Text
    on: On
    accounts: Accounts
    people: Annotated[list[Id], Clear("pseudonyms")]
    whose: Annotated[list[Annotated[int, msgspec.Meta(ge=0)]], Clear(_WENT)]
    wanting: Annotated[list[int], Clear(_WENT)]


@fact("statements.late", 1, subjects=())
class StatementsLate(Fact, frozen=True, kw_only=True):
    """The day by which the statements of a quarter should have gone has passed, and some have not. Whoever leads is told."""

    quarter: Text
    accounts: Count
    went: Count
