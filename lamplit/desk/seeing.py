"""Who may see whom: restricted people are for a few, a firm's people see their own jobs."""

from typing import Any

from lamplit.desk.pages import StaffRequest
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs


def may_see_person(request: StaffRequest, person: str) -> bool:
    """Say whether whoever asks may see what we hold of a person."""
    return "see_restricted" in request.me.may or not people.is_restricted(person)


def hidden_people(request: StaffRequest, persons: Any) -> set[str]:
    """Return those of the people whom whoever asks may not see."""
    return set() if "see_restricted" in request.me.may else people.restricted_among(persons)


def job(request: StaffRequest, work: str) -> Any | None:
    """Return a piece of work if whoever asks may see it: all of it in the office, her own or her firm's outside."""
    return repairs.job(work, staff=request.me.id, contractor=request.me.contractor, every="see_repair" in request.me.may)
