"""Signing in with a one-time code, and out. A session is for one person, never for a tenancy."""

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods, require_POST

from lamplit.basics.working_days import london_date
from lamplit.config import languages, limits, standing_by
from lamplit.config.audience import PERSON, Request, for_everyone
from lamplit.config.forms import posted
from lamplit.config.print_size import LARGE_PRINT, remember_in_browser
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.people import queries as people
from lamplit.portal import codes, drafts

ASKED = "sign_in"  # in the session until she is in: which code was asked for
WRONG = lazy("That code is not right. Check the newest message from us, or ask for another code.")


class ContactForm(forms.Form):
    """Where the code goes."""

    contact = forms.CharField(
        label=lazy("Your mobile number or e-mail address"),
        help_text=lazy("Use one that you have given us."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email"}),
        error_messages={"required": lazy("Enter your mobile number or e-mail address")},
    )

    def clean_contact(self) -> str:
        contact = codes.contact_of(self.cleaned_data["contact"])
        if contact is None:
            raise forms.ValidationError(
                _("Enter a mobile number, like 07700 900123, or an e-mail address, like name@example.com")
            )
        return contact


class CodeForm(forms.Form):
    """The code, typed or pasted, with or without spaces."""

    code = forms.CharField(
        label=lazy("Your 6-digit code"), max_length=40, error_messages={"required": lazy("Enter the 6 digits from our message")}
    )


class NameForm(forms.Form):
    """Who she is, where several people share a number or address."""

    name = forms.CharField(
        label=lazy("Your full name"),
        help_text=lazy("As it stands on our letters to you."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": lazy("Enter your full name")},
    )


def way_back(request: Request) -> str:
    """Return the page of ours that she came from, or our first page."""
    wanted = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if safe else "/"


def _on(path: str, request: Request) -> HttpResponse:
    back = way_back(request)
    return HttpResponseRedirect(path if back == "/" else f"{path}?{urlencode({'next': back})}")


@for_everyone
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask where to send a code. The answer is the same whether or not we know the number or address."""
    if request.person is not None:
        return HttpResponseRedirect(way_back(request))
    form = ContactForm(posted(request))
    if request.method == "POST" and form.is_valid():
        contact = form.cleaned_data["contact"]
        limits.count(limits.CODES_PER_ADDRESS, limits.address_of(request), request.now)
        limits.count(limits.CODES_PER_TARGET, contact.lower(), request.now)
        limits.count(limits.CODES_PER_TARGET_DAY, contact.lower(), request.now)
        request.session[ASKED] = codes.ask_for_code(contact, request.now).id
        return _on("/sign-in/code", request)
    return render(
        request, "portal/sign_in.html", {"form": form, "section": "sign-in", "opened": standing_by.is_opened("reach", "person")}
    )


@for_everyone
@require_http_methods(["GET", "POST"])
def enter_code(request: Request) -> HttpResponse:
    """Take the code. After five wrong ones, or 15 minutes, a new one is needed."""
    asked = codes.pending(request.session.get(ASKED), request.now)
    if asked is None:
        return render(request, "portal/code_over.html", {"section": "sign-in"})
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        limits.count(limits.GUESSES_PER_ADDRESS, limits.address_of(request), request.now)
        found = codes.try_code(asked.id, form.cleaned_data["code"], request.now)
        if found is not None:
            return _on("/sign-in/name", request) if len(found) > 1 else _let_in(request, found[0])
        form.add_error("code", WRONG)
    context = {"form": form, "asked": asked, "section": "sign-in", "back": _back(request)}
    return render(request, "portal/code.html", context)


def _back(request: Request) -> str:
    back = way_back(request)
    return "" if back == "/" else f"?{urlencode({'next': back})}"


@for_everyone
@require_http_methods(["GET", "POST"])
def enter_name(request: Request) -> HttpResponse:
    """Tell apart people who share a number or address. No name of ours is shown."""
    asked = codes.pending(request.session.get(ASKED), request.now)
    if asked is None or not asked.proved:
        return render(request, "portal/code_over.html", {"section": "sign-in"})
    form = NameForm(posted(request))
    if request.method == "POST" and form.is_valid():
        person = codes.try_name(asked.id, form.cleaned_data["name"], request.now)
        if person is not None:
            return _let_in(request, person)
        form.add_error("name", _("We have no such name with this number or address. Type it as it stands on our letters."))
    return render(request, "portal/sign_in_name.html", {"form": form, "section": "sign-in"})


def _let_in(request: Request, person: str) -> HttpResponse:
    """Start a fresh session that holds her person and nothing else."""
    back = way_back(request)
    codes.forget(request.session[ASKED])
    request.session.flush()
    request.session[PERSON] = person
    drafts.belongs_to(request, person)
    response = HttpResponseRedirect(back)
    wanted = people.preferences(person, london_date(request.now))
    if wanted.format == LARGE_PRINT:
        remember_in_browser(response, request)
    hers = languages.named(wanted.language)
    if hers is not None and languages.COOKIE not in request.COOKIES:  # what she chose on this device counts for more
        languages.remember_in_browser(response, request, hers)
    return response


@for_everyone
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session, and forget on this device what she was writing."""
    request.session.flush()
    response = HttpResponseRedirect("/signed-out")
    drafts.leave_device(response)
    return response


@for_everyone
def signed_out(request: Request) -> HttpResponse:
    """Say that she is out."""
    return render(request, "portal/signed_out.html", {"section": None})
