"""People, and ways to reach them, that a file brings over from another system, many at a time."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from lamplit.basics.brought import BY_FILE, Became, Brought, Tally, merged, said_by_file
from lamplit.basics.fact import Unavailable
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import CLI, By
from lamplit.basics.working_days import london_date
from lamplit.people import facts, queries, rules
from lamplit.people.models import Person, PersonBelief, PersonNote, Reach
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy

WHY = "Changed in the system she was brought over from"
ENDED = "Ended in the system it was brought over from"
ChannelName = Literal["text", "phone", "email", "post"]


class PersonRow(Plain, frozen=True, kw_only=True):
    """A person as a line of a file tells of her. `reference` is what the other system calls her."""

    line: int
    reference: str
    name: str
    known_as: str | None = None
    title: str | None = None
    born_on: date | None = None


class ContactRow(Plain, frozen=True, kw_only=True):
    """A way to reach somebody as a line of a file tells of it. `person` is what the other system calls her."""

    line: int
    person: str
    channel: ChannelName
    value: str
    safe: bool = False
    works: bool = True
    ended: bool = False
    preferred: bool = False
    label: str | None = None


class _Person(Plain, frozen=True, kw_only=True):
    """What is believed of a person."""

    name: str | None
    known_as: str | None
    title: str | None
    born_on: date | None


@action
def import_people(page: Page, *, rows: list[PersonRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Record the people who are new; put right those of whom the file says something else than last time.

    Each row by itself is refused as `record_person` would refuse it. A rehearsal writes nothing and raises `Rehearsed`.
    """
    bringing = _People(page, rows, london_date(at))
    tally: Tally[PersonRow] = Tally()
    tally.bring(rows, lambda row: row.line, bringing.bring)
    return tally.answer(rehearse=rehearse)


@action
def import_contacts(page: Page, *, rows: list[ContactRow], rehearse: bool, by: By, at: datetime, command: str) -> Brought:
    """Record ways to reach people, by person, channel and value; at most one row of a person is preferred.

    What staff or she herself said last is left as it is.

    Refused, each row by itself: people.reference_not_known, and what `rules.check_reach` refuses. A rehearsal writes nothing
    and raises `Rehearsed`.
    """
    bringing = _Contacts(page, rows, london_date(at))
    tally: Tally[ContactRow] = Tally()
    tally.bring(rows, lambda row: row.line, bringing.bring)
    return tally.answer(rehearse=rehearse)


def _by_reference(references: list[str]) -> dict[str, str]:
    return dict(Person.objects.filter(reference_key__any=references).values_list("reference_key", "id"))


class _People:
    """One batch of people."""

    def __init__(self, page: Page, rows: list[PersonRow], today: date) -> None:
        self._page, self._today = page, today
        self._people = _by_reference([row.reference for row in rows])
        there = list(self._people.values())
        if there:
            page.preload(Person, there)
            page.preload_keys(there)
        # Read once they are locked; a locked row itself has its columns as they are kept.
        self._now = {row.id: _believed(row) for row in Person.objects.filter(id__any=there)} if there else {}
        self._beliefs: dict[str, list[tuple[str, _Person]]] = {}
        for belief in PersonBelief.objects.filter(person__any=there).order_by("recorded_at", "id") if there else ():
            if (read := _believed(belief)) is not None:
                self._beliefs.setdefault(belief.person, []).append((belief.by, read))

    def bring(self, row: PersonRow) -> Became:
        name = rules.check_name(tidy(row.name), tidy(row.known_as))
        rules.check_birth(row.born_on, self._today)
        says = _Person(name=name, known_as=tidy(row.known_as), title=tidy(row.title), born_on=row.born_on)
        person = self._people.get(row.reference)
        if person is not None:
            return self._correct(person, says)
        person = self._people[row.reference] = self._page.new_id("p")
        self._page.write(facts.PersonRecorded(person=person, reference=row.reference, **_fields(says)))
        return "written"

    def _correct(self, person: str, says: _Person) -> Became:
        now = self._now.get(person)
        said = said_by_file(self._beliefs.get(person, []))
        if now is None:  # erased since she was looked for, or told twice
            return "there"
        becomes = merged(now, said or now, says)
        if becomes == now:
            return "there"
        self._page.write(facts.PersonCorrected(person=person, why=WHY, **_fields(becomes)))
        return "changed"


