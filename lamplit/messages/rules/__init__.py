"""What may be said, promised and sent: values in, values or `Refused` out."""

import re
import tomllib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from lamplit.basics.clock import LONDON
from lamplit.basics.fact import Fact
from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.messages.facts import MessageFailed, MessageOrdered, PromiseMade
from lamplit.messages.rules import checking
from lamplit.messages.rules.reader import (
    IN_OURS,
    PRINTED,
    READ_WITHIN,
    TEXT_HOLDS,
    USUAL,
    Conveyed,
    InHers,
    Language,
    Wishes,
    as_text,
    convey,
    interpreter_words,
    language_of,
    languages,
    said_in_both,
    spoken_parts,
    tell_within,
    with_first_line,
)

__all__ = [
    "IN_OURS",
    "PRINTED",
    "READ_WITHIN",
    "TEXT_HOLDS",
    "USUAL",
    "Conveyed",
    "InHers",
    "Language",
    "Wishes",
    "as_text",
    "convey",
    "interpreter_words",
    "language_of",
    "languages",
    "said_in_both",
    "spoken_parts",
    "tell_within",
    "with_first_line",
]
CHANNELS = ("call", "email", "text", "letter", "visit", "counter", "portal", "social")
DIRECTIONS = ("in", "out")
AUDIENCES = ("all", "staff", "restricted")
LONGEST = 8_000  # characters: in an entry of 48,000 bytes there is room for any alphabet
LONGEST_WARNING = 1_000  # characters of what everybody is warned of
CHECK_LINE = "Check this message: code "
NO_WAY = "We have no safe way to reach this person."

# A message of ours never says where to pay and never links: so any that does is not ours, and everybody can be told so.
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_SORT_CODE = re.compile(r"(?<!\d)\d{2}[- ]\d{2}[- ]\d{2}(?!\d)(?![- ]\d)")
_ACCOUNT = re.compile(r"(?<!\d)\d{8}(?!\d)")
_CARD_OR_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[ ]?[A-Z]{4}\b|(?<!\d)(?:\d{4}[ -]?){3,4}\d{1,4}(?!\d)")
# The channels of our messages, and the ways to reach somebody that each uses (people/facts.py).
_SENT_AS = {"text": "text", "email": "email", "post": "post", "phone": "call"}


class Way(Plain, frozen=True, kw_only=True):
    """One way to send: `channel` is text, email, post or call; `to` the number or address."""

    channel: str
    to: str


def way(reach_channel: str, value: str) -> Way:
    """Return the way that a contact point of a person gives. KeyError for a channel that we cannot send to."""
    return Way(channel=_SENT_AS[reach_channel], to=value)


def is_way(reach_channel: str, value: str) -> bool:
    """Say whether a contact point is one that we can send to."""
    return bool(value) and reach_channel in _SENT_AS


def check_contact(channel: str, direction: str, said: str, audience: str) -> None:
    """Refused: messages.no_such_choice, messages.nothing_said, messages.too_long."""
    if channel not in CHANNELS or direction not in DIRECTIONS or audience not in AUDIENCES:
        raise Refused("messages.no_such_choice", channel=channel, direction=direction, audience=audience)
    check_words(said)


def check_words(said: str) -> None:
    """Refused: messages.nothing_said, messages.too_long."""
    if not said.strip():
        raise Refused("messages.nothing_said")
    if len(said) > LONGEST:
        raise Refused("messages.too_long", longest=f"{LONGEST:,}")


def check_promise(what: str, due_at: datetime | None, at: datetime) -> datetime:
    """Return when a promise is due. Refused: messages.nothing_promised, promise_without_time, promise_in_the_past."""
    if not what.strip():
        raise Refused("messages.nothing_promised")
    if due_at is None:
        raise Refused("messages.promise_without_time")
    if due_at <= at:
        raise Refused("messages.promise_in_the_past")
    return due_at


def check_body(*texts: str) -> None:
    """Refuse a message that carries a link, a bank account or a card: messages.asks_for_money, messages.has_link, and
    what check_words refuses.
    """
    text = "\n".join(texts)
    check_words(texts[-1])
    if _LINK.search(text):
        raise Refused("messages.has_link")
    if _SORT_CODE.search(text) or _ACCOUNT.search(text) or _CARD_OR_IBAN.search(text):
        raise Refused("messages.asks_for_money")


def with_code(body: str, code: str) -> str:
    """Return the body with its check code as the last line; it must stay the very end (models.Message)."""
    return f"{body.rstrip()}\n\n{CHECK_LINE}{code}"


def next_way(ways: Iterable[Way], tried: Iterable[Way]) -> Way | None:
    """Return the first way that was not tried, or None."""
    gone = set(tried)
    return next((way for way in ways if way not in gone), None)


def best_way(ways: Iterable[Way], channel: str | None) -> Way | None:
    """Return the first way, of this channel if there is one; None when there is no way at all."""
    return min(ways, key=lambda way: way.channel != channel, default=None)


def is_final(tries: int, final: bool, pace: "Pace") -> bool:
    """True if a failure ends a message: the provider says so, or it was tried often enough. `tries` counts this one."""
    return final or tries > len(pace.waits)


# How hard we try: data/sending.toml --------------------------------------------------------------------------


class Pace(Plain, frozen=True, kw_only=True):
    """How long to wait after each try that failed, and after which silence of its provider a message counts as unheard."""

    waits: tuple[timedelta, ...]
    unheard_after: timedelta
    clock: bool = False
    by_hour: int | None = None  # of the same day, in London: what went out an hour or more before waits no longer


@cache
def _sending() -> dict[str, Any]:
    return tomllib.loads((files("lamplit.messages") / "data" / "sending.toml").read_text(encoding="utf-8"))


