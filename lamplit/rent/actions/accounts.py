"""Accounts: terms, moves between books, reversals, and what an old system brings over."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from lamplit.basics.brought import Became, Brought, Tally
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts
from lamplit.rent.facts.keys import BookName, FrequencyName, MoveName
from lamplit.rent.models import LedgerLine, MoneyFile, RentAccount, RentBalance, RentTerms
from lamplit.rent.rules import ledger, runs
from lamplit.tenancies import queries as tenancies


def lock_account(page: Page, account: str) -> Any:
    """Lock an account's balances and return them. Refused: rent.no_such_account."""
    row = page.lock(RentBalance, account)
    if row is None:
        raise Refused("rent.no_such_account")
    return row


@action
def set_terms(
    page: Page, *, account: str, from_on: date, frequency: FrequencyName, terms: list[facts.Term], weeks: int = 52,
    rent_type: str = "social", why: str = "let", formula_pence: int | None = None, noticed_on: date | None = None, by: By,
    at: datetime, command: str,
) -> str:  # fmt: skip
    """Set what is charged on an account from a day on. Returns the account.

    Refused: rent.no_such_account, and those of `rules.ledger.check_terms` and `check_from`; rent.charged_already.
    """
    owes = lock_account(page, account)
    row = page.lock(RentAccount, account)
    if row is None:
        raise Refused("rent.no_such_account")
    ledger.check_terms(terms)
    ledger.check_from(from_on, row.started_on, row.ended_on, london_date(at))
    if owes.charged_to_on is not None and from_on <= owes.charged_to_on:
        raise Refused("rent.charged_already", to=f"{owes.charged_to_on:%d/%m/%Y}")
    page.write(
        facts.TermsSet(
            account=account, home=row.home, from_on=from_on, frequency=frequency, weeks=weeks, terms=terms,  # type: ignore[arg-type]
            rent_type=rent_type, why=why, formula_pence=formula_pence, noticed_on=noticed_on,  # type: ignore[arg-type]
        )
    )  # fmt: skip
    return account


@action
def give_number(page: Page, *, account: str, reference: str, by: By, at: datetime, command: str) -> str:
    """Give an account the number that people pay with, or another one. Returns the account.

    Spaces in it are left out: pages show it in groups of four. The number that it had before is nobody's any more.
    Refused: rent.no_such_account, rent.no_number, rent.reference_taken.
    """
    row = page.lock(RentAccount, account)
    if row is None:
        raise Refused("rent.no_such_account")
    number = "".join(reference.split())
    if not number:
        raise Refused("rent.no_number")
    if RentAccount.objects.filter(reference_key=number).exclude(id=account).exists():
        raise Refused("rent.reference_taken")
    if row.reference != number:
        page.write(facts.AccountReferenced(account=account, reference=number))
    return account


