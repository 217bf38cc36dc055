"""The true position of an account: what the tenant needs to pay, by when, and why.

Balance, less what benefit pays, what is on its way, what we failed to collect, what is disputed or protected, and what may be
hers. The tenant, the officer and the letter read the same lines. Words are made when somebody reads them: a nightly run over
every account needs sums alone.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

from lamplit.basics.plain import Plain
from lamplit.basics.words import full_date, long_date, pounds
from lamplit.rent.rules.benefit import Claim, Cover, cover, is_late
from lamplit.rent.rules.figures import data, policy

Code = Literal[
    "balance",
    "credit",
    "even",
    "benefit_due",
    "benefit_late",
    "in_transit",
    "missed_by_us",
    "disputed",
    "protected",
    "suspense",
    "direct_debit",
    "plan",
]


class Sum(Plain, frozen=True, kw_only=True):
    """A sum that stands against the balance: where it comes from (a fact's id or a name) and its day, if it has one."""

    pence: int
    source: str
    on: date | None = None


class Collection(Plain, frozen=True, kw_only=True):
    """A Direct Debit of which she has been told. `of_balance_pence`: the part that pays what is charged already."""

    source: str
    on: date
    pence: int
    of_balance_pence: int


class Instalment(Plain, frozen=True, kw_only=True):
    """One instalment of a plan, and what has been paid of it."""

    on: date
    pence: int
    paid_pence: int = 0


class Plan(Plain, frozen=True, kw_only=True):
    """A plan agreed with her, for what she owed then."""

    plan: str
    instalments: tuple[Instalment, ...]


class Account(Plain, frozen=True, kw_only=True):
    """An account as it stands on a day. Above nought: owed. `asked_by`: the day that we already gave her to pay by.

    `protected_pence` is the part of the balance that a breathing space protects, of whatever kind.
    """

    account: str
    on: date
    balance_pence: int
    charged_to: date
    claims: tuple[Claim, ...] = ()
    in_transit: tuple[Sum, ...] = ()
    missed: tuple[Sum, ...] = ()
    disputed: tuple[Sum, ...] = ()
    protected_pence: int = 0
    suspense_pence: int = 0
    suspense_on: date | None = None
    collections: tuple[Collection, ...] = ()
    plan: Plan | None = None
    asked_by: date | None = None


class Line(Plain, frozen=True, kw_only=True):
    """One line. `pence` is what it changes: the lines add up to what she needs to pay.

    `full_pence` is the whole sum behind it, which may be more than was left to take away.
    """

    code: Code
    pence: int
    full_pence: int = 0
    source: str = ""
    on: date | None = None
    charged_to: date | None = None
    cover: Cover | None = None

    @property
    def shown_pence(self) -> int:
        """What stands beside its words. Being ahead takes nothing away: its sum is what she is ahead by."""
        return self.full_pence if self.code == "credit" else self.pence

    @property
    def tenant_words(self) -> str:
        """What the tenant reads beside the sum."""
        return words()["tenant"][self.code]

    @property
    def staff_words(self) -> str:
        """What staff read: the same with its working."""
        fill: dict[str, object] = {"source": self.source, "full": pounds(self.full_pence)}
        if self.on is not None:
            fill["on"] = full_date(self.on)
        if self.cover is not None:
            days = {name: full_date(getattr(self.cover, name)) for name in ("from_on", "to_on", "pay_on")}
            fill |= {"days": self.cover.days, **days}
        if self.charged_to is not None:
            fill["charged_to"] = full_date(self.charged_to)
        return words()["staff"][self.code].format(**fill)


class Position(Plain, frozen=True, kw_only=True):
    """Where an account stands. `asking`: whom we ask about benefit that has not come. `next_on`: of a plan or a collection."""

    account: str
    on: date
    lines: tuple[Line, ...]
    to_pay_pence: int
    by: date | None = None
    credit_pence: int = 0
    asking: Literal["council", "dwp"] | None = None
    next_pence: int = 0
    next_on: date | None = None
    next_by: Literal["collect", "instalment"] | None = None

    def has(self, code: Code) -> bool:
        """Whether a line of this kind takes anything away."""
        return any(line.code == code for line in self.lines)

    @property
    def sentences(self) -> tuple[tuple[str, dict[str, str]], ...]:
        """What we say to the tenant, as codes of `words()["sentence"]` and what fills them, so that it can be translated."""
        return tuple(_sentences(self))

    @property
    def sentence(self) -> str:
        """What we say to the tenant. Never that she owes nothing while her benefit has not come."""
        return " ".join(words()["sentence"][code].format(**fill) for code, fill in self.sentences)


@cache
def words() -> dict[str, dict[str, str]]:
    """The words of a position, by reader and code."""
    read: dict[str, dict[str, str]] = tomllib.loads(data("words.toml"))
    return read


@lru_cache(maxsize=64)
def _within(on: date) -> timedelta:
    return timedelta(days=policy().number("pay.within_days", on))


def position(account: Account) -> Position:
    """Work out where an account stands. What is taken away never exceeds what is left: expected money makes nobody ahead."""
    owed = account.balance_pence
    first = Line(
        code="balance" if owed > 0 else "credit" if owed else "even",
        pence=max(owed, 0),
        full_pence=abs(owed),
        on=account.on,
        charged_to=account.charged_to,
    )
    lines, left = [first], max(owed, 0)
    if left:
        for line in _less(account):
            taken = min(line.full_pence, left)
            if taken > 0:
                left -= taken
                lines.append(_taking(line, taken))
    next_by, next_on, next_pence = _next(account)
    return Position(
        account=account.account,
        on=account.on,
        lines=tuple(lines),
        to_pay_pence=left,
        by=_by(account) if left else None,
        credit_pence=max(-owed, 0),
        asking=_asking(account) if account.claims else None,
        next_by=next_by,
        next_on=next_on,
        next_pence=next_pence,
    )


def _taking(line: Line, taken: int) -> Line:
    return Line(code=line.code, pence=-taken, full_pence=line.full_pence, source=line.source, on=line.on, cover=line.cover)


def _less(account: Account) -> Iterator[Line]:
    """What stands against the balance, in the order in which it is read: the surest first."""
    if account.protected_pence:
        yield Line(code="protected", pence=0, full_pence=account.protected_pence)
    for paid in account.in_transit:
        yield Line(code="in_transit", pence=0, full_pence=paid.pence, source=paid.source, on=paid.on)
    for missed in account.missed:
        yield Line(code="missed_by_us", pence=0, full_pence=missed.pence, source=missed.source, on=missed.on)
    for claim in account.claims:
        covered = cover(claim, account.charged_to, account.on)
        if covered:
            code: Code = "benefit_late" if covered.late else "benefit_due"
            yield Line(code=code, pence=0, full_pence=covered.pence, source=claim.claim, cover=covered)
    for disputed in account.disputed:
        yield Line(code="disputed", pence=0, full_pence=disputed.pence, source=disputed.source)
    if account.suspense_pence:
        yield Line(code="suspense", pence=0, full_pence=account.suspense_pence, on=account.suspense_on)
    for debit in account.collections:
        if debit.on >= account.on:
            yield Line(code="direct_debit", pence=0, full_pence=debit.of_balance_pence, source=debit.source, on=debit.on)
    if account.plan is not None:
        yield Line(code="plan", pence=0, full_pence=_not_due(account.plan, account.on), source=account.plan.plan, on=account.on)


def _not_due(plan: Plan, on: date) -> int:
    """What of a plan falls due later. An instalment is due on its day."""
    return sum(each.pence - each.paid_pence for each in plan.instalments if each.on > on)


def _by(account: Account) -> date:
    """A day that she was given already stands; it does not move on while she reads the page."""
    if account.asked_by is not None and account.asked_by >= account.on:
        return account.asked_by
    return account.on + _within(account.on)


def _asking(account: Account) -> Literal["council", "dwp"] | None:
    late = [claim for claim in account.claims if is_late(claim, account.on)]
    if not late:
        return None
    return "council" if any(claim.kind == "hb" for claim in late) else "dwp"


def _next(account: Account) -> tuple[Literal["collect", "instalment"] | None, date | None, int]:
    """What comes next by itself: a collection of which she was told, else an instalment."""
    debits = [debit for debit in account.collections if debit.on >= account.on]
    if debits:
        first = min(debits, key=lambda debit: debit.on)
        return "collect", first.on, first.pence
    later = [each for each in account.plan.instalments if each.on > account.on] if account.plan else []
    open_ones = [each for each in later if each.pence > each.paid_pence]
    if open_ones:
        soon = min(open_ones, key=lambda each: each.on)
        return "instalment", soon.on, soon.pence - soon.paid_pence
    return None, None, 0


def _sentences(found: Position) -> Iterator[tuple[str, dict[str, str]]]:
    """Benefit that has not come is said first, and then nothing of "no need to pay": that is not known."""
    if found.asking:
        yield f"asking_{found.asking}", {}
    if found.has("missed_by_us"):
        yield "missed", {}
    if found.by is not None:
        yield "pay", {"sum": pounds(found.to_pay_pence), "day": long_date(found.by)}
    elif found.credit_pence:
        yield "credit" if found.asking else "credit_expected", {"sum": pounds(found.credit_pence)}
    elif not found.asking:
        yield "nothing_now", {}
        if len(found.lines) > 1 and all(line.code == "benefit_due" for line in found.lines[1:]):
            yield "covered", {}
    if found.next_by and found.next_on:
        yield found.next_by, {"sum": pounds(found.next_pence), "day": long_date(found.next_on)}
