"""What was said to us after we wrote, and which of our letters an incident stopped."""

from collections.abc import Iterable
from datetime import datetime

from lamplit.messages.models import Contact, Email, HeldLetter, Message
from lamplit.messages.rules import READ_WITHIN

__all__ = ["READ_WITHIN", "emails_about", "emails_of_nobody", "said_since", "stopped_about"]


def said_since(persons: Iterable[str], since: datetime) -> list[Contact]:
    """Return what these people said to us since then, by any channel, and about no repair; the oldest first.

    What cannot be read here counts: it may be an answer.
    """
    found = Contact.objects.filter(person__in=list(persons), repair=None, happened_at__gte=since).order_by("happened_at", "id")
    return [row for row in found if row.direction != "out"]


def emails_about(about: Iterable[str], since: datetime) -> list[tuple[Email, str]]:
    """Return the e-mails since then that answer a message of ours about one of these, each with what it was about."""
    came = list(Email.objects.filter(message__isnull=False, machine=False, received_at__gte=since).order_by("received_at", "id"))
    wanted = Message.objects.filter(id__in=[row.message for row in came], about__in=list(about))
    was_about = dict(wanted.values_list("id", "about"))
    return [(row, was_about[row.message]) for row in came if row.message in was_about]


def emails_of_nobody(since: datetime) -> list[Email]:
    """Return the e-mails since then that answer nothing of ours and that nobody has filed yet; the oldest first."""
    found = Email.objects.filter(filed_at=None, message=None, contact=None, machine=False, received_at__gte=since)
    return list(found.order_by("received_at", "id"))


def stopped_about(about: Iterable[str]) -> list[tuple[str, str]]:
    """Return (message, what it is about) of those about one of these that an incident stopped and nobody let go."""
    held = list(HeldLetter.objects.filter(let_go_at=None).values_list("message", flat=True))
    wanted = Message.objects.filter(id__in=held, about__in=list(about)) if held else Message.objects.none()
    return list(wanted.order_by("id").values_list("id", "about"))
