"""Everything that we sent her, exactly as it was sent; and the page on which anybody can check whether a message is ours."""

import re
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.fact import Unavailable
from lamplit.config import limits
from lamplit.config.audience import Request, for_everyone, for_tenant, her
from lamplit.config.forms import Typed, posted
from lamplit.messages import queries as messages
from lamplit.portal import words
from lamplit.portal.home import case_ids
from lamplit.portal.models import Seen

WAYS = {"text": "Text", "email": "E-mail", "post": "Letter", "call": "Phone call"}
BY = {"text": "by text", "email": "by e-mail", "post": "by post", "call": "by phone"}
CODE_LENGTH = 6
# What a letter was about, for somebody who asks whether it is ours: as much as tells nothing of whom it went to.
ABOUT = {
    "repair": "a repair", "visit": "a visit", "no_access": "a visit", "is_it_mended": "a repair",
    "complaint": "a complaint", "contact": "how we reach somebody", "on_call": "our own work",
}  # fmt: skip


@for_tenant
def listed(request: Request) -> HttpResponse:
    """Show everything we sent her by any channel, newest first, word for word."""
    person = her(request)
    shown = [_shown(row) for row in messages.messages_of(person, cases=case_ids(person))]
    response = render(request, "portal/messages.html", {"messages": shown, "section": "messages"})
    Seen.objects.update_or_create(person=person, defaults={"messages_at": request.now})
    return response


def _shown(row: Any) -> dict[str, Any]:
    way = WAYS.get(str(row.channel), "Message")
    to = words.shown(str(row.to))
    state = {"sent": f"{way} to {to}", "ordered": f"{way} to {to}, on its way"}.get(row.status, "This did not reach you")
    return {"at": row.sent_at or row.ordered_at, "subject": row.subject, "body": row.body, "state": state}


class CheckForm(forms.Form):
    """The code on a message, or the message itself."""

    code = Typed(label="The code on the message", help_text="Six letters and numbers, at its end.", longest=40)
    pasted = Typed(label="Or paste the whole message here", longest=10_000, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "code" in cleaned and "pasted" in cleaned and not cleaned["code"] and not cleaned["pasted"]:
            self.add_error("code", "Enter the code, or paste the message")
        return cleaned


@for_everyone
@require_http_methods(["GET", "POST"])
def check(request: Request) -> HttpResponse:
    """Say whether a message is ours. A code alone is never a yes, and nobody learns whom a message went to."""
    form = CheckForm(posted(request))
    answer = None
    if request.method == "POST" and form.is_valid():
        limits.count(limits.CHECKS_PER_ADDRESS, limits.address_of(request), request.now)
        answer = verdict(form.cleaned_data["code"], form.cleaned_data["pasted"])
    return render(request, "portal/check.html", {"form": form, "answer": answer, "section": "check"})


def verdict(code: str, pasted: str) -> dict[str, Any]:
    """Compare with what we sent. `kind`: ours (word for word), changed, code (ask her to compare) or none."""
    wanted = "".join(code.split()).upper() or _code_in(pasted)
    found = [row for row in messages.with_code(wanted) if isinstance(row.body, str)]
    if not found:
        return {"kind": "none"}
    if pasted:
        exact = [row for row in found if _plain(str(row.body)) in _plain(pasted)]
        return {"kind": "ours" if exact else "changed", "said": [_said(row) for row in exact or found]}
    return {"kind": "code", "said": [_said(row) for row in found]}


def _code_in(pasted: str) -> str:
    """Return the last word of six letters and numbers, as our messages end."""
    found = re.findall(r"\b[0-9A-Za-z]{6}\b", pasted)
    return found[-1].upper() if found else ""


def _plain(text: str) -> str:
    """Leave out what copying changes: spaces and line ends."""
    return " ".join(text.split())


def _said(row: Any) -> dict[str, Any]:
    template = "" if isinstance(row.template, Unavailable) else str(row.template or "")
    about = next((said for begins, said in ABOUT.items() if template.startswith(begins)), "something between us and a tenant")
    return {"at": row.sent_at or row.ordered_at, "by": BY.get(str(row.channel), "by another way"), "about": about}
