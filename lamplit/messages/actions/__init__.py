"""What can be done with contacts, promises and messages."""

from datetime import datetime
from typing import Any, Literal

import msgspec
from django.conf import settings

from lamplit.basics.fact import Unavailable
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.messages import queries, rules
from lamplit.messages.actions.checking import (
    disown_messages,
    end_scam,
    load_words,
    publish_scam,
    report_forgery,
    see_forgery,
)
from lamplit.messages.actions.counted import Counted
from lamplit.messages.actions.kept import Sealed, keep_post, open_post
from lamplit.messages.actions.post import file_email, receive_email
from lamplit.messages.actions.released import release_messages
from lamplit.messages.facts import (
    ContactMade,
    MessageDelivered,
    MessageFailed,
    MessageHanded,
    MessageOrdered,
    MessagePrepared,
    MessageSent,
    MessageUnheard,
    PromiseKept,
    PromiseMade,
    SaidMoved,
)
from lamplit.messages.models import CODE_LENGTH, Contact, Message, Promise
from lamplit.messages.rules.templates import Words
from lamplit.people import queries as people
from lamplit.people.facts import ReachRecorded
from lamplit.people.models import Reach
from lamplit.record.encode import clean
from lamplit.record.page import Page, action

__all__ = [
    "Counted",
    "Sealed",
    "Words",
    "disown_messages",
    "end_scam",
    "file_email",
    "keep_post",
    "keep_promise",
    "load_words",
    "open_post",
    "order_message",
    "prepare_message",
    "publish_scam",
    "receive_email",
    "record_contact",
    "record_failed",
    "record_handed",
    "record_heard",
    "record_sent",
    "release_messages",
    "report_forgery",
    "see_forgery",
]  # fmt: skip
NO_WAY = rules.NO_WAY


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
    promise_due_at: datetime | Counted | None = None,
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
        due_at = promise_due_at.at if isinstance(promise_due_at, Counted) else promise_due_at
        page.write(
            PromiseMade(
                promise=page.new_id("v"),
                voice=speaker,
                due_at=rules.check_promise(promise, due_at, at),
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
def move_said(
    page: Page, *, person: str, contact: str | None = None, promise: str | None = None, by: By, at: datetime, command: str
) -> None:
    """Put what was said or promised under the person whom it was with.

    Neither she nor whoever it stood under reads it on her own pages: it was said to one and kept under the other.
    Refused: messages.no_such_contact, messages.no_such_promise.
    """
    if contact is not None and page.lock(Contact, contact) is None:
        raise Refused("messages.no_such_contact")
    if promise is not None and page.lock(Promise, promise) is None:
        raise Refused("messages.no_such_promise")
    page.write(SaidMoved(person=person, contact=contact, promise=promise))


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
    paper: str | None = None,
    language: str | None = None,
    hers: rules.InHers | None = None,
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
    promised in the same page, so that a person does it. `paper`: what goes with it, by its id. `language`: the name of what she
    read our pages in, where her record names none. `hers`: the same in her language; it goes out before ours.
    Refused: messages.has_link, asks_for_money, nothing_said, too_long.
    """
    rules.check_body(subject, body)
    if hers is not None:
        rules.check_body(hers.subject, hers.body)
    message = page.new_id("m")
    way = (
        rules.Way(channel=channel, to=to)
        if channel and to
        else rules.best_way(queries.ways_to(reach or person, template, london_date(at)), channel)
    )
    order = rules.Order(
        template=template, subject=clean(subject), body=clean(body), voice=voice or person or message, person=person, name=name,
        about=about, because=because, paper=paper, hers=hers,
    )  # fmt: skip
    wanted = rules.convey(_wishes_of(reach or person, language, at), settings.LANDLORD["phone"])
    for fact in rules.facts_of_order(order, message, way, wanted, _check_code(page), at, lambda: page.new_id("v")):
        page.write(fact)
    return message


def _wishes_of(person: str | None, read_in: str | None, at: datetime) -> rules.Wishes:
    """Return how somebody wants to be written to; of whom we do not know, only the language that they read our pages in."""
    if person is None:
        return rules.Wishes(language=read_in)
    asked = people.preferences(person, london_date(at))
    interpreter = any(need.code == "language" for need in people.live_needs([person], london_date(at)))
    return rules.Wishes(language=asked.language or read_in, channel=asked.channel, format=asked.format, interpreter=interpreter)


def _check_code(page: Page) -> str:
    """Return six random characters. Drawn as an id is, so that a seed run repeats them."""
    return page.new_id("m")[-CODE_LENGTH:].upper()


@action
def prepare_message(
    page: Page, *, message: str, provider: str, form: str, data: bytes, by: By, at: datetime, command: str
) -> bool:
    """Keep the very bytes of a message before a provider has them. False when nothing waits to be sent any more.

    `form`: text, email or pdf. Refused: messages.no_such_message.
    """
    row = _lock(page, message)
    if row.status != "ordered":
        return False
    blob = page.seal_blob(data, owner=row.voice, key_class="contact", what=queries.kept_as(message))
    page.write(MessagePrepared(message=message, voice=row.voice, attempt=row.taken, blob=blob, provider=provider, form=form))
    return True


@action
def record_handed(page: Page, *, message: str, receipt: str, by: By, at: datetime, command: str) -> None:
    """Record that a message lies where its provider fetches it. Refused: messages.no_such_message."""
    row = _lock(page, message)
    if row.status == "ordered":
        page.write(MessageHanded(message=message, voice=row.voice, receipt=receipt))


@action
def record_sent(page: Page, *, message: str, receipt: str | None = None, by: By, at: datetime, command: str) -> None:
    """Record that the provider took a message; nothing happens if that is known. Refused: messages.no_such_message."""
    row = _lock(page, message)
    if row.status in ("ordered", "handed"):
        page.write(MessageSent(message=message, voice=row.voice, receipt=receipt))


@action
def record_heard(
    page: Page, *, message: str, attempt: int, state: Literal["delivered", "unheard"], why: str | None = None,
    receipt: str | None = None, by: By, at: datetime, command: str,
) -> None:  # fmt: skip
    """Record what a provider says of a message that it took: it arrived, or nobody can say.

    It may say so before we wrote down that it took it, or of an attempt that is over: then it is no news. Refused:
    messages.no_such_message.
    """
    row = _lock(page, message)
    if row.status in ("failed", "delivered") or not rules.is_of_now(attempt, row.status, row.taken):
        return
    if row.status in ("ordered", "handed"):
        page.write(MessageSent(message=message, voice=row.voice, receipt=receipt))
    if state == "delivered":
        page.write(MessageDelivered(message=message, voice=row.voice))
    elif row.status != "unheard":
        page.write(MessageUnheard(message=message, voice=row.voice, why=clean(why or "")))


@action
def record_failed(
    page: Page, *, message: str, why: str, final: bool, dead: bool = False, attempt: int | None = None,
    reach: str | None = None, by: By, at: datetime, command: str,
) -> str | None:  # fmt: skip
    """Record that a message could not be delivered; once that is final, order it the next way.

    Returns the id of the message that is sent instead, or None. `dead`: the number or address itself does not work, so it is
    marked, and nothing goes there any more. `attempt`: of which attempt a provider speaks, when it speaks later. `reach`: whose
    ways, when the message names no person. A message that was sent can still fail (it bounced). When no way is left for one on
    which a clock runs, it is promised that a person rings. Refused: messages.no_such_message.
    """
    row = _lock(page, message)
    if row.status == "failed" or (attempt is not None and not rules.is_of_now(attempt, row.status, row.taken)):
        return None
    ended = rules.is_final(row.tries + 1, final, rules.pace_of(row.template))
    page.write(MessageFailed(message=message, voice=row.voice, final=ended, why=clean(why)))
    if dead:
        _mark_dead(page, reach or row.person, row, why)
    return _send_another_way(page, message, reach) if ended else None


def _lock(page: Page, message: str) -> Any:
    row = page.lock(Message, message)
    if row is None:
        raise Refused("messages.no_such_message", message=message)
    return row


def _mark_dead(page: Page, person: str | None, row: Any, why: str) -> None:
    """Write on her contact point that it does not work, so that nobody uses it and the desk sees it."""
    for one in people.reaches(person) if person is not None else []:
        if one.how is None or one.how.state in ("fails", "ended") or not rules.is_way(one.how.channel, one.how.value):
            continue
        if rules.way(one.how.channel, one.how.value) == rules.Way(channel=row.channel, to=row.to):
            page.lock(Reach, one.id)
            how = msgspec.structs.replace(one.how, state="fails", why=clean(why))
            page.write(ReachRecorded(reach=one.id, person=one.person, how=how))


def _send_another_way(page: Page, message: str, reach: str | None) -> str | None:
    row = queries.message(message)
    if row is None or isinstance(row.body, Unavailable):
        return None
    way = rules.next_way(queries.ways_to(reach or row.person, row.template, london_date(page.at)), queries.ways_tried(message))
    if way is None:
        if (reach or row.person) and rules.pace_of(row.template).clock:
            page.write(_ring(page, row))
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
            body=rules.as_text(row.body) if way.channel == "text" else row.body,
            about=row.about,
            paper=row.paper,
            format=row.format,
            **rules.in_clear(row.body[-CODE_LENGTH:], str(row.template), way, follower),
        )
    )
    return follower


def _ring(page: Page, row: Any) -> PromiseMade:
    """Promise that a person rings her: nothing reached her, and a clock runs. Of a complaint it does not say what."""
    about = str(row.about) if row.person and str(row.about or "").startswith("r_") else None
    told = f"Ring {row.name or 'them'}: no message of ours arrived. We wrote: “{row.subject}”"
    hidden = "Ring somebody who complained: no message of ours arrived. It stands with the complaint."
    return PromiseMade(
        promise=page.new_id("v"), voice=row.voice, due_at=page.at + rules.tell_within(), person=row.person, repair=about,
        what=told if row.person else hidden,
    )  # fmt: skip
