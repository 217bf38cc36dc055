"""What people read when something did not work: plain words, what to do, whom to ring. No page here reads the database."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from lamplit.basics.refusal import Refused
from lamplit.basics.words import plural
from lamplit.config.limits import TooManyError
from lamplit.config.refusals import staff_words, tenant_words


class Said(NamedTuple):
    """The words of one error page."""

    status: int
    title: str
    lines: tuple[str, ...]


BAD = Said(400, "We could not read that", ("Go back, load the page again, and try once more.",))
STALE = Said(
    403,
    "This page was open for a long time",
    ("To keep you safe, old pages stop working.", "Go back, load the page again, and send it once more. Nothing was sent."),
)
FORBIDDEN = Said(403, "This page is not open to you", ("If you think that it should be, ring us.",))
MISSING = Said(
    404,
    "We cannot find that page",
    ("If you typed the address, check it. If you followed a link, the page may have moved.", "Our first page leads on."),
)
TOO_LARGE = Said(
    413,
    "That is too large to send",
    ("A photo may have 15 MB. We cannot take videos here yet.", "Go back and send something smaller. Nothing was sent."),
)
BROKEN = Said(
    500,
    "Something went wrong on our side",
    (
        "It is not your fault. We are told about it at once.",
        "Wait a minute, then try again. If you were sending something, look first whether we have it.",
        "If it cannot wait, ring us.",
    ),
)


def _show(request: HttpRequest, said: Said) -> HttpResponse:
    return HttpResponse(render_to_string("error.html", {"said": said}, request, using="jinja2"), status=said.status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return _show(request, BAD)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Answer a form whose anti-forgery token does not fit: nearly always a page that was left open."""
    return _show(request, STALE)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return _show(request, FORBIDDEN)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return _show(request, MISSING)


def too_large(request: HttpRequest) -> HttpResponse:
    return _show(request, TOO_LARGE)


def broken(request: HttpRequest) -> HttpResponse:
    return _show(request, BROKEN)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Answer a refusal that a view did not show beside its form."""
    by: Any = getattr(request, "by", None)
    words = staff_words(error) if by is not None and by.kind == "staff" else tenant_words(error)
    return _show(request, Said(400, "We could not do that", (words,)))


def too_many(request: HttpRequest, error: TooManyError) -> HttpResponse:
    """Answer somebody who asks too often; says when to come back."""
    seconds = error.wait.total_seconds()
    minutes = max(1, -(-int(seconds) // 60))
    lines = (f"Please wait {plural(minutes, 'minute')}, then try again.", "We do this to keep everyone’s data safe.")
    response = _show(request, Said(429, "You have tried this many times", (*lines, "If it cannot wait, ring us.")))
    response.headers["Retry-After"] = str(int(max(error.wait, timedelta(seconds=1)).total_seconds()))
    return response
