"""Reads of people: who, how to reach them, what to know of them, who speaks for them."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec

from lamplit.basics.fact import Unavailable
from lamplit.basics.phone_email import read_email, read_phone
from lamplit.people import facts, rules
from lamplit.people.models import Mandate, Person, PersonBelief, PersonNote, Reach
from lamplit.people.rules import Need, Preferences, Purpose
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.record.search import NEARLY, find_words, squeeze

S = TypeVar("S", bound=msgspec.Struct)
Why = Literal["name", "nearly", "phone", "email", "post", "reference"]


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


class PersonFound(NamedTuple):
    """One answer of the search box. `why` says what matched, `matched` shows it; `ended` when it holds no longer."""

    person: str
    name: str
    why: Why
    matched: str
    ended: bool = False


_PERSON = Ready(lambda person: Person.objects.filter(id=person))
_PEOPLE = Ready(lambda people: Person.objects.filter(id__any=people))
_BORN = ReadyColumns(lambda people: Person.objects.filter(id__any=people), "id", "born_on")
_BELIEFS = Ready(lambda person: PersonBelief.objects.filter(person=person).order_by("-recorded_at", "-id"))
_MANDATES = Ready(lambda person: Mandate.objects.filter(person=person).order_by("-at", "-id"))
_REACHES = Ready(lambda person: Reach.objects.filter(person=person).order_by("-at", "-id"))
_NOTES = Ready(lambda person: PersonNote.objects.filter(person=person).order_by("-at", "-id"))
_NOTED = ReadyColumns(
    lambda people: PersonNote.objects.filter(person__any=people).order_by("-at", "-id"), "id", "person", "about"
)


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
    return [ReachSeen(row.id, row.person, row.at, _read(row.how, facts.Reach)) for row in rows]


def ways_to_reach(person_id: str, purpose: Purpose) -> list[Way]:
    """Return the contact points that may be used for a purpose, best first (`rules.usable`).

    While a marker of abuse or safeguarding holds, only safe ones. Nothing to send to is an answer: []."""
    listed = notes(person_id)
    seen = reaches(person_id)
    places = rules.usable(
        [one.how for one in seen],
        purpose,
        restricted=rules.is_restricted(note.about for note in listed),
        preferred=_preferences(listed, None).channel,
    )
    return [
        Way(seen[i].id, seen[i].person, how.channel, how.value, how.state, how.safe)
        for i in places
        if (how := seen[i].how) is not None
    ]


def reached_at(value: str) -> list[Way]:
    """Return the contact points with this telephone number or e-mail address that may receive a sign-in code.

    Several people may share one: each signs in to her own person. Tell a visitor nothing of what this returns.
    """
    found = read_email(value) if "@" in value else read_phone(value)
    if found is None:
        return []
    key = squeeze(found)
    owners = Reach.objects.filter(value_key=key).order_by("person").values_list("person", flat=True).distinct()
    return [way for owner in owners for way in ways_to_reach(owner, "code") if squeeze(way.value) == key]


def notes(person_id: str) -> list[NoteSeen]:
    """Return everything noted of a person, ended ones too, newest first. It holds restricted markers: check `see_restricted`."""
    return [_note(row) for row in _NOTES.all(person=person_id)]


def live_notes(person_id: str, on: date) -> list[NoteSeen]:
    """Return the notes that count on a day, newest first."""
    return [note for note in notes(person_id) if note.about is not None and rules.is_live(note.about, on)]


def is_restricted(person_id: str) -> bool:
    """Say whether only safe contact points may be used and restricted facts are about her."""
    return rules.is_restricted(note.about for note in notes(person_id))


def restricted_among(person_ids: Iterable[str | None]) -> set[str]:
    """Return those of the people about whom restricted facts are kept, in one read."""
    wanted = list({one for one in person_ids if one})
    noted = _NOTED.all(people=wanted) if wanted else []
    return {person for _, person, about in noted if rules.is_restricted([_read(about, facts.PersonNote)])}


def preferences(person_id: str, on: date) -> Preferences:
    """Return the language, channel and format that a person asked for; the newest word counts."""
    return _preferences(notes(person_id), on)


def live_needs(person_ids: Iterable[str], on_date: date) -> list[Need]:
    """Return needs and risks that count on a day, with those that age alone brings. Ended ones are left out."""
    wanted = list(dict.fromkeys(person_ids))
    if not wanted:
        return []
    born = {ident: _day(text) for ident, text in _BORN.all(people=wanted)}
    noted: dict[str, list[tuple[str, facts.PersonNote]]] = {}
    for ident, person, text in _NOTED.all(people=wanted):
        if (about := _read(text, facts.PersonNote)) is not None:
            noted.setdefault(person, []).append((ident, about))
    return [need for key in wanted for need in rules.live_needs(key, noted.get(key, []), born.get(key), on_date)]


def mandates(person_id: str, on: date | None = None, scope: str | None = None) -> list[MandateSeen]:
    """Return a person's representatives, newest first; with `on` and `scope` only those who may act so on that day."""
    rows = _MANDATES.all(person=person_id)
    seen = [MandateSeen(row.id, row.person, row.at, _read(row.leave, facts.Mandate)) for row in rows]
    if on is None:
        return seen
    return [one for one in seen if one.leave is not None and rules.speaks_for(one.leave, scope or "everything", on)]


