"""Files of money: taken, put in the books batch by batch, closed when they add up; and what people do with what waits."""

from datetime import datetime, timedelta
from typing import Any, Literal

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy
from lamplit.rent import facts
from lamplit.rent.actions.accounts import lock_account
from lamplit.rent.models import BenefitClaim, MoneyFile, MoneyLine, RentBalance
from lamplit.rent.queries import against, claims, receipts
from lamplit.rent.queries import money_in as queries
from lamplit.rent.rules import money_in as rules
from lamplit.rent.rules.money_in import Line, NewFile


@action
def take_file(page: Page, *, file: NewFile, by: By, at: datetime, command: str) -> str:
    """Take a file in, once. Returns it; the same bytes again are the same file."""
    there = queries.file_of(file.sha256, file.part)
    if there is not None:
        return str(there.id)
    trouble = rules.trouble_with(file, queries.before(file.source, file.label, file.sha256))
    taken = page.new_id("q")
    page.write(
        facts.MoneyFileTaken(
            file=taken, source=file.source, layout=file.layout, sha256=file.sha256, part=file.part, label=file.label,
            lines=file.lines, credit_pence=file.credit_pence, debit_pence=file.debit_pence, settled_pence=file.settled_pence,
            serial=file.serial, dated=file.dated, opening_pence=file.opening_pence, closing_pence=file.closing_pence,
            trouble=trouble.what if trouble else None, expected=trouble.expected if trouble else None,
        )
    )  # fmt: skip
    return taken


@action
def put_lines(page: Page, *, file: str, lines: list[Line], by: By, at: datetime, command: str) -> int:
    """Put some lines of a file in the books: on accounts where they are sure, else in suspense. Returns how many.

    The file's row is only read, so that several processes may load at once: no line can be there twice.
    A file whose serial was there before puts nothing on an account.
    Refused: rent.no_such_file, rent.file_finished, rent.line_there, rent.bad_sum, rent.day_ahead, rent.no_such_account.
    """
    row = queries.money_file(file)
    if row is None:
        raise Refused("rent.no_such_file")
    if row.state != "taken":
        raise Refused("rent.file_finished")
    rules.check_lines(lines, london_date(at))
    if MoneyLine.objects.filter(id__in=[f"{file}.{line.number}" for line in lines]).exists():
        raise Refused("rent.line_there")
    doubted = row.trouble == "serial_repeated"
    posted = [line for line in lines if line.account is not None and not doubted]
    waiting = [line for line in lines if line.account is None or doubted]
    _check_accounts(page, posted)
    book: Any = rules.BOOKS[row.source]
    for part in rules.cut(posted):
        accounts = [line.account or "" for line in part]
        lines_, told = [_came(line) for line in part], [line.told for line in part]
        page.write(facts.MoneyPosted(file=file, book=book, accounts=accounts, lines=lines_, told=told))
    for part in rules.cut(waiting):
        page.write(facts.MoneyHeld(file=file, book=book, lines=[_came(line) for line in part], told=[one.told for one in part]))
    return len(lines)


def _check_accounts(page: Page, posted: list[Line]) -> None:
    accounts = {line.account for line in posted if line.account is not None}
    page.preload(RentBalance, accounts)
    page.preload(BenefitClaim, {line.claim for line in posted if line.claim is not None})
    if any(page.lock(RentBalance, account) is None for account in accounts):
        raise Refused("rent.no_such_account")


def _came(line: Line) -> facts.Came:
    return facts.Came(
        number=line.number, pence=line.pence, on=line.on, how=line.how, sure=line.sure, claim=line.claim,
        from_on=line.from_on, to_on=line.to_on, to=line.to, maybe=line.maybe,
    )  # fmt: skip


@action
def finish_file(page: Page, *, file: str, by: By, at: datetime, command: str) -> str:
    """Close a file once every line of it is in the books and they add up. Closed before, it stays so.

    Refused: rent.no_such_file, rent.file_differs.
    """
    row = page.lock(MoneyFile, file)
    if row is None:
        raise Refused("rent.no_such_file")
    if row.state == "finished":
        return file
    lines = list(MoneyLine.objects.filter(file=file).values_list("pence", "state"))
    total = sum(pence for pence, _ in lines)
    told = row.credit_pence - row.debit_pence + row.settled_pence
    if len(lines) != row.lines or total != told:
        raise Refused("rent.file_differs", lines=len(lines), told=row.lines)
    posted = sum(state == "posted" for _, state in lines)
    page.write(facts.MoneyFileFinished(file=file, lines=len(lines), pence=total, posted=posted))
    return file


@action
def match_payment(page: Page, *, line: str, account: str, by: By, at: datetime, command: str) -> str:
    """Put a line out of suspense on an account. Refused: rent.no_such_line, rent.line_not_waiting, rent.no_such_account."""
    row = _waiting(page, line)
    lock_account(page, account)
    claim = _claim_of(page, account, row)
    page.write(
        facts.PaymentMatched(
            file=row.file, number=row.number, account=account, pence=row.pence, on=row.on, how="person",
            claim=claim.id if claim is not None else None, to_on=row.to_on if claim is not None else None,
        )
    )  # fmt: skip
    return line


def _claim_of(page: Page, account: str, line: Any) -> Any | None:
    """Return the claim that a line of benefit pays, locked: the account's only one that pays us."""
    if line.source != "benefit" or line.to_on is None:
        return None
    paying = [row for row in claims.claims_of(account) if row.state == "paying" and row.scheme in ("hb", "uc_managed")]
    return page.lock(BenefitClaim, paying[0].id) if len(paying) == 1 else None


