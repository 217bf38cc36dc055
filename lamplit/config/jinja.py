"""The Jinja2 environment of every page: its globals, its filters, and a loud answer to a misspelt name."""

import json
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

from lamplit.basics import words
from lamplit.config import fields

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
    hours: str = "day and night"


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


def _page_globals() -> dict[str, Any]:
    return {
        "static": static,
        "asset": asset,
        "url": url,
        "landlord": landlord(),
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
    words.long_date,
    words.full_date,
    words.near_date,
    words.clock_time,
    words.moment,
    words.full_moment,
    words.near_moment,
    words.before,
    words.by_then,
    words.slot,
    words.time_left,
    words.time_left_aloud,
    words.ago,
    words.pounds,
    words.plural,
    words.listed,
    words.sentence,
)


def environment(**options: Any) -> Environment:
    """Return the environment that Django's Jinja2 backend asks for: always escaping, with the page kit's names."""
    options["autoescape"] = True
    options["undefined"] = LoudUndefined
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    if options.get("loader") is not None:
        options["loader"] = ChoiceLoader([options["loader"], govuk])
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - set to True above
    env.globals.update(_page_globals())
    env.filters.update({shape.__name__: shape for shape in FILTERS})
    return env
