"""What a page sends later: without a signal it waits on the device (scripts/outbox.js) and comes when the signal is back.

A page asks for such an answer by `Accept: application/json`. Only `kept` says that we have it; whatever else comes back, the page
goes on waiting or says what was refused. Each thing carries a command id of its own, so one that comes again is known.
What waits belongs to whoever put it there: `sender`, a keyed hash of her, must fit whoever is signed in when it comes.
"""

import functools
import hashlib
import hmac
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from lamplit.basics import who

V = TypeVar("V", bound=Callable[..., Any])
JSON = "application/json"


def sender(request: HttpRequest) -> str:
    """Return what marks things of whoever is signed in; nothing for a visitor."""
    by = getattr(request, "by", None)
    return "" if by is None or by.kind == who.VISITOR else mark(str(by))


def mark(whose: str) -> str:
    """Return a keyed hash: what waits on a device tells nobody whose it is."""
    return hmac.new(settings.SECRET_KEY.encode(), f"outbox\n{whose}".encode(), hashlib.sha256).hexdigest()[:32]


def comes_later(sender_of: Callable[[Any], str] = sender) -> Callable[[V], V]:
    """Let a view take what waited. What somebody else left on the device is not hers to send (409)."""

    def decorate(view: V) -> V:
        @functools.wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST" and asked(request):
                expected = sender_of(request)
                if not expected or not hmac.compare_digest(expected, request.POST.get("sender", "")):
                    return JsonResponse({"kept": False}, status=409)
            return cast(HttpResponse, view(request, *args, **kwargs))

        return cast(V, run)

    return decorate


def asked(request: HttpRequest) -> bool:
    """Say whether a page's script asks, and not a browser that shows the answer."""
    return request.headers.get("Accept") == JSON


def kept(request: HttpRequest, path: str) -> HttpResponse:
    """Say that we have it, and lead to the page that shows it."""
    if asked(request):
        return JsonResponse({"kept": True, "to": path})
    return HttpResponseRedirect(path, status=303)


def refused(request: HttpRequest, form: forms.Form, words: str | None = None) -> HttpResponse | None:
    """Say why it was not taken; None for a browser, which shows the form again."""
    if not asked(request) or request.method != "POST":
        return None
    found = [error for errors in form.errors.values() for error in errors]
    return JsonResponse({"kept": False, "why": ([words] if words else []) + found}, status=422)
