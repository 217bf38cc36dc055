"""Planted records: who does not exist, read from boxes that only the key apart opens (docs/decisions/0029-planted-records.md)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from lamplit.people import rules
from lamplit.people.facts import PlantedNoted, Planting
from lamplit.people.models import Person, Planted, Reach
from lamplit.record import apart
from lamplit.record.ready import ReadyColumns
from lamplit.record.search import squeeze

_BY_TRAP = ReadyColumns(lambda traps: Planted.objects.filter(trap__any=traps), "id", "trap", "box")
_SINCE = ReadyColumns(lambda since: Planted.objects.filter(at__gte=since).order_by("-at", "-id"), "id", "box")


class PlantedSeen(NamedTuple):
    """One planted record, as the list tells of it. `label` is what a message calls it."""

    id: str
    label: str
    about: Planting
    there: bool


class OpeningSeen(NamedTuple):
    """Somebody opened a planted record. `label` and `name` are of the record."""

    label: str
    name: str
    about: Planting


def is_planted(person: str | None) -> bool:
    """Say whether a person was planted, taken out or not: then nothing is ever sent to her."""
    return person is not None and bool(planted_among([person]))


def planted_among(person_ids: Iterable[str | None]) -> set[str]:
    """Return those of the people who do not exist, whether they are still watched or not."""
    return set(_found(person_ids))


def watched_among(person_ids: Iterable[str | None]) -> dict[str, str]:
    """Return those of the people whose opening rings, with the id of the planted record."""
    return {person: row for person, (row, about) in _found(person_ids).items() if about.what == "agreed"}


def _found(person_ids: Iterable[str | None]) -> dict[str, tuple[str, Planting]]:
    wanted = {apart.mark(one): one for one in person_ids if one} if apart.ready() else {}
    rows = _BY_TRAP.all(traps=list(wanted)) if wanted else []
    read = ((wanted[trap], ident, read_box(box)) for ident, trap, box in rows)
    return {person: (ident, about) for person, ident, about in read if about is not None and about.what != "proposed"}


def read_box(box: str) -> Planting | None:
    """Return what a box holds; None where it cannot be read here."""
    plain = apart.unseal(box)
    return None if plain is None else msgspec.json.decode(plain, type=Planting)


def note_of(planted: str, about: Planting) -> PlantedNoted:
    """Return the fact that keeps what stands of a planted record. Only what may ring is found by its person."""
    trap = apart.mark(about.person or f"{about.salt} {planted}")
    return PlantedNoted(planted=planted, trap=trap, box=apart.seal(msgspec.json.encode(about)))


def salt_of(command: str) -> str:
    """Return what nobody can guess without the key, and what is the same when a form is sent twice; empty without the key."""
    return apart.mark(f"salt {command}") if apart.ready() else ""


def label_of(planted: str | None) -> str:
    """Return what a planted record is called where its name must not stand."""
    return rules.planted_label(planted or "")


def planted_row(ident: str) -> Planting | None:
    """Return what stands of one planted record, or None."""
    row = Planted.objects.filter(id=ident).first()
    return None if row is None else read_box(row.box)


def planted() -> list[PlantedSeen]:
    """Return every planted record, proposed ones and those taken out too, the newest first."""
    read = [(row.id, read_box(row.box)) for row in Planted.objects.order_by("-at", "-id")]
    kept = [(ident, about) for ident, about in read if about is not None and about.what in rules.PLANTED_STATES]
    there = set(Person.objects.filter(id__in=[about.person for _, about in kept]).values_list("id", flat=True))
    return [PlantedSeen(ident, rules.planted_label(ident), about, about.person in there) for ident, about in kept]


def openings(since: datetime) -> list[OpeningSeen]:
    """Return who opened a planted record, and who read the list, from a moment on; the newest first."""
    read = [read_box(box) for _, box in _SINCE.all(since=since)]
    found = [about for about in read if about is not None and about.what in ("opened", "listed")]
    of = {one.id: one.about.name or "" for one in planted()} if found else {}
    return [OpeningSeen(rules.planted_label(one.of or ""), of.get(one.of or "", ""), one) for one in found]


def unreadable() -> int:
    """Return how many boxes the key that is here does not open: it is not the key that sealed them."""
    return sum(read_box(box) is None for box in Planted.objects.values_list("box", flat=True))


def next_step(at: datetime, within: timedelta) -> datetime | None:
    """Return when the next thing comes into being, if that is soon."""
    agreed = _agreed_lately(at)
    return min((step for one in agreed for step in one.steps or () if at < step <= at + within), default=None)


def to_put_in(at: datetime) -> list[Planting]:
    """Return what two people agreed on lately, and of which the time has come for something."""
    agreed = _agreed_lately(at)
    return [one for one in agreed if _steps_done(one.person or "") < sum(step <= at for step in one.steps or ())]


def _agreed_lately(at: datetime) -> list[Planting]:
    read = (read_box(box) for _, box in _SINCE.all(since=at - rules.PUT_IN_WITHIN))
    return [one for one in read if one is not None and one.what == "agreed" and one.person and one.steps]


def _steps_done(person: str) -> int:
    """Return how much of somebody made up is there: her record, and her contact points."""
    there = Person.objects.filter(id=person).exists()
    return there + Reach.objects.filter(person=person).count() if there else 0


def is_known(value: str) -> bool:
    """Say whether somebody has this number or address already."""
    return Reach.objects.filter(value_key=squeeze(value)).exists()
