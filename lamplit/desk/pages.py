"""How every page of the desk is shown, and how a form leads to an action."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from lamplit.basics.refusal import Refused
from lamplit.config.refusals import staff_words
from lamplit.config.speaking import lines
from lamplit.desk.middleware import StaffRequest
from lamplit.desk.troubles import limits_reached, planted_opened, post_waits, promises_at_risk, troubles

R = TypeVar("R")
F = TypeVar("F", bound=forms.Form)
__all__ = ["StaffRequest", "form_of", "found", "page", "told", "went"]

SECTIONS = {
    "queue": "see_queue",
    "visits": "see_own_jobs",
    "decisions": "review_repeats",
    "report": "report_repair",
    "search": "search",
    "rent": "see_arrears",
    "complaints": "see_complaint",
    "messages": "send_message",
    "incident": "see_incident",
    "on_call": "see_queue",
    "board": "see_figures",
    "record": "see_record",
    "staff": "manage_staff",
}


def page(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Show a page of the desk (a template under `desk/`), with what every page of it needs."""
    asked: Any = request
    shared = {
        "me": asked.me,
        "may": asked.me.may,
        "staff_name": asked.me.name,
        "desk_sections": [key for key, permission in SECTIONS.items() if permission in asked.me.may],
        "troubles": [
            *(promises_at_risk(asked.now) if "see_incident" in asked.me.may else []),
            *troubles(asked.now),
            *(limits_reached(asked.now) if "lift_limits" in asked.me.may else []),
            *(post_waits(asked.now) if "record_contact" in asked.me.may else []),
            *(planted_opened(asked.now) if "see_planted" in asked.me.may else []),
        ],
    }
    return render(request, f"desk/{template}", shared | context, status=status, using="jinja2")


def form_of(request: HttpRequest, kind: type[F], **options: Any) -> F:
    """Return a form, filled with what was sent, or blank."""
    return kind(request.POST, request.FILES, **options) if request.method == "POST" else kind(**options)


def told(form: forms.Form, do: Callable[[], R]) -> tuple[bool, R | None]:
    """Do what a valid form asks for. Returns (True, the answer), or (False, None) with the refusal's words in the form."""
    if not form.is_valid():
        return False, None
    try:
        return True, do()
    except Refused as refused:
        form.add_error(None, lines(staff_words(refused)))
        return False, None


def went(path: str) -> HttpResponse:
    """Go to a page after something was done."""
    response = HttpResponseRedirect(path)
    response.status_code = 303
    return response


def found(row: R | None) -> R:
    """Return what was asked for; 404 when it is not there, or not for whoever asks."""
    if row is None:
        raise Http404
    return row
