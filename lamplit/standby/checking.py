"""Is it ours? The same page as on main. What is personal is sealed here, so it compares the words that never change."""

import msgspec
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from lamplit.config import check as checks
from lamplit.config import place
from lamplit.config.audience import Request, for_everyone
from lamplit.config.photos.uploads import takes_file
from lamplit.continuity import heir, intake
from lamplit.exchange.post.proving import doubted


@for_everyone
@require_http_methods(["GET", "POST"])
@takes_file
def check(request: Request) -> HttpResponse:
    """Say whether a message is ours, as far as can be said without keys."""
    return checks.page(request, checks.Behind(_doubt, _keep, "layouts/plain.html"))


def _doubt(raw: bytes, keys: dict[str, str]) -> checks.Doubt:
    return checks.Doubt(*doubted(raw, keys))


def _keep(request: Request, given: dict[str, str | None], command: str) -> None:
    """Keep a report, sealed: main reads it when it takes over what came in here."""
    said = msgspec.json.encode(given)
    intake.keep_sealed("not_ours", said, heir.recipients(place.key_folder()), at=request.now, command=command)
