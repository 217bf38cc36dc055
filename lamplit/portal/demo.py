"""The demo's outbox: every message and code as it was or would have been sent. There is no such page outside the demo."""

from django.http import HttpResponse
from django.shortcuts import render

from lamplit.basics.clock import now
from lamplit.config.audience import Request, for_everyone
from lamplit.config.demo_staff import code_at
from lamplit.messages import queries as messages
from lamplit.portal.messages import WAYS
from lamplit.portal.models import DemoCode
from lamplit.portal.words import shown as as_said


def reach(channel: object, to: object) -> str:
    """Return "Text to 07700 900123"."""
    return f"{WAYS.get(str(channel), 'By no way')} to {as_said(str(to)) if to else 'nobody'}"


@for_everyone
def outbox(request: Request) -> HttpResponse:
    """Show the newest codes and messages, codes included."""
    codes = list(DemoCode.objects.order_by("-sent_at", "-id")[:20])
    shown = {"codes": codes, "messages": messages.outbox(), "staff_code": code_at(now()), "section": None, "say_reach": reach}
    return render(request, "portal/demo_outbox.html", shown)
