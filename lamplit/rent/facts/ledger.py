"""What can happen to an account's books: terms, charges, and every move of money between two books.

A move takes whole pence from one book to another, so it cannot be out of balance. A correction is a reversal with a reason and a
new move; nothing is edited.
"""

from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Personal, fact
from lamplit.rent.facts.keys import ACCOUNT, Accounts, Book, Charge, Count, Frequency, Move, On, Pence, Text

_TERMS = "what a home costs; it stands in no connection with a person but by pseudonym"


class Term(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line of what is charged each period. `category`: of a service charge that Universal Credit pays for (A to D)."""

    charge: Charge
    pence: Pence
    category: Annotated[Literal["A", "B", "C", "D"] | None, Clear(_TERMS)] = None


@fact("account.referenced", 1, subjects=("account",))
class AccountReferenced(Fact, frozen=True, kw_only=True):
    """An account got the number that people pay with. It outlives every system, so it is no id of ours."""

    account: Id
    reference: Annotated[Personal[str], ACCOUNT] = None


@fact("terms.set", 1, subjects=("account", "home"))
class TermsSet(Fact, frozen=True, kw_only=True):
    """What is charged on an account was set, from a day on.

    `weeks`: over how many weeks a year's rent is collected (50 and 48 have rent-free weeks). `formula_pence`: the formula rent
    of the home a period, where it is known (Rent Standard). `noticed_on`: when the notice of the change was served.
    """

    account: Id
    home: Id
    from_on: On
    frequency: Frequency
    weeks: Annotated[Literal[52, 50, 48], Clear(_TERMS)]
    terms: Annotated[list[Term], Clear(_TERMS)]
    rent_type: Annotated[Literal["social", "affordable", "intermediate", "supported", "market"], Clear(_TERMS)]
    why: Annotated[Literal["let", "yearly", "corrected", "brought"], Clear("why what a home costs was set")]
    formula_pence: Annotated[int | None, Clear(_TERMS)] = None
    noticed_on: On | None = None


@fact("balance.brought", 1, subjects=("account",))
class BalanceBrought(Fact, frozen=True, kw_only=True):
    """What stood in a book of an account was brought over from an old system. Below nought: she was ahead."""

    account: Id
    book: Book
    pence: Pence
    on: On
    source: Text
    charged_to_on: On | None = None


@fact("charges.prepared", 1, subjects=("run",))
class ChargesPrepared(Fact, frozen=True, kw_only=True):
    """A charge run was worked out and waits for a second person.

    `digest`: SHA-256 of every line as it would be charged; a run whose digest has become another is not released.
    """

    run: Id
    frequency: Frequency
    from_on: On
    to_on: On
    accounts: Count
    pence: Pence
    digest: Text
    by_charge: Annotated[list[tuple[Charge, Pence]], Clear("totals of all accounts")]
    left_out: Count


@fact("charges.released", 1, subjects=("run",))
class ChargesReleased(Fact, frozen=True, kw_only=True):
    """A second person released a charge run."""

    run: Id


@fact("charges.withdrawn", 1, subjects=("run",))
class ChargesWithdrawn(Fact, frozen=True, kw_only=True):
    """A charge run that nobody had released was taken back."""

    run: Id


@fact("rent.charged", 1, subjects=("run", "accounts"))
class RentCharged(Fact, frozen=True, kw_only=True):
    """Many accounts were charged for one period. `charges` stands beside `accounts`: what each was charged for, in pence.

    Those whose period is shorter (first, last, let anew) stand in an entry of their own, with its days.
    """

    run: Id
    from_on: On
    to_on: On
    due_on: On
    accounts: Accounts
    charges: Annotated[list[list[tuple[Charge, Pence]]], Clear("what each pseudonym was charged")]


@fact("charges.finished", 1, subjects=("run",))
class ChargesFinished(Fact, frozen=True, kw_only=True):
    """A charge run came to its end, and what was charged is what was released."""

    run: Id
    accounts: Count
    pence: Pence


@fact("money.moved", 1, subjects=("account",))
class MoneyMoved(Fact, frozen=True, kw_only=True):
    """A sum was moved from one book to another on an account: `debit` gets more owed, `credit` less.

    `reverses`: the line that this takes back, whole. `source`: what it comes from (a refund, a collection, a file).
    """

    account: Id
    debit: Book
    credit: Book
    pence: Pence
    what: Move
    on: On
    why: Annotated[
        Literal[
            "keyed_wrong", "wrong_account", "returned_unpaid", "claimed_back", "charged_wrong", "dispute_upheld", "court",
            "damage", "agreed", "statute_barred", "not_economic", "deceased", "refunded", "ended", "matched", "other",
        ],
        Clear("a class of reason, never the words"),
    ]  # fmt: skip
    reverses: Annotated[str | None, Clear("a line's id: pseudonyms")] = None
    source: Id | None = None
    note: Annotated[Personal[str], ACCOUNT] = None


@fact("books.checked", 1, subjects=())
class BooksChecked(Fact, frozen=True, kw_only=True):
    """The books were checked, with another outcome than before. Until they balance, no step is automatic."""

    wrong: Annotated[list[str], Clear("which check failed, in the trade's words and pseudonyms")]
    lines: Count
