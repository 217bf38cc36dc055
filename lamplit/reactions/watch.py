"""Who is told when somebody looks at more people than the landlord allows, or at one who does not exist."""

from datetime import datetime, timedelta

from lamplit.basics.phone_email import is_mobile
from lamplit.basics.who import CONTRACTOR, read
from lamplit.basics.words import plural
from lamplit.people import queries as people
from lamplit.reactions.letters import Wanted, write
from lamplit.record.encode import Entry
from lamplit.staff import queries as staff

STALE = timedelta(days=2)  # a thief is long gone; it stands on the desk and in the record


def limit_reached(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell the lead on call; every other lead where none is on call, or it is about herself."""
    fact = entry.body
    if at - entry.at > STALE:
        return []
    name = _name(fact.reader)
    allowed = f"{plural(fact.most, 'person', 'people')} in {'an hour' if fact.span == 'hour' else 'a day'}"
    subject, body = write("look_limit", at, name=name, allowed=allowed, reached_at=entry.at)
    return _to_leads("look_limit", subject, body, fact.reader, entry, at)


SHOWN = {
    "page": "on a page of the desk", "case": "in a case", "home": "in the household of a home", "photo": "with a photo",
    "file": "in a file that was handed out", "system": "through a firm’s own system",
}  # fmt: skip


def planted_opened(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell the lead on call who was shown a planted record. It says neither whose name it has nor where it stands."""
    about = people.read_box(entry.body.box)
    if about is None or about.what != "opened" or at - entry.at > STALE:
        return []
    who = read(about.reader or "visitor")
    name = _name(who.id) + (" (their system)" if who.kind == CONTRACTOR else "")
    label, how = people.label_of(about.of), SHOWN.get(about.via or "", "on a page")
    subject, body = write("planted_opened", at, name=name, label=label, how=how, opened_at=about.at)
    return _to_leads("planted_opened", subject, body, who.id, entry, at)


def books_wrong(entry: Entry, at: datetime) -> list[Wanted]:
    """Tell the lead on call that the books of rent do not balance; that they do again stands on the desk."""
    wrong = entry.body.wrong
    if not wrong or at - entry.at > STALE:
        return []
    faults = plural(len(wrong), "fault was", "faults were")
    subject, body = write("books_wrong", at, faults=faults, first=wrong[0], found_at=entry.at)
    return _to_leads("books_wrong", subject, body, "", entry, at)


def _to_leads(template: str, subject: str, body: str, reader: str, entry: Entry, at: datetime) -> list[Wanted]:
    """Return a message to the lead on call; to every other lead where none is on call, or it is about herself."""
    lead = staff.on_call(at).lead
    told = [lead] if lead is not None and lead.id != reader else staff.with_role("lead")
    return [
        Wanted(
            template=template, subject=subject, body=body, key=one.id, channel=way[0], to=way[1],
            name=staff.full_name(one), voice=one.id, because=entry.id,
        )
        for one in told
        if one.id != reader and (way := way_to(one.phone, one.email))
    ]  # fmt: skip


def _name(reader: str) -> str:
    who = staff.member(reader) or staff.contractor(reader)
    return staff.full_name(who) if who is not None else "somebody"


def way_to(phone: object, email: object) -> tuple[str, str] | None:
    """Return how somebody who works here is told at once."""
    if isinstance(phone, str):
        return ("text" if is_mobile(phone) else "call", phone)
    return ("email", email) if isinstance(email, str) else None
