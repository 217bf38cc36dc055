"""An account as the tests of doors need it: charged, paid in part, with court costs beside it."""

from datetime import timedelta
from typing import Any

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.rent import actions
from lamplit.rent.facts import Term
from tests import cast

CLERK = who.staff("s_finance1000000000000")


def brought(pence: int = 20_000) -> None:
    """Ruth's account: her rent is set, she was charged a sum and has paid £30 of it, and owes court costs."""
    today = london_date(now())
    by: Any = {"account": cast.RUTHS_TENANCY, "by": CLERK, "at": now()}
    rent = [Term(charge="rent", pence=12_000)]
    actions.set_terms(from_on=today - timedelta(days=7), frequency="weekly", terms=rent, **by, command="t:terms")
    actions.move_money(debit="rent", credit="rent_income", pence=pence, what="rent", why="agreed", **by, command="t:1")
    actions.move_money(debit="bank", credit="rent", pence=3000, what="payment", why="matched", **by, command="t:2")
    actions.move_money(debit="costs", credit="costs_income", pence=35_500, what="court_costs", why="court", **by, command="t:3")


def kept(account: str, pence: int = 9_000) -> None:
    """Keep an account's rent here: terms are set from today on, and nothing is charged yet."""
    by: Any = {"account": account, "by": CLERK, "at": now()}
    terms = [Term(charge="rent", pence=pence)]
    actions.set_terms(from_on=london_date(now()), frequency="weekly", terms=terms, **by, command=f"t:kept:{account}")
