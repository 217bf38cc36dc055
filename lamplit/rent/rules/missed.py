"""A Direct Debit that we ourselves did not collect: she is not in arrears, hears of it at once, and nobody collects twice.

Before its day or on it: she is told. Up to three working days late: told, then collected on the old notice. Later: she chooses,
and each new sum and day gets new advance notice. Paid another way: closed for good. While payment files are out, we only wait.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from lamplit.basics.bacs_days import collect_late_until
from lamplit.basics.plain import Plain
from lamplit.basics.words import long_date, pounds
from lamplit.basics.working_days import working_days_between
from lamplit.rent.rules.direct_debit import Due
from lamplit.rent.rules.figures import policy, split
from lamplit.rent.rules.position import words

What = Literal["tell_before", "tell_today", "tell_then_collect", "choices", "closed", "wait"]


class Missed(Plain, frozen=True, kw_only=True):
    """A collection that we missed. `paid_pence`: paid another way since. `payments_to`: all payment files are in up to then.

    `closed`: it was closed before; that never changes. `live`: the instruction holds, so that it can be made late.
    """

    due_on: date
    pence: int
    paid_pence: int = 0
    payments_to: date | None = None
    closed: bool = False
    live: bool = True

    @property
    def left_pence(self) -> int:
        return max(self.pence - self.paid_pence, 0)


class Answer(Plain, frozen=True, kw_only=True):
    """What follows. `left_pence`: what is still to be paid of it. `collect_on`: only with `tell_then_collect`."""

    what: What
    words: str
    left_pence: int
    collect_on: date | None = None
    collect_pence: int = 0


class Choice(Plain, frozen=True, kw_only=True):
    """One way to pay what we missed. What is collected then needs new advance notice, each sum and day."""

    code: Literal["pay_now", "spread", "skip"]
    words: str
    dues: tuple[Due, ...] = ()


class Open(Plain, frozen=True, kw_only=True):
    """A collection that may have been paid another way since a day. `to_on`: what was paid later pays others: it was closed."""

    collection: str
    since_on: date
    pence: int
    to_on: date | None = None


def share(payments: Iterable[tuple[date, int]], those: Iterable[Open]) -> dict[str, int]:
    """Share out what was paid another way: each penny pays one collection, the oldest first, and none pays before its day."""
    days = sorted(payments)
    left = [pence for _, pence in days]
    found = {}
    for one in sorted(those, key=lambda one: (one.since_on, one.collection)):
        paid = 0
        for number, (on, _) in enumerate(days):
            if on >= one.since_on and (one.to_on is None or on <= one.to_on):
                part = min(left[number], one.pence - paid)
                left[number], paid = left[number] - part, paid + part
        found[one.collection] = paid
    return found


def after_missed(missed: Missed, on: date, collect_on: date) -> Answer:
    """Say what follows on a day. `collect_on`: the first day on which a collection sent now would move money."""
    left = max(missed.pence - missed.paid_pence, 0)
    if missed.closed or not left:
        return _answer("closed", missed, 0)
    if on <= missed.due_on:
        return _answer("tell_before" if on < missed.due_on else "tell_today", missed, left)
    if not _files_in(missed, on):
        return _answer("wait", missed, left)
    # A sum that is not the one she was told of needs new notice, so what was paid in part is never collected on the old one.
    if missed.live and collect_on <= collect_late_until(missed.due_on) and left == missed.pence:
        return _answer("tell_then_collect", missed, left, collect_on)
    return _answer("choices", missed, left)


def _files_in(missed: Missed, on: date) -> bool:
    """Cash paid over a counter takes up to three days to reach us: we know nothing of her payment until its file is in."""
    fresh = policy().number("steps.files_fresh_working_days", on)
    return missed.payments_to is not None and working_days_between(missed.payments_to, on) <= fresh


def _answer(what: What, missed: Missed, left: int, collect_on: date | None = None) -> Answer:
    said = say(what, missed.due_on, left, collect_on)
    return Answer(what=what, words=said, left_pence=left, collect_on=collect_on, collect_pence=left if collect_on else 0)


def say(what: What, due_on: date, pence: int, collect_on: date | None = None) -> str:
    """Return what she is told of a collection that we missed."""
    later = long_date(collect_on) if collect_on else ""
    return str(words()["missed"][what].format(day=long_date(due_on), sum=pounds(pence), later=later))


def choices(left_pence: int, next_dues: tuple[Due, ...]) -> list[Choice]:
    """Return how she may pay: now, spread over her next collections, or all with the next one. Each new sum is noticed anew."""
    said = words()["choice"]
    found = [Choice(code="pay_now", words=said["pay_now"].format(sum=pounds(left_pence)))]
    if len(next_dues) > 1:
        parts = split(left_pence, [1] * len(next_dues))
        dues = tuple(Due(on=due.on, pence=due.pence + more) for due, more in zip(next_dues, parts, strict=True))
        found.append(Choice(code="spread", words=said["spread"].format(count=len(dues)), dues=dues))
    if next_dues:
        due = Due(on=next_dues[0].on, pence=next_dues[0].pence + left_pence)
        said_skip = said["skip"].format(sum=pounds(left_pence), day=long_date(due.on))
        found.append(Choice(code="skip", words=said_skip, dues=(due,)))
    return found
