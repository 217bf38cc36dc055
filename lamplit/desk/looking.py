"""Which people a page of the desk shows: it says so here, and `StaffSession` notes it once the page is made."""

from collections.abc import Iterable
from typing import Any, Literal, cast

from django.http import HttpRequest, HttpResponse

from lamplit.config import errors, looks
from lamplit.config.speaking import gettext as _

Via = Literal["page", "case", "home", "photo", "file"]
SHOWN = (200, 303)  # a page, or what a form did with it


class UnexplainedError(Exception):
    """A record that is kept for few is opened, and nobody said why. `StaffSession` leads to where it is asked."""

    def __init__(self, person: str) -> None:
        super().__init__(_("nobody said why"))
        self.person = person


def looked(request: Any, persons: Iterable[str | None] | str | None, via: Via, about: str | None = None) -> None:
    """Say that this page shows these people. Ids of anything else (a voice may be a repair's) are left out."""
    wanted = [persons] if isinstance(persons, str) else persons or ()
    seen = cast(list[looks.Seen], request.__dict__.setdefault("looks", []))
    seen += [(one, via, about) for one in wanted if one and one.startswith("p_")]


def note(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Note what was shown, before anybody sees it. Returns the page, or what stands in its place past the limit on looking.

    What was refused showed nobody; what a form did stands, and leads on to a page that is counted.
    """
    asked: Any = request
    seen = getattr(asked, "looks", None)
    if not seen or response.status_code not in SHOWN:
        return response
    if response.status_code == 200 and (stopped := looks.stop(asked.by, asked.me.roles, seen, asked.now)):
        response.close()
        return errors.seen_enough(request, stopped.span, stopped.most)
    looks.note(asked.by, seen, asked.now)
    return response
