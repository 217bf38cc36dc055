"""What people read when something did not work: plain words, what to do, whom to ring. No page here reads the database."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from lamplit.basics.refusal import Refused
from lamplit.basics.words import plural
from lamplit.config.limits import TooManyError
from lamplit.config.refusals import staff_words, tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, ngettext


class Said(NamedTuple):
    """The words of one error page."""

    status: int
    title: Any
    lines: tuple[Any, ...]
    first_page: bool = False  # it leads to the first page, also from an address of the desk


BAD = Said(400, lazy("We could not read that"), (lazy("Go back, load the page again, and try once more."),))
STALE = Said(
    403,
    lazy("This page was open for a long time"),
    (
        lazy("To keep you safe, old pages stop working."),
        lazy("Go back, load the page again, and send it once more. Nothing was sent."),
    ),
)
FORBIDDEN = Said(403, lazy("This page is not open to you"), (lazy("If you think that it should be, ring us."),))
MISSING = Said(
    404,
    lazy("We cannot find that page"),
    (
        lazy("If you typed the address, check it. If you followed a link, the page may have moved."),
        lazy("Our first page leads on."),
    ),
)
NOT_HERE = Said(
    404,
    lazy("This page is not here"),
    (
        lazy("You are on our standby service. It has fewer pages than our main one."),
        lazy("You can report a repair here, tell us about your rent, and check a message."),
    ),
    first_page=True,
)
NOT_KEPT = lazy("If you sent us something just now, we do not have it. Please send it again from our first page.")
NO_DESK = lazy("The desk opens here once this service has taken over from the main one.")
TOO_LARGE = Said(
    413,
    lazy("That is too large to send"),
    (
        lazy("A photo may have 15 MB, and a video 60 MB."),
        lazy("Go back and send something smaller. Nothing was sent."),
    ),
)
BROKEN = Said(
    500,
    lazy("Something went wrong on our side"),
    (
        lazy("It is not your fault. We are told about it at once."),
        lazy("Wait a minute, then try again. If you were sending something, look first whether we have it."),
        lazy("If it cannot wait, ring us."),
    ),
)


def _show(request: HttpRequest, said: Said) -> HttpResponse:
    if request.path.startswith("/api/"):  # another system reads it: the same words, as RFC 9457 has them
        answer = {"status": said.status, "detail": f"{said.title}. {said.lines[0]}"}
        return JsonResponse(answer, status=said.status, content_type="application/problem+json")
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


def not_here(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Answer at a standby for a page that only main has: our address may have been led here while somebody was writing."""
    more = (NOT_KEPT,) if request.method == "POST" else (NO_DESK,) if request.path.startswith("/desk/") else ()
    return _show(request, NOT_HERE._replace(lines=(NOT_HERE.lines[0], *more, *NOT_HERE.lines[1:])))


def too_large(request: HttpRequest) -> HttpResponse:
    return _show(request, TOO_LARGE)


def broken(request: HttpRequest) -> HttpResponse:
    return _show(request, BROKEN)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Answer a refusal that a view did not show beside its form."""
    by: Any = getattr(request, "by", None)
    words = staff_words(error) if by is not None and by.kind == "staff" else tenant_words(error)
    return _show(request, Said(400, _("We could not do that"), (words,)))


def moving_back(request: HttpRequest) -> HttpResponse:
    """Answer somebody who sends something to a standby while main takes everything over. Nothing of it was kept."""
    lines = (
        _("We have not kept what you sent. Use our main pages, or try again in some minutes."),
        _("If it cannot wait, ring us."),
    )
    return _show(request, Said(503, _("We are moving back to our main pages"), lines))


def too_many(request: HttpRequest, error: TooManyError) -> HttpResponse:
    """Answer somebody who asks too often; says when to come back."""
    seconds = error.wait.total_seconds()
    minutes = max(1, -(-int(seconds) // 60))
    wait = ngettext("Please wait %(count)s minute, then try again.", "Please wait %(count)s minutes, then try again.", minutes)
    lines = (wait % {"count": minutes}, _("We do this to keep everyone’s data safe."))
    response = _show(request, Said(429, _("You have tried this many times"), (*lines, _("If it cannot wait, ring us."))))
    response.headers["Retry-After"] = str(int(max(error.wait, timedelta(seconds=1)).total_seconds()))
    return response


def seen_enough(request: HttpRequest, span: str, most: int) -> HttpResponse:
    """Answer a member of staff who would see more people than the landlord allows. Nothing of anybody stands here."""
    lines = (
        f"You may look at the records of {plural(most, 'person', 'people')} in {'an hour' if span == 'hour' else 'a day'}.",
        "This would be more, so we do not show it.",
        "The lead on call is told. Ask any lead to lift the limit for you.",
        "If it is an emergency, ask a colleague to open the record now.",
    )
    return _show(request, Said(429, "You have looked at many people", lines))
