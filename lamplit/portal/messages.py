"""Everything that we sent her, exactly as it was sent; and the page on which anybody can check whether a message is ours."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.config import check as checks
from lamplit.config import papers
from lamplit.config.audience import Request, for_everyone, for_tenant, her
from lamplit.config.photos.uploads import takes_file
from lamplit.config.speaking import as_recorded, lazy
from lamplit.config.speaking import gettext as _
from lamplit.exchange.post.proving import doubted
from lamplit.messages import actions
from lamplit.messages import queries as messages
from lamplit.portal import words
from lamplit.portal.home import case_ids
from lamplit.portal.models import Seen

WAYS = {"text": lazy("Text"), "email": lazy("E-mail"), "post": lazy("Letter"), "call": lazy("Phone call")}


@for_tenant
def listed(request: Request) -> HttpResponse:
    """Show everything we sent her by any channel, newest first, word for word."""
    person = her(request)
    shown = [_shown(row) for row in messages.messages_of(person, cases=case_ids(person))]
    response = render(request, "portal/messages.html", {"messages": shown, "section": "messages"})
    Seen.objects.update_or_create(person=person, defaults={"messages_at": request.now})
    return response


def _shown(row: Any) -> dict[str, Any]:
    way = WAYS.get(str(row.channel), _("Message"))
    to = words.shown(str(row.to))
    said = {
        "ordered": _("%(way)s to %(to)s, on its way"), "handed": _("%(way)s to %(to)s, being printed"),
        "sent": _("%(way)s to %(to)s"), "delivered": _("%(way)s to %(to)s. It arrived"),
        "unheard": _("%(way)s to %(to)s. We cannot say whether it arrived"),
    }.get(row.status, _("This did not reach you"))  # fmt: skip
    state = said % {"way": way, "to": to}
    file = (
        {"pdf": _("The letter itself (PDF)"), "email": _("The e-mail itself (a file)")}.get(str(row.form)) if row.kept else None
    )
    return {
        "id": row.id,
        "at": row.sent_at or row.ordered_at,
        "subject": as_recorded(str(row.subject)),
        "parts": [(code, text if code else as_recorded(text)) for code, text in messages.spoken_parts(str(row.body))],
        "state": state,
        "file": file,
    }


@for_tenant
@require_http_methods(["GET"])
def as_sent(request: Request, message: str) -> HttpResponse:
    """Hand out what left us, if it was sent to her: a letter as its PDF, an e-mail as its file."""
    person = her(request)
    row = next((one for one in messages.messages_of(person, cases=case_ids(person)) if one.id == message), None)
    answer = papers.as_it_left(message, row.form, messages.as_sent(row)) if row is not None else None
    if answer is None:
        raise Http404
    return answer


@for_everyone
@require_http_methods(["GET", "POST"])
@takes_file
def check(request: Request) -> HttpResponse:
    """Say whether a message is ours. A code alone is never a yes, and nobody learns whom a message went to."""
    return checks.page(request, checks.Behind(_doubt, _report, "layouts/portal.html"))


def _doubt(raw: bytes, keys: dict[str, str]) -> checks.Doubt:
    return checks.Doubt(*doubted(raw, keys))


def _report(request: Request, given: dict[str, str | None], command: str) -> None:
    actions.report_forgery(**given, by=request.by, at=request.now, command=command)
