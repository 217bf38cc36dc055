"""What a tenancy's end leaves owing goes to the book of former tenants."""

from datetime import datetime

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.models import RentBalance
from lamplit.rent.rules.former import to_move


@action
def move_to_former(page: Page, *, accounts: list[str], by: By, at: datetime, command: str) -> int:
    """Move what accounts owe in the rent book to that of former tenants once they ended; back where they did not after all.

    Returns of how many. Refused: rent.run_going.
    """
    if queries.unfinished():
        raise Refused("rent.run_going")
    page.preload(RentBalance, sorted(accounts))
    today, rows, moved, count = london_date(at), queries.accounts(accounts), queries.moved_to_former(accounts), 0
    for account in accounts:
        owes, row = page.lock(RentBalance, account), rows.get(account)
        if owes is None or row is None:
            continue
        over = row.ended_on is not None and row.ended_on < today
        pence = to_move(over=over, rent_pence=owes.rent, former_pence=owes.former, moved_pence=moved.get(account, 0))
        if pence:
            debit, credit = ("former", "rent") if pence > 0 else ("rent", "former")
            page.write(
                facts.MoneyMoved(
                    account=account, debit=debit, credit=credit, pence=abs(pence), what="moved", on=today, why="ended"  # type: ignore[arg-type]
                )
            )  # fmt: skip
            count += 1
    return count
