"""Sums of Direct Debits that no longer follow from rent and benefit: a person looks, and one press takes the new one."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.desk.forms.debits import SeenForm
from lamplit.desk.forms.rent import FREQUENCIES
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import closed_to, home_of
from lamplit.rent import actions, queries

_SUMS = 100  # on one page; the next stand there when these are done


@for_staff("keep_mandates")
def sums(request: StaffRequest) -> HttpResponse:
    """Show the Direct Debits whose rent less benefit has become another sum; take it, with new notice, or leave it."""
    form, today = form_of(request, SeenForm), london_date(request.now)
    if form.is_valid():
        row = found(queries.mandate(form.cleaned_data["mandate"]))
        if (closed := closed_to(request, row.account)) is not None:
            return closed
    done, __ = told(form, lambda: actions.set_debit_sum(**form.asked(), by=request.by, at=request.now, command=form.command()))
    if done:
        return went(reverse("debit_sums"))
    count, seen = queries.sums_to_look_at(today, _SUMS)
    return page(
        request, "debit_sums.html", form=form, count=count, section="rent",
        rows=[_seen(request, one) for one in seen],
    )  # fmt: skip


def _seen(request: StaffRequest, one: Any) -> dict[str, Any]:
    row, now = one
    working = [
        _("%(sum)s rent and services") % {"sum": pounds(now.charged_pence)},
        _("less %(sum)s benefit") % {"sum": pounds(now.benefit_pence)},
    ]
    if now.instalment_pence:
        working.append(_("and %(sum)s of their plan") % {"sum": pounds(now.instalment_pence)})
    return {
        "home": home_of(request, row.account), "href": reverse("debit", args=[row.account]), "every": FREQUENCIES[row.every],
        "now": pounds(row.pence), "then": pounds(now.pence), "working": ", ".join(working),
        "end": reverse("end_debit", args=[row.account]) if not now.pence else "",
        "take": SeenForm(initial={"mandate": row.id, "pence": now.pence}),
        "leave": SeenForm(initial={"mandate": row.id, "pence": row.pence}),
    }  # fmt: skip
