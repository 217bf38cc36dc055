"""The languages that pages are read in: which there are, which one is chosen, and how it is remembered.

A language is two catalogues beside this file (`locale/<code>/LC_MESSAGES/`: `lamplit.po` for what tenants read, `desk.po` for
what staff read besides) and a line here. Staff choose for the desk apart: there nothing follows what a browser asks for.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, Literal, NamedTuple, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation

from lamplit.config.print_size import YEAR_SECONDS, way_back_of

M = TypeVar("M", bound=Callable[..., Any])
COOKIE, DESK_COOKIE = "language", "desk_language"
OF_STAFF = "/desk/"  # what begins so is in our language, unless she who reads it chose another for the desk
OF_MACHINES = "/api/"  # what begins so is in our language always


class Language(NamedTuple):
    """One language. `waits`: nobody who grew up with it has read its catalogue yet, and every page says so."""

    code: str
    own_name: str
    name: str
    direction: Literal["ltr", "rtl"] = "ltr"
    waits: bool = False


OURS = Language("en-GB", "English", "English")
LANGUAGES = (OURS, Language("cy", "Cymraeg", "Welsh", waits=True), Language("pl", "Polski", "Polish", waits=True))
# Asked for at every word of a page: Django keeps the same, and takes ten times as long to say it.
_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=OURS)
_BY_CODE = {one.code.lower(): one for one in LANGUAGES}


def of_code(code: str | None) -> Language | None:
    """Return the language of that code, or None when there is none of it here."""
    return _BY_CODE.get((code or "").lower())


def named(name: str | None) -> Language | None:
    """Return the language that a record names in words, such as "Polish" or "polski"."""
    wanted = (name or "").strip().lower()
    return next((one for one in LANGUAGES if wanted in (one.name.lower(), one.own_name.lower(), one.code.lower())), None)


def speaking() -> Language:
    """Return the language of the page that is being made. Outside a page it is ours."""
    return _SPOKEN.get()


@contextmanager
def within(wanted: Language) -> Iterator[None]:
    """Within this, words are made in a language; Django's own as well."""
    before = _SPOKEN.set(wanted)
    try:
        with translation.override(wanted.code.lower()):
            yield
    finally:
        _SPOKEN.reset(before)


def in_ours() -> AbstractContextManager[None]:
    """Within this, words are made in our language: for what staff read, whatever language somebody reads the portal in."""
    return within(OURS)


def said_in_ours(make: M) -> M:
    """Declare that what this makes is in our language: a paper, a letter, words that go into the record."""

    @wraps(make)
    def made(*args: Any, **options: Any) -> Any:
        with in_ours():
            return make(*args, **options)

    return cast(M, made)


def chosen(request: HttpRequest) -> Language:
    """Return what this browser chose, else what it says that its reader reads, else ours."""
    if request.path.startswith(OF_MACHINES):
        return OURS
    if request.path.startswith(OF_STAFF):
        return of_code(request.COOKIES.get(DESK_COOKIE)) or OURS
    return of_code(request.COOKIES.get(COOKIE)) or of_code(translation.get_language_from_request(request)) or OURS


def language(request: HttpRequest) -> HttpResponse:
    """Keep the language asked for (`?to=pl`) and go back to `?back=`, on this site only."""
    back = way_back_of(request)
    response = HttpResponseRedirect(back)
    wanted = of_code(request.GET.get("to"))
    if wanted is not None:
        remember_in_browser(response, request, wanted, DESK_COOKIE if back.startswith(OF_STAFF) else COOKIE)
    return response


def remember_in_browser(response: HttpResponse, request: HttpRequest, wanted: Language, cookie: str = COOKIE) -> None:
    """Show this language in this browser from now on."""
    response.set_cookie(cookie, wanted.code, max_age=YEAR_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax")
