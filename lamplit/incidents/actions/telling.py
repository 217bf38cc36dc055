"""Every household is told: words prepared, agreed to by two people, and ordered for everybody in batches."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.incidents import facts, queries
from lamplit.incidents.models import Duty, Incident, Telling
from lamplit.incidents.rules import status, telling
from lamplit.incidents.rules.history import WHOLE
from lamplit.messages import queries as sent
from lamplit.messages import rules as messages
from lamplit.messages.models import CODE_LENGTH
from lamplit.people import queries as people
from lamplit.record.encode import clean
from lamplit.record.page import Page, action
from lamplit.tenancies import queries as tenancies
from lamplit.tenancies.queries import Lives

BATCH = 200  # households or letters whose messages one page orders


@action
def prepare_telling(
    page: Page, *, incident: str, what: telling.What, works: str, number: str, next_at: datetime | None, by: By, at: datetime,
    command: str,
) -> str:  # fmt: skip
    """Prepare the words for every household, or for everybody with a letter that was stopped. Returns their id.

    Refused: incidents.not_open, and those of `rules.status.check_next` and `rules.telling.words`.
    """
    row = _open(page, incident)
    until = status.check_next(next_at, at)
    said = telling.words(
        what, works=clean(works), number=clean(number), next_at=until, opened_at=row.opened_at,
        landlord=settings.LANDLORD["name"], at=at,
    )  # fmt: skip
    made = page.new_id("w")
    page.write(
        facts.TellingPrepared(
            incident=incident, telling=made, what=what, subject=said.subject, short=said.short, long=said.long,
            script=said.script, number=number.strip(), next_at=until,
        )
    )  # fmt: skip
    return made


@action
def agree_telling(page: Page, *, telling_id: str, by: By, at: datetime, command: str) -> bool:
    """Agree to the words. With the second person they stand on the status page and go out: then it is True.

    Refused: incidents.no_such_telling, incidents.not_open, those of `rules.telling.check_agrees`, and incidents.next_passed.
    """
    found = queries.telling(telling_id)
    if found is None:
        raise Refused("incidents.no_such_telling")
    _open(page, found.incident)
    row = page.lock(Telling, telling_id)
    assert row is not None, telling_id  # noqa: S101 - words are never taken away
    newest = queries.newest_telling(row.incident, row.what) == telling_id
    second = telling.check_agrees(str(by), first_by=row.first_by, released=row.second_at is not None, newest=newest)
    status.check_next(row.next_at, at)
    page.write(facts.TellingAgreed(incident=row.incident, telling=telling_id, second=second))
    if second:
        before = queries.standing(queries.lines_of(row.incident)).get(WHOLE)
        keeps = before.id if before is not None and before.next_at is not None and before.kept_at is None else None
        said = facts.UpdateSaid(incident=row.incident, line=page.new_id("l"), says=row.short, next_at=row.next_at, keeps=keeps)
        page.write(said)
        if row.what == "everyone":
            _duty_done(page, row.incident, "told_public", telling_id)
    return second


@action
def write_telling(page: Page, *, telling_id: str, by: By, at: datetime, command: str) -> bool:
    """Order the next batch of the messages. Returns whether that was the last; True also when there was nothing to do.

    It goes on where the last batch ended, so it may be killed at any moment and called again. A drill writes to nobody.
    """
    row = page.lock(Telling, telling_id)
    if row is None or row.second_at is None or row.over_at is not None:
        return True
    incident = queries.incident(row.incident)
    if incident is None or incident.drill:
        upto, over, households, told = "", True, 0, list[people.Addressee]()
    elif row.what == "everyone":
        upto, over, households, told = _next_households(page, row, at)
    else:
        upto, over, households, told = _next_letters(row, at)
    page.preload_keys(one.person for one in told)
    for one in told:
        _order(page, row, one, at)
    page.write(
        facts.TellingWritten(
            incident=row.incident, telling=telling_id, upto=upto, households=households, people=len(told), over=over
        )
    )
    if over and row.what == "everyone":
        _duty_done(page, row.incident, "told_everybody", telling_id)
    return over


def _next_households(page: Page, row: Telling, at: datetime) -> tuple[str, bool, int, list[people.Addressee]]:
    """Return how far a batch of households goes, whether it is the last, how many they are, and whom to write to."""
    on = london_date(at)
    batch = tenancies.households_after(row.upto or "", on, BATCH)
    chosen = {household: addressed(living) for household, living in batch.items()}
    found = people.addressees((one for some in chosen.values() for one in some), "message", on)
    for household, some in chosen.items():
        if not some:  # nobody grown lives there by our books: a person looks
            _order_for_nobody(page, row, household, at)
    upto = max(batch, default=row.upto or "")
    return upto, len(batch) < BATCH, len(batch), list(found.values())


def _next_letters(row: Telling, at: datetime) -> tuple[str, bool, int, list[people.Addressee]]:
    """Return the same of a batch of letters that were stopped: each person is told once, however many she has."""
    letters = queries.held_letters(row.incident, after=row.upto or "", limit=BATCH)
    told = queries.told_already(row.id, (one.person for one in letters))
    wanted = [one.person for one in letters if one.person is not None and one.person not in told]
    found = people.addressees(wanted, "message", london_date(at))
    upto = letters[-1].row if letters else row.upto or ""
    return upto, len(letters) < BATCH, len(letters), list(found.values())


def addressed(living: Iterable[Lives]) -> list[str]:
    """Return whom to write to in a household: its tenants, or where none lives there its other adults."""
    grown = [one for one in living if one.role != "child"]
    tenants = [one.person for one in grown if one.role == "tenant"]
    return tenants or [one.person for one in grown]


def _order(page: Page, row: Telling, to: people.Addressee, at: datetime) -> None:
    ways = [messages.way(one.channel, one.value) for one in to.ways]
    way = messages.best_way(ways, None) or sent.at_home(to.person, london_date(at))  # nobody is left out for want of a number
    asked = messages.Wishes(
        language=to.wishes.language, channel=to.wishes.channel, format=to.wishes.format, interpreter=to.interpreter
    )
    wanted = messages.convey(asked, settings.LANDLORD["phone"])
    body = row.short if way is not None and way.channel == "text" else row.long
    _write(page, row, messages.Order(
        template=telling.TEMPLATE, subject=row.subject, body=body, voice=to.person, person=to.person, name=to.name,
        because=row.id,
    ), way, wanted, at)  # fmt: skip


def _order_for_nobody(page: Page, row: Telling, household: str, at: datetime) -> None:
    """Order what can reach nobody, so that the household stands with everybody else whom we could not reach."""
    order = messages.Order(
        template=telling.TEMPLATE, subject=row.subject, body=row.long, voice=household, about=household, because=row.id
    )
    _write(page, row, order, None, messages.Conveyed(), at)


def _write(
    page: Page, row: Telling, order: messages.Order, way: messages.Way | None, wanted: messages.Conveyed, at: datetime
) -> None:
    message = page.new_id("m")
    code = page.new_id("m")[-CODE_LENGTH:].upper()
    for fact in messages.facts_of_order(order, message, way, wanted, code, at, lambda: page.new_id("v")):
        page.write(fact)


def _duty_done(page: Page, incident: str, duty: str, reference: str) -> None:
    """Say that a duty is done, with the words themselves as its proof, unless somebody said so before."""
    waits = page.lock(Duty, f"{incident}.{duty}")
    if waits is not None and waits.outcome is None:
        page.write(facts.DutyDone(incident=incident, duty=duty, outcome="done", reference=reference))


def _open(page: Page, incident: str) -> Incident:
    row = page.lock(Incident, incident)
    if row is None or row.ended_at is not None:
        raise Refused("incidents.not_open")
    return row  # type: ignore[no-any-return]  # the row has the model's columns
