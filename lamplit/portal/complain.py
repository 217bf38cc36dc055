"""Complaining: by anybody, in any words, with a number and the Complaint Handling Code's two dates."""

from datetime import date
from typing import Any

import msgspec
from django import forms
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.phone_email import read_email, read_phone
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.complaints import actions as complaints
from lamplit.complaints import queries
from lamplit.config import limits
from lamplit.config.audience import Request, for_everyone
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.receipts import wait_until_kept
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.portal import words
from lamplit.portal.idents import is_id
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies

LONGEST = 6_000
COOKIE = "complaint"
COOKIE_SECONDS = 24 * 3600
_SALT = "lamplit.complaint"


class ComplaintForm(SentOnce):
    """What went wrong, and what would put it right."""

    words = Typed(
        label=lazy("What went wrong?"),
        help_text=lazy("Say it in your own words."),
        needed=lazy("Tell us what went wrong"),
        longest=LONGEST,
        widget=forms.Textarea,
    )
    wanted = Typed(label=lazy("What would put it right?"), longest=LONGEST, widget=forms.Textarea)


class StrangersForm(ComplaintForm):
    """The same of somebody who has not signed in: who she is, and how to answer her."""

    name = Typed(
        label=lazy("Your name"),
        needed=lazy("Enter your name"),
        longest=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    reach = Typed(
        label=lazy("Your phone number or e-mail address"),
        help_text=lazy("We answer there."),
        longest=254,
        needed=lazy("Enter a phone number or an e-mail address, so that we can answer you"),
    )

    def clean_reach(self) -> str:
        typed: str = self.cleaned_data["reach"]
        if read_email(typed) is None and read_phone(typed) is None:
            raise forms.ValidationError(_("Enter a phone number, like 07700 900123, or an e-mail address, like name@example.com"))
        return typed


class Kept(msgspec.Struct):
    """What the receipt page shows, in a signed cookie."""

    command: str
    reference: str
    acknowledge_by_on: date
    respond_by_on: date


@for_everyone
@require_http_methods(["GET", "POST"])
def complain(request: Request) -> HttpResponse:
    """Take a complaint."""
    kind = StrangersForm if request.person is None else ComplaintForm
    form, refused = kind(posted(request)), None
    about = _repair_of(request)
    if request.method == "POST" and form.is_valid():
        if request.person is None:
            limits.count(limits.COMPLAINTS_PER_ADDRESS, limits.address_of(request), request.now)
        try:
            return _receipt(request, form.command(), _make(request, form, about))
        except Refused as error:
            refused = tenant_words(error)
    made = queries.complaints_of(request.person) if request.person is not None else []
    title = words.title_of(about) if about is not None else None
    context = {"form": form, "refused": refused, "made": made, "about": title, "section": None}
    return render(request, "portal/complain.html", context)


def _repair_of(request: Request) -> Any | None:
    """Return the repair of hers that the complaint is about, if she came from its page."""
    ident = request.GET.get("repair")
    if request.person is None or not ident or not is_id(ident):
        return None
    case = repairs.tenant_case(ident, request.person, now=request.now, on=london_date(request.now))
    return case.repair if case is not None else None


def _make(request: Request, form: ComplaintForm, about: Any | None) -> complaints.Made:
    living = tenancies.living_of(request.person, london_date(request.now)) if request.person is not None else []
    return complaints.make_complaint(
        channel="portal",
        words=form.cleaned_data["words"],
        wanted=form.cleaned_data["wanted"] or None,
        person=request.person,
        home=about.home if about is not None else living[0].home if living else None,
        repair=about.id if about is not None else None,
        name=form.cleaned_data.get("name"),
        reach=form.cleaned_data.get("reach"),
        by=request.by,
        at=request.now,
        command=form.command(),
    )


def _receipt(request: Request, command: str, made: complaints.Made) -> HttpResponse:
    kept = Kept(command, made.reference, made.acknowledge_by_on, made.respond_by_on)
    response = HttpResponseRedirect("/complain/received")
    signed = signing.dumps(msgspec.to_builtins(kept), salt=_SALT)
    response.set_cookie(
        COOKIE, signed, max_age=COOKIE_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax", path="/complain"
    )
    return response


@for_everyone
def received(request: Request) -> HttpResponse:
    """Give the number and the two dates, once the complaint is kept."""
    try:
        read = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return HttpResponseRedirect("/complain")
    made = msgspec.convert(read, Kept)
    context = {"made": made, "kept": wait_until_kept(made.command), "section": None}
    return render(request, "portal/complaint_received.html", context)
