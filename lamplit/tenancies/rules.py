"""Who may live where from when. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date

from lamplit.basics.refusal import Refused

ROLES = ("tenant", "occupant", "child")


def runs(started_on: date, ended_on: date | None, on: date) -> bool:
    """Say whether a tenancy runs on a day; its last day counts."""
    return started_on <= on and (ended_on is None or on <= ended_on)


def answers_for(left_on: date | None, ended_on: date | None, on: date) -> bool:
    """Say whether a tenant sees and steers what belongs to a tenancy: while she is one, or when she was to its last day.

    Whoever left a joint tenancy that went on, or was made to leave, is a stranger to whoever stayed.
    """
    return left_on is None or left_on > on or (ended_on is not None and left_on >= ended_on)


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


def check_fits(
    tenants: Sequence[str], started_on: date, ended_on: date | None, others: Iterable[tuple[date, date | None]]
) -> None:
    """Check that a tenancy that may be long over fits among the others of its home, whichever of them was told first.

    Refused: tenancies.no_tenant, tenancies.ends_before_start, tenancies.already_let.
    """
    if not tenants:
        raise Refused("tenancies.no_tenant")
    if ended_on is not None and ended_on < started_on:
        raise Refused("tenancies.ends_before_start")
    for first, last in others:
        if (last is None or started_on <= last) and (ended_on is None or first <= ended_on):
            raise Refused("tenancies.already_let")


def check_join(started_on: date, ended_on: date | None, since_on: date, role_now: str | None, role: str) -> None:
    """Check that somebody may join. `role_now` is her role when she lives there already.

    Refused: tenancies.ended, tenancies.before_start, tenancies.lives_there_already.
    """
    if ended_on is not None and since_on > ended_on:
        raise Refused("tenancies.ended")
    if since_on < started_on:
        raise Refused("tenancies.before_start")
    if role_now == role:
        raise Refused("tenancies.lives_there_already")


def check_leave(role: str, others: Iterable[str], since_on: date, left_on: date, today: date) -> None:
    """Check that somebody may leave. `others`: the roles of those who stay.

    Refused: tenancies.left_before_joining, tenancies.leaves_later, tenancies.last_tenant.
    """
    if left_on < since_on:
        raise Refused("tenancies.left_before_joining")
    # Her contact points end with the fact; so it is written on the day, never ahead of it.
    if left_on > today:
        raise Refused("tenancies.leaves_later")
    if role == "tenant" and "tenant" not in others:
        raise Refused("tenancies.last_tenant")


def check_end(started_on: date, ended_on: date | None, new_end: date, next_start: date | None) -> None:
    """Check that a tenancy may end, or that its last day may be put right.

    Refused: tenancies.ended, tenancies.ends_before_start, tenancies.already_let.
    """
    if ended_on == new_end:
        raise Refused("tenancies.ended")
    if new_end < started_on:
        raise Refused("tenancies.ends_before_start")
    if next_start is not None and new_end >= next_start:
        raise Refused("tenancies.already_let")


def shared(leaving: Iterable[tuple[str, str]], staying: Iterable[str]) -> list[str]:
    """Return which of her contact points (id, value) somebody who stays has too. Small letters and spaces do not count."""
    kept = {_key(value) for value in staying}
    return [reach for reach, value in leaving if _key(value) in kept]


def _key(value: str) -> str:
    return "".join(value.lower().split())


MOST_NAMES = 3  # words of a name that somebody types beside an address
MOST_TYPED = 12


def name_and_address(typed: Sequence[str]) -> list[tuple[str, str]]:
    """Return how typed words may be somebody's name and where she lives, long names first. Either may stand before the other.

    No name has a number in it; and one word is no address, unless it is a number.
    """
    if len(typed) > MOST_TYPED:
        return []
    ways = []
    for count in range(min(MOST_NAMES, len(typed) - 1), 0, -1):
        for name, address in ((typed[:count], typed[count:]), (typed[-count:], typed[:-count])):
            numbers = any(c.isdigit() for word in address for c in word)
            if not any(c.isdigit() for word in name for c in word) and (len(address) > 1 or numbers):
                ways.append((" ".join(name), " ".join(address)))
    return ways


BEFORE_A_NUMBER = ("flat", "apartment", "unit", "number", "no", "room", "house")  # they belong to the number that follows


def name_apart(typed: Sequence[str]) -> tuple[str, str] | None:
    """Return the name and the address of typed words of which the first with a number begins the address; None without both."""
    at = next((place for place, word in enumerate(typed) if any(c.isdigit() for c in word)), 0)
    while at and typed[at - 1] in BEFORE_A_NUMBER:
        at -= 1
    return (" ".join(typed[:at]), " ".join(typed[at:])) if 0 < at <= MOST_NAMES else None
