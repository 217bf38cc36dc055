"""E-mail that comes in: kept as it came, filed with whom it is from, or by a person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from lamplit.basics.original import Original
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.messages import queries, rules
from lamplit.messages.actions.counted import Counted
from lamplit.messages.actions.kept import say_opened
from lamplit.messages.facts import Attached, ContactMade, EmailFiled, EmailReceived, PromiseMade
from lamplit.messages.models import Email, Message
from lamplit.record.page import Item, Page, action
from lamplit.record.tidy import tidy

UNPROVED = "unproved"
NOTHING = "(There is nothing in it that can be read here. It is kept as it came.)"
GOES_ON = "\n\n(It goes on. All of it is kept as it came.)"


@action
def receive_email(
    page: Page, *, original: Original, sender: str, name: str | None = None, subject: str, said: str,
    attached: Sequence[Attached] = (), machine: bool = False, person: str | None = None, repair: str | None = None,
    message: str | None = None, audience: str = "all", promise: str | None = None, promise_due_at: Counted | None = None,
    post: str | None = None, by: By, at: datetime, command: str,
) -> str:  # fmt: skip
    """Keep an e-mail. With `person` it becomes a contact of hers, of a sender that nobody proved. Returns its id.

    `machine`: an automatic answer or a message of ours that came back: nobody's words, so it becomes no contact. `message`: which
    one of ours it answers. `promise`: what somebody does with it, and by when. `post`: as what a standby kept it, which is
    opened with this: never one without the other. Refused: messages.no_such_choice, messages.no_such_post.
    """
    if audience not in rules.AUDIENCES:
        raise Refused("messages.no_such_choice", audience=audience)
    email = page.new_id("x")
    answered = page.lock(Message, message) if message is not None and machine else None
    voice = person or (answered.voice if answered is not None else email)
    words = tidy(said)
    contact = None
    if person is not None and not machine:
        contact = _contact(page, email, voice, person, repair, subject, words, audience)
    blob = page.seal_blob(original.data, owner=voice, key_class="case", what=queries.came_as(email))
    page.write(
        EmailReceived(
            email=email, voice=voice, contact=contact, person=person, repair=repair, message=message, machine=machine or None,
            original=blob, sender=tidy(sender), name=tidy(name), subject=tidy(subject),
            said=None if contact is not None else _short(words), attached=list(attached) or None,
        )
    )  # fmt: skip
    if promise is not None and promise_due_at is not None:
        page.write(
            PromiseMade(
                promise=page.new_id("v"), voice=voice, due_at=promise_due_at.at, contact=contact, person=person, repair=repair,
                what=tidy(promise),
            )
        )  # fmt: skip
    if post is not None:
        say_opened(page, post, email)
    return email


@action
def file_email(
    page: Page, *, email: str, person: str | None = None, repair: str | None = None, why: str | None = None, by: By,
    at: datetime, command: str,
) -> str | None:  # fmt: skip
    """Say whose an e-mail is: it becomes a contact of hers. Or set it aside, with why. Returns the contact's id, or None.

    Refused: messages.no_such_email, messages.already_filed, messages.no_reason.
    """
    row = page.lock(Email, email)
    if row is None:
        raise Refused("messages.no_such_email", email=email)
    if row.filed_at is not None:
        raise Refused("messages.already_filed", email=email)
    if person is None and repair is None:
        if tidy(why) is None:
            raise Refused("messages.no_reason")
        page.write(EmailFiled(email=email, voice=row.voice, why=tidy(why)))
        return None
    said, subject = (value if isinstance(value, str) else None for value in (row.said, row.subject))
    contact = _contact(page, email, person or repair or email, person, repair, subject or "", said, "all", row.received_at)
    page.write(EmailFiled(email=email, voice=row.voice, contact=contact, person=person, repair=repair, why=tidy(why)))
    return contact


def _contact(
    page: Page, email: str, voice: str, person: str | None, repair: str | None, subject: str, said: str | None, audience: str,
    happened_at: datetime | None = None,
) -> str:  # fmt: skip
    contact = page.new_id("c")
    heading = f"{subject.strip()}\n\n" if subject.strip() else ""
    fact = ContactMade(
        contact=contact, voice=voice, person=person, repair=repair, channel="email", direction="in",
        said=_short(f"{heading}{said or NOTHING}"), audience=audience, proof=UNPROVED,
    )  # fmt: skip
    _write(page, fact, happened_at)
    return contact


def _write(page: Page, fact: Any, happened_at: datetime | None) -> None:
    """Write a contact as of when it came in, also when a person files it days later."""
    if happened_at is None:
        page.write(fact)
    else:
        page.write_many([Item(fact=fact, by=page.by, at=happened_at)])


def _short(words: str | None) -> str | None:
    if words is None or len(words) <= rules.LONGEST:
        return words
    return words[: rules.LONGEST - len(GOES_ON)] + GOES_ON
