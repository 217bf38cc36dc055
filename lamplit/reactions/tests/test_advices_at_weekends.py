"""A report that is read while the next collection is on its way: it waits for that one's day, not for a day before it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.reactions.tests.test_advices import AT, PAID_ON, item, opened, take
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.models import DebitMandate
from tests import cast
from tests.landlord import Landlord


@action
def send_next(page: Page, *, mandate: DebitMandate, on: date, by: By, at: datetime, command: str) -> None:
    """Note a collection of a day, and send it."""
    account = mandate.account
    page.write(facts.DebitsNoticed(account=account, mandate=mandate.id, dues=[(on, 40_000)], why="next"))
    page.write(facts.DebitsSent(run=page.new_id("g"), accounts=[account], collections=[f"{account}.{on}"], codes=["17"]))


def test_at_a_weekend_a_collection_whose_money_moves_on_monday_keeps_no_report_back(landlord: Landlord) -> None:
    """Due on Saturday, it is in the books on Monday at the earliest: what came back is the one before it."""
    (mandate,) = opened(landlord, ["ARUDD1"]).values()
    saturday = datetime(2026, 6, 6, 9, tzinfo=UTC)
    send_next(mandate=mandate, on=saturday.date(), by=cast.BY_PRIYA, at=AT, command="t:send")
    with pytest.raises(Refused, match=r"rent\.post_first"):
        take([item("ARUDD", "1", 1)], {}, saturday + timedelta(days=2))
    assert take([item("ARUDD", "1", 1)], {}, saturday)["taken"] == 1
    came = {row.on: row.state for row in queries.collections_of(mandate.account) if row.on <= saturday.date()}
    assert came == {PAID_ON: "unpaid", saturday.date(): "sent"}
