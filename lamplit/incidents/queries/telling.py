"""Who is told in an incident, how far that is, and which letters it stopped."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count

from lamplit.incidents.models import Telling
from lamplit.messages.models import Email, HeldLetter, Hold, Message
from lamplit.record.ready import Ready

FAILED = "failed"
WAYS = 6  # in which a message may be tried, one after the other

_LETTERS = Ready(lambda incident, after: HeldLetter.objects.filter(incident=incident, id__gt=after).order_by("id"))
_SENT = Ready(
    lambda since, until, after: Message.objects.filter(id__gt=after, ordered_at__gte=since, ordered_at__lte=until).order_by("id")
)


class Letter(NamedTuple):
    """One letter that an incident stopped, with the message that it is. `row` is its own id, `person` whose it was."""

    row: str
    message: str
    person: str | None
    subject: Any
    sent_at: datetime
    held: HeldLetter


def telling(ident: str) -> Telling | None:
    """Return words that were prepared, or None."""
    return Telling.objects.filter(id=ident).first()


def tellings_of(incident: str) -> list[Telling]:
    """Return the words that were prepared in an incident, newest first."""
    return list(Telling.objects.filter(incident=incident).order_by("-prepared_at", "-id"))


def newest_telling(incident: str, what: str) -> str | None:
    """Return the words of a kind that were prepared last: older ones that did not go out never do."""
    return next((row.id for row in tellings_of(incident) if row.what == what), None)


def tellings_going() -> list[Telling]:
    """Return the words that two people agreed to and whose messages are not all ordered, the oldest first."""
    return list(Telling.objects.filter(over_at=None, second_at__isnull=False).order_by("second_at", "id"))


def told_already(telling_id: str, persons: Iterable[str | None]) -> set[str]:
    """Return those of the people for whom a message with these words was ordered."""
    wanted = [one for one in persons if one is not None]
    return set(Message.objects.filter(because=telling_id, person__in=wanted).values_list("person", flat=True))


def count_fates(telling_id: str) -> dict[str, int]:
    """Return how many of the first messages with these words stand where."""
    rows = Message.objects.filter(because=telling_id).order_by().values_list("status").annotate(count=Count("id"))
    return dict(rows)


def unreached(telling_id: str, limit: int = 200) -> list[Message]:
    """Return the last tries to reach somebody with these words after which no way was left: a person finds one.

    A message that goes the next way names the one before as its cause.
    """
    found: list[Message] = []
    failed = list(Message.objects.filter(because=telling_id, status=FAILED).order_by("id"))
    for _ in range(WAYS):
        followers = list(Message.objects.filter(because__in=[one.id for one in failed]).order_by("id"))
        followed = {one.because for one in followers}
        found += [one for one in failed if one.id not in followed]
        failed = [one for one in followers if one.status == FAILED]
        if not failed:
            break
    return found[:limit]


def hold(incident: str) -> Hold | None:
    """Return how far the letters are looked through that an incident stops, or None."""
    return Hold.objects.filter(id=incident).first()


def sent_between(since: datetime, until: datetime, *, after: str, limit: int) -> list[Message]:
    """Return messages that were ordered in a span, in the order of their ids, which is that of their time."""
    return _SENT.all(limit=limit, since=since, until=until, after=after)


def held_letters(incident: str, *, after: str = "", limit: int, waiting: bool = False) -> list[Letter]:
    """Return letters that an incident stopped, in the order of their ids; with `waiting` those that nobody let go."""
    rows = _LETTERS.all(limit=None if waiting else limit, incident=incident, after=after)
    if waiting:
        rows = [row for row in rows if row.let_go_at is None][:limit]
    sent = Message.objects.in_bulk([row.message for row in rows])
    return [
        Letter(row.id, row.message, sent[row.message].person, sent[row.message].subject, sent[row.message].ordered_at, row)
        for row in rows
        if row.message in sent
    ]


def answers() -> list[tuple[str, str]]:
    """Return (row of a letter, e-mail) for each answer to a stopped letter of which nobody was told yet: the newest of each."""
    first = HeldLetter.objects.filter(let_go_at=None).order_by("held_at").values_list("held_at", flat=True).first()
    if first is None:
        return []
    came = Email.objects.filter(received_at__gte=first, message__isnull=False, machine=False).order_by("received_at", "id")
    newest = {row.message: row for row in came}
    held = HeldLetter.objects.filter(message__in=list(newest), let_go_at=None).order_by("id")
    return [
        (row.id, newest[row.message].id)
        for row in held
        if row.answered_at is None or newest[row.message].received_at > row.answered_at
    ]


def email(ident: str) -> Email | None:
    """Return one e-mail that came in, or None."""
    return Email.objects.filter(id=ident).first()