@action
def move_money(
    page: Page, *, account: str, debit: BookName, credit: BookName, pence: int, what: MoveName, why: str, on: date | None = None,
    note: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Move a sum between two books of an account, with a reason. Returns the line.

    Refused: rent.no_such_account, rent.say_why, and those of `rules.ledger.check_move` and `check_by_hand`.
    """
    lock_account(page, account)
    ledger.check_move(debit, credit, pence)
    ledger.check_by_hand(debit, credit, pence, what, london_date(at))
    said = tidy(note)
    if why == "other" and said is None:
        raise Refused("rent.say_why")
    entry = page.write(
        facts.MoneyMoved(
            account=account, debit=debit, credit=credit, pence=pence, what=what, on=on or london_date(at), why=why, note=said,  # type: ignore[arg-type]
        )
    )  # fmt: skip
    return f"{account}.{entry[2:]}.0"


@action
def reverse_line(
    page: Page, *, account: str, line: str, why: str, note: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Take a line of the books back, whole, by a new one the other way. Returns the new line.

    Refused: rent.no_such_account, rent.no_such_line, rent.reversed_already, rent.not_reversed, rent.say_why, rent.take_it_off,
    rent.bank_says_so, rent.takes_two.
    """
    lock_account(page, account)
    row = LedgerLine.objects.filter(id=line, account=account).first()
    if row is None:
        raise Refused("rent.no_such_line")
    if row.reverses is not None:
        raise Refused("rent.not_reversed")
    if row.source is not None and MoneyFile.objects.filter(id=row.source).exists():
        raise Refused("rent.take_it_off")  # the line of its file goes back to suspense with it
    if row.what in ("direct_debit", "refund"):
        raise Refused("rent.bank_says_so")  # a report of Bacs takes it off, with all that follows
    if LedgerLine.objects.filter(reverses=line).exists():
        raise Refused("rent.reversed_already")
    if row.by != str(by):  # whoever keyed a line may take it back: nothing is given up by it
        ledger.check_reversal(row.debit, row.credit, row.pence, london_date(at))
    said = tidy(note)
    if why == "other" and said is None:
        raise Refused("rent.say_why")
    entry = page.write(
        facts.MoneyMoved(
            account=account, debit=row.credit, credit=row.debit, pence=row.pence, what="reversal", on=london_date(at), why=why,  # type: ignore[arg-type]
            reverses=line, note=said,
        )
    )  # fmt: skip
    return f"{account}.{entry[2:]}.0"


class AccountRow(Plain, frozen=True, kw_only=True):
    """One account as a line of a file tells of it. `tenancy` is what the old system calls the tenancy; sums in pence."""

    line: int
    tenancy: str
    reference: str | None = None
    frequency: FrequencyName
    rent_pence: int
    service_pence: int | None = None
    service_not_eligible_pence: int | None = None
    weeks: int = 52
    rent_type: str = "social"
    formula_pence: int | None = None
    from_on: date
    charged_to_on: date | None = None
    balance_pence: int
    balance_on: date
    costs_pence: int | None = None


@action
def import_accounts(page: Page, *, rows: list[AccountRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Bring accounts over: their numbers, terms and opening balances. What is there already is left as it is, but for a number
    that the file has otherwise now.

    Refused, each row by itself: rent.tenancy_not_known, rent.reference_taken, rent.balance_differs (it was brought over with
    another sum), and those of `rules.ledger.check_terms`. A rehearsal writes nothing and raises `Rehearsed`.
    """
    bringing = _Bringing(page, rows, at)
    bringing.tally.bring(rows, lambda row: row.line, bringing.bring)
    return bringing.tally.answer(rehearse=rehearse)


class _Bringing:
    """One batch: everything that it has to know is read in a handful of queries."""

    def __init__(self, page: Page, rows: list[AccountRow], at: datetime) -> None:
        self._page, self._at = page, at
        self.tally: Tally[AccountRow] = Tally()
        self._tenancies = tenancies.by_reference(row.tenancy for row in rows)
        accounts = list(self._tenancies.values())
        page.preload(RentBalance, accounts)
        page.preload(RentAccount, accounts)
        page.preload_keys(accounts)
        self._brought, self._costs = _brought(accounts)
        self._terms = {row.id for row in RentTerms.objects.filter(account__any=accounts)}
        self._taken = dict(
            RentAccount.objects.filter(reference_key__any=[row.reference for row in rows if row.reference])
            .values_list("reference_key", "id")
        )  # fmt: skip

    def bring(self, row: AccountRow) -> Became:
        account = self._tenancies.get(row.tenancy)
        if account is None:
            raise Refused("rent.tenancy_not_known")
        there = self._page.lock(RentAccount, account)
        if there is None:
            raise Refused("rent.tenancy_not_known")
        if row.reference and self._taken.setdefault(row.reference, account) != account:
            raise Refused("rent.reference_taken")
        terms = _terms_of(row)
        ledger.check_terms(terms)
        if (before := self._brought.get(account)) is not None:
            if before != row.balance_pence or self._costs.get(account, 0) != (row.costs_pence or 0):
                raise Refused("rent.balance_differs")
            return self._number(row, account, there)
        self._write(row, account, there, terms)
        self._brought[account], self._costs[account] = row.balance_pence, row.costs_pence or 0
        return "written"

    def _number(self, row: AccountRow, account: str, there: Any) -> Became:
        """Give an account the number of its row, where it has another. A row without one takes none away."""
        if not row.reference or there.reference == row.reference:
            return "there"
        self._page.write(facts.AccountReferenced(account=account, reference=row.reference))
        return "changed"

    def _write(self, row: AccountRow, account: str, there: Any, terms: list[facts.Term]) -> None:
        page = self._page
        self._number(row, account, there)
        if f"{account}.{row.from_on}" not in self._terms:
            page.write(
                facts.TermsSet(
                    account=account, home=there.home, from_on=row.from_on, frequency=row.frequency, weeks=row.weeks, terms=terms,  # type: ignore[arg-type]
                    rent_type=row.rent_type, why="brought", formula_pence=row.formula_pence,  # type: ignore[arg-type]
                )
            )  # fmt: skip
        page.write(
            facts.BalanceBrought(
                account=account, book="rent", pence=row.balance_pence, on=row.balance_on, source="old system",
                charged_to_on=row.charged_to_on or runs.period_with(row.frequency, row.balance_on)[1],
            )
        )  # fmt: skip
        if row.costs_pence:
            page.write(
                facts.BalanceBrought(account=account, book="costs", pence=row.costs_pence, on=row.balance_on, source="old system")
            )


def _brought(accounts: Iterable[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return with which rent balance, and with which court costs, accounts were brought over.

    Those brought with nothing have no line: their terms tell.
    """
    costs: dict[str, int] = {}
    found = {row.account: 0 for row in RentTerms.objects.filter(account__any=list(accounts), why="brought")}
    for row in LedgerLine.objects.filter(account__any=list(accounts), what="brought"):
        if row.debit == "rent":
            found[str(row.account)] = row.pence
        elif row.credit == "rent":
            found[str(row.account)] = -row.pence
        elif row.debit == "costs":
            costs[str(row.account)] = row.pence
    return found, costs


def _terms_of(row: AccountRow) -> list[facts.Term]:
    sums = (("rent", row.rent_pence), ("service", row.service_pence), ("service_not_eligible", row.service_not_eligible_pence))
    return [facts.Term(charge=charge, pence=pence) for charge, pence in sums if pence is not None]  # type: ignore[arg-type]
