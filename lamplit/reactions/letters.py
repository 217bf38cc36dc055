"""Letters and texts: plain-text templates in `words/`, filled in. The first line is `Subject: ...`."""

from datetime import datetime
from functools import cache
from importlib.resources import files

from django.conf import settings
from jinja2 import DictLoader, Environment, StrictUndefined

from lamplit.basics import words
from lamplit.basics.plain import Plain
from lamplit.reactions.fields import checked

_SUBJECT = "Subject: "


class Wanted(Plain, frozen=True, kw_only=True):
    """A message that a reaction wants sent: the arguments of `messages.actions.order_message`.

    `key` tells one fact's messages of one reaction apart; it stands in clear, so it is a pseudonym or empty.
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


@cache
def templates() -> Environment:
    """Return the environment of all templates. An unknown name in one is an error, never an empty space."""
    folder = files("lamplit.reactions") / "words"
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
    return environment


def write(template: str, at: datetime, **values: object) -> tuple[str, str]:
    """Return subject and body of a letter. `at` is the moment of writing; templates know it as `now`.

    CannotWriteError when a field is missing or wrong (`fields.toml`).
    """
    given = checked(template, values)
    text = templates().get_template(f"{template}.txt").render(now=at, landlord=settings.LANDLORD, **given)
    first, _, body = text.strip().partition("\n")
    if not first.startswith(_SUBJECT):
        raise ValueError(f"{template}.txt does not begin with '{_SUBJECT}'")
    return first.removeprefix(_SUBJECT), body.strip()
