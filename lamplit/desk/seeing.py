"""Who may see whom: restricted people are for a few, a firm's people see their own jobs."""

from typing import Any

from lamplit.desk.looking import UnexplainedError
from lamplit.desk.pages import StaffRequest
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs

RINGS = "planted_opened"  # the template of the message about a planted record
EXPLAINED = "desk_explained"  # in the session: person, and when it was said why her record is opened
EXPLAINED_SECONDS = 3600


def may_see_person(request: StaffRequest, person: str) -> bool:
    """Say whether whoever asks may see what we hold of a person."""
    return "see_restricted" in request.me.may or not people.is_restricted(person)


def explained(request: StaffRequest, person: str) -> bool:
    """Say whether whoever asks has said lately why she opens a record that is kept for few. Of others nobody asks it."""
    said = request.session.get(EXPLAINED, {}).get(person, 0)
    return request.now.timestamp() - said < EXPLAINED_SECONDS or not people.is_restricted(person)


def ask_why(request: StaffRequest, person: str) -> None:
    """Lead whoever opens a record that is kept for few to where she says why, unless she has said it lately."""
    if not explained(request, person):
        raise UnexplainedError(person)


def remember_explained(request: StaffRequest, person: str) -> None:
    """Remember in the session that she said why."""
    now = request.now.timestamp()
    before = {key: at for key, at in request.session.get(EXPLAINED, {}).items() if now - at < EXPLAINED_SECONDS}
    request.session[EXPLAINED] = before | {person: int(now)}


def hidden_people(request: StaffRequest, persons: Any) -> set[str]:
    """Return those of the people whom whoever asks may not see."""
    return set() if "see_restricted" in request.me.may else people.restricted_among(persons)


def may_know_of(request: StaffRequest, message: Any) -> bool:
    """Say whether whoever asks may know of a message. That something rang is for few: a thief would learn which record does."""
    return message.template != RINGS or "see_planted" in request.me.may


def job(request: StaffRequest, work: str) -> Any | None:
    """Return a piece of work if whoever asks may see it: all of it in the office, her own or her firm's outside."""
    return repairs.job(work, staff=request.me.id, contractor=request.me.contractor, every="see_repair" in request.me.may)
