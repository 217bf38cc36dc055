"""Direct Debits of the desk's small landlord: one that is set up, details that wait, a run, an advice, a refund."""

from datetime import timedelta
from typing import Any

from lamplit.basics.bacs_days import cycle
from lamplit.basics.clock import now
from lamplit.basics.working_days import london_date
from lamplit.rent import actions, queries
from lamplit.rent.actions import AdviceItem, SealedDetails
from tests import cast


def debits(do: Any, by: Any = None) -> dict[str, str]:
    """Make one of each. `do` takes an action. Returns their ids by name, as the addresses of pages ask for them."""
    account = cast.RUTHS_TENANCY
    sealed, other = SealedDetails(b"sealed", "810", "valid"), SealedDetails(b"sealed too", "006", "valid")
    do(
        actions.set_up_mandate,
        by,
        account=account,
        person=cast.RUTH,
        sealed=sealed,
        way="paper",
        every="monthly",
        day=1,
        pence=40_000,
    )
    details = do(actions.change_details, by, account=account, sealed=other)
    run = do(actions.prepare_debits, by, entry_on=cycle(london_date(now()) + timedelta(days=6)).entry_on)
    item = AdviceItem(kind="ARUDD", report="story", item=1, code="0", reference="NOBODYS")
    do(actions.take_report, by, items=[item], moved={}, report=SealedDetails(b"a report", "", "valid"))
    refund = do(
        actions.ask_refund, by, account=account, way="write_back", pence=100, reason="She came back.", evidence=["Her letter"]
    )
    return {"debit_run": run, "advice": queries.advices_open()[0].id, "details": details, "refund": refund, "account": account}
