"""A file of Direct Debits that did not go: one person says so, another confirms it; or it went after all."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_moment, long_date
from lamplit.desk.forms.debits import NotGoneForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.runs import yes
from lamplit.desk.words import readable
from lamplit.rent import actions, queries


@for_staff("collect")
def doubt(request: StaffRequest, debit_run: str) -> HttpResponse:
    """Say that the file of a run did not go, and why."""
    found(queries.debit_run(debit_run))
    form = form_of(request, NotGoneForm)

    def do() -> str:
        why = form.cleaned_data["why"]
        return actions.doubt_debits(run=debit_run, why=why, by=request.by, at=request.now, command=form.command())

    done, __ = told(form, do)
    back = reverse("debit_run", args=[debit_run])
    if done:
        return went(back)
    return page(
        request, "form.html", form=form, back=back, section="rent", title=_("Did this file not go?"), button=_("It did not go"),
        note=_("Say so only of the whole file: Bacs or your bank refused it, or it was never sent. A second person confirms it."),
    )  # fmt: skip


@for_staff("release_collection")
def confirm(request: StaffRequest, debit_run: str) -> HttpResponse:
    """Confirm, as a second person, that the file of a run did not go."""
    row = found(queries.debit_run(debit_run))
    return yes(
        request, lambda **how: actions.confirm_not_gone(run=debit_run, **how), reverse("debit_run", args=[debit_run]),
        button=_("It did not go"),
        title=_("Was nothing taken of %(sum)s?") % {"sum": pounds(row.pence)},
        note=_("Ask Bacs or your bank first. This cannot be undone: if the file went, people may pay twice. Destroy the file."),
    )  # fmt: skip


@for_staff("collect")
def trust(request: StaffRequest, debit_run: str) -> HttpResponse:
    """Say that the file went after all."""
    found(queries.debit_run(debit_run))
    return yes(
        request, lambda **how: actions.trust_debits(run=debit_run, **how), reverse("debit_run", args=[debit_run]),
        button=_("It went"), title=_("Did the file go after all?"), note=_("What was said of it counts no more."),
    )  # fmt: skip


def doubt_of(request: StaffRequest, row: Any) -> dict[str, Any] | None:
    """Return what people said of a run's file: that it did not go, why, and what is left to take back; None before it went."""
    if row.state not in ("submitted", "finished", "not_gone"):
        return None
    names = Names([row.doubted_by, row.not_gone_by], may=request.me.may)
    said, lines = row.doubted_by is not None, []
    if said:
        says = f"{names.of(row.doubted_by)}, {full_moment(row.doubted_at)}"
        lines = [{"key": _("It did not go, says"), "value": says}, {"key": _("Why"), "value": readable(row.doubt)}]
    if row.not_gone_by:
        lines.append({"key": _("Confirmed"), "value": f"{names.of(row.not_gone_by)}, {full_moment(row.ended_at)}"})
    return {
        "open": row.state != "not_gone", "said": said, "mine": row.doubted_by == str(request.by), "lines": lines,
        "late": london_date(request.now) > row.input_on, "on": long_date(row.entry_on), "by": long_date(row.input_on),
        "posted": row.state == "finished",
        "left": len(queries.left_in_file(row.id)) if row.state == "not_gone" else 0,
    }  # fmt: skip
