"""Finding people by what somebody types, and records that may be of the same person."""

import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from django.db.models import Q

from lamplit.people import facts
from lamplit.people.models import Person, Reach
from lamplit.people.queries.known import alike, alike_among, full_name, people, person, read_as
from lamplit.people.queries.planted import planted_among
from lamplit.record.nearest import find_nearest
from lamplit.record.search import NEARLY, as_written, find_ids, find_inside, find_words, squeeze

Why = Literal["name", "nearly", "sounds", "partly", "phone", "email", "post", "reference", "old_reference"]


class PersonFound(NamedTuple):
    """One answer of the search box. `why` says what matched, `matched` shows it; `ended` when it holds no longer."""

    person: str
    name: str
    why: Why
    matched: str
    ended: bool = False


def search(text: str, limit: int = 20, *, inside: bool = True) -> list[PersonFound]:
    """Find people by id, what the system before calls them, name (also spelt nearly so), known-as name, telephone or e-mail.

    A part of a name, number or address is enough; without `inside` it has to be the beginning of a word of the name, or of the
    number or address.
    """
    bare = text.strip()
    if not squeeze(bare):
        return []
    return _shown_under(_search(bare, limit, inside))[:limit]


def search_inside(text: str, limit: int = 20) -> list[PersonFound]:
    """Find people by any part of a name, number or address, a look at every one: what `search` without `inside` leaves out."""
    bare = text.strip()
    names = [_by_name(row) for row in find_inside(Person.objects, bare, limit)] if _number(bare) is None else []
    return _shown_under(names or _by_contact(bare, limit, inside=True))


def search_nearest(text: str, limit: int = 20) -> list[PersonFound]:
    """Find people of whose names one is nearly what was typed, the nearest first: for when `search` found nobody.

    `sounds`: all of it sounds like names of hers; `partly`: another name differs, such as the first one.
    """
    near = find_nearest(Person.objects, text, limit) if "@" not in text else []
    return _shown_under([PersonFound(row.id, full_name(row), "sounds" if row.heard else "partly", _names(row)) for row in near])


def named(text: str, limit: int, among: Iterable[str] | None = None) -> list[str]:
    """Return the ids of up to `limit` people of that name, or nearly, the likeliest first; of these people, if they are given."""
    return find_ids(Person.objects if among is None else Person.objects.filter(id__any=list(among)), text, limit)


def _shown_under(found: list[PersonFound]) -> list[PersonFound]:
    """Leave out a record that is shown under another one which was found as well."""
    groups = alike_among([one.person for one in found])
    there = {one.person for one in found}
    return [one for one in found if groups[one.person][0] == one.person or groups[one.person][0] not in there]


def _search(bare: str, limit: int, inside: bool) -> list[PersonFound]:
    found = [_by_reference(row, bare) for row in Person.objects.filter(Q(id=bare) | Q(reference_key__in=as_written(bare)))]
    there = {one.person for one in found}
    if _number(bare) is not None or "@" in bare:
        return found + [one for one in _by_contact(bare, limit, inside) if one.person not in there]
    found += [_by_name(row) for row in find_words(Person.objects, bare, limit, inside=inside) if row.id not in there]
    return found or _by_contact(bare, limit, inside)


def _number(bare: str) -> str | None:
    """Return the digits of what may be a telephone number, or a part of one; None of anything else."""
    digits = re.sub(r"[\s().\-/]", "", bare)
    return digits if re.fullmatch(r"\+?\d{4,15}", digits) else None


def _by_contact(bare: str, limit: int, inside: bool) -> list[PersonFound]:
    """Find people by a telephone number, an e-mail address or where letters go; by one word of four letters and more."""
    digits = _number(bare)
    if digits is not None:
        return _by_reach(_phone_part(digits), limit, inside) or _by_reach(digits, limit, inside)
    return _by_reach(squeeze(bare), limit, inside) if "@" in bare or re.fullmatch(r"\S{4,}", bare) else []


def _by_reference(row: Person, bare: str) -> PersonFound:
    if row.id == bare:
        return PersonFound(row.id, full_name(row), "reference", row.id)
    return PersonFound(row.id, full_name(row), "old_reference", str(row.reference))


def _by_name(row: Any) -> PersonFound:
    return PersonFound(row.id, full_name(row), "name" if row.away < NEARLY else "nearly", _names(row))


def _phone_part(digits: str) -> str:
    """Spell the typed part of a number as numbers are kept: 07700 9 and 0044 7700 9 are +4477009."""
    digits = re.sub(r"^00", "+", digits)
    return "+44" + digits[1:] if digits.startswith("0") else digits


def _by_reach(part: str, limit: int, inside: bool) -> list[PersonFound]:
    rows = list(Reach.objects.filter(value_key__startswith=part).order_by("value_key", "id")[:limit])
    if not rows and inside:  # a look at every contact point
        rows = list(Reach.objects.filter(value_key__contains=part).order_by("value_key", "id")[:limit])
    names = people(row.person for row in rows)
    found: dict[str, PersonFound] = {}
    for row in rows:
        how = read_as(row.how, facts.Reach)
        if how is not None and row.person in names:
            why: Why = "phone" if how.channel in ("text", "phone") else "email" if how.channel == "email" else "post"
            one = PersonFound(row.person, full_name(names[row.person]), why, how.value, how.state == "ended")
            if row.person not in found or found[row.person].ended:
                found[row.person] = one
    return sorted(found.values(), key=lambda one: one.ended)


def _names(row: Person) -> str:
    return f"{full_name(row)} ({row.known_as})" if row.known_as else full_name(row)


class Twin(NamedTuple):
    """A record that may be of the same person, and what the two have in common."""

    person: str
    name: str
    why: tuple[str, ...]


MOST_TWINS = 20


def twins_of(person_id: str) -> list[Twin]:
    """Return records that may be of the same person: a number or address in common, or a like name and the same birthday.

    The same number alone is no proof: families share one. Nobody planted is suggested.
    """
    row, hers = person(person_id), alike(person_id)
    if row is None:
        return []
    why: dict[str, list[str]] = {}
    for one in _same_reach(hers):
        why.setdefault(one, []).append("the same number or address")
    near = find_words(Person.objects.exclude(id__in=hers), row.name, MOST_TWINS) if isinstance(row.name, str) else []
    for one in near:
        same_day = row.born_on is not None and one.born_on == row.born_on
        if same_day or (one.away == 0 and (row.born_on is None or one.born_on is None)):
            why.setdefault(one.id, []).append("a like name and the same date of birth" if same_day else "the same name")
    planted = planted_among(why)
    known = people(one for one in why if one not in planted)
    order = sorted((ident for ident in why if ident in known), key=lambda ident: (-len(why[ident]), ident))
    return [Twin(ident, full_name(known[ident]), tuple(why[ident])) for ident in order[:MOST_TWINS]]


def _same_reach(person_ids: list[str]) -> list[str]:
    keys = Reach.objects.filter(person__in=person_ids, value_key__isnull=False).values_list("value_key", flat=True)
    others = Reach.objects.filter(value_key__in=list(keys)).exclude(person__in=person_ids)
    return list(others.order_by("person").values_list("person", flat=True).distinct()[:MOST_TWINS])
