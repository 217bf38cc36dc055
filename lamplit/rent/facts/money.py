"""What can happen to money that comes in: a file taken, its lines on accounts or in suspense, and what becomes of those later.

Each file has a clearing book of its own: a bank's file the bank, a payment firm's what was collected for us, a schedule the
benefit. So the bank's book is the sum of the bank's files, whatever people do with a line afterwards.
"""

from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact
from lamplit.rent.facts.keys import ACCOUNT, Accounts, Book, Count, Move, On, Pence, Text

FILE = Key("file", "case")

SourceName = Literal["bank", "allpay", "paypoint", "hb", "uc"]
Source = Annotated[SourceName, Clear("which firm a file is of; it tells nothing of anybody")]
TroubleName = Literal["serial_missing", "serial_repeated", "balance_gap"]
HowName = Literal["reference", "repaired", "claim", "payer", "name_amount", "name", "person"]
How = Annotated[HowName, Clear("by what a line was matched, never the words")]
Elsewhere = Annotated[
    Literal["collected", "benefit", "refunds", "not_rent"],
    Clear("the landlord's own book that a line belongs to; it names nobody"),
]
SchemeName = Literal["hb", "uc_managed", "uc_tenant", "tpd"]
_CLAIM = "a standby must know what benefit covers before a key is there; it names a pseudonym alone"


