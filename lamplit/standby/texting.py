"""Texts that the provider brings to the standby: by an address of ours that holds a token, or with the token in a header."""

import hmac
import json

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lamplit.basics.clock import now
from lamplit.basics.phone_email import read_phone
from lamplit.config.audience import for_everyone
from lamplit.config.providers import callback_token
from lamplit.exchange.post.at_standby import keep_text
from lamplit.reactions.providers.chosen import BadSettings

LONGEST = 16 * 1024  # bytes; a text has a few hundred


@csrf_exempt  # it shows a token and no cookie, so there is nothing to forge
@for_everyone
@require_POST
def texted(request: HttpRequest, token: str) -> HttpResponse:
    """Take one text. 404 without the token, 400 for what is none; 204 only once it is kept or answered."""
    try:
        wanted = callback_token()
    except BadSettings:
        wanted = None
    if not wanted or not hmac.compare_digest(token.encode(), wanted.encode()):
        raise Http404
    said = _read(request)
    reached = read_phone(said.get("source_number", ""))
    if not said.get("id") or "message" not in said or reached is None:
        return HttpResponse("This is no text that came in.\n", status=400, content_type="text/plain")
    keep_text(reached, said["message"].strip(), said["id"], now())
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> dict[str, str]:
    """Return the words of a text, sent as JSON or as a form; nothing of what is neither."""
    if len(request.body) > LONGEST:
        return {}
    if request.content_type != "application/json":
        return {name: str(value) for name, value in request.POST.items()}
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in said.items() if isinstance(value, str)} if isinstance(said, dict) else {}