class _Contacts:
    """One batch of ways to reach people, and which way each person prefers."""

    def __init__(self, page: Page, rows: list[ContactRow], today: date) -> None:
        self._page, self._today = page, today
        self._people = _by_reference(list({row.person for row in rows}))
        there = list(self._people.values())
        page.preload(Person, there)
        page.preload_keys(there)
        self._known: dict[str, list[tuple[str, str, facts.Reach]]] = {}
        for row in Reach.objects.filter(person__any=there).order_by("at", "id"):
            if not isinstance(row.how, Unavailable) and row.how is not None:
                self._known.setdefault(row.person, []).append((row.id, row.by, msgspec.convert(row.how, facts.Reach)))
        noted = PersonNote.objects.filter(person__any=there).values_list("person", flat=True)
        self._noted = set(noted)  # the others have said nothing of what they prefer

    def bring(self, row: ContactRow) -> Became:
        person = self._people.get(row.person)
        if person is None:
            raise Refused("people.reference_not_known")
        how = rules.check_reach(
            facts.Reach(
                channel=row.channel, value=tidy(row.value) or "", safe=row.safe, label=tidy(row.label),
                state="ended" if row.ended else "works" if row.works else "unproved", why=ENDED if row.ended else None,
            )
        )  # fmt: skip
        became = self._reach(person, how)
        preferring = row.preferred and not row.ended and self._prefer(person, row.channel)
        return "changed" if preferring and became == "there" else became

    def _reach(self, person: str, how: facts.Reach) -> Became:
        known = self._known.setdefault(person, [])
        for place, (reach, by, before) in enumerate(known):
            if before.channel != how.channel or before.value.lower() != how.value.lower():
                continue
            # Ended is ended: nobody's number comes back because an old list still has it.
            if before.state == "ended" or not by.startswith(BY_FILE) or _same(before, how):
                return "there"
            self._page.write(facts.ReachRecorded(reach=reach, person=person, how=how))
            known[place] = (reach, BY_FILE, how)
            return "changed"
        reach = self._page.new_id("a")
        how = rules.weigh(None, how, CLI, restricted=False)
        self._page.write(facts.ReachRecorded(reach=reach, person=person, how=how))
        known.append((reach, BY_FILE, how))
        return "written"

    def _prefer(self, person: str, channel: ChannelName) -> bool:
        """Note the channel that she prefers, unless she has said so to us. Returns whether it is new."""
        noted = queries.notes(person) if person in self._noted else []
        before = next((one for one in noted if one.about and (one.about.what, one.about.code) == ("preference", "channel")), None)
        if before is not None and (not before.by.startswith(BY_FILE) or _prefers(before.about) == channel):
            return False
        note = before.id if before is not None else self._page.new_id("n")
        about = rules.check_note(facts.PersonNote(what="preference", code="channel", value=channel), self._today)
        self._page.write(facts.PersonNoted(note=note, person=person, about=about))
        return True


def _prefers(about: facts.PersonNote | None) -> str | None:
    return about.value if about is not None and about.ended_on is None else None


def _same(before: facts.Reach, how: facts.Reach) -> bool:
    return (before.value, before.safe, before.state, before.label) == (how.value, how.safe, how.state, how.label)


def _fields(person: _Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in person.__struct_fields__}


def _believed(row: Any) -> _Person | None:
    """Return what a row of a table holds, or None when it cannot be read."""
    values = {name: getattr(row, name) for name in _Person.__struct_fields__}
    if any(isinstance(value, Unavailable) for value in values.values()):
        return None
    born = values["born_on"]
    values["born_on"] = date.fromisoformat(born) if isinstance(born, str) else born
    return _Person(**values)
