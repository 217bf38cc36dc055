"""Who looked at whom: written from what the doors counted; and the reason for opening a record that is kept for few."""

from datetime import datetime

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By, read
from lamplit.people import facts
from lamplit.people.models import Person
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy

MOST_LOOKS = 200  # in one fact, which has room for four times as many


@action
def write_looks(
    page: Page, *, reader: str, team: str | None, looked_at: datetime, looks: list[facts.Look], by: By, at: datetime, command: str
) -> str:
    """Write who looked at whom in one minute. Returns the batch's id."""
    batch = page.new_id("b")
    people = list(dict.fromkeys(one.person for one in looks))
    page.write(
        facts.RecordsRead(
            batch=batch, reader=reader, people=people, looked_at=looked_at, looks=looks[:MOST_LOOKS], team=tidy(team)
        )
    )
    return batch


@action
def explain_look(page: Page, *, person: str, why: str, by: By, at: datetime, command: str) -> None:
    """Say why a record that is kept for few is opened. Refused: people.no_such_person, people.no_reason."""
    if page.lock(Person, person) is None:
        raise Refused("people.no_such_person")
    if tidy(why) is None:
        raise Refused("people.no_reason")
    page.write(facts.LookExplained(person=person, reader=read(str(by)).id, why=tidy(why)))
