"""The Jinja2 environment of every page: its globals, its filters, and a loud answer to a misspelt name."""

import json
from collections.abc import MutableMapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, PackageLoader, PrefixLoader, Undefined, UndefinedError
from jinja2.loaders import ChoiceLoader
from jinja2.utils import missing
from markupsafe import Markup

from lamplit.basics import words
from lamplit.config import fields, languages, left, speaking, when
from lamplit.config.here import standby_address, us
from lamplit.config.speaking import of_data, to_say

BUILT = Path(__file__).parent / "static" / "built"


class LoudUndefined(Undefined):
    """A missing key of a dict prints nothing (the GOV.UK macros live on that); any other missing name is an error.

    Asking `{% if name %}` of anything stays allowed.
    """

    __slots__ = ()

    def __str__(self) -> str:
        if self._undefined_obj is missing or not isinstance(self._undefined_obj, dict):
            self._loud()
        return ""

    def _loud(self) -> NoReturn:
        raise UndefinedError(self._undefined_message)

    def __html__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Landlord:
    """Who runs this service, as printed on every page and letter. `settings.LANDLORD` is a dict of these."""

    name: str
    phone: str
    help_address: str
    hours: str = to_say("day and night")


def landlord() -> Landlord:
    """Return the landlord named in the settings. Not set or misspelt: AttributeError or TypeError."""
    return Landlord(**settings.LANDLORD)


class NotBuiltError(Exception):
    """The page kit has not been compiled on this machine."""


@lru_cache(maxsize=1)
def _manifest(written_ns: int) -> dict[str, str]:  # noqa: ARG001 - a new build is a new key, so nothing old is remembered
    built: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())["files"]
    return built


def asset(name: str) -> str:
    """Return the URL of a compiled file by its plain name ("lamplit.css"). Not compiled yet: NotBuiltError."""
    try:
        written_ns = (BUILT / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        raise NotBuiltError("Run `python bin/build_assets.py` first: the styles have not been compiled.") from None
    return static("built/" + _manifest(written_ns)[name])


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the path of a named URL."""
    return reverse(name, args=args, kwargs=kwargs)


def hours() -> str:
    """Return when we answer the telephone, in the language of the page."""
    return of_data("landlord.hours", landlord().hours)


def _page_globals() -> dict[str, Any]:
    return {
        "static": static,
        "asset": asset,
        "url": url,
        "landlord": landlord(),
        "us": us,
        "standby_address": standby_address,
        "hours": hours,
        "languages": languages.LANGUAGES,
        "speaking": languages.speaking,
        "as_recorded": speaking.as_recorded,
        "counted": speaking.counted,
        "begin_note": speaking.NOTE,
        "end_note": speaking.NOTE_END,
        "on_standby": getattr(settings, "ON_STANDBY", False),
        "exit_to": getattr(settings, "EXIT_TO", "https://www.bbc.co.uk/weather"),
        "share_used": words.share_used,
        "urgency": words.urgency,
        "kind_of": fields.kind_of,
        "error_of": fields.error_of,
        "hint_of": fields.hint_of,
        "label_of": fields.label_of,
        "value_of": fields.value_of,
        "day_parts_of": fields.day_parts_of,
        "choices_of": fields.choices_of,
        "errors_of": fields.errors_of,
    }


FILTERS = (
    words.london,
    when.long_date,
    when.full_date,
    when.near_date,
    when.clock_time,
    when.moment,
    when.full_moment,
    when.near_moment,
    when.before,
    when.by_then,
    when.slot,
    left.time_left,
    words.sentence,
    left.time_left_aloud,
    left.ago,
    words.pounds,
    words.plural,
    when.listed,
    speaking.sentence,
)


def _said(said: str, /, **filled: Any) -> Markup:
    """Return words of a page in its language, with what is filled in made safe."""
    words = Markup(speaking.gettext(said))  # noqa: S704 - it stands in a template or in a catalogue
    return words % filled if filled or "%" in words else words


class Pages(Environment):
    """Jinja's environment, whose templates have the same globals: none of ours adds any.

    Jinja lays an empty layer over them for each template, and compares the names of two such pairs at every import of a macro.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend asks for: always escaping, with the page kit's names."""
    options["autoescape"] = True
    options["undefined"] = LoudUndefined
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    if options.get("loader") is not None:
        options["loader"] = ChoiceLoader([options["loader"], govuk])
    env: Any = Pages(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], **options)
    env.install_gettext_callables(speaking.gettext, speaking.ngettext, newstyle=True, pgettext=speaking.pgettext)
    env.globals["_"] = env.globals["gettext"] = _said  # as Jinja's own, which asks its context twice for each word
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(_page_globals())
    env.filters.update({shape.__name__: shape for shape in FILTERS})
    made: Environment = env
    return made
