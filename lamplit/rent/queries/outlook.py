"""What an account owed week by week, which benefit comes when, and what will be owed then."""

from datetime import date, timedelta

from lamplit.basics.refusal import Refused
from lamplit.rent.queries.accounts import lines
from lamplit.rent.queries.position import account_of
from lamplit.rent.queries.runs import chargeable_account
from lamplit.rent.rules import outlook as rules
from lamplit.rent.rules.benefit import NextPayment
from lamplit.rent.rules.outlook import Week
from lamplit.rent.rules.runs import charges_to_come

_HOME = ("rent", "former", "occupation")


def benefit_to_come(account_id: str, on: date, weeks: int) -> list[NextPayment]:
    """Return the benefit payments that we expect, the soonest first."""
    read = account_of(account_id, on)
    return [] if read is None else rules.payments_to_come(read.claims, on, on + timedelta(weeks=weeks))


def outlook(account_id: str, on: date, back: int, ahead: int) -> list[Week]:
    """Return what was owed at the end of each week, and what will be when the benefit comes that we expect and nobody else pays.

    Without benefit nothing is looked ahead: there would be nothing to show but that nobody pays. Nor where nobody has said yet
    which weeks of a year are free.
    """
    read = account_of(account_id, on)
    if read is None:
        return []
    until = on + timedelta(weeks=ahead)
    coming = [(due.pay_on, -due.pence) for due in rules.payments_to_come(read.claims, on, until)]
    charged = chargeable_account(account_id) if coming else None
    if charged is not None:
        try:
            coming += charges_to_come(charged, until)
        except Refused:
            coming = []
    moves = [(row.on, row.pence * ((row.debit in _HOME) - (row.credit in _HOME))) for row in lines(account_id) if row.on <= on]
    return rules.weeks(read.balance_pence, moves, coming, on, back, ahead if coming else 0)
