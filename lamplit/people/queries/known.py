"""Reads of people: who, how to reach them, what to know of them, who speaks for them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
from django.db.models import Q

from lamplit.basics.fact import Unavailable
from lamplit.basics.phone_email import read_email, read_phone
from lamplit.people import facts, rules
from lamplit.people.models import Mandate, Merge, Person, PersonBelief, PersonLook, PersonNote, Reach
from lamplit.people.queries.planted import planted_among
from lamplit.people.rules import Need, Preferences, Purpose
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.record.search import squeeze

S = TypeVar("S", bound=msgspec.Struct)


class ReachSeen(NamedTuple):
    """A contact point. `how` is None when it cannot be read here."""

    id: str
    person: str
    at: datetime
    how: facts.Reach | None


class Way(NamedTuple):
    """A contact point that may be used."""

    id: str
    person: str
    channel: str
    value: str
    state: str
    safe: bool


class NoteSeen(NamedTuple):
    """Something to know of a person. `about` is None when it cannot be read here."""

    id: str
    person: str
    at: datetime
    by: str
    about: facts.PersonNote | None


class MandateSeen(NamedTuple):
    """A representative. `leave` is None when it cannot be read here."""

    id: str
    person: str
    at: datetime
    leave: facts.Mandate | None


_PERSON = Ready(lambda person: Person.objects.filter(id=person))
_PEOPLE = Ready(lambda people: Person.objects.filter(id__any=people))
_BORN = ReadyColumns(lambda people: Person.objects.filter(id__any=people), "id", "born_on")
_BELIEFS = Ready(lambda person: PersonBelief.objects.filter(person=person).order_by("-recorded_at", "-id"))
_MANDATES = Ready(lambda person: Mandate.objects.filter(person=person).order_by("-at", "-id"))
_REACHES = Ready(lambda person: Reach.objects.filter(person=person).order_by("-at", "-id"))
_REACHED = Ready(lambda people: Reach.objects.filter(person__any=people).order_by("-at", "-id"))
_NOTED_ROWS = Ready(lambda people: PersonNote.objects.filter(person__any=people).order_by("-at", "-id"))
_NOTES = Ready(lambda person: PersonNote.objects.filter(person=person).order_by("-at", "-id"))
_NOTED = ReadyColumns(
    lambda people: PersonNote.objects.filter(person__any=people).order_by("-at", "-id"), "id", "person", "about"
)


_MERGES = Ready(
    lambda people: Merge.objects.filter(Q(kept__any=people) | Q(gone__any=people), ended_at__isnull=True).order_by("at", "id")
)


def merges_of(person_ids: Iterable[str]) -> list[Merge]:
    """Return the merges that stand and touch one of these people, the oldest first."""
    wanted = list(person_ids)
    return _MERGES.all(people=wanted) if wanted else []


def merge(merge_id: str) -> Merge | None:
    """Return one merge, taken apart or not."""
    return Merge.objects.filter(id=merge_id).first()


def alike(person_id: str) -> list[str]:
    """Return every record of one person, the one that the others are shown under first. Nearly always she has one alone."""
    return alike_among([person_id])[person_id]


def alike_among(person_ids: list[str], *, confirmed: bool = False) -> dict[str, list[str]]:
    """Return the records of each, hers first of all where she has one; with `confirmed` those whose contact points serve her."""
    near = merges_of(person_ids)
    if not near:
        return {one: [one] for one in person_ids}
    every = [row for row in merges_of({row.kept for row in near}) if not confirmed or row.confirmed_at is not None]
    into = {row.gone: row.kept for row in every}
    groups: dict[str, list[str]] = {}
    for row in every:
        groups.setdefault(row.kept, [row.kept]).append(row.gone)
    return {one: groups.get(into.get(one, one), [one]) for one in person_ids}


def believed(person_id: str) -> rules.Believed:
    """Return who a record says that she is; blank where it cannot be read here."""
    row = person(person_id)
    return rules.Believed() if row is None else believed_of(row)


def believed_of(row: Person | PersonBelief) -> rules.Believed:
    """Return what one row believes."""
    name, known_as, title = (None if isinstance(one, Unavailable) else one for one in (row.name, row.known_as, row.title))
    return rules.Believed(name=name, known_as=known_as, title=title, born_on=_day(row.born_on))


def person(person_id: str) -> Person | None:
    return _PERSON.first(person=person_id)


def people(person_ids: Iterable[str]) -> dict[str, Person]:
    """Return the people that exist, by id."""
    wanted = list(person_ids)
    return {row.id: row for row in _PEOPLE.all(people=wanted)} if wanted else {}


def full_name(row: Person) -> str:
    """Return her name for a page or a letter; the word that says why not when it is erased or withheld."""
    return str(row.name or "name not known")


def born_on(row: Person) -> date | None:
    """Return her date of birth, or None when it is not known or cannot be read here."""
    return _day(row.born_on)


def _day(text: Any) -> date | None:
    return None if text is None or isinstance(text, Unavailable) else date.fromisoformat(text)


def beliefs(person_id: str) -> list[PersonBelief]:
    """Return what we believed of a person and when, the latest that we wrote first."""
    return _BELIEFS.all(person=person_id)


def reaches(person_id: str) -> list[ReachSeen]:
    """Return every contact point of a person, ended ones too, newest first."""
    rows = _REACHES.all(person=person_id)
    return [ReachSeen(row.id, row.person, row.at, read_as(row.how, facts.Reach)) for row in rows]


def ways_to_reach(person_id: str, purpose: Purpose) -> list[Way]:
    """Return the contact points that may be used for a purpose, best first (`rules.usable`).

    While a marker of abuse or safeguarding holds, only safe ones. Nothing to send to is an answer: []."""
    listed = notes(person_id)
    # A code opens one record's own pages, so it goes to that record's own numbers, whatever is merged.
    hers = alike(person_id)
    served = [person_id] if purpose == "code" or len(hers) == 1 else _served(person_id)
    seen = [one for record in served for one in reaches(record)]
    others = [note for record in hers if record != person_id for note in notes(record)]
    places = rules.usable(
        [one.how for one in seen],
        purpose,
        restricted=rules.is_restricted(note.about for note in [*listed, *others]),
        preferred=_preferences(listed, None).channel,
    )
    return [
        Way(seen[i].id, seen[i].person, how.channel, how.value, how.state, how.safe)
        for i in places
        if (how := seen[i].how) is not None
    ]


class Addressee(NamedTuple):
    """Somebody to be written to: the ways that may be used, best first, and how she wants to be written to."""

    person: str
    name: str | None
    ways: tuple[Way, ...]
    wishes: Preferences
    interpreter: bool
    restricted: bool


def addressees(person_ids: Iterable[str], purpose: Purpose, on: date) -> dict[str, Addressee]:
    """Return many people as `ways_to_reach` and `preferences` would, in a few reads. Nobody planted is among them."""
    asked = list(dict.fromkeys(person_ids))
    planted = planted_among(asked)
    wanted = [one for one in asked if one not in planted]
    if not wanted:
        return {}
    groups, served = alike_among(wanted), alike_among(wanted, confirmed=True)
    every = list({record for group in [*groups.values(), *served.values(), wanted] for record in group})
    names, needs = people(wanted), live_needs(wanted, on)
    speaks = {need.person for need in needs if need.code == "language"}
    reached: dict[str, list[ReachSeen]] = {}
    for row in _REACHED.all(people=every):
        reached.setdefault(row.person, []).append(ReachSeen(row.id, row.person, row.at, read_as(row.how, facts.Reach)))
    noted: dict[str, list[NoteSeen]] = {}
    for note in map(_note, _NOTED_ROWS.all(people=every)):
        noted.setdefault(note.person, []).append(note)
    found = {}
    for one in wanted:
        marked = rules.is_restricted(note.about for record in {one, *groups[one]} for note in noted.get(record, []))
        points = [reach for record in dict.fromkeys([one, *served[one]]) for reach in reached.get(record, [])]
        channel = _preferences(noted.get(one, []), None).channel
        places = rules.usable([reach.how for reach in points], purpose, restricted=marked, preferred=channel)
        name = names[one].name if one in names and isinstance(names[one].name, str) else None
        ways = tuple(way for place in places if (way := _way(points[place])) is not None)
        found[one] = Addressee(one, name, ways, _preferences(noted.get(one, []), on), one in speaks, marked)
    return found


def _way(one: ReachSeen) -> Way | None:
    how = one.how
    return None if how is None else Way(one.id, one.person, how.channel, how.value, how.state, how.safe)


def _served(person_id: str) -> list[str]:
    """Return the records whose contact points serve her: her own, and those that a second person made sure of."""
    group = alike_among([person_id], confirmed=True)[person_id]
    return [person_id, *(one for one in group if one != person_id)]


def reached_at(value: str) -> list[Way]:
    """Return the contact points with this telephone number or e-mail address that may receive a sign-in code.

    Several people may share one: each signs in to her own person. Nobody planted is among them: nothing ever goes to her.
    Tell a visitor nothing of what this returns.
    """
    found = read_email(value) if "@" in value else read_phone(value)
    if found is None:
        return []
    key = squeeze(found)
    owners = list(Reach.objects.filter(value_key=key).order_by("person").values_list("person", flat=True).distinct())
    planted = planted_among(owners)
    return [way for owner in owners if owner not in planted for way in ways_to_reach(owner, "code") if squeeze(way.value) == key]


def notes(person_id: str) -> list[NoteSeen]:
    """Return everything noted of a person, ended ones too, newest first. It holds restricted markers: check `see_restricted`."""
    return [_note(row) for row in _NOTES.all(person=person_id)]


def live_notes(person_id: str, on: date) -> list[NoteSeen]:
    """Return the notes that count on a day, newest first."""
    return [note for note in notes(person_id) if note.about is not None and rules.is_live(note.about, on)]


def is_restricted(person_id: str) -> bool:
    """Say whether only safe contact points may be used and restricted facts are about her, by any record of hers."""
    return rules.is_restricted(note.about for one in alike(person_id) for note in notes(one))


def restricted_among(person_ids: Iterable[str | None]) -> set[str]:
    """Return those of the people about whom restricted facts are kept, in one read."""
    wanted = list({one for one in person_ids if one})
    groups = alike_among(wanted)
    noted = _NOTED.all(people=list({record for group in groups.values() for record in group})) if wanted else []
    marked = {person for _, person, about in noted if rules.is_restricted([read_as(about, facts.PersonNote)])}
    return {one for one in wanted if not marked.isdisjoint(groups[one])}


def preferences(person_id: str, on: date) -> Preferences:
    """Return the language, channel and format that a person asked for; the newest word counts."""
    return _preferences(notes(person_id), on)


def live_needs(person_ids: Iterable[str], on_date: date) -> list[Need]:
    """Return needs and risks that count on a day, with those that age alone brings. Ended ones are left out."""
    wanted = list(dict.fromkeys(person_ids))
    if not wanted:
        return []
    groups = alike_among(wanted)
    every = list({record for group in groups.values() for record in group})
    born = {ident: _day(text) for ident, text in _BORN.all(people=every)}
    noted: dict[str, list[tuple[str, facts.PersonNote]]] = {}
    for ident, person, text in _NOTED.all(people=every):
        if (about := read_as(text, facts.PersonNote)) is not None:
            noted.setdefault(person, []).append((ident, about))
    found: list[Need] = []
    for key in wanted:
        about_her = [one for record in groups[key] for one in noted.get(record, [])]
        found += rules.live_needs(key, about_her, born.get(key) or born.get(groups[key][0]), on_date)
    return found


def mandates(person_id: str, on: date | None = None, scope: str | None = None) -> list[MandateSeen]:
    """Return a person's representatives, newest first; with `on` and `scope` only those who may act so on that day."""
    rows = _MANDATES.all(person=person_id)
    seen = [MandateSeen(row.id, row.person, row.at, read_as(row.leave, facts.Mandate)) for row in rows]
    if on is None:
        return seen
    return [one for one in seen if one.leave is not None and rules.speaks_for(one.leave, scope or "everything", on)]


