"""A charge run: what every account is charged for a period, put together so that one entry of the record holds many. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from heapq import nsmallest
from typing import Literal, NamedTuple

import msgspec

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.rent.rules import charging
from lamplit.rent.rules.charging import Frequency, Line, Period, Span, Terms

Charges = list[tuple[str, int]]

ROOM = 42_000  # bytes of accounts and charges in one entry, which has at most 48,000
_ACCOUNT, _CHARGE = 55, 16  # bytes that an account takes up, twice by its name, and a charge beside its name
_DAY = timedelta(days=1)
_FREQUENCY = {"weekly": "weekly", "four_weekly": "four-weekly", "monthly": "monthly"}
_OUTLIERS = 20  # shown before a run is released


class Set(Plain, frozen=True, kw_only=True, gc=False):
    """What is charged from a day on: `terms` is the JSON of a list of {charge, pence, category}, as the terms have it."""

    from_on: date
    frequency: Frequency
    weeks: int
    terms: str

    @classmethod
    def of(cls, from_on: date, frequency: str, weeks: int, terms: list[dict[str, object]]) -> "Set":
        """Return one from lines that were read already."""
        return cls(from_on=from_on, frequency=frequency, weeks=weeks, terms=msgspec.json.encode(terms).decode())  # type: ignore[arg-type]


class Chargeable(Plain, frozen=True, kw_only=True, gc=False):
    """An account as a run needs it: its tenancy's days, to when it is charged, its terms in order, days without a charge."""

    account: str
    started_on: date
    ended_on: date | None
    charged_to_on: date | None
    sets: tuple[Set, ...]
    voids: tuple[Span, ...] = ()


class Batch(Plain, frozen=True, kw_only=True):
    """What goes into one entry: accounts charged for the same days, and what each is charged."""

    from_on: date
    to_on: date
    due_on: date
    accounts: list[str]
    charges: list[Charges]

    @property
    def pence(self) -> int:
        return sum(pence for charges in self.charges for _, pence in charges)


@dataclass
class Worked:
    """A run worked out: its batches, its totals, and the accounts that are charged nothing, with why."""

    batches: list[Batch] = field(default_factory=list)
    accounts: int = 0
    pence: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    caught_up: list[str] = field(default_factory=list)  # accounts charged for earlier periods as well

    @property
    def digest(self) -> str:
        """Return the SHA-256 of every line: the same accounts charged the same."""
        return hashlib.sha256(msgspec.json.encode(self.batches)).hexdigest()

    @property
    def by_charge(self) -> Counter[str]:
        """Return what each kind of charge comes to, in pence."""
        found: Counter[str] = Counter()
        for batch in self.batches:
            for charges in batch.charges:
                for charge, pence in charges:
                    found[charge] += pence
        return found

    @property
    def outliers(self) -> list[tuple[str, int]]:
        """Return the accounts that are charged most, with their sums in pence."""
        sums: Counter[str] = Counter()
        for batch in self.batches:
            for account, charges in zip(batch.accounts, batch.charges, strict=True):
                sums[account] += sum([pence for _, pence in charges])
        return nsmallest(_OUTLIERS, sums.items(), key=lambda one: (-one[1], one[0]))


def period_of(frequency: Frequency, on: date) -> tuple[date, date]:
    """Return the first and last day of the period that begins on a day. Refused: rent.not_a_period."""
    terms = Terms(frequency=frequency, lines=(), starts_on=on)
    found = charging.periods(terms, on, on)
    if not found or found[0].from_on != on:
        before = next(iter(charging.periods(msgspec.structs.replace(terms, starts_on=on - _DAY * 31), on - _DAY * 30, on)), None)
        nearest = before.from_on if before else on
        raise Refused("rent.not_a_period", frequency=_FREQUENCY[frequency], nearest=f"{nearest:%d/%m/%Y}")
    return found[0].from_on, found[0].to_on


def check_ahead(frequency: Frequency, from_on: date, today: date) -> None:
    """Refuse a run for a period later than the next one: 2027 typed for 2026 would charge a year. Refused: rent.run_too_early."""
    latest = period_with(frequency, today)[1] + _DAY
    if from_on > latest:
        raise Refused("rent.run_too_early", latest=f"{latest:%d/%m/%Y}")


