"""A yearly change of rents: what every account would cost from a day on, or why it is left out. Pure.

Social rent: CPI + 1 point, and convergence while it is below formula. Affordable rent: CPI + 1 point, services included. Other
kinds have no rule here. Services stay as they are, but where the landlord gives new ones.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Literal

import msgspec

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.rent.facts import OfType, Term
from lamplit.rent.facts.change import RentTypeName
from lamplit.rent.rules import rent_change
from lamplit.rent.rules.charging import Frequency, Weeks
from lamplit.rent.rules.dates import add_months
from lamplit.rent.rules.ledger import check_terms

RULED = ("social", "affordable")
_OUTLIERS = 20

WHY_LEFT_OUT = {
    "no_terms": "nothing is set for it",
    "other_times": "it is charged at other times",
    "no_rent": "it has no line for rent",
    "no_rule": "there is no rule for its kind of rent",
    "too_soon": "its rent changed less than 52 weeks before",
    "let_lately": "it was let less than a year before",
    "protected": "it is in a breathing space",
    "set_after": "terms are set from that day on already",
    "charged": "that day is charged already",
    "not_yet": "its tenancy begins later",
    "above_cap": "its new services alone would take it above the most that is allowed",
    "same": "it stays the same",
}
WHY_KEPT = {
    "late": "not every tenant had their notice in time",
    "names_nobody": "no tenant is named who could be written to",
    "changed": "its terms were set anew meanwhile",
    "ended": "the tenancy has ended",
    "charged": "that day was charged already",
}


class Held(Plain, frozen=True, kw_only=True):
    """What is charged from a day on, as it is held."""

    from_on: date
    frequency: Frequency
    weeks: Weeks
    rent_type: RentTypeName
    terms: tuple[Term, ...]
    formula_pence: int | None = None


class Rented(Plain, frozen=True, kw_only=True):
    """An account as a change needs it, with its terms in order."""

    account: str
    home: str
    started_on: date
    charged_to_on: date | None
    sets: tuple[Held, ...]
    protected: bool = False


class Service(Plain, frozen=True, kw_only=True):
    """A new sum for something beside the rent; nought takes the line away."""

    account: str
    charge: Literal["service", "service_not_eligible", "support", "water", "heating", "garage", "other"]
    pence: int
    category: Literal["A", "B", "C", "D"] | None = None


class Line(Plain, frozen=True, kw_only=True):
    """One account of a change: what it costs each period before and after. `held_from_on`: the first day of its old terms."""

    account: str
    home: str
    rent_type: RentTypeName
    weeks: Weeks
    held_from_on: date
    old: tuple[Term, ...]
    new: tuple[Term, ...]
    formula_pence: int | None = None
    converging_pence: int = 0

    @property
    def old_pence(self) -> int:
        return sum(term.pence for term in self.old)

    @property
    def new_pence(self) -> int:
        return sum(term.pence for term in self.new)


class Worked(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A change worked out: every account of it, and those left out with why."""

    frequency: Frequency
    from_on: date
    cpi: str
    lines: tuple[Line, ...]
    left_out: tuple[tuple[str, str], ...]

    @cached_property
    def by_type(self) -> list[OfType]:
        """Return what each kind of rent comes to."""
        count, old, new = Counter[RentTypeName](), Counter[str](), Counter[str]()
        for line in self.lines:
            count[line.rent_type] += 1
            old[line.rent_type] += line.old_pence
            new[line.rent_type] += line.new_pence
        return [OfType(rent_type=one, accounts=count[one], old_pence=old[one], new_pence=new[one]) for one in sorted(count)]

    @cached_property
    def of_account(self) -> dict[str, Line]:
        return {line.account: line for line in self.lines}

    def largest(self) -> list[Line]:
        """Return the accounts whose sum goes up most, the largest first."""
        return sorted(self.lines, key=lambda line: (line.old_pence - line.new_pence, line.account))[:_OUTLIERS]

    def why_left_out(self) -> dict[str, list[str]]:
        """Return the accounts that are left out, by why."""
        found: dict[str, list[str]] = {}
        for account, why in self.left_out:
            found.setdefault(why, []).append(account)
        return found


def work_out(
    accounts: Iterable[Rented], frequency: Frequency, from_on: date, services: Mapping[str, Sequence[Service]] | None = None
) -> Worked:
    """Work out what every account costs from a day on. `accounts` come in the order in which their entries are to stand.

    Refused: rent.no_cpi.
    """
    cpi = _cpi(from_on)
    lines, left_out = [], []
    for account in accounts:
        found = _one(account, frequency, from_on, cpi, (services or {}).get(account.account, ()))
        if isinstance(found, Line):
            lines.append(found)
        else:
            left_out.append((account.account, found))
    return Worked(frequency=frequency, from_on=from_on, cpi=str(cpi), lines=tuple(lines), left_out=tuple(left_out))


def _cpi(on: date) -> Decimal:
    try:
        return rent_change.cpi_for(on)
    except LookupError as error:
        year = on.year if on.month >= 4 else on.year - 1
        raise Refused(
            "rent.no_cpi", september=year - 1, year=f"{year}/{(year + 1) % 100:02}", file="LAMPLIT_HOME/figures/rent.law.toml"
        ) from error


