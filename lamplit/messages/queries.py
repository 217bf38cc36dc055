"""What was said and sent, as pages and the sender read it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Right

from lamplit.messages.models import CODE_LENGTH, Contact, Message, Promise
from lamplit.messages.rules import USUAL, Way, interpreter_words, language_of
from lamplit.record.ready import Ready, ReadyColumns, counted

__all__ = [
    "Contact", "Message", "Promise", "already_sent", "contact", "contacts_of", "last_question", "message", "messages_about",
    "messages_of", "open_promises", "ordered_because", "outbox", "promises_of", "reached_nobody", "to_send", "ways_tried",
    "with_code",
]  # fmt: skip

LIMIT = 200
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))  # after the first try that failed, the second, and so on

# Written by a command whose last entry is not in the log yet. After a rebuild there is no such command: all of it is sealed.
_UNSEALED = (
    "EXISTS (SELECT 1 FROM record.command c WHERE c.id = message.command AND c.intake_to IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM record.entry e WHERE e.intake_id = c.intake_to))"
)


def contacts_of(
    *, audience: str, person: str | None = None, home: str | None = None, repair: str | None = None, limit: int = LIMIT
) -> list[Contact]:
    """Return contacts, newest first, of a person, a home or a repair (all that are given must fit).

    `audience` is who reads: "staff" (all but restricted), "restricted" (everything), or a person's id: she sees what she
    and we said to each other, and nothing that was kept for staff or that somebody else said.
    """
    hidden = "restricted" if audience == "staff" else None
    hers = None if audience in {"staff", "restricted"} else audience
    return _CONTACTS.all(limit=limit, person=person, home=home, repair=repair, hidden=hidden, hers=hers)


def _contacts(
    person: str | None, home: str | None, repair: str | None, hidden: str | None, hers: str | None
) -> QuerySet[Contact]:
    found = Contact.objects.filter(**_about(person, home, repair)).order_by("-happened_at", "-id")
    if hidden is not None:
        found = found.exclude(audience=hidden)
    return found if hers is None else found.filter(voice=hers, person=hers, audience="all")


def _about(person: str | None, home: str | None, repair: str | None) -> dict[str, str]:
    """Return the filters for what is given. ValueError when nothing is: nobody reads every contact there is."""
    given = {"person": person, "home": home, "repair": repair}
    filters = {name: value for name, value in given.items() if value is not None}
    if not filters:
        raise ValueError("contacts are read of a person, a home or a repair")
    return filters


_CONTACTS = Ready(_contacts)


def open_promises(
    *, owner: str | None = None, due_before: datetime | None = None, after: tuple[datetime, str] | None = None, limit: int = LIMIT
) -> list[Promise]:
    """Return promises that are not kept yet, what is due first first. `after`: due_at and id of the last one seen."""
    after_at, after_id = after or (None, None)
    return _OPEN.all(limit=limit, owner=owner, due_before=due_before, after_at=after_at, after_id=after_id)


def _open(owner: str | None, due_before: datetime | None, after_at: datetime | None, after_id: str | None) -> QuerySet[Promise]:
    found = Promise.objects.filter(kept_at__isnull=True).order_by("due_at", "id")
    if owner is not None:
        found = found.filter(owner=owner)
    if due_before is not None:
        found = found.filter(due_at__lt=due_before)
    if after_at is not None:
        found = found.filter(Q(due_at__gt=after_at) | Q(due_at=after_at, id__gt=after_id))
    return found


_OPEN = Ready(_open)


_PROMISES = ReadyColumns(
    lambda owner: counted(Promise.objects.filter(kept_at__isnull=True), every=Q(), hers=Q(owner=owner)), "every", "hers"
)


def count_open_promises(owner: str) -> tuple[int, int]:
    """Return how many promises are not kept yet: of everybody, and of one owner."""
    every, hers = _PROMISES.all(owner=owner)[0]
    return every, hers


def contact(ident: str) -> Contact | None:
    """Return one contact, or None."""
    return Contact.objects.filter(id=ident).first()


def promise(ident: str) -> Promise | None:
    """Return one promise, or None."""
    return Promise.objects.filter(id=ident).first()


def restricted_contacts(idents: Iterable[str | None]) -> set[str]:
    """Return those of the contacts that only few may read."""
    wanted = [ident for ident in idents if ident]
    return set(Contact.objects.filter(id__in=wanted, audience="restricted").values_list("id", flat=True))


def promises_of(*, audience: str, person: str | None = None, home: str | None = None, repair: str | None = None) -> list[Promise]:
    """Return promises kept and open, newest first. A person as `audience` sees only what was promised to her.

    Staff see what was promised with a restricted contact only as `restricted`.
    """
    hers = None if audience in {"staff", "restricted"} else audience
    listed = _PROMISED.all(limit=LIMIT, person=person, home=home, repair=repair, hers=hers)
    if audience == "restricted":
        return listed
    contacts = Contact.objects.filter(id__in=[p.contact for p in listed if p.contact])
    hidden = contacts.filter(audience="restricted") if audience == "staff" else contacts.exclude(audience="all")
    hidden_ids = set(hidden.values_list("id", flat=True))
    return [p for p in listed if p.contact not in hidden_ids]


def _promised(person: str | None, home: str | None, repair: str | None, hers: str | None) -> QuerySet[Promise]:
    found = Promise.objects.filter(**_about(person, home, repair)).order_by("-made_at", "-id")
    return found if hers is None else found.filter(voice=hers, person=hers)


_PROMISED = Ready(_promised)


def _to_her(person: str, voices: list[str]) -> QuerySet[Message]:
    return Message.objects.filter(Q(person=person) | Q(voice__any=voices)).order_by("-ordered_at", "-id")


def _new_to_her(person: str, voices: list[str], since: datetime | None) -> QuerySet[Message]:
    return counted(_to_her(person, voices), new=Q() if since is None else Q(ordered_at__gt=since))


_TO_HER = Ready(_to_her)
_NEW_TO_HER = ReadyColumns(_new_to_her, "new")
_ABOUT = Ready(lambda about, voices: Message.objects.filter(voice__any=voices, about=about).order_by("-ordered_at", "-id"))


def messages_of(person: str, *, cases: Iterable[str] = (), limit: int = LIMIT) -> list[Message]:
    """Return what we sent her or are about to, by any channel, newest first.

    `cases`: ids of her complaints. Messages about these carry her id nowhere, so that the log does not tell who complained.
    """
    return _TO_HER.all(person=person, voices=[person, *cases], limit=limit)


def count_messages(person: str, *, cases: Iterable[str] = (), since: datetime | None) -> int:
    """Return how many of these we ordered since then; all of them for None."""
    new: int = _NEW_TO_HER.column(person=person, voices=[person, *cases], since=since)[0]
    return new


def messages_about(about: str, *, voices: Iterable[str]) -> list[Message]:
    """Return messages about a repair or complaint to these voices (people, or the repair itself), newest first."""
    return _ABOUT.all(about=about, voices=list(voices), limit=LIMIT)


def outbox(limit: int = 50) -> list[Message]:
    """Return the newest messages of all, as sent."""
    return list(Message.objects.order_by("-ordered_at", "-id")[:limit])


def message(ident: str) -> Message | None:
    """Return one message, or None."""
    return Message.objects.filter(id=ident).first()


def interpreter_for(language: str | None) -> str | None:
    """Say how to talk to somebody of this language: "through an interpreter (Polish)"; None when ours will do."""
    found = language_of(language)
    return None if found is None or found.reads_ours else interpreter_words(found)


def is_usual(wanted: str) -> bool:
    """Say whether a format is how we write to everybody."""
    return wanted.lower() in USUAL


def ordered_because(causes: Iterable[str]) -> list[Message]:
    """Return the messages that follow from these entries, the oldest first."""
    return list(Message.objects.filter(because__in=list(causes)).order_by("ordered_at", "id")[:LIMIT])


def with_code(code: str) -> list[Message]:
    """Return the messages that carry this check code, newest first. Two may by chance; none tells whom it went to."""
    wanted = code.strip().upper()
    if len(wanted) != CODE_LENGTH:
        return []
    return list(Message.objects.annotate(code=Right("body", CODE_LENGTH)).filter(code=wanted).order_by("-ordered_at")[:20])


def last_question(*, to: str, templates: Iterable[str], since: datetime) -> Message | None:
    """Return the newest message sent to this number or address with one of these templates, or None.

    A reply by text answers it. `since` bounds how long a question stays open.
    """
    found = Message.objects.filter(to=to, template__in=list(templates), status="sent", sent_at__gte=since)
    return found.order_by("-sent_at", "-id").first()


def to_send(at: datetime, limit: int = 100) -> list[Message]:
    """Return messages that were ordered, are in the sealed record, and are neither sent nor finally failed; oldest first.

    One that failed waits before the next try.
    """
    return list(_waiting(at).order_by("ordered_at", "id")[:limit])


def _waiting(at: datetime) -> QuerySet[Message]:
    ready = Q(tries=0)
    for tries, wait in enumerate(WAITS, 1):
        ready |= Q(tries=tries, tried_at__lte=at - wait)
    ready |= Q(tries__gt=len(WAITS), tried_at__lte=at - WAITS[-1])
    unsealed = RawSQL(_UNSEALED, [])  # noqa: S611 - our own text, no parameters
    return Message.objects.filter(ready, status="ordered").alias(unsealed=unsealed).filter(unsealed=False)


def reached_nobody(*, limit: int = LIMIT) -> list[Message]:
    """Return messages that failed for good and were not sent another way, newest first: a person must find a way."""
    followed = Message.objects.filter(because__startswith="m_").values("because")
    failed = Message.objects.filter(status="failed").exclude(id__in=followed)
    return list(failed.order_by("-ordered_at", "-id")[:limit])


def ways_tried(ident: str) -> list[Way]:
    """Return the ways in which a message, and those that it replaces, were sent; newest first."""
    tried: list[Way] = []
    seen: str | None = ident
    while seen is not None and (row := message(seen)) is not None:
        if isinstance(row.channel, str) and isinstance(row.to, str):
            tried.append(Way(channel=row.channel, to=row.to))
        seen = row.because if row.because and row.because.startswith("m_") else None
    return tried


def already_sent(*, because: str, template: str, since: datetime) -> bool:
    """True if a message with this template was ordered because of this since then."""
    return Message.objects.filter(because=because, template=template, ordered_at__gte=since).exists()