SideName = Literal["before", "after"]
NeverName = Literal["left_out", "in_another", "empty", "firm_ended", "other"]


@action
def explain_file(
    page: Page, *, file: str, missing: SideName, why: NeverName, note: str | None, by: By, at: datetime, command: str
) -> str:
    """Say that what seems to be missing before a file, or after the last one of its firm, never comes: it stops nobody any more.

    Refused: rent.no_such_file, rent.nothing_missing, rent.say_why.
    """
    row = page.lock(MoneyFile, file)
    if row is None:
        raise Refused("rent.no_such_file")
    sides = against.missing_beside(row, london_date(at))
    if missing not in sides:
        raise Refused("rent.nothing_missing")
    if (said := tidy(note)) is None:
        raise Refused("rent.say_why")
    return page.write(facts.MoneyFileExplained(file=file, missing=missing, why=why, expected=sides[missing] or None, note=said))


@action
def look_for_file_again(page: Page, *, file: str, note: str | None, by: By, at: datetime, command: str) -> str:
    """Take back that something beside a file never comes: it stops arrears again.

    Refused: rent.no_such_file, rent.nothing_missing, rent.say_why.
    """
    row = page.lock(MoneyFile, file)
    if row is None:
        raise Refused("rent.no_such_file")
    sides: list[tuple[SideName, NeverName | None]] = [("before", row.none_before), ("after", row.none_after)]
    told = [(side, why) for side, why in sides if why is not None]
    if not told:
        raise Refused("rent.nothing_missing")
    if (said := tidy(note)) is None:
        raise Refused("rent.say_why")
    for side, why in told:
        page.write(facts.MoneyFileExplained(file=file, missing=side, why=why, undone=True, note=said))
    return file


@action
def receipt_payment(page: Page, *, line: str, account: str, by: By, at: datetime, command: str) -> str:
    """Give her a proof of a payment that holds nobody else's. Returns its entry; asked again, the same one.

    Refused: rent.no_such_line, rent.line_not_posted.
    """
    row = page.lock(MoneyLine, line)
    if row is None or row.account != account:
        raise Refused("rent.no_such_line")
    if row.ledger is None or row.pence <= 0:
        raise Refused("rent.line_not_posted")
    if row.receipt is not None:
        return str(row.receipt)
    posted = f"e_{row.ledger.split('.')[1]}"
    return page.write(
        facts.PaymentReceipted(file=row.file, number=row.number, account=account, pence=row.pence, on=row.on, posted=posted)
    )


@action
def receipt_line(page: Page, *, line: str, account: str, by: By, at: datetime, command: str) -> str:
    """Give her a proof of a payment that came by no file. Returns its entry; asked again, the same one.

    Refused: rent.no_such_line, rent.line_not_posted.
    """
    lock_account(page, account)
    row = receipts.paid_line(account, line)
    if row is None:
        raise Refused("rent.no_such_line")
    if row.back_on is not None:
        raise Refused("rent.line_not_posted")
    if row.receipt is not None:
        return row.receipt
    return page.write(
        facts.PaymentLineReceipted(account=account, line=line, what=row.what, pence=row.pence, on=row.on, posted=row.of)  # type: ignore[arg-type]
    )


@action
def take_off_payment(
    page: Page, *, line: str, why: Literal["wrong_account", "keyed_wrong", "other"], note: str | None = None, by: By,
    at: datetime, command: str,
) -> str:  # fmt: skip
    """Take a line off the account that it is on: it waits in suspense again.

    Refused: rent.no_such_line, rent.line_not_posted, rent.say_why.
    """
    row = page.lock(MoneyLine, line)
    if row is None:
        raise Refused("rent.no_such_line")
    if row.state != "posted":
        raise Refused("rent.line_not_posted")
    said = tidy(note)
    if why == "other" and said is None:
        raise Refused("rent.say_why")
    lock_account(page, row.account)
    claim = _claim_of(page, row.account, row) if row.claim is None else page.lock(BenefitClaim, row.claim)
    back = claim is not None and row.from_on is not None and claim.paid_to == row.to_on  # nothing later was paid since
    page.write(
        facts.PaymentTakenOff(
            file=row.file, number=row.number, account=row.account, pence=row.pence, on=london_date(at), line=row.ledger, why=why,
            claim=claim.id if claim is not None and back else None,
            paid_to=row.from_on - timedelta(days=1) if back else None, note=said,
        )
    )  # fmt: skip
    return line


@action
def settle_suspense(
    page: Page, *, line: str, book: Literal["collected", "benefit", "refunds", "not_rent"], note: str | None = None, by: By,
    at: datetime, command: str,
) -> str:  # fmt: skip
    """Say that a line in suspense is no tenant's: a sum for many, money that goes back, or no rent.

    Refused: rent.no_such_line, rent.line_not_waiting, rent.say_why, rent.same_book.
    """
    row = _waiting(page, line)
    said = tidy(note)
    if book in ("refunds", "not_rent") and said is None:
        raise Refused("rent.say_why")
    if ("collected" if row.source == "card" else row.source) == book:
        raise Refused("rent.same_book")
    page.write(facts.SuspenseSettled(file=row.file, number=row.number, pence=row.pence, on=london_date(at), book=book, note=said))
    return line


def _waiting(page: Page, line: str) -> Any:
    row = page.lock(MoneyLine, line)
    if row is None:
        raise Refused("rent.no_such_line")
    if row.state != "suspense":
        raise Refused("rent.line_not_waiting")
    return row
