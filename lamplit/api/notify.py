"""GOV.UK Notify calls us: what became of a message, and texts that came in. It shows a bearer token that the landlord gave it.

Nobody else can say that a message arrived or failed. What is said of a message that we do not know is no news.
"""

import hmac
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lamplit.basics.clock import now
from lamplit.basics.phone_email import read_phone
from lamplit.config.audience import for_everyone
from lamplit.config.providers import callback_token
from lamplit.exchange.post.asked import command_of
from lamplit.exchange.post.texts import take_text
from lamplit.reactions.providers.chosen import BadSettings
from lamplit.reactions.providers.notify import read
from lamplit.reactions.send import take_in

LONGEST = 16 * 1024  # bytes; Notify's calls have a few hundred


@for_everyone
@csrf_exempt  # it shows a token and no cookie, so there is nothing to forge
@require_http_methods(["POST"])
def called(request: HttpRequest) -> HttpResponse:
    """Take one call. 401 without the token, 400 for what is no call; all else is taken, also when it is no news."""
    if not _has_token(request):
        return HttpResponse("This address is for the landlord's messages provider.\n", status=401, content_type="text/plain")
    said = _said(request)
    if said is None:
        return HttpResponse("This is no delivery receipt.\n", status=400, content_type="text/plain")
    heard = read(said)
    if heard is not None:
        take_in(heard, now())
    return HttpResponse(status=204)


@for_everyone
@csrf_exempt  # the same
@require_http_methods(["POST"])
def texted(request: HttpRequest) -> HttpResponse:
    """Take a text that came in. 401 without the token, 400 for what is none, 429 when one number asks too often."""
    if not _has_token(request):
        return HttpResponse("This address is for the landlord's messages provider.\n", status=401, content_type="text/plain")
    said = _said(request) or {}
    ident, number, words = (said.get(name) for name in ("id", "source_number", "message"))
    reached = read_phone(number) if isinstance(number, str) else None
    if not isinstance(ident, str) or not ident or not isinstance(words, str) or reached is None:
        return HttpResponse("This is no text that came in.\n", status=400, content_type="text/plain")
    take_text(reached, words, now(), f"text:{command_of('text', ident.encode())}")
    return HttpResponse(status=204)


def _has_token(request: HttpRequest) -> bool:
    try:
        wanted = callback_token()
    except BadSettings:
        wanted = None
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    return bool(wanted) and kind == "Bearer" and hmac.compare_digest(shown.strip().encode(), str(wanted).encode())


def _said(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > LONGEST:
        return None
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) and isinstance(said.get("reference"), str | None) else None
