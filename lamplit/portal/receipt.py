"""The page that gives a report its number: only once it is kept. Until a named person has an emergency, it says "received"."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from lamplit.config import outbox
from lamplit.config.audience import Request, for_everyone
from lamplit.config.receipts import wait_until_kept
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import of_data, sentence
from lamplit.config.when import before, near_moment
from lamplit.portal import asking, drafts
from lamplit.portal.drafts import Sent
from lamplit.repairs import queries as repairs
from lamplit.repairs.queries import book_for
from lamplit.staff import queries as staff


class Card(NamedTuple):
    """What it means, in a few sentences."""

    title: str
    lines: list[str]
    kind: str = "plain"


@for_everyone
def received(request: Request) -> HttpResponse:
    """Show the receipt of what this browser sent last."""
    draft = drafts.last_sent(request)
    if draft is None or draft.sent is None:
        return HttpResponseRedirect("/report")
    sent = draft.sent
    kept = wait_until_kept(sent.command)
    who = _who_has_it(sent, request.now)
    context = {
        "title": _("We have your report") if kept else _("We are keeping your report safe"),
        "sent": sent,
        "kept": kept,
        "kept_by_name": who is not None or not sent.emergency,
        "advice": asking.advice_of(book_for(sent.edition or None), sent.advice),
        "card": card_of(sent, who, request.now, hers=request.person is not None),
        "next": next_of(sent, who, draft.row.changed_at, request.now),
        "photo": _("We have your photo.") if request.GET.get("done") == "photo" else None,
        "section": "repairs",
        "outbox_sender": outbox.mark(f"report:{sent.repair}") if sent.repair else "",
    }
    return render(request, "portal/report_received.html", context)


def _who_has_it(sent: Sent, now: datetime) -> str | None:
    """Return the name of whoever accepted the emergency, or None."""
    case = repairs.case(sent.repair, now=now) if sent.repair else None
    if case is None or case.repair.accepted_by is None:
        return None
    member = staff.member(case.repair.accepted_by)
    return staff.full_name(member) if member is not None else None


def card_of(sent: Sent, who: str | None, now: datetime, *, hers: bool) -> Card | None:
    """Say what we do and by when. None when a person has to find the home first.

    What was open in a home before is told to nobody who is not signed in (`hers`).
    """
    if sent.due_at is None:
        return None
    by_then = before(sent.due_at, now)
    comes = _("Somebody will come %(by_then)s.") % {"by_then": by_then}
    known = [_("We know of this already. Both reports go on together, and yours counts.")] if sent.joined and hers else []
    if not sent.emergency:
        lines = [
            _("We will mend it %(by_then)s.") % {"by_then": by_then},
            _("We tell you before we come. If it gets worse, tell us at once."),
        ]
        if sent.period:
            lines.append(_("The law gives us %(period)s for this repair.") % {"period": of_data("law", sent.period)})
        return Card(_("What we will do"), known + lines)
    if who is None:
        waits = _("Received. We are ringing the person on call now. This page says who has it, and we send you their name.")
        return Card(_("This is an emergency"), [*known, comes, waits], "danger")
    return Card(_("%(name)s has it") % {"name": who}, [*known, comes], "danger")


def next_of(sent: Sent, who: str | None, told_at: datetime, now: datetime) -> list[dict[str, Any]]:
    """Return what happens next, for the timeline."""
    if sent.due_at is None:
        return []
    items: list[dict[str, Any]] = [{"when": near_moment(told_at, now), "what": _("You told us"), "kind": "done"}]
    if sent.emergency and who is None:
        more = _("If nobody has by then, their manager is rung.")
        items.append({"when": _("Within 15 minutes"), "what": _("A person takes it"), "kind": "now", "more": more})
    elif sent.emergency:
        items.append({"when": _("Now"), "what": _("%(name)s has it") % {"name": who}, "kind": "done"})
    what = _("Made safe") if sent.emergency else _("Mended")
    items.append({"when": sentence(before(sent.due_at, now)), "what": what, "kind": "plain" if who is None else "now"})
    more = _("It stays open until you say that it is mended.")
    items.append({"when": _("Then"), "what": _("We ask you whether it is mended"), "more": more})
    return items
