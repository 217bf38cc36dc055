"""Passkeys of staff: set up, named, taken away; and signing in with one, which is both steps at once.

Each asks her finger, face or PIN, so that whoever finds the device has nothing. The two halves that talk to the device are
our own script (`config/scripts/passkeys.js`); without scripts the codes from her phone stand beside them.
"""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from lamplit.config.audience import Request, for_everyone, for_staff
from lamplit.config.limits import STAFF_TRIES_PER_ADDRESS, address_of, count
from lamplit.config.speaking import lazy
from lamplit.desk.middleware import SECOND_STEP, before_second_step, took_second_step

MOST = 10
LONGEST_NAME = 60
WRONG = lazy("That passkey did not fit. Try again, or sign in with your password and a code.")
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class NewPasskey(webauthn.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What the device made, and what she calls it."""

    name = forms.CharField(label=lazy("What do you call it?"), required=False, max_length=LONGEST_NAME)


class Rename(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """What she calls it from now on."""

    name = forms.CharField(
        label=lazy("What do you call it?"), max_length=LONGEST_NAME, error_messages={"required": lazy("Write what you call it")}
    )


class _Add(views.AddWebAuthnView):  # type: ignore[misc]
    form_class = NewPasskey

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """The device must ask who she is, and must find the passkey by itself: so it can stand for both steps."""
        shown = {"form": self.get_form(), **more} if "form" not in more else more
        return {**shown, "options": auth.begin_registration(self.request.user, True)}

    def get_success_url(self) -> str:
        return reverse("mfa_view_recovery_codes" if self.did_generate_recovery_codes else "mfa_list_webauthn")


class _Rename(views.EditWebAuthnView):  # type: ignore[misc]
    form_class = Rename


def factors_of(user: Any) -> list[Authenticator]:
    """Return everything that can be somebody's second step."""
    return list(Authenticator.objects.filter(user=user, type__in=FACTORS).order_by("created_at", "pk"))


@for_staff()
def passkeys(request: Request) -> HttpResponse:
    """Show hers, with when each was used last."""
    every = factors_of(request.user)
    rows = [one.wrap() for one in every if one.type == Authenticator.Type.WEBAUTHN]
    context = {"rows": rows, "codes": len(every) > len(rows), "may_remove": len(every) > 1, "most": MOST}
    return render(request, "mfa/webauthn/authenticator_list.html", context, using="jinja2")


_add = _Add.as_view()
_rename, _remove = _Rename.as_view(), views.RemoveWebAuthnView.as_view()


@for_staff()
@before_second_step
def add_passkey(request: Request) -> HttpResponse:
    """Set one up, by whoever signed in just now. In her first session, before any second step is there, it becomes that step."""
    first = not is_mfa_enabled(request.user, FACTORS)
    if not first and not took_second_step(request):
        return HttpResponseRedirect(reverse("mfa_activate_totp"))  # it leads on as it always does
    if len(factors_of(request.user)) > MOST:
        return HttpResponseRedirect(reverse("mfa_list_webauthn"))
    response: HttpResponse = _add(request)
    if first and is_mfa_enabled(request.user, FACTORS):
        request.session.cycle_key()
        request.session[SECOND_STEP] = int(request.now.timestamp())
    return response


@for_staff()
def rename_passkey(request: Request, pk: int) -> HttpResponse:
    """Give one another name."""
    return _rename(request, pk=pk)  # type: ignore[no-any-return]


@for_staff()
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def remove_passkey(request: Request, pk: int) -> HttpResponse:
    """Take one away; never the last second step that she has."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=request.user.pk)  # two windows must not each leave the other's
        every = factors_of(request.user)
        if pk not in {one.pk for one in every if one.type == Authenticator.Type.WEBAUTHN}:
            raise Http404
        if len(every) < 2:
            return render(request, "mfa/webauthn/last_one.html", status=403, using="jinja2")
        return _remove(request, pk=pk)  # type: ignore[no-any-return]


@for_everyone
def sign_in_by_passkey(request: Request) -> HttpResponse:
    """Ask the device (as JSON), then let in whoever it proves. What does not fit leads back to the sign-in page."""
    if request.method == "POST":
        count(STAFF_TRIES_PER_ADDRESS, address_of(request), request.now)
    response: HttpResponse = views.login_webauthn(request)
    refused = request.method == "POST" and not request.user.is_authenticated
    return HttpResponseRedirect(f"{reverse('account_login')}?why=passkey") if refused else response


@for_staff()
def prove_again_by_passkey(request: Request) -> HttpResponse:
    """Show once more that it is she, with a passkey."""
    if request.method == "POST":
        count(STAFF_TRIES_PER_ADDRESS, address_of(request), request.now)
    response: HttpResponse = views.reauthenticate_webauthn(request)
    return response
