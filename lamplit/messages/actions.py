"""What can be done with contacts, promises and messages."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from lamplit.basics.fact import Unavailable
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.messages import queries, rules
from lamplit.messages.facts import ContactMade, MessageFailed, MessageOrdered, MessageSent, PromiseKept, PromiseMade
from lamplit.messages.models import CODE_LENGTH, Message, Promise
from lamplit.people import queries as people
from lamplit.record.encode import clean
from lamplit.record.page import Page, action

NO_WAY = "We have no safe way to reach this person."


@action
def record_contact(
    page: Page,
    *,
    channel: str,
    direction: str,
    said: str,
    person: str | None = None,
    home: str | None = None,
    repair: str | None = None,
    audience: str = "all",
    voice: str | None = None,
    promise: str | None = None,
    promise_due_at: datetime | None = None,
    promise_owner: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Record that we and somebody were in touch, and what we promised. Returns the contact's id.

    `channel`, `direction`, `audience`: one of rules.CHANNELS, DIRECTIONS, AUDIENCES. `voice`: whose words they are, when
    it is not `person`. Refused: messages.no_such_choice, nothing_said, too_long, nothing_promised, promise_without_time,
    promise_in_the_past.
    """
    rules.check_contact(channel, direction, said, audience)
    contact = page.new_id("c")
    speaker = voice or person or home or repair or contact
    page.write(
        ContactMade(
            contact=contact,
            voice=speaker,
            person=person,
            home=home,
            repair=repair,
            channel=channel,
            direction=direction,
            said=clean(said),
            audience=audience,
        )
    )
    if promise is not None:
        page.write(
            PromiseMade(
                promise=page.new_id("v"),
                voice=speaker,
                due_at=rules.check_promise(promise, promise_due_at, at),
                contact=contact,
                person=person,
                home=home,
                repair=repair,
                owner=promise_owner,
                what=clean(promise),
            )
        )
    return contact


@action
def keep_promise(page: Page, *, promise: str, how: str | None = None, by: By, at: datetime, command: str) -> None:
    """Say that a promise was kept, or that its reason fell away and she was told: `how` says which.

    Refused: messages.no_such_promise, messages.promise_already_kept.
    """
    row = page.lock(Promise, promise)
    if row is None:
        raise Refused("messages.no_such_promise", promise=promise)
    if row.kept_at is not None:
        raise Refused("messages.promise_already_kept", promise=promise)
    page.write(PromiseKept(promise=promise, voice=row.voice, how=clean(how) if how else None))


@action
def order_message(
    page: Page,
    *,
    template: str,
    subject: str,
    body: str,
    person: str | None = None,
    reach: str | None = None,
    channel: str | None = None,
    to: str | None = None,
    name: str | None = None,
    voice: str | None = None,
    about: str | None = None,
    because: str | None = None,
    by: By,
    at: datetime,
    command: str,
) -> str:
    """Order a message. Returns its id.

    It goes to `to` by `channel` when both are given, else to `reach` (or `person`) in the best way that may be used, by
    `channel` if she can be reached so. When there is no way, the message fails at once and stands in
    `queries.reached_nobody`. `voice`: whose key seals it, when it is not `person`: messages about a complaint name the
    complaint there, nobody in `person`, and her in `reach`. The check code is added at the end of the body, and what her
    language asks for at its beginning. What no message can do (a language without a sentence, easy read, a wish to be rung) is
    promised in the same page, so that a person does it.
    Refused: messages.has_link, asks_for_money, nothing_said, too_long.
    """
    rules.check_body(subject, body)
    message = page.new_id("m")
    way = rules.Way(channel=channel, to=to) if channel and to else rules.best_way(_ways_to(reach or person), channel)
    wanted = rules.convey(_wishes_of(reach or person, at), settings.LANDLORD["phone"])
    fact = MessageOrdered(
        message=message,
        voice=voice or person or message,
        person=person,
        because=because,
        channel=way.channel if way else None,
        to=way.to if way else None,
        name=name,
        template=template,
        subject=clean(subject),
        body=rules.with_code(rules.with_first_line(clean(body), wanted.first), _check_code(page)),
        about=about,
        format=wanted.format,
    )
    page.write(fact)
    if wanted.by_hand:
        page.write(_by_hand(page, fact, wanted.by_hand))
    if way is None:
        page.write(MessageFailed(message=message, voice=fact.voice, final=True, why=NO_WAY))
    return message


