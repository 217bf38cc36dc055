"""What a tenant tells us of her rent on the phone or across a desk: a line is wrong, she has paid, a plan, and its end.

The same actions as on her own page, with the same bounds; whoever writes it down stands in the record.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config import owing
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms import rent_asked as forms
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import closed_to
from lamplit.rent import actions, queries

SHOWN = timedelta(weeks=26)


@for_staff("take_dispute")
def dispute(request: StaffRequest, account: str) -> HttpResponse:
    """Take down that something is wrong."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    items = owing.statement(queries.lines(account), london_date(request.now) - SHOWN)
    form = form_of(request, forms.TellDisputeForm, lines=[(one["id"], _named(one)) for one in items])
    done, __ = told(form, lambda: actions.dispute_line(account=account, **form.asked(), **_sent(request, form)))
    note = _("Nobody asks for it until a person has answered. They read the answer beside the line.")
    return _back(account) if done else _form(request, form, account, _("They say that something is wrong"), note)


def _named(item: dict[str, Any]) -> str:
    days = f", {item['days']}" if item["days"] else ""
    return f"{item['day']}: {item['name']}, {item['sum']}{days}"


@for_staff("take_dispute")
def paid(request: StaffRequest, account: str) -> HttpResponse:
    """Take down that they have paid."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    form = form_of(request, forms.TellPaidForm)
    done, __ = told(form, lambda: actions.say_paid(account=account, **form.asked(), **_sent(request, form)))
    note = _("It counts as on its way for five working days. No step is taken until somebody has looked for it.")
    return _back(account) if done else _form(request, form, account, _("They say that they have paid"), note)


@for_staff("agree_plan")
def plan(request: StaffRequest, account: str) -> HttpResponse:
    """Agree a plan that they can afford."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    form = form_of(request, forms.AgreePlanForm)
    done, __ = told(form, lambda: actions.agree_plan(account=account, **form.asked(), **_sent(request, form)))
    owed = queries.to_agree(account, london_date(request.now))
    note = _("It pays off %(sum)s. Ask what comes in and goes out first; a plan that they cannot keep helps nobody.") % {
        "sum": pounds(owed)
    }
    if not owed:
        note = _("They need to pay nothing now, so there is nothing to agree a plan for. The account says why.")
    return _back(account) if done else _form(request, form, account, _("Agree a plan"), note)


@for_staff("agree_plan")
def end_plan(request: StaffRequest, account: str) -> HttpResponse:
    """End the plan that runs."""
    if (closed := closed_to(request, account)) is not None:
        return closed
    row = found(queries.plan(account))
    form = form_of(request, forms.EndPlanForm)
    done, __ = told(form, lambda: actions.end_plan(plan=row.id, why=form.cleaned_data["why"], **_sent(request, form)))
    return (
        _back(account) if done else _form(request, form, account, _("End the plan"), _("What is left of it is owed as before."))
    )


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _back(account: str) -> HttpResponse:
    return went(reverse("rent_account", args=[account]))


def _form(request: StaffRequest, form: Any, account: str, title: str, note: str) -> HttpResponse:
    back = reverse("rent_account", args=[account])
    return page(request, "form.html", form=form, title=title, back=back, button=_("Save it"), note=note, section="rent")
