"""How facts about tenancies and households change rows."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.tenancies.facts import HouseholdJoined, HouseholdLeft, TenancyEnded, TenancyStarted
from lamplit.tenancies.models import member_id


def tenant_keys(fact: TenancyStarted) -> list[str]:
    return [member_id(fact.tenancy, person) for person in fact.tenants]


def member_keys(fact: HouseholdJoined | HouseholdLeft) -> list[str]:
    return [member_id(fact.tenancy, fact.person)]


def started(row: Any, fact: TenancyStarted, entry: Written) -> None:
    row.home, row.tenure, row.started_on, row.reference = fact.home, fact.tenure, fact.started_on, fact.reference


def ended(row: Any, fact: TenancyEnded, entry: Written) -> None:
    row.ended_on, row.why_ended = fact.ended_on, fact.why


def tenant_started(row: Any, fact: TenancyStarted, entry: Written) -> None:
    row.tenancy, row.person = fact.tenancy, row.id.removeprefix(f"{fact.tenancy}.")
    row.role, row.since_on = "tenant", fact.started_on


def joined(row: Any, fact: HouseholdJoined, entry: Written) -> None:
    row.tenancy, row.person, row.role, row.since_on = fact.tenancy, fact.person, fact.role, fact.since_on
    row.left_on, row.why_left = None, None


def left(row: Any, fact: HouseholdLeft, entry: Written) -> None:
    row.left_on, row.why_left = fact.left_on, fact.why
