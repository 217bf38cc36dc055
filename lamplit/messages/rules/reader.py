"""What the reader of a message asked for: her language, a channel, a format; and what follows for the message."""

import tomllib
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from lamplit.basics.plain import Plain

TEXT_HOLDS = 918  # characters: six parts, as many as GOV.UK Notify takes
ROOM_FOR_CODE = 40  # characters for the last line of a message, with its check code
IN_OURS = "In English:"
OUR_NUMBER = "Call us on "  # stands in each of our letters
BETWEEN = " / "  # a subject in her language and the same in ours
USUAL = ("standard", "usual", "usual print", "")
PRINTED = ("large print",)  # a printer makes it; every other format is made by a person
READ_WITHIN = timedelta(hours=24)  # what somebody wrote to us


class Language(Plain, frozen=True, kw_only=True):
    """A language as data/languages.toml has it. `sentence` says in it how to get help; `signed`: it is not spoken.

    `letters`: the code of the language that letters are written in besides ours. `waits`: what such a letter says of itself until
    somebody who grew up with the language has read our letters in it.
    """

    name: str
    own_name: str
    also: tuple[str, ...] = ()
    sentence: str | None = None
    letters: str | None = None
    waits: str | None = None
    reads_ours: bool = False
    signed: bool = False


class Wishes(Plain, frozen=True, kw_only=True):
    """How somebody wants to be written to. `interpreter`: a need of one is on file, whatever the language."""

    language: str | None = None
    channel: str | None = None
    format: str | None = None
    interpreter: bool = False


class InHers(Plain, frozen=True, kw_only=True):
    """A message in its reader's language. `note`: that nobody who grew up with it has read our words in it yet."""

    subject: str
    body: str
    note: str | None = None


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


def said_in_both(subject: str, body: str, hers: InHers, first: str | None, channel: str | None) -> tuple[str, str]:
    """Return subject and body in her language and, after it, in ours: so anybody whom she asks can read it too.

    A text that would be too long so says it in hers alone. The subject is in both: she and staff read it in their lists.
    """
    both = with_first_line("\n\n".join(part for part in (hers.body, hers.note, IN_OURS, body) if part), first)
    return f"{hers.subject}{BETWEEN}{subject}", as_text(both, ROOM_FOR_CODE) if channel == "text" else both


def as_text(body: str, room: int = 0) -> str:
    """Return a message as a text takes it: where it is too long in both languages, in hers alone. `room`: what is still added."""
    hers, between, ours = body.partition(f"\n\n{IN_OURS}\n\n")
    if not between or len(body) + room <= TEXT_HOLDS:
        return body
    notes = {one.waits for one in languages()}
    code = ours[ours.rindex("\n\n") :] if room == 0 else ""
    return "\n\n".join(part for part in hers.split("\n\n") if part not in notes) + code


def spoken_parts(body: str) -> list[tuple[str, str]]:
    """Return the parts of a message as sent: (code of a language, or empty for ours; text). A screen reader changes its voice.

    All letters of ours end with our number, in our words (`_end.txt`): one without them is in her language alone.
    """
    code = next((one.letters for one in languages() if one.letters and body.startswith(f"{one.own_name}: ")), None)
    if code is None:
        return [("", body)]
    hers, between, ours = body.partition(f"\n\n{IN_OURS}\n\n")
    if between:
        return [(code, hers), ("", f"{IN_OURS}\n\n{ours}")]
    if OUR_NUMBER not in body:
        return [(code, body)]
    first, _, rest = body.partition("\n\n")
    return [(code, first), ("", rest)]
