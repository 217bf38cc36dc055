"""A survey of a home, and what shows that a work is done."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.sent import sent_before
from lamplit.config.speaking import gettext as _
from lamplit.desk import beside, words
from lamplit.desk.concluding import found_of, to_conclude
from lamplit.desk.forms.repairs import colleagues
from lamplit.desk.forms.works import ProveForm, SurveyForm
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import job
from lamplit.repairs import actions, queries

SURVEYING = ("surveyor", "damp_specialist")  # trades whose work a survey may be


@for_staff("record_survey")
def survey(request: StaffRequest, repair: str) -> HttpResponse:
    """Write down a survey with the works that it asks for."""
    case = found(queries.case(repair, now=request.now))
    row = case.repair
    hazards = to_conclude(row)
    form = form_of(request, SurveyForm, now=request.now, people=colleagues("record_survey"), own=_own(case), hazards=hazards,
                   initial=_initial(case, request))  # fmt: skip
    # Sent before: what it found is not asked of any more by now, so it would look like another command.
    done = sent_before(form) or told(form, lambda: _record(request, form, row.id, found_of(form.cleaned_data, hazards)))[0]
    back = reverse("desk_repair", args=[row.id])
    if done:
        return went(back)
    title, firms = words.about(_("Record a survey"), row.reference), beside.covers(row.home, request.now)
    return page(request, "survey.html", form=form, title=title, back=back, section="queue", firms=firms)


def _own(case: queries.Case) -> list[tuple[str, str]]:
    left = [work for work in case.works if work.state in ("open", "booked", "waiting") and work.trade in SURVEYING]
    left.sort(key=lambda work: SURVEYING.index(work.trade))  # a surveyor's own is the likelier one
    return [(work.id, words.readable(work.what, words.trade(work.trade))) for work in left]


def _initial(case: queries.Case, request: StaffRequest) -> dict[str, Any]:
    own = _own(case)
    return {"surveyor": request.me.id, "work": own[0][0] if own else ""}


def _record(request: StaffRequest, form: SurveyForm, repair: str, findings: list[tuple[int, Any]] | None) -> Any:
    said = form.cleaned_data
    return actions.record_survey(
        repair=repair, surveyor=said["surveyor"], found=said["found"], works=form.works, cause=said["cause"] or None,
        readings=said["readings"] or None, there=said["there"] or None, findings=findings,
        work=said.get("work") or None, by=request.by, at=form.happened_at, command=form.command(),
    )  # fmt: skip


@for_staff("prove_work")
def prove(request: StaffRequest, work: str) -> HttpResponse:
    """Show that a work is done."""
    seen = found(job(request, work))
    form = form_of(request, ProveForm, now=request.now)
    done, __ = told(
        form,
        lambda: actions.prove_work(
            work=work, kind=form.cleaned_data["kind"], says=form.cleaned_data["says"],
            electrics=form.cleaned_data["electrics"] or None, by=request.by, at=form.happened_at, command=form.command(),
        ),
    )  # fmt: skip
    back = reverse("job", args=[work])
    if done:
        return went(back)
    title = _("Show that it is done: %(trade)s") % {"trade": words.readable(seen.work.what, words.trade(seen.work.trade))}
    note = _("A photo of the work itself shows it as well: add it on the work’s page.")
    return page(request, "form.html", form=form, title=title, back=back, note=note, button=_("Show it"), section="visits")