class Came(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line of a file: where it stands there, how much (below nought: it went out), and when. The rest is sealed.

    `to`: a sum that a firm paid for many, which is nobody's rent by itself. `maybe`: whose it may be, where that is not sure.
    """

    number: Count
    pence: Pence
    on: On
    how: How | None = None
    sure: Annotated[int | None, Clear("how sure the match is, of a hundred")] = None
    claim: Id | None = None
    from_on: On | None = None
    to_on: On | None = None
    to: Elsewhere | None = None
    maybe: Id | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a line says in words. `ending`: the last three digits of the payer's bank account, never more.

    `own_id`: what the sender calls it: a bank's number, a council's claim. `payer_key`: name and ending as they are compared, to
    know the payer again.
    """

    reference: str | None = None
    payer: str | None = None
    ending: str | None = None
    kind: str | None = None
    own_id: str | None = None
    payer_key: str | None = None


@fact("money_file.taken", 1, subjects=("file",))
class MoneyFileTaken(Fact, frozen=True, kw_only=True):
    """A file of money was taken in, added up anew from its bytes. Source: the file of that SHA-256.

    `label`: whose it is, as the landlord calls it, or the account's last three digits. `part`: which statement of the file.
    `trouble`: its serial is missing, was there before, or its opening balance is not where the last one closed.
    """

    file: Id
    source: Source
    layout: Text
    sha256: Text
    part: Count
    label: Text
    lines: Count
    credit_pence: Pence
    debit_pence: Pence
    settled_pence: Pence
    serial: Text | None = None
    dated: On | None = None
    opening_pence: Pence | None = None
    closing_pence: Pence | None = None
    trouble: Annotated[TroubleName | None, Clear("what is wrong with a file; it names nobody")] = None
    expected: Text | None = None


@fact("money_file.explained", 1, subjects=("file",))
class MoneyFileExplained(Fact, frozen=True, kw_only=True):
    """Somebody said that what seems to be missing beside a file never comes. Source: staff, who asked its sender.

    `missing`: nothing comes before it (a serial was left out), or nothing more comes after it from that firm. `expected`: what
    should have come. `undone`: it was said by mistake, and is looked for again.
    """

    file: Id
    missing: Annotated[Literal["before", "after"], Clear("on which side of a file nothing is missing; it names nobody")]
    why: Annotated[Literal["left_out", "in_another", "empty", "firm_ended", "other"], Clear("a class of reason")]
    expected: Text | None = None
    undone: Annotated[bool | None, Clear("that it was said by mistake")] = None
    note: Annotated[Personal[str], FILE] = None


@fact("money.posted", 1, subjects=("file", "accounts"))
class MoneyPosted(Fact, frozen=True, kw_only=True):
    """Lines of a file were put on accounts at once, where the match was sure. `accounts` and `told` stand beside `lines`.

    Source: the file.
    """

    file: Id
    book: Book
    accounts: Accounts
    lines: Annotated[list[Came], Clear("sums and days against pseudonyms")]
    told: Annotated[Personal[list[Told]], FILE] = None


@fact("money.held", 1, subjects=("file",))
class MoneyHeld(Fact, frozen=True, kw_only=True):
    """Lines of a file were put in suspense: nobody's yet. Source: the file."""

    file: Id
    book: Book
    lines: Annotated[list[Came], Clear("sums and days alone")]
    told: Annotated[Personal[list[Told]], FILE] = None


@fact("money_file.finished", 1, subjects=("file",))
class MoneyFileFinished(Fact, frozen=True, kw_only=True):
    """Every line of a file is in the books, and they add up to what the file said."""

    file: Id
    lines: Count
    pence: Pence
    posted: Count


@fact("payment.matched", 1, subjects=("file", "account"))
class PaymentMatched(Fact, frozen=True, kw_only=True):
    """Somebody put a line out of suspense on an account. Source: staff, who looked at it.

    `claim`: of benefit, the one claim of hers that it pays, to the day `to_on`.
    """

    file: Id
    number: Count
    account: Id
    pence: Pence
    on: On
    how: How
    claim: Id | None = None
    to_on: On | None = None


@fact("payment.taken_off", 1, subjects=("file", "account"))
class PaymentTakenOff(Fact, frozen=True, kw_only=True):
    """A line was taken off an account again and went back to suspense: it was not hers. Source: staff.

    `claim`: the claim that it had paid, which is paid to the day `paid_to` again.
    """

    file: Id
    number: Count
    account: Id
    pence: Pence
    on: On
    line: Annotated[str, Clear("the ledger line that this takes back: pseudonyms")]
    why: Annotated[Literal["wrong_account", "keyed_wrong", "other"], Clear("a class of reason, never the words")]
    claim: Id | None = None
    paid_to: On | None = None
    note: Annotated[Personal[str], ACCOUNT] = None


@fact("payment.receipted", 1, subjects=("file", "account"))
class PaymentReceipted(Fact, frozen=True, kw_only=True):
    """She asked for the proof of a payment. It stands alone here, since the entry that posted it holds those of others as well.

    `posted`: the entry that put it on her account. Source: the tenant.
    """

    file: Id
    number: Count
    account: Id
    pence: Pence
    on: On
    posted: Id


@fact("payment_line.receipted", 1, subjects=("account",))
class PaymentLineReceipted(Fact, frozen=True, kw_only=True):
    """She asked for the proof of a payment that came by no file: a Direct Debit that we collected, or one keyed by a person.

    `line`: the line of her books; `posted`: the entry that put it there, which may hold those of others. Source: the tenant.
    """

    account: Id
    line: Annotated[str, Clear("a line's id: pseudonyms")]
    what: Move
    pence: Pence
    on: On
    posted: Id


@fact("suspense.settled", 1, subjects=("file",))
class SuspenseSettled(Fact, frozen=True, kw_only=True):
    """A line in suspense is no tenant's: what a firm or council paid in one sum, what goes back, or no rent. Source: staff."""

    file: Id
    number: Count
    pence: Pence
    on: On
    book: Elsewhere
    note: Annotated[Personal[str], FILE] = None


@fact("claim.recorded", 1, subjects=("claim", "account"))
class ClaimRecorded(Fact, frozen=True, kw_only=True):
    """A benefit claim of a tenant is as we now know it: asked for, awarded or changed. Source: a schedule, DWP, or her word.

    `paid_to`: the last day that is covered already. `pays_after_days`: from the end of a benefit period to its pay day.
    """

    claim: Id
    account: Id
    scheme: Annotated[SchemeName, Clear(_CLAIM)]
    state: Annotated[Literal["pending", "paying"], Clear(_CLAIM)]
    award_pence: Pence
    award_per: Annotated[Literal["week", "month"], Clear(_CLAIM)]
    cycle: Annotated[Literal["two_weekly", "four_weekly", "monthly"], Clear(_CLAIM)]
    eligible_pence: Pence
    eligible_per: Annotated[Literal["week", "month"], Clear(_CLAIM)]
    pays_after_days: Count
    paid_to: On
    reference: Annotated[Personal[str], ACCOUNT] = None


@fact("claim.ended", 1, subjects=("claim", "account"))
class ClaimEnded(Fact, frozen=True, kw_only=True):
    """A benefit claim ended or was stopped. Source: a notice of the council or DWP, or her word."""

    claim: Id
    account: Id
    ends_on: On
    stopped: Annotated[bool, Clear(_CLAIM)]


@fact("claim.asked", 1, subjects=("claim", "account"))
class ClaimAsked(Fact, frozen=True, kw_only=True):
    """We asked the council or DWP why benefit has not come. Source: staff."""

    claim: Id
    account: Id
    on: On
    said: Annotated[Personal[str], ACCOUNT] = None
