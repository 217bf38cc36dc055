"""The demo's outbox: every message and code as it was or would have been sent. There is no such page outside the demo."""

from django.http import HttpResponse
from django.shortcuts import render

from lamplit.config.audience import Request, for_everyone
from lamplit.messages import queries as messages
from lamplit.portal.models import DemoCode


@for_everyone
def outbox(request: Request) -> HttpResponse:
    """Show the newest codes and messages, codes included."""
    codes = list(DemoCode.objects.order_by("-sent_at", "-id")[:20])
    return render(request, "portal/demo_outbox.html", {"codes": codes, "messages": messages.outbox(), "section": None})
