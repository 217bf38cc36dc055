"""What Bacs tells us of one payer, one debit or one credit, and what is then to be done: reason code to steps."""

from datetime import date
from typing import Literal

from lamplit.basics.bacs_days import bacs
from lamplit.basics.bank import masked
from lamplit.basics.plain import Plain

Kind = Literal["ARUDD", "ADDACS", "AUDDIS", "DDICA", "AWACS", "ARUCS"]
KINDS: tuple[Kind, ...] = ("ARUDD", "ADDACS", "AUDDIS", "DDICA", "AWACS", "ARUCS")

# Each step that a reason code may ask for. An action exists for each; a new word here is a new decision.
STEPS = {
    "reverse": "Take the payment off the account again: it was not made, or was given back",
    "represent_or_contact": "Present the same sum once more in time (18), or ask the tenant",
    "contact": "Ask the tenant how they want to pay; do not collect meanwhile",
    "cancel_mandate": "End the instruction here; collect nothing more under it",
    "deceased": "Stop all letters; begin what follows a death",
    "update_as_supplied": "Change bank details only to what the report itself gives",
    "keep_old_instruction": "Send no 0C to the old bank",
    "reactivate": "The instruction holds again",
    "check_ours": "Look whether our notice, sum or date was wrong before anything is collected again",
    "correct_and_lodge_again": "Correct what is wrong with our record and lodge the instruction again",
    "challenge_or_accept": "Look at the evidence; challenge in time or accept",
    "accept": "Nothing to challenge: it was our own request",
    "update_payee": "Change the details of who we pay, as supplied",
    "stop_paying": "The account is none of theirs any more: nothing is paid to it, nor taken from it",
    "money_back": "The money came back to us: it is owed to the payee still",
}


class Advice(Plain, frozen=True, kw_only=True):
    """One item of a report. `report` and `item` name it for good: the same item a second time is the same advice."""

    kind: Kind
    report: str
    item: int
    code: str
    reference: str
    sort_code: str | None = None
    account: str | None = None
    name: str | None = None
    pence: int | None = None
    reported_on: date | None = None
    processed_on: date | None = None  # the processing day of what came back
    effective_on: date | None = None
    challenge_by: date | None = None
    new_sort_code: str | None = None
    new_account: str | None = None
    new_name: str | None = None
    claim: str | None = None  # the paying bank's own reference of an indemnity claim

    def __repr__(self) -> str:
        return (
            f"Advice({self.kind} {self.report}/{self.item}, code={self.code}, account={masked(self.account)}, pence={self.pence})"
        )


class Meaning(Plain, frozen=True, kw_only=True):
    """What a reason code says and asks for, and who says so."""

    words: str
    steps: tuple[str, ...]
    citation: str


def meaning(kind: Kind, code: str, on: date) -> Meaning | None:
    """Return what a code means in a report of a day, or None when nobody told us: then a person decides."""
    name = f"advice.{kind}.{code}"
    found = bacs().find(name, on) if name in bacs().series else None
    if found is None:
        return None
    return Meaning(words=found.words or "", steps=bacs().texts(name, on), citation=found.citation)


def codes(kind: Kind) -> list[str]:
    """Return the codes that we know of a kind of report."""
    return bacs().names(f"advice.{kind}")
