"""A change of rents for tests that look at pages: one account, worked out, whose tenants were written to."""

from datetime import date, datetime, timedelta

import msgspec

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.record.page import Page, action
from lamplit.rent import facts, queries
from lamplit.rent.rules.change import Line, Worked, packed

BY = who.job("journeys")


def next_monday(on: date, days: int) -> date:
    """Return the first Monday so many days on or later."""
    day = on + timedelta(days=days)
    return day + timedelta(days=-day.weekday() % 7)


@action
def _prepare(page: Page, *, account: str, by: By, at: datetime, command: str) -> str:
    row, run = queries.account(account), page.new_id("g")
    assert row is not None
    held = queries.terms(account)[-1]
    old = tuple(facts.Term(**term) for term in held.terms)
    new = (msgspec.structs.replace(old[0], pence=old[0].pence + 569), *old[1:])
    line = Line(
        account=account, home=row.home, rent_type="social", weeks=52, held_from_on=held.from_on, old=old, new=new
    )  # fmt: skip
    first = next_monday(london_date(at), 90)
    worked = Worked(frequency="weekly", from_on=first, cpi="3.8", lines=(line,), left_out=((account, "too_soon"),))
    blob = page.keep_blob(packed(worked))
    page.write(
        facts.RentsPrepared(
            run=run, frequency="weekly", from_on=first, cpi="3.8", accounts=1, by_type=worked.by_type, left_out=1, lines=blob
        )
    )
    sums = {"old_pence": [line.old_pence], "new_pence": [line.new_pence]}
    page.write(facts.RentsNoticed(run=run, accounts=[account], messages=[[]], **sums))
    return run


def change(account: str) -> str:
    """Let a change wait for a second person, with a notice that waits too. Returns the run."""
    return _prepare(account=account, by=BY, at=now(), command="test:rents:prepared")
