"""More work or money: asked for on the work's page, decided by a named person."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.desk import beside, words
from lamplit.desk.forms.works import AskMoreForm, DecideForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import job
from lamplit.repairs import actions, queries


@for_staff("ask_variation")
def ask(request: StaffRequest, work: str) -> HttpResponse:
    """Ask for more work or money than was ordered."""
    seen = found(job(request, work))
    form = form_of(request, AskMoreForm)
    done, __ = told(
        form,
        lambda: actions.ask_variation(work=work, **form.asked(), by=request.by, at=request.now, command=form.command()),
    )
    back = reverse("job", args=[work])
    if done:
        return went(back)
    note = _("Small sums are agreed at once. A larger one waits for a person here. Work that makes a home safe waits for nobody.")
    title = _("Ask for more: %(trade)s") % {"trade": words.readable(seen.work.what, words.trade(seen.work.trade))}
    return page(request, "form.html", form=form, title=title, back=back, note=note, button=_("Ask for it"), section="visits")


@for_staff("approve_variation")
def variation(request: StaffRequest, variation: str) -> HttpResponse:
    """Show what was asked for, and take a yes or a no."""
    row = found(queries.variation(variation))
    repair = found(queries.repair(row.repair))
    form = form_of(request, DecideForm, initial={"pence": row.pence} if row.pence is not None else {})
    done, __ = told(form, lambda: _decide(request, form, variation))
    if done:
        return went(reverse("desk_repair", args=[repair.id]))
    actors = [row.asked_by, row.decided_by, f"staff:{row.approver}" if row.approver else None]
    names = Names([one for one in actors if one], may=request.me.may)
    return page(request, "variation.html", form=form, asked=beside.variation(row, names), repair=repair, row=row, names=names,
                back=reverse("decisions"), title=words.readable(row.what, _("More is asked for")))  # fmt: skip


def _decide(request: StaffRequest, form: DecideForm, variation: str) -> Any:
    said = form.cleaned_data
    return actions.decide_variation(
        variation=variation, agreed=said["answer"] == "yes", pence=said["pence"], why=said["why"] or None, by=request.by,
        at=request.now, command=form.command(),
    )  # fmt: skip
