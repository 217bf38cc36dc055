"""What must be looked at before money is paid back: other debts, benefit, Direct Debits, whose account it is, and two persons."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from lamplit.basics.plain import Plain
from lamplit.basics.working_days import add_working_days
from lamplit.rent.rules.figures import policy

Payee = Literal["match", "close", "no_match", "not_checked"]


class Refund(Plain, frozen=True, kw_only=True):
    """A refund as it was asked for. None: nobody has looked.

    `other_debts_pence`: owed on her other accounts (a garage, a former tenancy). `clawback_pence`: benefit that the council or
    the DWP may take back from us. `payee`: what the bank's confirmation of payee answered; `payee_reason`: why a close match
    is taken. `details_changed_until`: the end of the cooling-off time after her bank details changed. `estate`: the grant was
    seen.
    """

    on: date
    asked_pence: int
    credit_pence: int
    reason: str = ""
    evidence: tuple[str, ...] = ()
    other_debts_pence: int | None = None
    clawback_pence: int | None = None
    last_collected_on: date | None = None
    payee: Payee = "not_checked"
    payee_reason: str = ""
    details_changed_until: date | None = None
    details_in_force: bool = True
    asked_by: str = ""
    approved_by: str | None = None
    died: bool = False
    estate: bool = False


class Check(Plain, frozen=True, kw_only=True):
    """One thing to look at before a refund: is it settled, and what it says to staff."""

    code: str
    words: str
    settled: bool


def look_at(refund: Refund) -> tuple[Check, ...]:
    """Return all that must be looked at, settled or not, in the order in which it is done."""
    return tuple(_checks(refund))


def missing(refund: Refund) -> tuple[Check, ...]:
    """Return what still stands in the way; nothing when the refund may be paid."""
    return tuple(check for check in look_at(refund) if not check.settled)


def most_refundable(refund: Refund) -> int | None:
    """Return the most that may be paid back: the credit less other debts and claw-back; None while one is not known."""
    if refund.other_debts_pence is None or refund.clawback_pence is None:
        return None
    return max(refund.credit_pence - refund.other_debts_pence - refund.clawback_pence, 0)


def _checks(refund: Refund) -> Iterator[Check]:
    yield _check("reason", "Write down why, and what shows it", bool(refund.reason.strip() and refund.evidence))
    yield _check("other_debts", "Look at their other accounts", refund.other_debts_pence is not None)
    yield _check("clawback", "Ask whether benefit must be given back", refund.clawback_pence is not None)
    most = most_refundable(refund)
    enough = most is not None and 0 < refund.asked_pence <= most
    yield _check("sum", "No more than the credit, less what is owed elsewhere and what benefit takes back", enough)
    yield _check("direct_debit", "Wait until their last Direct Debit can no longer come back unpaid", _collected_for_good(refund))
    yield _check("payee", "The bank confirmed whose account it is", _payee(refund))
    cooled = refund.details_changed_until is None or refund.on > refund.details_changed_until
    yield _check("details", "Their bank details are in force, and not newly changed", cooled and refund.details_in_force)
    yield _check("estate", "After a death it is paid to the estate, to whoever shows the grant", not refund.died or refund.estate)
    yield _check("second_person", "A second person says yes", _two_persons(refund))


def _check(code: str, words: str, settled: bool) -> Check:
    return Check(code=code, words=words, settled=settled)


def _collected_for_good(refund: Refund) -> bool:
    """A refund on money that then comes back unpaid pays it twice. The bank's own guarantee has no end: we wait a while."""
    if refund.last_collected_on is None:
        return True
    days = policy().number("refund.after_collection_working_days", refund.on)
    return refund.on > add_working_days(refund.last_collected_on, days)


def _payee(refund: Refund) -> bool:
    """A close match needs a reason by a person; no match is never paid."""
    return refund.payee == "match" or (refund.payee == "close" and bool(refund.payee_reason.strip()))


def _two_persons(refund: Refund) -> bool:
    both = (refund.asked_by, refund.approved_by or "")
    return all(who.startswith("staff:") for who in both) and both[0] != both[1]
