"""Refunds, write-offs and write-backs: asked for by one person with reason and evidence, released by another."""

from datetime import date, datetime
from typing import Any, Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts, queries
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.models import Refund
from lamplit.rent.rules import refunds as rules

WayName = Literal["refund", "write_off", "write_back"]
BookName = Literal["rent", "costs", "recharge", "former", "occupation"]


@action
def ask_refund(
    page: Page, *, account: str, way: WayName, pence: int, reason: str, evidence: list[str], book: BookName = "rent",
    other_debts_pence: int | None = None, clawback_pence: int | None = None, payee: rules.Payee = "not_checked",
    payee_reason: str = "", estate: str = "", instead_of: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Ask that money be paid back, written off or written back. Returns the refund. `instead_of`: one that did not reach her, or
    that waits for its second person and is put right.

    Refused: rent.no_such_account, rent.say_why, rent.no_evidence, rent.bad_sum, rent.no_details, rent.more_than_owed,
    rent.no_such_refund.
    """
    owes = lock_account(page, account)
    said, shown = tidy(reason), [text for text in map(tidy, evidence) if text]
    if said is None:
        raise Refused("rent.say_why")
    if not shown:
        raise Refused("rent.no_evidence")
    if not 0 < pence < 10_000_000_000:
        raise Refused("rent.bad_sum")
    if instead_of is not None:
        before = _lock(page, instead_of, "asked", "returned")
        if before.account != account:
            raise Refused("rent.no_such_refund")
        page.write(facts.RefundWithdrawn(refund=instead_of, account=account))
    details = queries.current_details(account)
    if way == "refund" and details is None:
        raise Refused("rent.no_details")
    if way == "write_off" and pence > getattr(owes, book):
        raise Refused("rent.more_than_owed")
    refund = page.new_id("u")
    page.write(
        facts.RefundAsked(
            refund=refund, account=account, way=way, book=book, pence=pence, payee=payee, reason=said, evidence=shown,
            details=details.id if details is not None and way == "refund" else None, other_debts_pence=other_debts_pence,
            clawback_pence=clawback_pence, payee_reason=tidy(payee_reason), estate=tidy(estate),
        )
    )  # fmt: skip
    return refund


@action
def release_refund(page: Page, *, refund: str, by: By, at: datetime, command: str) -> str:
    """Say yes, as a second person. The books move now; a refund's money goes with the next file.

    Refused: rent.books_wrong, rent.no_such_refund, rent.run_needs_two, rent.refund_not_ready, rent.more_than_owed.
    """
    queries.check_books()
    row = _lock(page, refund)
    owes = lock_account(page, row.account)
    if row.asked_by == str(by):
        raise Refused("rent.run_needs_two")
    if row.way == "refund":
        left = rules.missing(queries.as_refund(queries.refund(refund), getattr(owes, row.book), london_date(at), str(by)))
        if left:
            raise Refused("rent.refund_not_ready", what=". ".join(check.words for check in left))
    if row.way == "write_off" and row.pence > getattr(owes, row.book):
        raise Refused("rent.more_than_owed")
    page.write(facts.RefundReleased(refund=refund, account=row.account))
    debit, credit = {
        "refund": (row.book, "refunds"), "write_off": ("write_off", row.book), "write_back": (row.book, "write_off"),
    }[row.way]  # fmt: skip
    page.write(
        facts.MoneyMoved(
            account=row.account, debit=debit, credit=credit, pence=row.pence, what=row.way, on=london_date(at),
            why="refunded" if row.way == "refund" else "agreed", source=refund,
        )
    )  # fmt: skip
    return refund


@action
def withdraw_refund(page: Page, *, refund: str, by: By, at: datetime, command: str) -> str:
    """Do not make a refund that nobody has released, or that did not reach her. Refused: rent.no_such_refund."""
    row = _lock(page, refund, "asked", "returned")
    page.write(facts.RefundWithdrawn(refund=refund, account=row.account))
    return refund


@action
def send_refunds(
    page: Page, *, refunds: list[str], serial: str, processing_on: date, file_digest: str, by: By, at: datetime, command: str
) -> str:
    """Note that refunds went into a file of credits that was written and read back. Returns the file.

    Refused: rent.books_wrong, rent.no_such_refund, rent.serial_used.
    """
    queries.check_books()
    if serial != queries.next_serial():
        raise Refused("rent.serial_used")
    page.preload(Refund, sorted(refunds))
    rows = [page.lock(Refund, one) for one in refunds]
    if any(row is None or row.state != "released" or row.way != "refund" for row in rows):
        raise Refused("rent.no_such_refund")
    file = page.new_id("f")
    page.write(
        facts.RefundsSent(
            file=file, serial=serial, processing_on=processing_on, digest=file_digest, refunds=refunds,
            pence=sum(row.pence for row in rows if row is not None),
        )
    )  # fmt: skip
    return file


def _lock(page: Page, refund: str, *states: str) -> Any:
    row = page.lock(Refund, refund)
    if row is None or row.state not in (states or ("asked",)):
        raise Refused("rent.no_such_refund")
    return row
