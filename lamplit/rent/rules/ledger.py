"""What may be written into the books. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from lamplit.basics.refusal import Refused
from lamplit.basics.words import pounds
from lamplit.rent.facts import OWED, Term
from lamplit.rent.rules.figures import policy

MOST_PENCE = 100_000_000_00  # of one move: a hundred million pounds
AHEAD = timedelta(days=400)  # how far ahead terms may be set


def check_terms(terms: Sequence[Term]) -> None:
    """Refuse terms that charge nothing, less than nothing, or for one thing twice.

    Refused: rent.no_terms, rent.bad_sum, rent.charged_twice, rent.no_category.
    """
    if not terms:
        raise Refused("rent.no_terms")
    seen = set()
    for term in terms:
        if not 0 <= term.pence <= MOST_PENCE:
            raise Refused("rent.bad_sum")
        if (term.charge, term.category) in seen:
            raise Refused("rent.charged_twice", charge=term.charge)
        if term.category and term.charge != "service":
            raise Refused("rent.no_category")
        seen.add((term.charge, term.category))


def check_from(from_on: date, started_on: date, ended_on: date | None, today: date) -> None:
    """Refuse terms from a day when there is no tenancy, or far ahead. Refused: rent.no_tenancy_then, rent.too_far_ahead."""
    if from_on < started_on or (ended_on is not None and from_on > ended_on):
        raise Refused("rent.no_tenancy_then")
    if from_on > today + AHEAD:
        raise Refused("rent.too_far_ahead")


# Where what is charged for each kind of debt comes from.
INCOME = {
    "rent": ("rent_income", "service_income"), "costs": ("costs_income",), "recharge": ("recharge_income",),
    "former": ("rent_income", "service_income"), "occupation": ("occupation_income",),
}  # fmt: skip


def check_by_hand(debit: str, credit: str, pence: int, what: str, today: date) -> None:
    """Refuse what one person may not do to the books alone: suspense, bank, refunds and write-offs have their own ways.

    Refused: rent.own_way, rent.takes_two.
    """
    if what in ("write_off", "write_back"):
        raise Refused("rent.own_way")
    charged = credit in INCOME.get(debit, ())
    given = debit in INCOME.get(credit, ())
    fits = {
        "adjustment": charged or given, "moved": debit in OWED and credit in OWED,
        "court_costs": (debit, credit) == ("costs", "costs_income"),
        "recharge": (debit, credit) == ("recharge", "recharge_income"),
    }  # fmt: skip
    if not fits.get(what, True):
        raise Refused("rent.own_way")
    if what == "adjustment" and given:
        _check_alone(pence, today)


def check_reversal(debit: str, credit: str, pence: int, today: date) -> None:
    """Refuse what one person may not take back alone: a charge, or what was brought over, above what one may give up.

    `debit`, `credit`: of the line itself. Refused: rent.takes_two.
    """
    if debit in OWED and credit not in OWED:
        _check_alone(pence, today)


def _check_alone(pence: int, today: date) -> None:
    most = policy().number("books.alone_pence", today)
    if pence > most:
        raise Refused("rent.takes_two", most=pounds(most))


def check_move(debit: str, credit: str, pence: int) -> None:
    """Refuse a move of nothing, or between no books of the account. Refused: rent.bad_sum, rent.same_book, rent.not_hers."""
    if not 0 < pence <= MOST_PENCE:
        raise Refused("rent.bad_sum")
    if debit == credit:
        raise Refused("rent.same_book")
    if debit not in OWED and credit not in OWED:
        raise Refused("rent.not_hers")


class Move(NamedTuple):
    """One line of the books, as the sums need it."""

    debit: str
    credit: str
    pence: int


def balances(moves: Iterable[Move]) -> dict[str, int]:
    """Return what each book that an account owes stands at after these moves, in pence."""
    found = dict.fromkeys(OWED, 0)
    for debit, credit, pence in moves:
        if debit in found:
            found[debit] += pence
        if credit in found:
            found[credit] -= pence
    return found
