"""What may be said, promised and sent: values in, values or `Refused` out."""

import re
import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused

CHANNELS = ("call", "email", "text", "letter", "visit", "counter", "portal", "social")
DIRECTIONS = ("in", "out")
AUDIENCES = ("all", "staff", "restricted")
LONGEST = 8_000  # characters: in an entry of 48,000 bytes there is room for any alphabet
MAX_TRIES = 5
CHECK_LINE = "Check this message: code "

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


def is_final(tries: int, final: bool) -> bool:
    """True if a failure ends a message: the provider says so, or it was tried often enough. `tries` counts this one."""
    return final or tries >= MAX_TRIES


# What the reader of a message asked for ---------------------------------------------------------------------

USUAL = ("standard", "usual", "usual print", "")
PRINTED = ("large print",)  # a printer makes it; every other format is made by a person


class Language(Plain, frozen=True, kw_only=True):
    """A language as data/languages.toml has it. `sentence` says in it how to get help; `signed`: it is not spoken."""

    name: str
    own_name: str
    also: tuple[str, ...] = ()
    sentence: str | None = None
    reads_ours: bool = False
    signed: bool = False


class Wishes(Plain, frozen=True, kw_only=True):
    """How somebody wants to be written to. `interpreter`: a need of one is on file, whatever the language."""

    language: str | None = None
    channel: str | None = None
    format: str | None = None
    interpreter: bool = False


class Conveyed(Plain, frozen=True, kw_only=True):
    """What follows for a message: a first line for it, the format it goes out in, and what a person must do beside it."""

    first: str | None = None
    format: str | None = None
    by_hand: tuple[str, ...] = ()


@cache
def languages() -> tuple[Language, ...]:
    """Return every language of the shipped file."""
    return tuple(Language(**one) for one in _languages_file()["language"].values())


def _languages_file() -> dict[str, Any]:
    return tomllib.loads((files("lamplit.messages") / "data" / "languages.toml").read_text(encoding="utf-8"))


@cache
def tell_within() -> timedelta:
    """Return how soon a person tells somebody what a message could not."""
    return timedelta(hours=_languages_file()["tell_within_hours"])


def language_of(said: str | None) -> Language | None:
    """Return the language that was written down, one without a sentence when we do not know it; None when nothing was said."""
    wanted = " ".join((said or "").lower().split())
    if not wanted:
        return None
    for one in languages():
        if wanted in (one.name.lower(), one.own_name.lower(), *one.also):
            return one
    return Language(name=str(said).strip(), own_name=str(said).strip())


def convey(wishes: Wishes, phone: str) -> Conveyed:
    """Return what her wishes ask of a message. English alone is never what somebody gets who cannot read it."""
    first, by_hand = None, list[str]()
    language = language_of(wishes.language)
    if language is not None and not language.reads_ours:
        if language.sentence is not None:
            first = f"{language.own_name}: {language.sentence.format(phone=phone)}"
        else:
            by_hand.append(interpreter_words(language))
    elif wishes.interpreter and language is None:
        by_hand.append("through an interpreter; ask which language")
    wanted = " ".join((wishes.format or "").lower().replace("_", " ").split())
    if wanted not in (*USUAL, *PRINTED):
        by_hand.append(f"in {wanted}")
    if wishes.channel == "phone":
        by_hand.append("by ringing them, as they asked")
    return Conveyed(first=first, format=wanted if wanted not in USUAL else None, by_hand=tuple(by_hand))


def interpreter_words(language: Language) -> str:
    """Say how to talk to somebody whose language is not ours."""
    return f"through a {language.name} interpreter" if language.signed else f"through an interpreter ({language.name})"


def with_first_line(body: str, first: str | None) -> str:
    return body if first is None else f"{first}\n\n{body}"
