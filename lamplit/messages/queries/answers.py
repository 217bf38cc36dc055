"""What was said to us after we wrote, and which of our letters an incident stopped."""

from collections.abc import Iterable
from datetime import datetime

from lamplit.messages.models import Contact, Email, HeldLetter, Message, Post
from lamplit.messages.rules import READ_WITHIN

__all__ = ["ABOUT_RENT", "READ_WITHIN", "emails_about", "emails_of_nobody", "said_since", "standby_waits", "stopped_about"]
ABOUT_RENT = "Rent at our standby service"  # so begins the subject of what somebody says there of her rent


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


def standby_waits() -> tuple[list[str], list[Email]]:
    """Return what a standby took in that nobody has opened, and the e-mails about rent that it became and nobody has filed.

    What is not opened may be about anybody's rent; but for a report of a message that is not ours. A subject that cannot be read
    counts.
    """
    sealed = Post.objects.filter(opened_at=None).exclude(what="not_ours").order_by("id").values_list("id", flat=True)
    rows = {row.id: row for row in Email.objects.filter(filed_at=None, machine=False).order_by("received_at", "id")}
    came = set(Post.objects.filter(what="report", email__in=list(rows)).values_list("email", flat=True))
    about = [row for row in rows.values() if not isinstance(row.subject, str) or row.subject.startswith(ABOUT_RENT)]
    return list(sealed), [row for row in about if row.id in came]


def stopped_about(about: Iterable[str]) -> list[tuple[str, str]]:
    """Return (message, what it is about) of those about one of these that an incident stopped and nobody let go."""
    held = list(HeldLetter.objects.filter(let_go_at=None).values_list("message", flat=True))
    wanted = Message.objects.filter(id__in=held, about__in=list(about)) if held else Message.objects.none()
    return list(wanted.order_by("id").values_list("id", "about"))