def acting_for(person_id: str, on: date) -> list[MandateSeen]:
    """Return who acts for a person on a day, in whatever matter, by any record of hers."""
    seen = [one for record in alike(person_id) for one in mandates(record)]
    return [one for one in seen if one.leave is not None and any(rules.speaks_for(one.leave, to, on) for to in one.leave.scope)]


class LookSeen(NamedTuple):
    """Somebody looked at a person's record. `why` is None where she did not have to say it, or it cannot be read here."""

    reader: str
    team: str | None
    at: datetime
    via: str
    about: str | None
    why: str | None


_LOOKS = Ready(lambda person: PersonLook.objects.filter(person=person).order_by("-at", "id"))


def looks_at(person_id: str, limit: int = 200) -> list[LookSeen]:
    """Return who looked at a person's record, the newest first; a minute or two late."""
    return [
        LookSeen(row.reader, row.team, row.at, row.via, row.about, row.why if isinstance(row.why, str) else None)
        for row in _LOOKS.all(person=person_id, limit=limit)
    ]


def _preferences(listed: Iterable[NoteSeen], on: date | None) -> Preferences:
    """Read preferences from notes that stand newest first. Without a day, every one that was not ended counts."""
    said: dict[str, str] = {}
    for note in listed:
        about = note.about
        if about is None or about.what != "preference" or about.value is None:
            continue
        if about.ended_on is None if on is None else rules.is_live(about, on):
            said.setdefault(about.code, about.value)
    return Preferences(language=said.get("language"), channel=said.get("channel"), format=said.get("format"))


def _note(row: PersonNote) -> NoteSeen:
    return NoteSeen(row.id, row.person, row.at, row.by, read_as(row.about, facts.PersonNote))


def read_as(value: Any, kind: type[S]) -> S | None:
    """Return a structured personal value, or None when it is missing or cannot be read here."""
    return None if value is None or isinstance(value, Unavailable) else msgspec.convert(value, kind)


def count_held() -> list[tuple[str, int]]:
    """Return how much we hold of people, by class."""
    return [
        ("people by name", Person.objects.count()), ("telephone numbers and addresses", Reach.objects.count()),
        ("notes on needs, health and safety", PersonNote.objects.count()), ("representatives", Mandate.objects.count()),
    ]  # fmt: skip
