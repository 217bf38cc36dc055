"""Keeps the templates in use beside the record, so that any message can be checked against the words of its time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.resources import files

from django.conf import settings

from lamplit.basics.who import job
from lamplit.messages import actions, queries
from lamplit.messages.actions import Words
from lamplit.reactions.fields import fields
from lamplit.reactions.timers import Timer

BY = job("wording")
EVERY = timedelta(minutes=10)


def in_use(keys: dict[str, str]) -> Words:
    """Return the templates of this release. `keys`: the public halves of what signs our e-mail."""
    folder = files("lamplit.reactions") / "words"
    places = {"": folder} | {f"{one.name}/": one for one in folder.iterdir() if one.is_dir()}
    return Words(
        texts={
            f"{of}{file.name.removesuffix('.txt')}": file.read_text(encoding="utf-8")
            for of, place in places.items()
            for file in place.iterdir()
            if file.name.endswith(".txt")
        },
        kinds={letter: {name: field.kind for name, field in named.items()} for letter, named in fields().items()},
        landlord={name: str(value) for name, value in settings.LANDLORD.items()},
        lines=queries.lines_of_languages(settings.LANDLORD["phone"]),
        keys=keys,
    )


def keeper(keys: Callable[[], dict[str, str]]) -> Timer:
    """Return the timer that keeps new words, soon after an upgrade has changed them."""
    kept: list[str] = []

    def keep(at: datetime) -> int:
        name = queries.name_of(in_use(keys()))
        if kept == [name] or queries.wordings(limit=1) == [name]:
            kept[:] = [name]
            return 0
        kept[:] = [actions.load_words(words=in_use(keys()), by=BY, at=at, command=f"job:words:{name}:{at:%Y%m%d%H%M%S}")]
        return 1

    return Timer("words in use", EVERY, keep)
