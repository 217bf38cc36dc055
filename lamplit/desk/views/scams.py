"""Messages that were reported as not ours, and the frauds that everybody is warned of."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.scams import EndForm, SeenForm, WarnForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.messages import actions, queries

WAYS = Words({"text": "by text", "email": "by e-mail", "post": "by post", "call": "by phone", "visit": "at the door"})


@for_staff("see_queue")
def scams(request: StaffRequest) -> HttpResponse:
    """Show what was reported and nobody has read, and what we warn of."""
    reports = [
        {
            "id": row.id,
            "at": row.reported_at,
            "how": WAYS.get(str(row.channel), ""),
            "said": row.said,
            "form": SeenForm(auto_id=False),
        }
        for row in queries.forgeries_to_see()
    ]
    return page(request, "scams.html", reports=reports, scams=queries.scams_now())


@for_staff("see_queue")
def seen(request: StaffRequest, report: str) -> HttpResponse:
    """Say that a report was read."""
    found(queries.forgery(report))
    form = form_of(request, SeenForm)
    done, __ = told(form, lambda: actions.see_forgery(report=report, **_sent(request, form)))
    return went(reverse("scams")) if done else _form(request, form, _("Was this report read?"), _("I have read it"), None)


@for_staff("say_in_incident")
def warn(request: StaffRequest) -> HttpResponse:
    """Warn everybody of a fraud."""
    form = form_of(request, WarnForm)
    done, __ = told(form, lambda: actions.publish_scam(says=form.cleaned_data["says"], **_sent(request, form)))
    note = _("It stands on the page “Check a message” and on the status page, here and on our standby.")
    return went(reverse("scams")) if done else _form(request, form, _("Warn of a fraud"), _("Publish it"), note)


@for_staff("say_in_incident")
def change(request: StaffRequest, scam: str) -> HttpResponse:
    """Say it in other words."""
    row = found(queries.scam(scam))
    form = form_of(request, WarnForm, initial={"says": row.says})
    done, __ = told(form, lambda: actions.publish_scam(scam=scam, says=form.cleaned_data["says"], **_sent(request, form)))
    return went(reverse("scams")) if done else _form(request, form, _("Change the warning"), _("Publish it"), None)


@for_staff("say_in_incident")
def end(request: StaffRequest, scam: str) -> HttpResponse:
    """Warn of it no more."""
    row = found(queries.scam(scam))
    form = form_of(request, EndForm)
    done, __ = told(form, lambda: actions.end_scam(scam=scam, **_sent(request, form)))
    return went(reverse("scams")) if done else _form(request, form, _("Take the warning away"), _("Take it away"), row.says)


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _form(request: StaffRequest, form: Any, title: str, button: str, note: str | None) -> HttpResponse:
    return page(request, "form.html", form=form, title=title, back=reverse("scams"), button=button, note=note, section="messages")
