"""Two records of one person shown as one, and taken apart again. Neither record changes but for what stands of its name."""

from datetime import datetime

import msgspec

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.people import facts, queries, rules
from lamplit.people.models import Merge, Person, PersonNote, Reach
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy

WHY = "Merged with another record of the same person"
APART = "Taken apart again from another person's record"
MOVED = "It belongs to somebody whose record was merged with this one by mistake"


@action
def merge_people(
    page: Page, *, kept: str, gone: str, stands: rules.Believed, why: str, by: By, at: datetime, command: str
) -> str:
    """Show one record under another. `stands`: which of the clashing values holds. Returns the merge's id.

    Nothing is sent to a contact point of one for the other until `confirm_merge`. Refused: people.no_such_person,
    people.merge_other_value, and what `rules.check_merge` refuses.
    """
    _lock(page, kept, gone)
    pairs = [(row.kept, row.gone) for row in queries.merges_of([kept, gone])]
    rules.check_merge(kept, gone, merged=pairs, why=tidy(why))
    before = queries.believed(kept)
    rules.check_stands(stands, before, queries.believed(gone))
    merge = page.new_id("g")
    page.write(facts.PersonMerged(merge=merge, kept=kept, gone=gone, why=tidy(why)))
    if stands != before:
        page.write(facts.PersonCorrected(person=kept, why=WHY, **msgspec.structs.asdict(stands)))
    return merge


@action
def confirm_merge(page: Page, *, merge: str, how: str, by: By, at: datetime, command: str) -> None:
    """Say how one made sure that both records are hers: from now on what is sent to her may use the contact points of both.

    Refused: people.no_such_merge, people.merge_confirmed, people.merge_needs_two, people.no_reason.
    """
    row = _standing(page, merge)
    if row.confirmed_at is not None:
        raise Refused("people.merge_confirmed")
    if row.by == str(by):
        raise Refused("people.merge_needs_two")
    if tidy(how) is None:
        raise Refused("people.no_reason")
    page.write(facts.MergeConfirmed(merge=merge, kept=row.kept, gone=row.gone, how=tidy(how)))


@action
def unmerge_people(
    page: Page, *, merge: str, why: str, notes: list[str], reaches: list[str], by: By, at: datetime, command: str
) -> None:
    """Take two records apart. `notes` and `reaches` came to the kept one since, and belong to the other: they go there.

    The name that stood before the merge stands again, unless somebody put it right since. Refused: people.no_such_merge,
    people.no_reason, people.no_such_note, people.no_such_reach.
    """
    row = _standing(page, merge)
    if tidy(why) is None:
        raise Refused("people.no_reason")
    _lock(page, row.kept, row.gone)
    for note in notes:
        _move_note(page, note, row, at)
    for reach in reaches:
        _move_reach(page, reach, row)
    _believe_again(page, row)
    page.write(facts.PersonUnmerged(merge=merge, kept=row.kept, gone=row.gone, why=tidy(why)))


def _lock(page: Page, *people: str) -> None:
    """Lock both in one order: two who merge the same two the other way round wait for each other."""
    for person in sorted(people):
        if page.lock(Person, person) is None:
            raise Refused("people.no_such_person")


def _standing(page: Page, merge: str) -> Merge:
    row: Merge | None = page.lock(Merge, merge)
    if row is None or row.ended_at is not None:
        raise Refused("people.no_such_merge")
    return row


def _move_note(page: Page, note: str, row: Merge, at: datetime) -> None:
    about = next((one.about for one in queries.notes(row.kept) if one.id == note), None)
    if about is None:
        raise Refused("people.no_such_note")
    page.lock(PersonNote, note)
    ended = max(london_date(at), about.since_on or london_date(at))
    page.write(facts.PersonNoted(note=note, person=row.kept, about=msgspec.structs.replace(about, ended_on=ended)))
    page.write(facts.PersonNoted(note=page.new_id("n"), person=row.gone, about=about))


def _move_reach(page: Page, reach: str, row: Merge) -> None:
    """What was proved is not proved for the other: she proves it herself before anything goes there."""
    how = next((one.how for one in queries.reaches(row.kept) if one.id == reach), None)
    if how is None:
        raise Refused("people.no_such_reach")
    page.lock(Reach, reach)
    page.write(
        facts.ReachRecorded(reach=reach, person=row.kept, how=msgspec.structs.replace(how, state="ended", why=MOVED, proved=None))
    )
    fresh = msgspec.structs.replace(how, state="ended" if how.state == "ended" else "unproved", proved=None, held=None)
    page.write(facts.ReachRecorded(reach=page.new_id("a"), person=row.gone, how=fresh))


def _believe_again(page: Page, row: Merge) -> None:
    """Put back the name that stood before, if the merge's own is still the last word."""
    listed = queries.beliefs(row.kept)
    last, before = (listed[0], listed[1]) if len(listed) > 1 else (None, None)
    if last is not None and before is not None and last.why == WHY and (last.at, last.by) == (row.at, row.by):
        stood = msgspec.structs.asdict(queries.believed_of(before))
        page.write(facts.PersonCorrected(person=row.kept, why=APART, **stood))
