"""Staff sign in: e-mail and password, then a code from her phone; or with a passkey (`passkeys.py`).

Accounts begin with a link that an admin gives; whoever lost her way in gets one that two people made.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from lamplit.basics import who
from lamplit.config.audience import Request, for_everyone, for_staff
from lamplit.config.limits import STAFF_TRIES_PER_ADDRESS, STAFF_TRIES_PER_TARGET, address_of, count
from lamplit.config.speaking import lazy
from lamplit.desk import accounts
from lamplit.desk.middleware import SECOND_STEP, before_second_step, took_second_step
from lamplit.desk.passkeys import FACTORS
from lamplit.staff import actions as staff

View = Callable[..., HttpResponse]


def _counted(view: View) -> View:
    """Count tries in the database, so that all web processes count together. What was wrong is counted like what was right."""

    @wraps(view)
    def counted(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            count(STAFF_TRIES_PER_ADDRESS, address_of(request), request.now)
            if login := request.POST.get("login", "").strip().lower():
                count(STAFF_TRIES_PER_TARGET, login, request.now)
        return view(request, *args, **kwargs)

    return counted


def _ours(view: View) -> View:
    """Return a view of our own around one of allauth's, so that what we declare of it stands on ours."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return shown


sign_in = for_everyone(_counted(account.login))
sign_in_code = for_everyone(_counted(mfa.authenticate))
sign_out = for_everyone(_ours(account.logout))
prove_again = for_staff()(_counted(account.reauthenticate))
prove_again_by_code = for_staff()(_counted(mfa.reauthenticate))


@for_staff()
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Show the codes that are left; whoever has none yet is led to where they are made."""
    if not Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.RECOVERY_CODES).exists():
        return HttpResponseRedirect(reverse("mfa_generate_recovery_codes"))
    shown: HttpResponse = recovery.view_recovery_codes(request)
    return shown


new_recovery_codes = for_staff()(_ours(recovery.generate_recovery_codes))


def password_again(view: View) -> View:
    """Ask for the password once more before a page that changes who may do what. What was typed is not kept: load it again."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_reauthentication_required(request, app=""):
            return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, *args, **kwargs)

    return asked


@for_everyone
def closed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """Nobody signs up, and nobody switches her second step off."""
    raise Http404


@for_staff()
@before_second_step
def set_up_second_step(request: Request) -> HttpResponse:
    """Lead through the second step. Only a session that sets it up here goes on without a code; others must sign in again."""
    has_codes = is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
    if has_codes or (is_mfa_enabled(request.user, FACTORS) and not took_second_step(request)):
        if request.session.get(SECOND_STEP):
            return HttpResponseRedirect(reverse("queue"))
        return HttpResponseRedirect(reverse("account_reauthenticate"))
    response: HttpResponse = totp.activate_totp(request)
    if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        request.session.cycle_key()
        request.session[SECOND_STEP] = int(request.now.timestamp())
    return response


class PasswordForm(forms.Form):
    """A new password, typed once: she can look at it."""

    password = forms.CharField(
        label=lazy("Choose a password"),
        help_text=lazy("At least 12 characters. Three words that do not belong together are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
        strip=False,
        error_messages={"required": lazy("Choose a password")},
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        try:
            validate_password(password)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return password


@for_everyone
def welcome(request: Request, secret: str) -> HttpResponse:
    """Choose a password with a link from an admin, then sign in with it."""
    count(STAFF_TRIES_PER_ADDRESS, address_of(request), request.now)
    form = PasswordForm(request.POST or None)
    whose = accounts.read_link(secret, request.now)
    if whose is None:
        return render(request, "desk/link_over.html", status=404, using="jinja2")
    if request.method == "POST" and form.is_valid() and accounts.use_link(secret, form.cleaned_data["password"], request.now):
        used = f"form:link:{hashlib.sha256(secret.encode()).hexdigest()}"
        staff.note_link_used(staff=whose, by=who.staff(whose), at=request.now, command=used)
        return HttpResponseRedirect(f"{reverse('account_login')}?why=chosen")
    return render(request, "desk/welcome.html", {"form": form}, using="jinja2")