def period_with(frequency: Frequency, on: date) -> tuple[date, date]:
    """Return the first and last day of the period in which a day lies."""
    terms = Terms(frequency=frequency, lines=(), starts_on=on - _DAY * 31)
    found = [one for one in charging.periods(terms, on - _DAY * 31, on) if one.from_on <= on <= one.to_on]
    return found[-1].from_on, found[-1].to_on


def work_out(accounts: Iterable[Chargeable], frequency: Frequency, from_on: date) -> Worked:
    """Work out what every account is charged for the period that begins on a day, and for earlier ones not yet charged.

    `accounts` come in the order in which their entries are to stand (`record.replay.in_order_of_partitions`).
    """
    _, to_on = period_of(frequency, from_on)
    worked, batching = Worked(), _Batching()
    this = Period(from_on=from_on, to_on=to_on, first_on=from_on, last_on=to_on)
    for account in accounts:
        if _first_due(account) == from_on and (charges := _as_ever(account, frequency, this)):
            batching.add(account.account, this, charges)  # nearly every account: one whole period under the terms that it has
            charged = charges.pence
        else:
            charged = _catch_up(account, frequency, this, batching, worked)
        if charged:
            worked.accounts += 1
            worked.pence += charged
        else:
            worked.left_out[_why_not(account, frequency, from_on, to_on)] += 1
    worked.batches = batching.done()
    return worked


def charges_to_come(account: Chargeable, until: date) -> list[tuple[date, int]]:
    """Return what no run has charged yet and falls due by a day, as runs will charge it: due day and pence, by day.

    Refused: rent.no_calendar.
    """
    return sorted((period.due_on, charges.pence) for _, period, charges in _uncharged(account, until, len(account.sets)))


def _first_due(account: Chargeable) -> date | None:
    """Return the first day that an account has not been charged for, or None without terms."""
    if not account.sets:
        return None
    first = max(account.started_on, account.sets[0].from_on)
    return first if account.charged_to_on is None else max(first, account.charged_to_on + _DAY)


def _as_ever(account: Chargeable, frequency: Frequency, period: Period) -> "Whole | None":
    """Return what an account is charged that has one set of terms for all of the period, or None."""
    if not account.sets:
        return None
    one = account.sets[-1]
    if one.from_on > period.from_on or account.ended_on is not None or account.voids:
        return None
    return _whole(one.terms, frequency, one.weeks, period) if one.frequency == frequency else None


def _catch_up(account: Chargeable, frequency: Frequency, this: Period, batching: "_Batching", worked: Worked) -> int:
    """Charge an account for every period up to this one that it has not been charged for. Returns how much."""
    charged, earlier = 0, False
    for period, charges in _due(account, frequency, this.to_on):
        batching.add(account.account, period, charges)
        charged += charges.pence
        earlier = earlier or period.last_on < this.from_on
    if earlier:
        worked.caught_up.append(account.account)
    return charged


def _due(account: Chargeable, frequency: Frequency, to_on: date) -> "Iterator[tuple[Period, Whole]]":
    """Yield the periods that an account is to be charged for, none of them charged before.

    Where it had another rhythm before, these days come first if they are not charged: afterwards nobody would go back for them.
    """
    own = max((at for at, one in enumerate(account.sets) if one.frequency == frequency), default=-1)
    waiting = []
    for rhythm, period, charges in _uncharged(account, to_on, own + 1):
        waiting.append((period, charges))
        if rhythm == frequency:
            yield from waiting
            waiting = []


def _uncharged(account: Chargeable, to_on: date, first_sets: int) -> "Iterator[tuple[Frequency, Period, Whole]]":
    """Yield the periods of the first sets of terms that are not charged, with their rhythm, in the order of their days."""
    if not account.sets or (account.charged_to_on is not None and account.charged_to_on >= to_on):
        return
    first = _first_due(account) or account.started_on
    for at, one in enumerate(account.sets[:first_sets]):
        # A period is charged under the terms of its first day. Terms of another rhythm end it, and begin one of their own.
        last = min(to_on, account.sets[at + 1].from_on - _DAY) if at + 1 < len(account.sets) else to_on
        if last < first:
            continue
        anew = at > 0 and account.sets[at - 1].frequency != one.frequency
        terms = _terms(one, max(first, one.from_on) if anew else first, account, _rhythm_ends(account.sets, at))
        for period in charging.periods(terms, max(first, one.from_on), last):
            if charges := _pairs(charging.charge_for(free_weeks(terms, period), period)):
                yield one.frequency, period, charges


