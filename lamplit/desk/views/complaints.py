"""Complaints: made, given to somebody, acknowledged, on the Code's days."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import day_ends_at
from lamplit.complaints import actions, queries
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk import words
from lamplit.desk.forms.complaints import AcknowledgeForm, AssignForm, ComplaintForm
from lamplit.desk.forms.repairs import colleagues
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import may_see_person
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs


@for_staff("see_complaint")
def complaint_list(request: StaffRequest) -> HttpResponse:
    """Show every complaint, what runs out first first."""
    rows = queries.open_complaints()
    names = Names([f"staff:{row.owner}" for row in rows if row.owner], may=request.me.may)
    shown = [
        {
            "due_at": day_ends_at(row.due_on),
            "since_at": row.acknowledged_at or row.made_at,
            "clock": _("Stage 1"),
            "what": (_("Answer %(reference)s") if row.status != "made" else _("Acknowledge %(reference)s"))
            % {"reference": row.reference},
            "needs": [],
            "note": None,
            "href": reverse("complaint", args=[row.id]),
            "where": _("made on %(day)s") % {"day": full_date(row.made_at)},
            "who": names.of(f"staff:{row.owner}") if row.owner else None,
        }
        for row in rows
    ]
    return page(request, "complaints.html", rows=shown)


@for_staff("see_complaint")
def complaint(request: StaffRequest, complaint: str) -> HttpResponse:
    """Show one complaint."""
    row = found(queries.complaint(complaint))
    person = row.person if isinstance(row.person, str) else None
    if person is not None and not may_see_person(request, person):
        return page(request, "restricted.html", status=403)
    looked(request, person, "case")
    actors = [str(a) for a in (row.made_by, row.assigned_by, row.acknowledged_by) if isinstance(a, str)]
    names = Names([*actors, f"staff:{row.owner}" if row.owner else None], may=request.me.may, persons=[person])
    repair = repairs.repair(row.repair) if isinstance(row.repair, str) else None
    home = homes.home(row.home) if isinstance(row.home, str) else None
    return page(
        request, "complaint.html", complaint=row, names=names, person=person, repair=repair, words=words,
        address=homes.address_line(home) if home is not None else None, acknowledge_by=day_ends_at(row.acknowledge_by_on),
        respond_by=day_ends_at(row.respond_by_on), sent=messages.messages_about(row.id, voices={row.id}),
    )  # fmt: skip


@for_staff("make_complaint")
def new_complaint(request: StaffRequest) -> HttpResponse:
    """Record a complaint: `?person=`, `?home=`, `?repair=`, or of somebody whom we do not know."""
    about, back = _about(request)
    form = form_of(request, ComplaintForm, now=request.now, people=colleagues("handle_complaints"))
    done, made = told(form, lambda: actions.make_complaint(**about, **_said(form), **_sent(request, form)))
    if done and made is not None:
        return page(request, "complaint_made.html", made=made, back=back)
    return page(
        request,
        "form.html",
        form=form,
        title=_("Record a complaint"),
        back=back,
        button=_("Record it"),
        section="complaints",
        note=_("Whatever they call it, being not content with what we did or did not do is a complaint."),
    )


def _about(request: StaffRequest) -> tuple[dict[str, Any], str]:
    asked = {name: request.GET.get(name) for name in ("person", "home", "repair")}
    if asked["repair"]:
        row = found(repairs.repair(asked["repair"]))
        return {"repair": row.id, "home": row.home, "person": row.reporter}, reverse("desk_repair", args=[row.id])
    if asked["person"]:
        who = found(people.person(asked["person"]))
        if not may_see_person(request, who.id):
            raise Http404
        looked(request, who.id, "page")
        return {"person": who.id}, reverse("person", args=[who.id])
    if asked["home"]:
        home = found(homes.home(asked["home"]))
        return {"home": home.id}, reverse("desk_home", args=[home.id])
    return {}, reverse("complaints" if "see_complaint" in request.me.may else "search")


def _said(form: Any) -> dict[str, Any]:
    said = form.cleaned_data
    rest = {name: said[name] or None for name in ("wanted", "name", "reach", "owner")}
    return {"words": said["words"], "channel": said["channel"], **rest}


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    at = form.happened_at if hasattr(form, "happened_at") else request.now
    return {"by": request.by, "at": at, "command": form.command()}


@for_staff("handle_complaints")
def assign(request: StaffRequest, complaint: str) -> HttpResponse:
    """Give a complaint to somebody."""
    row = found(queries.complaint(complaint))
    form = form_of(request, AssignForm, people=colleagues("handle_complaints"), initial={"owner": row.owner})
    done, __ = told(
        form, lambda: actions.assign_complaint(complaint=complaint, owner=form.cleaned_data["owner"], **_sent(request, form))
    )
    return _after(request, done, form, _("Who answers %(reference)s?") % {"reference": row.reference}, complaint, _("Give it"))


@for_staff("handle_complaints")
def acknowledge(request: StaffRequest, complaint: str) -> HttpResponse:
    """Say that we told them that we have it."""
    row = found(queries.complaint(complaint))
    form = form_of(request, AcknowledgeForm, now=request.now)
    done, __ = told(
        form,
        lambda: actions.acknowledge_complaint(
            complaint=complaint, definition=form.cleaned_data["definition"], channel=form.cleaned_data["channel"],
            **_sent(request, form),
        ),
    )  # fmt: skip
    return _after(
        request, done, form, _("Acknowledge %(reference)s") % {"reference": row.reference}, complaint, _("Acknowledged")
    )


def _after(request: StaffRequest, done: bool, form: Any, title: str, complaint: str, button: str) -> HttpResponse:
    back = reverse("complaint", args=[complaint])
    return (
        went(back) if done else page(request, "form.html", form=form, title=title, back=back, button=button, section="complaints")
    )
