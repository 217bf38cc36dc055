"""Pages that need no sign-in and no form: help, and how accessible it is."""

from django.http import HttpResponse
from django.shortcuts import render

from lamplit.config.audience import Request, for_everyone


@for_everyone
def help_page(request: Request) -> HttpResponse:
    """Say whom to ring for what."""
    return render(request, "portal/help.html", {"section": None})


@for_everyone
def accessibility(request: Request) -> HttpResponse:
    """Say what works for whom, and what to do if it does not."""
    return render(request, "portal/accessibility.html", {"section": None})
