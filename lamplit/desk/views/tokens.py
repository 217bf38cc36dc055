"""Ways in for firms' own systems: given with a secret that is shown once, and shut."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.config.tokens import digest_of, new_secret
from lamplit.config.when import full_date
from lamplit.desk import words
from lamplit.desk.forms.staff import TokenForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.signing_in import password_again
from lamplit.staff import actions, queries


@for_staff("manage_contractors")
def tokens(request: StaffRequest, firm: str) -> HttpResponse:
    """Show the ways in of a firm's systems."""
    row, today = found(queries.contractor(firm)), london_date(request.now)
    rows = [
        {"id": one.id, "label": words.readable(one.label, _("A system")), "given": full_date(one.given_at),
         "until": full_date(one.expires_on), "open": one.ended_at is None and one.expires_on >= today}
        for one in queries.tokens(firm)
    ]  # fmt: skip
    return page(request, "tokens.html", firm=firm, name=queries.full_name(row), rows=rows)


@for_staff("manage_contractors")
@password_again
def give_token(request: StaffRequest, firm: str) -> HttpResponse:
    """Give a firm's system a way in. Its secret is shown once."""
    row = found(queries.contractor(firm))
    form = form_of(request, TokenForm)
    secret = new_secret()
    done, __ = told(form, lambda: _give(request, form, firm, secret))
    back, title = reverse("tokens", args=[firm]), _("A way in for a system of %(name)s") % {"name": queries.full_name(row)}
    if done:
        return page(request, "token_given.html", firm=firm, name=queries.full_name(row), secret=secret)
    note = _("The firm’s system sees the jobs of this firm, and nothing else.")
    return page(request, "form.html", form=form, title=title, back=back, note=note, button=_("Make it"), section="staff")


def _give(request: StaffRequest, form: Any, firm: str, secret: str) -> str:
    said = form.cleaned_data
    return actions.give_token(
        contractor=firm, digest=digest_of(secret), label=said["label"], expires_on=said["expires_on"],
        by=request.by, at=request.now, command=form.command(),
    )  # fmt: skip


@for_staff("manage_contractors")
def end_token(request: StaffRequest, firm: str, token: str) -> HttpResponse:
    """Shut a firm's system out."""
    row = found(queries.contractor(firm))
    one = next((one for one in queries.tokens(firm) if one.id == token), None)
    if one is None:
        raise Http404
    form = form_of(request, SentOnce)
    done, __ = told(form, lambda: actions.end_token(token=token, by=request.by, at=request.now, command=form.command()))
    back = reverse("tokens", args=[firm])
    title = _("Shut out %(label)s of %(name)s?") % {
        "label": words.readable(one.label, _("a system")),
        "name": queries.full_name(row),
    }
    return (
        went(back)
        if done
        else page(request, "form.html", form=form, title=title, back=back, button=_("Shut it out"), section="staff")
    )