def search(text: str, limit: int = 20) -> list[PersonFound]:
    """Find people by id, name (also spelt nearly so), known-as name, telephone number or e-mail address; a part is enough."""
    bare = text.strip()
    if not squeeze(bare):
        return []
    found = [PersonFound(row.id, full_name(row), "reference", row.id) for row in Person.objects.filter(id=bare)]
    digits = re.sub(r"[\s().\-/]", "", bare)
    if re.fullmatch(r"\+?\d{4,15}", digits):
        found += _by_reach(_phone_part(digits), limit) or _by_reach(digits, limit)
    elif "@" in bare:
        found += _by_reach(squeeze(bare), limit)
    else:
        found += [_by_name(row) for row in find_words(Person.objects, bare, limit)]
        if not found and re.fullmatch(r"\S{4,}", bare):
            found += _by_reach(squeeze(bare), limit)
    return found[:limit]


def _by_name(row: Any) -> PersonFound:
    return PersonFound(row.id, full_name(row), "name" if row.away < NEARLY else "nearly", _names(row))


def _phone_part(digits: str) -> str:
    """Spell the typed part of a number as numbers are kept: 07700 9 and 0044 7700 9 are +4477009."""
    digits = re.sub(r"^00", "+", digits)
    return "+44" + digits[1:] if digits.startswith("0") else digits


def _by_reach(part: str, limit: int) -> list[PersonFound]:
    rows = list(Reach.objects.filter(value_key__startswith=part).order_by("value_key", "id")[:limit])
    if not rows:  # a look at every contact point
        rows = list(Reach.objects.filter(value_key__contains=part).order_by("value_key", "id")[:limit])
    names = people(row.person for row in rows)
    found: dict[str, PersonFound] = {}
    for row in rows:
        how = _read(row.how, facts.Reach)
        if how is not None and row.person in names:
            why: Why = "phone" if how.channel in ("text", "phone") else "email" if how.channel == "email" else "post"
            one = PersonFound(row.person, full_name(names[row.person]), why, how.value, how.state == "ended")
            if row.person not in found or found[row.person].ended:
                found[row.person] = one
    return sorted(found.values(), key=lambda one: one.ended)


def _names(row: Person) -> str:
    return f"{full_name(row)} ({row.known_as})" if row.known_as else full_name(row)


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
    return NoteSeen(row.id, row.person, row.at, row.by, _read(row.about, facts.PersonNote))


def _read(value: Any, kind: type[S]) -> S | None:
    """Return a structured personal value, or None when it is missing or cannot be read here."""
    return None if value is None or isinstance(value, Unavailable) else msgspec.convert(value, kind)
