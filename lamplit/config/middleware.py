"""What every request passes: security headers, the clock, and whom a page is for."""

import logging
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.http import urlencode

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config import errors, languages, standing_by
from lamplit.config.audience import PERSON, Request, audience_of
from lamplit.config.audience import Audience as Declared
from lamplit.config.limits import TOKENS_PER_ADDRESS, TooManyError, address_of, count
from lamplit.config.outbox import sender
from lamplit.config.speaking import mark_parts
from lamplit.config.tokens import digest_of, secret_of
from lamplit.staff import queries as staff

log = logging.getLogger(__name__)
Next = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not read `frame-ancestors`
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    """Strict content security policy and its companions, on every answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class TakenOver:
    """On a standby: once it has taken over and everything can be opened, it serves the pages that main served."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        taken = standing_by.taken_over()
        if taken is not None and request.method == "POST" and standing_by.closed():
            return errors.moving_back(request)
        if taken is not None and standing_by.ready(taken):
            cast(Any, request).urlconf = "lamplit.config.urls_taken_over"
        return self.get_response(request)


class Languages:
    """Makes every page in its reader's language, and marks what of it is still in ours."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = languages.chosen(request)
        with languages.within(wanted):
            response = self.get_response(request)
        if wanted is languages.OURS:
            return response
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = mark_parts(response.content.decode()).encode()
        response.headers.setdefault("Content-Language", wanted.code)
        return response


class Audience:
    """Reads the clock once, says who asks, and lets nobody see a page that is not for them.

    A tenant's session holds her person's id; a member of staff is the Django user whose username is her staff id.
    What a person sees is kept by no browser and no proxy.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast(Request, request)
        asked.now, asked.person, asked.by, asked.contractor = now(), None, who.visitor(), ""
        # A NUL in an address is nobody's question, and no database takes one.
        strange = any("\x00" in value for values in request.GET.lists() for value in (values[0], *values[1]))
        response = errors.bad_request(request) if strange else self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: Request, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        declared = audience_of(view)
        if declared is None:
            log.error("%s.%s does not say whom it is for, so nobody sees it", view.__module__, getattr(view, "__name__", "?"))
            return errors.forbidden(request)
        if declared.kind == "staff":
            return self._let_staff_in(request, declared)
        if declared.kind == "system":
            return self._let_system_in(request)
        request.person = request.session.get(PERSON)
        if request.person is not None:
            request.by = who.person(request.person)
        elif declared.kind == "tenant":
            return _to_sign_in("/sign-in", request)
        return None

    def _let_staff_in(self, request: Request, declared: Declared) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return _to_sign_in(settings.LOGIN_URL, request)
        staff_id = request.user.get_username()
        if not staff.may(staff_id, declared.permission):
            return errors.forbidden(request)
        request.by = who.staff(staff_id)
        return None

    def _let_system_in(self, request: Request) -> HttpResponse | None:
        """Let in whoever shows an open token; a cookie says nothing here. Whoever guesses is counted."""
        secret = secret_of(request)
        token = staff.token_of(digest_of(secret), london_date(request.now)) if secret is not None else None
        if token is None:
            count(TOKENS_PER_ADDRESS, address_of(request), request.now)
            said = {"status": 401, "detail": "Send a token that is open, as: Authorization: Bearer ..."}
            answer = JsonResponse(said, status=401, content_type="application/problem+json")
            answer["WWW-Authenticate"] = "Bearer"
            return answer
        request.contractor, request.by = token.contractor, who.By(who.CONTRACTOR, token.contractor)
        return None

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, TooManyError):
            return errors.too_many(request, error)
        return errors.refused(request, error) if isinstance(error, Refused) else None


def _to_sign_in(path: str, request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and, for a page that was only read, back again."""
    back = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return HttpResponseRedirect(path + back)


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Values that every page needs."""
    return {
        "signed_in": getattr(request, "person", None) is not None,
        "now": getattr(request, "now", None) or now(),
        "outbox_sender": sender(request),
    }
