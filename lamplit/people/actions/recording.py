"""Who somebody is, how to reach her, what to know of her: one thing at a time."""

from datetime import date, datetime

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.people import facts, queries, rules
from lamplit.people.models import Mandate, Person, PersonNote, Reach
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy, tidy_struct


@action
def record_person(
    page: Page,
    *,
    name: str,
    known_as: str | None = None,
    title: str | None = None,
    born_on: date | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Record a person. Returns her id. Refused: people.no_name, people.name_too_long, people.bad_birth."""
    person = page.new_id("p")
    bare = rules.check_name(tidy(name), tidy(known_as))
    rules.check_birth(born_on, london_date(at))
    page.write(facts.PersonRecorded(person=person, name=bare, known_as=tidy(known_as), title=tidy(title), born_on=born_on))
    return person


@action
def correct_person(
    page: Page,
    *,
    person: str,
    why: str,
    name: str,
    known_as: str | None = None,
    title: str | None = None,
    born_on: date | None = None,
    by: By,
    at: datetime,
    command: str,
) -> None:
    """Put right who somebody is: give all of it. What we believed before stays in her beliefs.

    Refused: people.no_such_person, people.no_reason, people.no_name, people.name_too_long, people.bad_birth.
    """
    _lock(page, person)
    if tidy(why) is None:
        raise Refused("people.no_reason")
    bare = rules.check_name(tidy(name), tidy(known_as))
    rules.check_birth(born_on, london_date(at))
    page.write(
        facts.PersonCorrected(
            person=person, name=bare, known_as=tidy(known_as), title=tidy(title), born_on=born_on, why=tidy(why)
        )
    )


@action
def set_reach(page: Page, *, person: str, how: facts.Reach, reach: str | None = None, by: By, at: datetime, command: str) -> str:
    """Record a way to reach somebody; or change or end the one that `reach` names. Returns its id.

    A new or changed number or address counts as unproved until `prove_reach` (`rules.weigh`). Refused: people.no_such_person,
    people.no_such_reach, people.reach_known, people.reach_ended, people.other_channel, and what `rules.check_reach` refuses.
    """
    _lock(page, person)
    how = rules.check_reach(tidy_struct(how))
    known = [one for one in queries.reaches(person) if one.how is not None]
    before = next((one.how for one in known if one.id == reach), None)
    if reach is not None:
        if before is None:
            raise Refused("people.no_such_reach")
        page.lock(Reach, reach)
        how = rules.check_reach_change(before, how)
    elif any(one.how and rules.same_reach(one.how, how) for one in known):
        raise Refused("people.reach_known")
    how = rules.weigh(before, how, by.kind, restricted=queries.is_restricted(person))
    reach = reach or page.new_id("a")
    page.write(facts.ReachRecorded(reach=reach, person=person, how=how))
    return reach


@action
def prove_reach(page: Page, *, person: str, reach: str, by: By, at: datetime, command: str) -> None:
    """Record that she entered the code that was sent to a contact point: from now on we use it.

    Refused: people.no_such_person, people.no_such_reach, people.reach_ended, people.no_code_there.
    """
    _lock(page, person)
    how = next((one.how for one in queries.reaches(person) if one.id == reach), None)
    if how is None:
        raise Refused("people.no_such_reach")
    page.lock(Reach, reach)
    page.write(facts.ReachRecorded(reach=reach, person=person, how=rules.prove(how)))


@action
def note_person(
    page: Page, *, person: str, about: facts.PersonNote, note: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Note a need, risk, preference, restricted marker or alert; change or end (`ended_on`) the one that `note` names.

    A need, risk, marker or preference that we know already is changed, not doubled. Returns the note's id.
    Refused: people.no_such_person, people.no_such_note, people.other_kind, and what `rules.check_note` refuses.
    """
    _lock(page, person)
    today = london_date(at)
    about = rules.check_note(tidy_struct(about), today)
    known = {one.id: one.about for one in queries.notes(person)}
    if note is not None:
        before = known.get(note)
        if before is None:
            raise Refused("people.no_such_note")
        if before.what != about.what:
            raise Refused("people.other_kind")
    else:
        note = next((key for key, one in known.items() if one and rules.same_thing(one, about, today)), None)
    if note is not None:
        page.lock(PersonNote, note)
    note = note or page.new_id("n")
    page.write(facts.PersonNoted(note=note, person=person, about=about))
    return note


@action
def represent_person(
    page: Page, *, person: str, leave: facts.Mandate, mandate: str | None = None, by: By, at: datetime, command: str
) -> str:
    """Let somebody act for a person; change or end (`ended_on`) the leave that `mandate` names. Returns its id.

    Refused: people.no_such_person, people.no_such_mandate, and what `rules.check_mandate` refuses.
    """
    _lock(page, person)
    if mandate is not None:
        row = page.lock(Mandate, mandate)
        if row is None or row.person != person:
            raise Refused("people.no_such_mandate")
    leave = rules.check_mandate(tidy_struct(leave), london_date(at))
    mandate = mandate or page.new_id("m")
    page.write(facts.PersonRepresented(mandate=mandate, person=person, leave=leave))
    return mandate


def _lock(page: Page, person: str) -> None:
    """Lock the person: what is said of her changes one thing at a time."""
    if page.lock(Person, person) is None:
        raise Refused("people.no_such_person")
