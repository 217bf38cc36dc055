"""Who may live where from when. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from lamplit.basics.refusal import Refused

ROLES = ("tenant", "occupant", "child")


def runs(started_on: date, ended_on: date | None, on: date) -> bool:
    """Say whether a tenancy runs on a day; its last day counts."""
    return started_on <= on and (ended_on is None or on <= ended_on)


def check_start(tenants: Sequence[str], started_on: date, earlier: Iterable[tuple[date, date | None]]) -> None:
    """Check that a home may be let. `earlier`: first and last day of its other tenancies, None while one runs.

    Refused: tenancies.no_tenant, tenancies.same_person_twice, tenancies.already_let.
    """
    if not tenants:
        raise Refused("tenancies.no_tenant")
    if len(set(tenants)) != len(tenants):
        raise Refused("tenancies.same_person_twice")
    # The last day of the one before still counts, so the next begins on the day after.
    if any(last is None or started_on <= last for _, last in earlier):
        raise Refused("tenancies.already_let")


def check_join(started_on: date, ended_on: date | None, since_on: date, role_now: str | None, role: str) -> None:
    """Check that somebody may join. `role_now` is her role when she lives there already.

    Refused: tenancies.ended, tenancies.before_start, tenancies.lives_there_already.
    """
    if ended_on is not None:
        raise Refused("tenancies.ended")
    if since_on < started_on:
        raise Refused("tenancies.before_start")
    if role_now == role:
        raise Refused("tenancies.lives_there_already")


def check_leave(since_on: date, left_already: bool, left_on: date, today: date) -> None:
    """Check that somebody may leave. Refused: tenancies.left_already, tenancies.left_before_joining, tenancies.leaves_later."""
    if left_already:
        raise Refused("tenancies.left_already")
    if left_on < since_on:
        raise Refused("tenancies.left_before_joining")
    # Her contact points end with the fact; so it is written on the day, never ahead of it.
    if left_on > today:
        raise Refused("tenancies.leaves_later")


def check_end(started_on: date, ended_on: date | None, new_end: date) -> None:
    """Check that a tenancy may end. Refused: tenancies.ended, tenancies.ends_before_start."""
    if ended_on is not None:
        raise Refused("tenancies.ended")
    if new_end < started_on:
        raise Refused("tenancies.ends_before_start")
