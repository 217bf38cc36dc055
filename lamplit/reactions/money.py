"""Who is told that something is wrong with a file of money."""

from datetime import datetime, timedelta

from lamplit.basics.words import plural
from lamplit.reactions.incidents import leads, wanted_by
from lamplit.reactions.letters import Wanted, write
from lamplit.record.encode import Entry
from lamplit.staff import queries as staff

STALE = timedelta(days=2)  # by then it stands on the page of files, and in the record
_WHAT = {
    "serial_missing": "A file before it is missing",
    "serial_repeated": "Its serial, or every line of it, was there before, in another file",
    "balance_gap": "It does not begin where the last statement closed",
}


def statements_late(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell whoever keeps the books, or who leads where nobody does, that tenants have no statement of a quarter."""
    fact = entry.body
    if at - entry.at > STALE:
        return []
    found = plural(fact.accounts - fact.went, "account")
    subject, body = write("rent_statements", at, quarter=fact.quarter, found=found, of=f"{fact.accounts:,}")
    return wanted_by("rent_statements", subject, body, entry, staff.with_role("finance") or leads(at))


def file_in_trouble(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell whoever keeps the books, or who leads where nobody does, that a serial is missing or came twice."""
    fact = entry.body
    if fact.trouble is None or at - entry.at > STALE:
        return []
    subject, body = write("money_file", at, label=fact.label, what=_WHAT[fact.trouble], expected=fact.expected or "another")
    return wanted_by("money_file", subject, body, entry, staff.with_role("finance") or leads(at))
