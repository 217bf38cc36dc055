"""Whom to ring in an incident: every household with a reason, the most urgent first.

Whoever is kept for few stands here without a name: the safeguarding lead rings. Nobody planted is among them.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from django.db import connection

from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.incidents import queries as incidents
from lamplit.incidents.rules import welfare as rules
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies
from lamplit.tenancies.queries import Lives

AT_ONCE = 500  # households that are read together
MOST_REPAIRS = 20_000


class ToRing(Plain, frozen=True, kw_only=True):
    """One household to ring. `person` and `home` are None where it is for the safeguarding lead. `ways`: what may be rung."""

    household: str
    home: str | None
    person: str | None
    name: str | None
    ways: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    said: str | None = None
    rung_at: datetime | None = None
    reached_at: datetime | None = None
    next_on: date | None = None
    late: bool = False

    def waits(self, on: date) -> bool:
        """Say whether it is to be rung on a day."""
        return self.said is None or (self.next_on is not None and self.next_on <= on)


class Ranking:
    """Every household with a reason, gone through again once in a while: all needs must be opened for it.

    Names, numbers and markers are none of it: what is shown is read anew (`shown`).
    """

    def __init__(self, lasts: timedelta) -> None:
        self._lasts, self._lock = lasts, Lock()
        self._of: object = None
        self._at = datetime.min.replace(tzinfo=UTC)
        self._lines: list[ToRing] = []

    def lines(self, at: datetime) -> list[ToRing]:
        """Return them as they were at most `lasts` ago. Two who ask at once wait for the same."""
        of = connection.settings_dict["NAME"]
        with self._lock:
            if self._of != of or not self._at <= at < self._at + self._lasts:
                self._lines, self._of, self._at = households(at), of, at
            return self._lines


def to_ring(incident: str, at: datetime, lines: list[ToRing] | None = None) -> list[ToRing]:
    """Return every household with a reason: who is to be rung today first, each by what weighs most. Nobody is named yet."""
    row = incidents.incident(incident)
    if row is None:
        return []
    on, calls = london_date(at), incidents.calls_in(incident)
    every = households(at) if lines is None else lines
    found = [_with_calls(one, calls.get(one.household, []), row.opened_at, at) for one in every]
    return sorted(found, key=lambda one: (not one.waits(on), *rules.rank(list(one.reasons)), one.household))


def shown(incident: str, some: Iterable[str], at: datetime) -> list[ToRing]:
    """Return these households as they are now, with names and numbers, in the order given. One without a reason is left out."""
    row, wanted, on = incidents.incident(incident), list(some), london_date(at)
    living = tenancies.households(wanted, on)
    if row is None or not living:
        return []
    calls = incidents.calls_in(incident, wanted)
    lines = {one.household: one for one in with_ways(_of_batch(living, _hazards(at), on), on)}
    return [_with_calls(lines[one], calls.get(one, []), row.opened_at, at) for one in wanted if one in lines]


def in_order(at: datetime) -> list[ToRing]:
    """Return every household with a reason, with names and numbers, without any call: for paper, and before an incident."""
    return sorted(with_ways(households(at), london_date(at)), key=lambda one: (*rules.rank(list(one.reasons)), one.household))


def late(incident: str, at: datetime) -> int:
    """Return how many households have gone unreached for too long."""
    return sum(one.late for one in to_ring(incident, at))


def households(at: datetime) -> list[ToRing]:
    """Go through every household, in batches, and return those with a reason, without names."""
    hazards, after, found = _hazards(at), "", list[ToRing]()
    while batch := tenancies.households_after(after, london_date(at), AT_ONCE):
        found += _of_batch(batch, hazards, london_date(at))
        after = max(batch)
    return found


def _of_batch(batch: dict[str, list[Lives]], hazards: dict[str, set[str]], on: date) -> list[ToRing]:
    everybody = [one.person for living in batch.values() for one in living]
    planted, restricted = people.planted_among(everybody), people.restricted_among(everybody)
    rows, needs = people.people(everybody), dict[str, list[str]]()
    for need in people.live_needs(everybody, on):
        needs.setdefault(need.person, []).append(need.code)
    found = []
    for household, all_living in batch.items():
        living = [one for one in all_living if one.person not in planted]
        if not living:
            continue
        codes = rules.reasons(
            [code for one in living for code in needs.get(one.person, [])],
            [people.born_on(rows[one.person]) if one.person in rows else None for one in living],
            hazards.get(living[0].home, set()), on,
        )  # fmt: skip
        if codes:
            found.append(_line(household, living, codes, hidden=any(one.person in restricted for one in living)))
    return found


def _line(household: str, living: list[Lives], codes: list[str], *, hidden: bool) -> ToRing:
    grown = sorted((one for one in living if one.role != "child"), key=lambda one: one.role != "tenant")
    person = grown[0].person if grown and not hidden else None
    home = None if hidden else living[0].home
    shown = () if hidden else tuple(codes)
    return ToRing(household=household, home=home, person=person, name=None, ways=(), reasons=shown or tuple(codes[:1]))


def with_ways(lines: list[ToRing], on: date) -> list[ToRing]:
    """Add names, and the numbers that may be rung."""
    reached = dict[str, people.Addressee]()
    for first in range(0, len(lines), AT_ONCE):
        reached |= people.addressees([one.person for one in lines[first : first + AT_ONCE] if one.person], "call", on)
    return [
        one if (seen := reached.get(one.person or "")) is None else _but(
            one, name=seen.name, ways=tuple((way.channel, way.value) for way in seen.ways)
        )
        for one in lines
    ]  # fmt: skip


def _with_calls(line: ToRing, calls: Iterable[object], opened_at: datetime, at: datetime) -> ToRing:
    rung = list[object](calls)
    first = rung[0] if rung else None
    reached = next((getattr(one, "at", None) for one in rung if getattr(one, "outcome", None) in rules.REACHED), None)
    said, next_on = getattr(first, "outcome", None), getattr(first, "next_on", None)
    return _but(
        line, said=str(said) if said is not None else None, rung_at=getattr(first, "at", None), reached_at=reached,
        next_on=date.fromisoformat(next_on) if isinstance(next_on, str) else None,
        late=rules.is_late(opened_at, reached, at),
    )  # fmt: skip


def _but(line: ToRing, **changed: object) -> ToRing:
    return ToRing(**{name: changed.get(name, getattr(line, name)) for name in line.__struct_fields__})  # type: ignore[arg-type]


def _hazards(at: datetime) -> dict[str, set[str]]:
    """Return which homes have an emergency or a hazard open."""
    found: dict[str, set[str]] = {}
    for which, code in (("emergencies", "emergency"), ("hazards", "hazard")):
        for row in repairs.queue(which, now=at, limit=MOST_REPAIRS):
            found.setdefault(row.home, set()).add(code)
    return found