@cache
def clock_templates() -> frozenset[str]:
    """Return the templates for which the law, or a promise with a time, waits."""
    return frozenset(_sending()["clock"]["templates"])


@cache
def goes_home(template: object) -> bool:
    """Whether a message of this template becomes a letter to the home where no other way is left."""
    return template in _sending()["home"]["templates"]


@cache
def pace(*, clock: bool) -> Pace:
    """Return how hard we try, where a clock runs and where none does."""
    given = _sending()["clock" if clock else "usual"]
    waits = tuple(timedelta(minutes=minutes) for minutes in given["waits_minutes"])
    after = timedelta(hours=given["unheard_after_hours"])
    return Pace(waits=waits, unheard_after=after, clock=clock, by_hour=given.get("unheard_by_hour"))


def pace_of(template: object) -> Pace:
    """Return how hard we try to bring a message of this template. One that cannot be read here goes the usual way."""
    return pace(clock=template in clock_templates())


def soonest_late() -> timedelta:
    """Return how long silence lasts at least before it counts."""
    return timedelta(hours=1)


def is_late(sent_at: datetime, at: datetime, pace: Pace) -> bool:
    """Say whether a provider has been silent for too long. Where a clock runs that is known on the same day."""
    if at - sent_at >= pace.unheard_after:
        return True
    closing = pace.by_hour is not None and at.astimezone(LONDON).hour >= pace.by_hour
    return closing and at - sent_at >= soonest_late()


# What became of a message ------------------------------------------------------------------------------------


def key_of(message: str, taken: int) -> str:
    """Return what a provider calls a message: its id, and how often a provider took it before, once one did.

    What was taken and came back is a new thing to the provider; what was perhaps taken and got no answer is the same thing.
    """
    return f"{message}.{taken}" if taken else message


def read_key(key: str) -> tuple[str, int] | None:
    """Return a message's id and attempt, or None when this is no key of ours."""
    found = re.fullmatch(r"(m_[0-9a-z]{20})(?:\.([1-9]\d{0,3}))?", key)
    return None if found is None else (found[1], int(found[2] or 0))


def is_of_now(attempt: int, status: str, taken: int) -> bool:
    """Say whether a provider speaks of the attempt that counts: what it says of an earlier one is no news."""
    return attempt == (taken if status == "ordered" else taken - 1)


# An order of a message --------------------------------------------------------------------------------------


class Order(Plain, frozen=True, kw_only=True):
    """What is to be said to whom: the arguments of `actions.order_message` that its fact keeps."""

    template: str
    subject: str
    body: str
    voice: str
    person: str | None = None
    name: str | None = None
    about: str | None = None
    because: str | None = None
    paper: str | None = None
    hers: InHers | None = None


def facts_of_order(
    order: Order, message: str, way: Way | None, wanted: Conveyed, code: str, at: datetime, new_promise: Callable[[], str]
) -> list[Fact]:
    """Return an order as facts: with what her language asks for in front and the check code at the end; with a promise that a
    person tells her what no message can; and failed at once where there is no way.
    """
    subject, body = order.subject, with_first_line(order.body, wanted.first)
    if order.hers is not None:
        subject, body = said_in_both(order.subject, order.body, order.hers, wanted.first, way.channel if way else None)
    fact = MessageOrdered(
        message=message, voice=order.voice, person=order.person, because=order.because, channel=way.channel if way else None,
        to=way.to if way else None, name=order.name, template=order.template, subject=subject, body=with_code(body, code),
        about=order.about, paper=order.paper, format=wanted.format, **in_clear(code, order.template, way, message),
    )  # fmt: skip
    facts: list[Fact] = [fact]
    if wanted.by_hand:
        facts.append(_by_hand(fact, order.subject, wanted.by_hand, new_promise(), at))
    if way is None:
        facts.append(MessageFailed(message=message, voice=fact.voice, final=True, why=NO_WAY))
    return facts


def in_clear(code: str, template: str, way: Way | None, message: str) -> dict[str, str]:
    """Return what stands in clear of a message, and opens with its code alone."""
    told = checking.Told(template=template, channel=way.channel if way else "")
    return {"mark": checking.mark_of(code), "told": checking.close(code, told, message)}


def _by_hand(fact: MessageOrdered, subject: str, ways: Iterable[str], promise: str, at: datetime) -> PromiseMade:
    """Promise that a person tells her what a message alone does not. Of a message about a complaint it does not say what."""
    how = " and ".join(ways)
    told = f"Tell {fact.name or 'them'} what we wrote, {how}: “{subject}”"
    hidden = f"Tell somebody who complained what we wrote, {how}. The message stands with the complaint."
    about = str(fact.about) if fact.person and str(fact.about or "").startswith("r_") else None
    return PromiseMade(
        promise=promise, voice=fact.voice, due_at=at + tell_within(), person=fact.person, repair=about,
        what=told if fact.person else hidden,
    )  # fmt: skip


# Letters that an incident stops -----------------------------------------------------------------------------


@cache
def _asking() -> dict[str, Any]:
    return tomllib.loads((files("lamplit.messages") / "data" / "asking.toml").read_text(encoding="utf-8"))


def asks(template: object) -> str | None:
    """Say what a letter of this template asks of its reader: `money`, a `date`, or None."""
    return next((what for what in ("money", "date") if template in _asking()[what]), None)


def asks_nothing(template: str) -> bool:
    """Say whether a letter that names a sum or a day is known to ask nothing of its reader."""
    return template in _asking()["neither"]


def held_for() -> timedelta:
    """Return how long before an incident such a letter may have gone out and still be stopped."""
    return timedelta(days=_asking()["days"])