def _wishes_of(person: str | None, at: datetime) -> rules.Wishes:
    """Return how somebody wants to be written to; nothing of whom we do not know."""
    if person is None:
        return rules.Wishes()
    asked = people.preferences(person, london_date(at))
    interpreter = any(need.code == "language" for need in people.live_needs([person], london_date(at)))
    return rules.Wishes(language=asked.language, channel=asked.channel, format=asked.format, interpreter=interpreter)


def _by_hand(page: Page, fact: MessageOrdered, ways: Sequence[str]) -> PromiseMade:
    """Promise that a person tells her what a message alone does not. Of a message about a complaint it does not say what."""
    how = " and ".join(ways)
    told = f"Tell {fact.name or 'them'} what we wrote, {how}: “{fact.subject}”"
    hidden = f"Tell somebody who complained what we wrote, {how}. The message stands with the complaint."
    about = str(fact.about) if fact.person and str(fact.about or "").startswith("r_") else None
    return PromiseMade(
        promise=page.new_id("v"), voice=fact.voice, due_at=page.at + rules.tell_within(), person=fact.person, repair=about,
        what=told if fact.person else hidden,
    )  # fmt: skip


def _check_code(page: Page) -> str:
    """Return six random characters. Drawn as an id is, so that a seed run repeats them."""
    return page.new_id("m")[-CODE_LENGTH:].upper()


def _ways_to(person: str | None) -> list[rules.Way]:
    """Return the ways in which we may send to a person, best first."""
    if person is None:
        return []
    return [rules.way(reach.channel, reach.value) for reach in people.ways_to_reach(person, "message")]


@action
def record_sent(page: Page, *, message: str, receipt: str | None = None, by: By, at: datetime, command: str) -> None:
    """Record that the provider took a message; nothing happens if that is known. Refused: messages.no_such_message."""
    row = page.lock(Message, message)
    if row is None:
        raise Refused("messages.no_such_message", message=message)
    if row.status == "ordered":
        page.write(MessageSent(message=message, voice=row.voice, receipt=receipt))


@action
def record_failed(
    page: Page, *, message: str, why: str, final: bool, reach: str | None = None, by: By, at: datetime, command: str
) -> str | None:
    """Record that a message could not be delivered; once that is final, order it the next way.

    Returns the id of the message that is sent instead, or None. `reach`: whose ways, when the message names no person.
    A message that was sent can still fail (it bounced). Refused: messages.no_such_message.
    """
    row = page.lock(Message, message)
    if row is None:
        raise Refused("messages.no_such_message", message=message)
    if row.status == "failed":
        return None
    ended = rules.is_final(row.tries + 1, final)
    page.write(MessageFailed(message=message, voice=row.voice, final=ended, why=clean(why)))
    return _send_another_way(page, message, reach) if ended else None


def _send_another_way(page: Page, message: str, reach: str | None) -> str | None:
    row = queries.message(message)
    if row is None or isinstance(row.body, Unavailable):
        return None
    way = rules.next_way(_ways_to(reach or row.person), queries.ways_tried(message))
    if way is None:
        return None
    follower = page.new_id("m")
    page.write(
        MessageOrdered(
            message=follower,
            voice=row.voice,
            person=row.person,
            because=message,
            channel=way.channel,
            to=way.to,
            name=row.name,
            template=row.template,
            subject=row.subject,
            body=row.body,
            about=row.about,
            format=row.format,
        )
    )
    return follower
