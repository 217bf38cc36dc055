"""What can happen to Direct Debits: bank details, instructions, notices, collections, advices of banks, and what we missed.

No account number stands here. It is sealed to the finance key before it reaches the record, and kept beside it as a blob.
"""

from typing import Annotated, Literal

import msgspec

from lamplit.basics.fact import Clear, Fact, Id, Key, Personal, fact
from lamplit.rent.facts.keys import ACCOUNT, Accounts, Count, Frequency, On, Pence, Text

_WAY = "how an instruction was given and where it stands: it names a pseudonym, no bank and nothing of health"
_RUN = "totals and days of a file of ours"
RUN = Key("run", "case")

SourceName = Literal["payer", "import", "bank"]
Code = Annotated[Literal["01", "17", "18", "19"], Clear(_WAY)]
Told = Annotated[Literal["0N", "0C", "0S"], Clear(_WAY)]
Mandates = Annotated[list[Id], Clear("pseudonyms")]
Due = tuple[On, Pence]


class Untold(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An instruction that stood in a file which did not go: what is to be told now, under which bank details.

    `old_details`: those of which the bank is still to be told that it ends (0C). No `instruction`: nobody is to be told of it.
    """

    mandate: Id
    details: Id
    instruction: Annotated[Literal["0N", "0C", "0S"] | None, Clear(_WAY)] = None
    old_details: Id | None = None


@fact("details.given", 1, subjects=("account", "details"))
class DetailsGiven(Fact, frozen=True, kw_only=True):
    """Bank details of an account were taken in and sealed at once. `waits_to`: the end of their cooling-off time.

    `checked`: what the modulus check said. `blob`: where they stand, sealed to the finance key. `replaces`: those in force.
    `source`: she herself, an old system, or her bank (an advice): a change that the bank tells of waits for nobody.
    """

    account: Id
    details: Id
    blob: Annotated[str, Clear("the name of sealed bytes")]
    checked: Annotated[Literal["valid", "cannot be checked"], Clear("what arithmetic said of a number that is not here")]
    source: Annotated[SourceName, Clear(_WAY)]
    waits_to: On | None = None
    replaces: Id | None = None
    last3: Annotated[Personal[str], ACCOUNT] = None


@fact("details.confirmed", 1, subjects=("account", "details"))
class DetailsConfirmed(Fact, frozen=True, kw_only=True):
    """A second person confirmed changed bank details after their cooling-off time. The old ones count no more."""

    account: Id
    details: Id
    replaces: Id | None = None


@fact("details.dropped", 1, subjects=("account", "details"))
class DetailsDropped(Fact, frozen=True, kw_only=True):
    """Bank details that waited were not taken: somebody else had given them, or they were wrong."""

    account: Id
    details: Id


@fact("details.ended", 1, subjects=("account", "details"))
class DetailsEnded(Fact, frozen=True, kw_only=True):
    """A bank said that these bank details are no account of hers any more (any report). No others took their place."""

    account: Id
    details: Id


@fact("direct_debit.set_up", 1, subjects=("mandate", "account", "person"))
class MandateSetUp(Fact, frozen=True, kw_only=True):
    """Somebody let us collect her rent from her bank account.

    `instruction`: what tells her bank: 0N anew, 0S of a paper one, None when it holds already. `day`: of the month (1 to 28), or
    of the week (1 is Monday). `reference`: what her bank knows the instruction by; it never changes.
    `usual_pence`: the sum is the rent less benefit, which came to this; `with_plan`: a plan's instalment is in it.
    """

    mandate: Id
    account: Id
    person: Id
    details: Id
    way: Annotated[Literal["paperless", "paper"], Clear(_WAY)]
    every: Frequency
    day: Annotated[int, Clear(_WAY)]
    pence: Pence
    from_on: On
    instruction: Annotated[Literal["0N", "0S"] | None, Clear(_WAY)] = None
    collected_before: Annotated[bool | None, Clear(_WAY)] = None
    usual_pence: Pence | None = None
    with_plan: Annotated[bool | None, Clear(_WAY)] = None
    reference: Annotated[Personal[str], ACCOUNT] = None


@fact("direct_debit.sum_set", 1, subjects=("mandate", "account"))
class MandateSumSet(Fact, frozen=True, kw_only=True):
    """What is collected each time was set to another sum. It counts from the first day that a new notice allows.

    `usual_pence`: what the rent less benefit came to when a person looked at it; set where the sum follows that.
    """

    mandate: Id
    account: Id
    pence: Pence
    usual_pence: Pence | None = None


@fact("direct_debit.changed", 1, subjects=("mandate", "account"))
class MandateChanged(Fact, frozen=True, kw_only=True):
    """An instruction stopped, went on or ended. `instruction`: what her bank is still to be told (0C, or 0N once more).

    `why`: she asked, her bank said so, she died, her bank details changed, a person looked, or her tenancy ended.
    """

    mandate: Id
    account: Id
    became: Annotated[Literal["live", "stopped", "ended"], Clear(_WAY)]
    why: Annotated[Literal["asked", "bank", "details", "looked", "tenancy"], Clear(_WAY)]
    instruction: Annotated[Literal["0N", "0C"] | None, Clear(_WAY)] = None
    details: Id | None = None


@fact("debits.noticed", 1, subjects=("account", "mandate"))
class DebitsNoticed(Fact, frozen=True, kw_only=True):
    """She is told of every sum and day of collections to come. What was noticed for one of these days before is replaced.

    `again`: the one presenting of an unpaid sum again (18). `was_due_on`: the day of a collection of which these take the place.
    """

    account: Id
    mandate: Id
    dues: Annotated[list[Due], Clear("what is to be collected under a pseudonym")]
    why: Annotated[Literal["new", "next", "changed", "missed", "again"], Clear(_WAY)]
    was_due_on: On | None = None


@fact("debit.dropped", 1, subjects=("account",))
class DebitDropped(Fact, frozen=True, kw_only=True):
    """A collection that was noticed will not be made. `why`: she paid another way, or asked; else its instruction stopped."""

    account: Id
    collection: Annotated[str, Clear("a collection's id: pseudonyms")]
    why: Annotated[Literal["paid", "asked"] | None, Clear(_WAY)] = None


@fact("debits.prepared", 1, subjects=("run",))
class DebitsPrepared(Fact, frozen=True, kw_only=True):
    """A collection run was worked out and waits for a second person. `digest`: SHA-256 of every line of it."""

    run: Id
    entry_on: On
    processing_on: On
    input_on: On
    collections: Count
    pence: Pence
    instructions: Count
    digest: Text


@fact("debits.released", 1, subjects=("run",))
class DebitsReleased(Fact, frozen=True, kw_only=True):
    """A second person released a collection run."""

    run: Id


@fact("debits.withdrawn", 1, subjects=("run",))
class DebitsWithdrawn(Fact, frozen=True, kw_only=True):
    """A collection run that had not gone to Bacs was taken back."""

    run: Id


@fact("debits.sent", 1, subjects=("run", "accounts"))
class DebitsSent(Fact, frozen=True, kw_only=True):
    """Many collections went into a file. `collections`, `codes` and `details` (under which they went) stand beside `accounts`."""

    run: Id
    accounts: Accounts
    collections: Annotated[list[str], Clear("ids of collections: pseudonyms")]
    codes: Annotated[list[Code], Clear(_WAY)]
    details: Annotated[list[Id] | None, Clear("pseudonyms")] = None


@fact("debits.submitted", 1, subjects=("run",))
class DebitsSubmitted(Fact, frozen=True, kw_only=True):
    """A run's file was written and read back. `digest`: SHA-256 of its bytes: the same file is never sent as another run.

    `mandates`: the instructions in it, with `told` (0N, 0C, 0S) and `details` beside them. `first_on`: the first day on which
    money may be collected under a new one.
    """

    run: Id
    serial: Annotated[str, Clear(_RUN)]
    created_on: On
    digest: Text
    debits: Count
    pence: Pence
    mandates: Mandates
    told: Annotated[list[Told], Clear(_WAY)]
    details: Annotated[list[Id], Clear("pseudonyms")]
    first_on: On


@fact("debits.collected", 1, subjects=("run", "accounts"))
class DebitsCollected(Fact, frozen=True, kw_only=True):
    """Many collections moved money on their entry day. `collections` and `pence` stand beside `accounts`."""

    run: Id
    on: On
    accounts: Accounts
    collections: Annotated[list[str], Clear("ids of collections: pseudonyms")]
    pence: Annotated[list[Pence], Clear("what each pseudonym paid")]


@fact("debits.finished", 1, subjects=("run",))
class DebitsFinished(Fact, frozen=True, kw_only=True):
    """A collection run came to its end, and what was collected is what was released."""

    run: Id
    collections: Count
    pence: Pence


@fact("debits.doubted", 1, subjects=("run",))
class DebitsDoubted(Fact, frozen=True, kw_only=True):
    """Somebody said that a run's file never reached Bacs, or was refused whole. Nothing follows before a second person agrees.

    Source: staff, who read what Bacs or our bank says. `why`: what they read.
    """

    run: Id
    why: Annotated[Personal[str], RUN] = None


@fact("debits.trusted", 1, subjects=("run",))
class DebitsTrusted(Fact, frozen=True, kw_only=True):
    """A run's file went after all: what was said of it counts no more."""

    run: Id


@fact("debits.not_gone", 1, subjects=("run",))
class DebitsNotGone(Fact, frozen=True, kw_only=True):
    """A second person confirmed that a run's file did not go. Its serial stays used. `untold`: what banks were not told by it.

    Its collections follow some at a time (`debits.recalled`).
    """

    run: Id
    untold: Annotated[list[Untold], Clear("pseudonyms")]


@fact("debits.recalled", 1, subjects=("run", "accounts"))
class DebitsRecalled(Fact, frozen=True, kw_only=True):
    """Collections of a file that did not go stand as they did before it: they were noticed, and nobody has collected them."""

    run: Id
    accounts: Accounts
    collections: Annotated[list[str], Clear("ids of collections: pseudonyms")]


@fact("debits.missed", 1, subjects=("accounts",))
class DebitsMissed(Fact, frozen=True, kw_only=True):
    """We ourselves did not collect what she had been told of: no file went in time. She is not in arrears by it."""

    accounts: Accounts
    collections: Annotated[list[str], Clear("ids of collections: pseudonyms")]


@fact("missed.told", 1, subjects=("account",))
class MissedTold(Fact, frozen=True, kw_only=True):
    """She is told of a collection that we missed. `collect_on`: it is made late, on the notice that she has."""

    account: Id
    collection: Annotated[str, Clear("a collection's id: pseudonyms")]
    said: Annotated[Literal["tell_before", "tell_today", "tell_then_collect", "choices", "closed"], Clear(_WAY)]
    due_on: On
    pence: Pence
    collect_on: On | None = None


@fact("missed.chosen", 1, subjects=("account",))
class MissedChosen(Fact, frozen=True, kw_only=True):
    """She chose how to pay what we missed. New sums and days are noticed anew."""

    account: Id
    collection: Annotated[str, Clear("a collection's id: pseudonyms")]
    choice: Annotated[Literal["pay_now", "spread", "skip"], Clear(_WAY)]


@fact("advice.taken", 1, subjects=("advice", "account", "mandate"))
class AdviceTaken(Fact, frozen=True, kw_only=True):
    """One item of a report of Bacs was acted on. `report` and `item` name it for good.

    `code` says why (a payer may have died): sealed. `stop_letters`: no letter goes to the account until a person looked.
    """

    advice: Id
    report: Text
    item: Count
    kind: Annotated[Literal["ARUDD", "ADDACS", "AUDDIS", "DDICA", "AWACS", "ARUCS"], Clear(_WAY)]
    person: Annotated[bool, Clear("whether a person must look")]
    stop_letters: Annotated[bool, Clear("whether letters wait for a person")]
    blob: Annotated[str, Clear("the name of sealed bytes: the report itself")]
    account: Id | None = None
    mandate: Id | None = None
    collection: Annotated[str | None, Clear("a collection's id: pseudonyms")] = None
    pence: Pence | None = None
    challenge_by: On | None = None
    refund: Id | None = None
    code: Annotated[Personal[str], ACCOUNT] = None


@fact("advice.settled", 1, subjects=("advice",))
class AdviceSettled(Fact, frozen=True, kw_only=True):
    """A person looked at an advice of a bank. Letters go again where it had stopped them."""

    advice: Id


@fact("refund.asked", 1, subjects=("refund", "account"))
class RefundAsked(Fact, frozen=True, kw_only=True):
    """Somebody asked that money be paid back, written off or written back, with the reason and what shows it.

    `estate`: after a death, who showed the grant: it is paid to the estate.
    """

    refund: Id
    account: Id
    way: Annotated[Literal["refund", "write_off", "write_back"], Clear(_WAY)]
    book: Annotated[Literal["rent", "costs", "recharge", "former", "occupation"], Clear("which book it is of")]
    pence: Pence
    payee: Annotated[Literal["match", "close", "no_match", "not_checked"], Clear("what a bank said of an account's name")]
    details: Id | None = None
    other_debts_pence: Pence | None = None
    clawback_pence: Pence | None = None
    reason: Annotated[Personal[str], ACCOUNT] = None
    evidence: Annotated[Personal[list[str]], ACCOUNT] = None
    payee_reason: Annotated[Personal[str], ACCOUNT] = None
    estate: Annotated[Personal[str], ACCOUNT] = None


@fact("refund.released", 1, subjects=("refund", "account"))
class RefundReleased(Fact, frozen=True, kw_only=True):
    """A second person said yes to a refund, a write-off or a write-back."""

    refund: Id
    account: Id


@fact("refund.withdrawn", 1, subjects=("refund", "account"))
class RefundWithdrawn(Fact, frozen=True, kw_only=True):
    """A refund, write-off or write-back that was asked for was not made."""

    refund: Id
    account: Id


@fact("refund.returned", 1, subjects=("refund", "account"))
class RefundReturned(Fact, frozen=True, kw_only=True):
    """A refund did not reach her: its money came back, or its bank details ended before it went. A person decides anew.

    What its release took off her account stands there again, by a line of its own. `advice`: the item of a report that says so.
    """

    refund: Id
    account: Id
    advice: Id


@fact("refunds.sent", 1, subjects=("file",))
class RefundsSent(Fact, frozen=True, kw_only=True):
    """Refunds went to Bacs in a file of credits, written and read back."""

    file: Id
    serial: Annotated[str, Clear(_RUN)]
    processing_on: On
    digest: Text
    refunds: Annotated[list[Id], Clear("pseudonyms")]
    pence: Pence
