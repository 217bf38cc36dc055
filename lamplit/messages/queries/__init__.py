"""What was said and sent, as pages and the sender read it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Right

from lamplit.basics.fact import Unavailable
from lamplit.basics.refusal import Refused
from lamplit.messages.models import CODE_LENGTH, Contact, Email, HeldLetter, Message, Post, Promise
from lamplit.messages.queries.answers import (
    ABOUT_RENT,
    READ_WITHIN,
    emails_about,
    emails_of_nobody,
    said_since,
    standby_waits,
    stopped_about,
)
from lamplit.messages.queries.checking import (
    Answer,
    Sent,
    check_message,
    forgeries_to_see,
    forgery,
    keys_of_email,
    lines_of_languages,
    name_of,
    scam,
    scams_now,
    sent_by,
    wordings,
)
from lamplit.messages.queries.languages import interpreter_for, is_unknown_language, known_languages
from lamplit.messages.queries.ways import at_home, may_go, ways_to
from lamplit.messages.rules import USUAL, Pace, Way, check_body, clock_templates, pace, spoken_parts
from lamplit.record.blobs import read_sealed
from lamplit.record.ready import Ready, ReadyColumns, counted

__all__ = [
    "ABOUT_RENT", "CODE_LENGTH", "READ_WITHIN", "Answer", "Contact", "Email", "Message", "Promise", "Sent", "already_sent",
    "as_it_came", "as_sent", "at_home", "came_as", "carried", "check_message", "contact", "contacts_of", "email",
    "email_of_contact", "email_promised", "emails_about", "emails_of_nobody",
    "forgeries_to_see", "forgery", "handed_of", "interpreter_for",
    "is_unknown_language", "kept_as", "keys_of_email", "known_languages", "last_question",
    "lines_of_languages", "may_go",
    "message", "messages_about", "messages_of", "name_of", "open_promises", "ordered_because", "outbox", "promises_of",
    "reached_nobody", "said_since", "scam", "scams_now", "sent_by", "spoken_parts", "standby_waits", "stopped_about",
    "to_file", "to_send", "unheard_of",
    "waiting_for_a_person", "ways_to", "ways_tried", "why_not_sent", "with_code", "wordings",
]  # fmt: skip

LIMIT = 200
PAPER_CHANNELS = ("email", "post")
GIVEN_UP = timedelta(days=10)  # a provider that said nothing for so long is not asked again
TOOK = ("sent", "delivered", "unheard")  # a provider took it, and nobody said that it failed

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


def email(ident: str) -> Email | None:
    """Return one e-mail that came in, or None."""
    return Email.objects.filter(id=ident).first()


def email_of_contact(contact: str) -> Email | None:
    """Return the e-mail that became this contact, or None."""
    return Email.objects.filter(contact=contact).first()


def email_promised(promise: Promise) -> Email | None:
    """Return the e-mail that a promise is about: that somebody reads it. None when it is about no e-mail."""
    if promise.contact is not None:
        return email_of_contact(promise.contact)
    return email(promise.voice) if promise.voice.startswith("x_") else None


def to_file(limit: int = LIMIT) -> list[Email]:
    """Return e-mails of which nobody has said yet whose they are, the oldest first."""
    return list(Email.objects.filter(filed_at__isnull=True).order_by("received_at", "id")[:limit])


def came_as(email: str) -> str:
    """Say what the bytes of an e-mail are, for their seal."""
    return f"email {email}"


def as_it_came(row: Email) -> bytes | Unavailable:
    """Return an e-mail as it came, byte for byte."""
    return read_sealed(row.original, came_as(row.id))


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


def is_usual(wanted: str) -> bool:
    """Say whether a format is how we write to everybody."""
    return wanted.lower() in USUAL


def ordered_because(causes: Iterable[str]) -> list[Message]:
    """Return the messages that follow from these entries, the oldest first."""
    return list(Message.objects.filter(because__in=list(causes)).order_by("ordered_at", "id")[:LIMIT])


def carried(papers: Iterable[str]) -> dict[str, Message]:
    """Return for each of these papers the first message that left us with it and did not come back. A text carries no paper."""
    left = Message.objects.filter(paper__in=list(papers), sent_at__isnull=False, channel__in=PAPER_CHANNELS)
    found: dict[str, Message] = {}
    for message in left.exclude(status="failed").order_by("sent_at", "id"):
        found.setdefault(str(message.paper), message)
    return found


def posted(idents: Iterable[str]) -> dict[str, datetime]:
    """Return when each of these messages went off as a letter. Those that have not, or came back, are left out."""
    left = Message.objects.filter(id__in=list(idents), sent_at__isnull=False, channel="post", status__in=TOOK)
    return dict(left.values_list("id", "sent_at"))


def why_not_sent(text: str) -> Refused | None:
    """Return why no message of ours may say this, as `order_message` would refuse it; None when it may."""
    try:
        check_body(text)
    except Refused as refused:
        return refused
    return None


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
    found = Message.objects.filter(to=to, template__in=list(templates), status__in=TOOK, sent_at__gte=since)
    return found.order_by("-sent_at", "-id").first()


def to_send(at: datetime, limit: int = 100, ordered_from: datetime | None = None) -> list[Message]:
    """Return messages that were ordered, are in the sealed record, and are neither sent nor finally failed; oldest first.

    One that failed waits before the next try. `ordered_from`: when the record came back, or a standby took over. Whether what was
    ordered before had left already, nobody knows: a person lets it go.
    """
    rows = _waiting(at)
    if ordered_from is not None:
        rows = rows.filter(Q(ordered_at__gte=ordered_from) | Q(released_at__isnull=False))
    return list(rows.order_by("ordered_at", "id")[:limit])


def waiting_for_a_person(before: datetime, limit: int = 2_000) -> dict[str, list[Message]]:
    """Return what was ordered before and never left us, by kind: those on which a clock runs first, each the oldest first."""
    found: dict[str, list[Message]] = {}
    rows = Message.objects.filter(status="ordered", ordered_at__lt=before, released_at=None)
    for row in rows.order_by("ordered_at", "id")[:limit]:
        found.setdefault(str(row.template), []).append(row)
    return dict(sorted(found.items(), key=lambda one: (one[0] not in clock_templates(), one[1][0].ordered_at)))


def _waiting(at: datetime) -> QuerySet[Message]:
    urgent = Q(template__in=sorted(clock_templates()))
    ready = Q(tries=0) | (urgent & _again(pace(clock=True), at)) | (~urgent & _again(pace(clock=False), at))
    unsealed = RawSQL(_UNSEALED, [])  # noqa: S611 - our own text, no parameters
    return Message.objects.filter(ready, status="ordered").alias(unsealed=unsealed).filter(unsealed=False)


def _again(pace: Pace, at: datetime) -> Q:
    """Return which messages that failed have waited long enough."""
    ready = Q(tries__gt=len(pace.waits), tried_at__lte=at - pace.waits[-1])
    for tries, wait in enumerate(pace.waits, 1):
        ready |= Q(tries=tries, tried_at__lte=at - wait)
    return ready


def unheard_of(provider: str, at: datetime, *, before: datetime, limit: int = 200) -> list[Message]:
    """Return messages that a provider took before then and said nothing more of; any of them, if there are many."""
    found = Message.objects.filter(
        status="sent", prepared__isnull=False, provider=provider, sent_at__gte=at - GIVEN_UP, sent_at__lte=before
    )
    return list(found.order_by("?")[:limit])


def handed_of(idents: Iterable[str]) -> set[str]:
    """Return those of the messages that lie where their provider fetches them."""
    return set(Message.objects.filter(id__in=list(idents), status="handed").values_list("id", flat=True))


def kept_as(message: str) -> str:
    """Say what the bytes of a message are, for their seal."""
    return f"message {message}"


def as_sent(row: Message) -> bytes | Unavailable | None:
    """Return the very bytes that left us; None where the words alone were kept."""
    return None if row.kept is None else read_sealed(row.kept, kept_as(row.id))


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


def post_by_reference(reference: str) -> Post | None:
    """Return what a standby took in under a number, or None."""
    return Post.objects.filter(reference=reference).first()


def post_to_open(limit: int, after: str = "") -> list[Post]:
    """Return what a standby took in and nobody opened yet, oldest first, from behind one of them on."""
    return list(Post.objects.filter(opened_at__isnull=True, id__gt=after).order_by("id")[:limit])


def held_by_incident(letters: Iterable[str]) -> set[str]:
    """Return those of these letters that an incident stopped and nobody let go: no step that follows from one may be taken."""
    return set(HeldLetter.objects.filter(message__in=list(letters), let_go_at=None).values_list("message", flat=True))


def count_held() -> list[tuple[str, int]]:
    """Return how much we hold of what was said, by class."""
    return [("conversations", Contact.objects.count()), ("messages that we sent", Message.objects.count())]
