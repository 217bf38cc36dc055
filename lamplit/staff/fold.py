"""How facts about staff change rows."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.staff.facts import (
    ContractorRecorded,
    OnCallSet,
    StaffChanged,
    StaffJoined,
    StaffLetIn,
    StaffShutOut,
    TokenEnded,
    TokenGiven,
)


def contractor_recorded(row: Any, fact: ContractorRecorded, entry: Written) -> None:
    row.trades, row.name, row.phone, row.email = fact.trades, fact.name, fact.phone, fact.email


def joined(row: Any, fact: StaffJoined, entry: Written) -> None:
    changed(row, fact, entry)
    row.shut, row.in_since = False, entry.at


def changed(row: Any, fact: StaffJoined | StaffChanged, entry: Written) -> None:
    row.roles, row.team, row.contractor = fact.roles, fact.team, fact.contractor
    row.name, row.email, row.phone = fact.name, fact.email, fact.phone


def shut_out(row: Any, fact: StaffShutOut, entry: Written) -> None:
    row.shut, row.shut_because = True, fact.because


def let_in(row: Any, fact: StaffLetIn, entry: Written) -> None:
    row.shut, row.shut_because, row.in_since = False, None, entry.at


def token_given(row: Any, fact: TokenGiven, entry: Written) -> None:
    row.contractor, row.digest, row.expires_on, row.label = fact.contractor, fact.digest, fact.expires_on, fact.label
    row.given_at, row.given_by = entry.at, entry.by


def token_ended(row: Any, fact: TokenEnded, entry: Written) -> None:
    row.ended_at = entry.at


def on_call_set(row: Any, fact: OnCallSet, entry: Written) -> None:
    row.staff, row.from_at, row.until_at, row.lead, row.at = (
        fact.staff,
        fact.from_at,
        fact.until_at,
        fact.lead,
        entry.at,
    )