def _one(one: Rented, frequency: Frequency, from_on: date, cpi: Decimal, services: Sequence[Service]) -> Line | str:
    if (why := _why_not(one, frequency, from_on)) is not None:
        return why
    held = [each for each in one.sets if each.from_on < from_on][-1]
    beside = _with_services(held.terms, services)
    rent = next(term.pence for term in held.terms if term.charge == "rent")
    formula = None if held.formula_pence is None else rent_change.uplift(held.formula_pence, cpi, from_on)
    if held.rent_type == "social":
        found = rent_change.new_rent(rent, formula, cpi, from_on, rent_change.convergence(frequency, held.weeks, from_on))
        new, converging = found.pence, found.convergence_pence
    else:
        new, converging = affordable(held.terms, beside, cpi, from_on), 0
    if new <= 0:
        return "above_cap"
    terms = tuple(msgspec.structs.replace(term, pence=new) if term.charge == "rent" else term for term in beside)
    if terms == held.terms:
        return "same"
    check_terms(terms)
    return Line(
        account=one.account, home=one.home, rent_type=held.rent_type, weeks=held.weeks, held_from_on=held.from_on,
        old=held.terms, new=terms, formula_pence=formula, converging_pence=converging,
    )  # fmt: skip


def affordable(old: Sequence[Term], beside: Sequence[Term], cpi: Decimal, on: date) -> int:
    """Return the new rent of an Affordable Rent: CPI + 1 point, and no more than that with its services together."""
    rent = sum(term.pence for term in old if term.charge == "rent")
    whole = rent_change.uplift(sum(term.pence for term in old if _in_affordable(term)), cpi, on)
    services = sum(term.pence for term in beside if _in_affordable(term) and term.charge != "rent")
    return min(rent_change.uplift(rent, cpi, on), whole - services)


def _in_affordable(term: Term) -> bool:
    return term.charge in ("rent", "service", "service_not_eligible")


def _why_not(one: Rented, frequency: Frequency, from_on: date) -> str | None:
    before = [each for each in one.sets if each.from_on < from_on]
    if not before:
        return "not_yet" if one.started_on >= from_on else "set_after" if one.sets else "no_terms"
    held = before[-1]
    wrong = {
        "other_times": held.frequency != frequency,
        "set_after": len(before) < len(one.sets),
        "no_rule": held.rent_type not in RULED,
        "no_rent": not any(term.charge == "rent" and term.pence for term in held.terms),
        "charged": one.charged_to_on is not None and one.charged_to_on >= from_on,
        "protected": one.protected,
        "let_lately": add_months(one.started_on, 12) > from_on,
        "too_soon": _too_soon(before, from_on),
    }
    return next((why for why, is_so in wrong.items() if is_so), None)


def _too_soon(sets: Sequence[Held], from_on: date) -> bool:
    """Whether the rent became another less than 52 weeks before, or 53 (Housing Act 1988 s.13(2), (3A), (3B)).

    52 weeks run from the first terms too: how long these held before, nobody wrote down. The 53rd week counts from the first
    increase alone, and the first terms raised nothing.
    """
    rents = [(one.from_on, sum(term.pence for term in one.terms if term.charge == "rent")) for one in sets]
    changes = [(on, was, rent) for (_, was), (on, rent) in pairwise(rents) if rent != was]
    last = changes[-1][0] if changes else rents[0][0]
    first = next((on for on, was, rent in changes if rent > was), None)
    return rent_change.a_year_after(last, first, from_on) > from_on


def _with_services(old: Sequence[Term], services: Sequence[Service]) -> tuple[Term, ...]:
    """Return the lines with the new ones in place: all lines of a charge that is given anew give way to what is given."""
    given = {one.charge for one in services}
    stay = [term for term in old if term.charge not in given]
    new = [Term(charge=one.charge, pence=one.pence, category=one.category) for one in services if one.pence]
    return (*stay, *new)


def check_cap(worked: Worked) -> None:
    """Refuse a change in which any rent is above what the law allows: worked out once more, from the lines alone.

    Refused: rent.above_cap.
    """
    cpi, on = Decimal(worked.cpi), worked.from_on
    for line in worked.lines:
        old, new = (sum(term.pence for term in terms if term.charge == "rent") for terms in (line.old, line.new))
        most = rent_change.uplift(old, cpi, on)
        if line.rent_type == "social" and line.formula_pence is not None:
            most += rent_change.convergence(worked.frequency, line.weeks, on)
        if new > most:
            raise Refused("rent.above_cap", account=line.account)


# kept beside the record

_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Worked).decode


ROOM = 42_000  # bytes of new terms in one entry, which has at most 48,000
_LINE, _TERM = 190, 62  # bytes that an account takes up, twice by its name, and a term of it


def in_entries(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield lines in lots whose new terms fit into one entry each."""
    lot: list[Line] = []
    room = ROOM
    for line in lines:
        size = _LINE + _TERM * len(line.new)
        if size > room:
            yield lot
            lot, room = [], ROOM
        lot.append(line)
        room -= size
    if lot:
        yield lot


def packed(worked: Worked) -> bytes:
    """Return a change as bytes to keep."""
    return zlib.compress(_encode(worked))


def unpacked(data: bytes) -> Worked:
    return _decode(zlib.decompress(data))