def _rhythm_ends(sets: Sequence[Set], at: int) -> date | None:
    """Return the last day before terms of another rhythm, or None."""
    return next((one.from_on - _DAY for one in sets[at + 1 :] if one.frequency != sets[at].frequency), None)


class _Line(msgspec.Struct, gc=False):
    """One line of terms, as they are kept."""

    charge: str
    pence: int
    category: Literal["A", "B", "C", "D"] | None = None


_read_lines = msgspec.json.Decoder(list[_Line]).decode


def lines_of(one: Set) -> tuple[Line, ...]:
    """Return the lines of terms as charging takes them."""
    return _lines(one.terms)


def _lines(terms: str) -> tuple[Line, ...]:
    return tuple(Line(charge=one.charge, pence=one.pence, category=one.category) for one in _read_lines(terms))


@lru_cache(maxsize=200_000)
def _whole(terms: str, frequency: Frequency, weeks: int, period: Period) -> "Whole | None":
    """Return what terms charge for a whole period. With no rent-free weeks in it, that is what the terms say."""
    if weeks == 52:
        return _sized([(one.charge, one.pence) for one in _read_lines(terms) if one.pence])
    whole = Terms(frequency=frequency, lines=_lines(terms), starts_on=period.from_on, weeks=weeks)  # type: ignore[arg-type]
    return _pairs(charging.charge_for(free_weeks(whole, period), period))


def _terms(one: Set, starts_on: date, account: Chargeable, rhythm_ends: date | None) -> Terms:
    ends_on = min((day for day in (account.ended_on, rhythm_ends) if day is not None), default=None)
    return Terms(
        frequency=one.frequency, lines=_lines(one.terms), starts_on=starts_on, ends_on=ends_on, weeks=one.weeks,  # type: ignore[arg-type]
        voids=account.voids,
    )  # fmt: skip


def free_weeks(terms: Terms, period: Period) -> Terms:
    """Give terms the rent-free weeks of the year that a period lies in."""
    if terms.weeks == 52:
        return terms
    return msgspec.structs.replace(terms, rent_free=charging.rent_free_weeks(terms.weeks, period.from_on))


class Whole(NamedTuple):
    """What an account is charged for one period: its lines, their sum, and the bytes that it takes up in an entry."""

    charges: Charges
    pence: int
    size: int


def _pairs(charges: list[charging.Charge]) -> Whole | None:
    return _sized([(charge.charge, charge.pence) for charge in charges])


def _sized(pairs: Charges) -> Whole | None:
    if not pairs:
        return None
    size = _ACCOUNT + sum([_CHARGE + len(charge) for charge, _ in pairs])
    return Whole(pairs, sum([pence for _, pence in pairs]), size)


def _why_not(account: Chargeable, frequency: Frequency, from_on: date, to_on: date) -> str:
    if not account.sets:
        return "no terms are set"
    if account.charged_to_on is not None and account.charged_to_on >= to_on:
        return "charged already"
    if account.sets[-1].frequency != frequency:
        return "charged at other times"
    if account.ended_on is not None and account.ended_on < from_on:
        return "the tenancy has ended"
    if account.started_on > to_on:
        return "the tenancy has not begun"
    return "nothing is due for these days"


class _Batching:
    """Puts accounts together that are charged for the same days."""

    def __init__(self) -> None:
        self._open: dict[tuple[date, date], Batch] = {}
        self._room: dict[tuple[date, date], int] = {}
        self._done: list[Batch] = []

    def add(self, account: str, period: Period, what: Whole) -> None:
        days = (period.first_on, period.last_on)
        batch = self._open.get(days)
        if batch is None:
            batch = Batch(from_on=days[0], to_on=days[1], due_on=period.due_on, accounts=[], charges=[])
            self._open[days], self._room[days] = batch, ROOM
        batch.accounts.append(account)
        batch.charges.append(what.charges)
        self._room[days] -= what.size
        if self._room[days] < 0:
            self._done.append(self._open.pop(days))

    def done(self) -> list[Batch]:
        """Return every batch, earlier periods first: an account is charged for its days in their order."""
        self._done += self._open.values()
        self._open = {}
        return sorted(self._done, key=lambda batch: (batch.from_on, batch.to_on))


def check_totals(prepared: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Return what differs between what was released and what was charged, each in words."""
    return [f"{name}: {prepared[name]:,} released, {found[name]:,} charged" for name in prepared if prepared[name] != found[name]]
