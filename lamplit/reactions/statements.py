"""Statements of a quarter that should have gone: said once a week until they have."""

from datetime import datetime, timedelta

from lamplit.basics.who import job
from lamplit.basics.working_days import london_date
from lamplit.rent import actions, queries
from lamplit.rent.rules.figures import policy

BY = job("statements")


def look_for_late(at: datetime) -> int:
    """Note that statements of the last quarter are late. Returns whether it was said now."""
    today = london_date(at)
    of = queries.last_quarter(today)
    if today <= of.due_on:
        return 0
    said_at = queries.said_late(of.name)
    again = timedelta(days=policy().number("statements.say_late_again_days", today))
    if said_at is not None and at - said_at < again:
        return 0
    went = queries.statements_went(of, today)
    if not went.missing:
        return 0
    actions.note_late_statements(
        quarter=of.name, accounts=went.of, went=went.accounts, by=BY, at=at, command=f"job:statements:{of.name}:{today}"
    )
    return 1
