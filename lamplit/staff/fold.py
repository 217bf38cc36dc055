"""How facts about staff change rows."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.staff.facts import (
    ContractorRecorded,
    CoverRecorded,
    LinkAsked,
    LinkGiven,
    LinkUsed,
    LookLimitLifted,
    LookLimitReached,
    OnCallSet,
    PatchRecorded,
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


def link_asked(row: Any, fact: LinkAsked, entry: Written) -> None:
    row.link_asked_at, row.link_asked_by = entry.at, entry.by


def link_given(row: Any, fact: LinkGiven, entry: Written) -> None:
    row.link_asked_at, row.link_asked_by = None, None
    row.link_given_at = entry.at


def link_used(row: Any, fact: LinkUsed, entry: Written) -> None:
    row.link_used_at = entry.at


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


def patch_recorded(row: Any, fact: PatchRecorded, entry: Written) -> None:
    row.name, row.blocks, row.postcodes = fact.name, fact.blocks, fact.postcodes


def cover_recorded(row: Any, fact: CoverRecorded, entry: Written) -> None:
    row.contractor, row.trade, row.patch, row.at = fact.contractor, fact.trade, fact.patch, entry.at
    row.from_on, row.until_on = fact.from_on, fact.until_on


def look_limit_reached(row: Any, fact: LookLimitReached, entry: Written) -> None:
    row.reached_at, row.span, row.most = entry.at, fact.span, fact.most


def look_limit_lifted(row: Any, fact: LookLimitLifted, entry: Written) -> None:
    row.lifted_at, row.lifted_by, row.lifted_until, row.why = entry.at, entry.by, fact.until_at, fact.why
