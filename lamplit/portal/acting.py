"""Who acts for her: shown on her own pages, where she ends it or stops the copies of what we write to her."""

from datetime import date
from typing import Any

import msgspec
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, posted
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.config.when import full_date, listed
from lamplit.people import actions, queries
from lamplit.people.facts import Mandate

SCOPES = {
    "repairs": lazy("repairs"), "rent": lazy("rent"), "complaints": lazy("complaints"), "everything": lazy("everything"),
}  # fmt: skip


def speakers(person: str, today: date) -> list[dict[str, Any]]:
    """Return who may act for her, now or later; of those who no longer may, nothing."""
    found = [(one.id, one.leave) for one in queries.mandates(person) if one.leave is not None]
    return [_shown(ident, leave) for ident, leave in found if _goes_on(leave, today)]


def _goes_on(leave: Mandate, today: date) -> bool:
    return (leave.ended_on is None or leave.ended_on > today) and (leave.expires_on is None or leave.expires_on >= today)


def _shown(ident: str, leave: Mandate) -> dict[str, Any]:
    lines = [
        _("From %(day)s") % {"day": full_date(leave.from_on)} if leave.from_on else "",
        _("Until %(day)s") % {"day": full_date(leave.expires_on)} if leave.expires_on else "",
        _("We were shown: %(what)s") % {"what": leave.evidence} if leave.evidence else "",
        _("Gets copies of what we write to you about this") if leave.copies else "",
    ]
    return {
        "id": ident, "name": leave.name, "relation": leave.relation, "copies": bool(leave.copies),
        "scope": listed([str(SCOPES.get(one, one)) for one in leave.scope]), "lines": [line for line in lines if line],
    }  # fmt: skip


@for_tenant
@require_http_methods(["GET", "POST"])
def acting(request: Request, mandate: str) -> HttpResponse:
    """Let her end it, or stop the copies. What she ends is over at once; nobody has to agree."""
    person, today = her(request), london_date(request.now)
    found = next((one for one in queries.mandates(person) if one.id == mandate), None)
    if found is None or found.leave is None or not _goes_on(found.leave, today):
        raise Http404
    form, refused = SentOnce(posted(request)), None
    if request.method == "POST" and form.is_valid():
        stop = "copies" in request.POST
        leave = msgspec.structs.replace(found.leave, **({"copies": None} if stop else {"ended_on": today}))
        sent: Any = {"by": request.by, "at": request.now, "command": form.command()}
        try:
            actions.represent_person(person=person, leave=leave, mandate=mandate, **sent)
            return HttpResponseRedirect(f"/your-data?done={'no_copies' if stop else 'acts_no_more'}")
        except Refused as error:
            refused = tenant_words(error)
    context = {"one": _shown(mandate, found.leave), "form": form, "refused": refused, "section": "data"}
    return render(request, "portal/acting.html", context)
