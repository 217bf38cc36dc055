"""What can happen to a yearly change of rents: worked out, released, each tenant written to, new terms or the old ones kept.

And the days for which nothing is charged although the terms run.
"""

from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.rent.facts.keys import ACCOUNT, Accounts, Count, Frequency, On, Pence, Text
from lamplit.rent.facts.ledger import Term

_TERMS = "what homes cost; it stands in no connection with a person but by pseudonym"

RentTypeName = Literal["social", "affordable", "intermediate", "supported", "market"]
KeptName = Literal["late", "names_nobody", "changed", "ended", "charged"]
RentType = Annotated[RentTypeName, Clear(_TERMS)]


class OfType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the accounts of one kind of rent come to each period, before and after."""

    rent_type: RentType
    accounts: Count
    old_pence: Pence
    new_pence: Pence


class NewTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The new terms of one account. `noticed_on`: when the last of its tenants had her notice."""

    home: Id
    weeks: Annotated[Literal[52, 50, 48], Clear(_TERMS)]
    rent_type: RentType
    terms: Annotated[list[Term], Clear(_TERMS)]
    noticed_on: On
    formula_pence: Annotated[int | None, Clear(_TERMS)] = None


@fact("rents.prepared", 1, subjects=("run",))
class RentsPrepared(Fact, frozen=True, kw_only=True):
    """A change of rents was worked out and waits for a second person. Source: the desk or the command line.

    `lines`: the blob with every account's old and new terms, and who is left out and why. Its name is the SHA-256 of its bytes:
    what is released is what was looked at. `cpi`: the figure that it was worked out with, in per cent.
    """

    run: Id
    frequency: Frequency
    from_on: On
    cpi: Text
    accounts: Count
    by_type: Annotated[list[OfType], Clear("totals of all accounts")]
    left_out: Count
    lines: Annotated[str, Clear("the name of bytes beside the record: pseudonyms and sums")]


@fact("rents.released", 1, subjects=("run",))
class RentsReleased(Fact, frozen=True, kw_only=True):
    """A second person released a change of rents: now the tenants are written to. Source: the desk."""

    run: Id


@fact("rents.withdrawn", 1, subjects=("run",))
class RentsWithdrawn(Fact, frozen=True, kw_only=True):
    """A change of rents that nobody had released was taken back. Source: the desk."""

    run: Id


@fact("rents.noticed", 1, subjects=("run", "accounts"))
class RentsNoticed(Fact, frozen=True, kw_only=True):
    """Each named tenant of some accounts was written to. Beside `accounts`: what each costs before and after, and its letters.

    Source: the job that carries a released change out. A letter that is ordered is not served yet.
    """

    run: Id
    accounts: Accounts
    old_pence: Annotated[list[Pence], Clear(_TERMS)]
    new_pence: Annotated[list[Pence], Clear(_TERMS)]
    messages: Annotated[list[list[str]], Clear("ids of messages: pseudonyms")]


@fact("notice.given", 1, subjects=("run", "account"))
class NoticeGiven(Fact, frozen=True, kw_only=True):
    """Somebody gave the notice of a new rent to every tenant of an account by hand. Source: the desk."""

    run: Id
    account: Id
    on: On
    how: Annotated[Personal[str], ACCOUNT] = None


@fact("terms.changed", 1, subjects=("run", "accounts"))
class TermsChanged(Fact, frozen=True, kw_only=True):
    """New terms of many accounts were set from one day on, since the notices were served in time. `changes`: beside `accounts`.

    Source: the job that carries a released change out.
    """

    run: Id
    from_on: On
    frequency: Frequency
    accounts: Accounts
    changes: Annotated[list[NewTerms], Clear("pseudonyms and what each home costs")]


@fact("rents.kept", 1, subjects=("run", "accounts"))
class RentsKept(Fact, frozen=True, kw_only=True):
    """Accounts of a released change keep their old rent, and why. `why` stands beside `accounts`. Source: the job."""

    run: Id
    accounts: Accounts
    why: Annotated[list[KeptName], Clear("why a pseudonym keeps its terms; nothing of a person")]
    old_pence: Annotated[list[Pence], Clear(_TERMS)]


@fact("rents.finished", 1, subjects=("run",))
class RentsFinished(Fact, frozen=True, kw_only=True):
    """A change of rents came to its end: what was set or kept adds up to what was released. Source: the job."""

    run: Id
    changed: Count
    kept: Count
    pence: Pence


@fact("days.not_charged", 1, subjects=("days", "account"))
class DaysNotCharged(Fact, frozen=True, kw_only=True):
    """For some days nothing is due from her, though the terms run (she was moved out, or could not live there). Source: the desk.

    What was charged for them already is credited in the same page.
    """

    days: Id
    account: Id
    from_on: On
    to_on: On
    why: Annotated[Literal["decanted", "cannot_live_there", "agreed"], Clear("a class of reason, never the words")]
    note: Annotated[Personal[str], ACCOUNT] = None


@fact("days.cut", 1, subjects=("days", "account"))
class DaysCut(Fact, frozen=True, kw_only=True):
    """Days without a charge end earlier than was said; without a last day none of them counts. Source: the desk."""

    days: Id
    account: Id
    to_on: On | None = None
