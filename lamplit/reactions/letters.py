"""Letters and texts: plain-text templates in `words/`, filled in. The first line is `Subject: ...`.

`words/<code>` has some of them in another language. Whoever reads it gets both: hers first, then ours.
"""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings
from jinja2 import DictLoader, Environment, StrictUndefined

from lamplit.basics import words
from lamplit.basics.plain import Plain
from lamplit.basics.working_days import london_date
from lamplit.messages import rules
from lamplit.people import queries as people
from lamplit.reactions.fields import checked
from lamplit.reactions.tongues import tongue

_SUBJECT = "Subject: "


class Wanted(Plain, frozen=True, kw_only=True):
    """A message that a reaction wants sent: the arguments of `messages.actions.order_message`.

    `key` tells one fact's messages of one reaction apart; it stands in clear, so it is a pseudonym or empty.
    `language`: what she read our pages in, where her record names none. `hers`: the same words in her language.
    """

    template: str
    subject: str
    body: str
    key: str = ""
    person: str | None = None
    reach: str | None = None
    channel: str | None = None
    to: str | None = None
    name: str | None = None
    voice: str | None = None
    about: str | None = None
    because: str | None = None
    paper: str | None = None
    language: str | None = None
    hers: rules.InHers | None = None


@cache
def templates(code: str = "") -> Environment:
    """Return the environment of all templates, of ours or of another language's.

    An unknown name in one is an error, never an empty space.
    """
    folder = files("lamplit.reactions") / "words"
    if code:
        folder = folder / code
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".txt")}
    environment = Environment(
        loader=DictLoader(texts),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - plain text, nothing to escape
    )
    for said in (words.long_date, words.clock_time, words.moment, words.slot, words.before, words.pounds):
        environment.filters[said.__name__] = said
    if code:
        environment.filters |= tongue(code).filters()
    return environment


def write(template: str, at: datetime, **values: object) -> tuple[str, str]:
    """Return subject and body of a letter. `at` is the moment of writing; templates know it as `now`.

    CannotWriteError when a field is missing or wrong (`fields.toml`).
    """
    return _filled(template, "", at, checked(template, values))


def in_hers(template: str, person: str | None, at: datetime, read_in: str | None = None, **values: object) -> dict[str, Any]:
    """Return `hers` and `language` of a Wanted: the letter once more in the language of the person, where it is written in it.

    `read_in`: the name of the language in which she read our pages, which counts where her record names none. What staff wrote
    by hand stays as they wrote it.
    """
    asked = people.preferences(person, london_date(at)).language if person is not None else None
    language = rules.language_of(asked or read_in)
    if language is None or language.letters is None or f"{template}.txt" not in templates(language.letters).list_templates():
        return {"language": read_in}
    spoken = tongue(language.letters)
    given = {name: spoken.say(value) for name, value in checked(template, values).items()}
    subject, body = _filled(template, language.letters, at, given)
    return {"language": read_in, "hers": rules.InHers(subject=subject, body=body, note=language.waits)}


def _filled(template: str, code: str, at: datetime, given: dict[str, Any]) -> tuple[str, str]:
    text = templates(code).get_template(f"{template}.txt").render(now=at, landlord=settings.LANDLORD, **given)
    first, _, body = text.strip().partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError(f"{template}.txt does not begin with '{_SUBJECT}'")
    return first.removeprefix(_SUBJECT), body.strip()
