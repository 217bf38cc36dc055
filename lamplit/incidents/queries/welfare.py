"""Calls to households in an incident."""

from datetime import datetime

from lamplit.basics.working_days import london_date
from lamplit.incidents.models import Rung
from lamplit.people import queries as people
from lamplit.tenancies import queries as tenancies


def calls_of(incident: str, household: str) -> list[Rung]:
    """Return the calls to a household in an incident, newest first."""
    return list(Rung.objects.filter(incident=incident, household=household).order_by("-at", "-id"))


def calls_in(incident: str, households: list[str] | None = None) -> dict[str, list[Rung]]:
    """Return every call of an incident, or those to some households, by household, newest first."""
    found: dict[str, list[Rung]] = {}
    rows = Rung.objects.filter(incident=incident)
    if households is not None:
        rows = rows.filter(household__in=households)
    for row in rows.order_by("-at", "-id"):
        found.setdefault(row.household, []).append(row)
    return found


def may_be_rung(household: str, person: str, at: datetime) -> bool:
    """Say whether whoever holds the list rings her: she is grown, lives there, exists, and nobody there is restricted."""
    living = tenancies.household(household, london_date(at))
    everybody = [one.person for one in living]
    if people.restricted_among(everybody) or people.is_planted(person):
        return False
    return any(one.person == person and one.role != "child" for one in living)
