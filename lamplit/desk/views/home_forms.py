"""What staff record about a home, its parts, and who lives there."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.desk.finding import MOST_CHOSEN, Picking, picked_form
from lamplit.desk.forms.homes import (
    CheckForm,
    CorrectHomeForm,
    EndTenancyForm,
    HomeForm,
    HomeNoteForm,
    JoinForm,
    LeaveForm,
    PartForm,
    TenancyForm,
)
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import may_see_person
from lamplit.desk.words import reach
from lamplit.homes import actions, queries
from lamplit.people import queries as people
from lamplit.tenancies import actions as letting
from lamplit.tenancies import queries as tenancies


@for_staff("record_home")
def new_home(request: StaffRequest) -> HttpResponse:
    """Record a home."""
    form = form_of(request, HomeForm, initial={"block": request.GET.get("block", "")})
    done, home = told(form, lambda: actions.record_home(**form.particulars(), **_sent(request, form)))
    return went(reverse("desk_home", args=[home])) if done else _show(request, form, _("Record a home"), reverse("search"))


@for_staff("record_home")
def correct_home(request: StaffRequest, home: str) -> HttpResponse:
    """Put right what we believe of a home."""
    row = found(queries.home(home))
    lines = row.address if isinstance(row.address, list) else []
    given = {name: getattr(row, name) for name in ("postcode", "uprn", "block", "storey", "stack", "shape", "bedrooms")}
    form = form_of(request, CorrectHomeForm, initial={"address": "\n".join(lines), **given})
    done, __ = told(
        form,
        lambda: actions.correct_home(home=home, why=form.cleaned_data["why"], **form.particulars(), **_sent(request, form)),
    )
    return _after(request, done, form, _("Put right: %(what)s") % {"what": queries.address_line(row)}, home)


@for_staff("note_home")
def note(request: StaffRequest, home: str, note: str | None = None) -> HttpResponse:
    """Note something to know before going there, or change or end it."""
    row = found(queries.home(home))
    about = next((one.about for one in queries.notes(home) if one.id == note), None)
    if note is not None and about is None:
        raise Http404
    names = ("what", "says", "where", "source", "since_on", "review_on", "ended_on")
    form = form_of(request, HomeNoteForm, initial={name: getattr(about, name) for name in names} if about else {})
    done, __ = told(form, lambda: actions.note_home(home=home, about=form.about(), note=note, **_sent(request, form)))
    return _after(request, done, form, _("What to know: %(what)s") % {"what": queries.address_line(row)}, home)


@for_staff("record_check")
def part(request: StaffRequest, home: str, part: str | None = None) -> HttpResponse:
    """Record a part of a home, put it right, or take it out."""
    row = found(queries.home(home))
    known = next((seen.component for seen in queries.components(home) if seen.component.id == part), None)
    if part is not None and known is None:
        raise Http404
    names = ("what", "model", "serial", "place", "installed_on", "removed_on")
    form = form_of(request, PartForm, initial={name: getattr(known, name) for name in names} if known else {})
    done, __ = told(
        form, lambda: actions.record_component(home=home, component=part, **form.particulars(), **_sent(request, form))
    )
    return _after(request, done, form, _("A part of %(what)s") % {"what": queries.address_line(row)}, home)


@for_staff("record_check")
def check(request: StaffRequest, home: str, part: str) -> HttpResponse:
    """Record a safety check."""
    row = found(queries.home(home))
    if part not in {seen.component.id for seen in queries.components(home)}:
        raise Http404
    form = form_of(request, CheckForm)
    done, __ = told(form, lambda: actions.record_check(component=part, **_check(form), **_sent(request, form)))
    return _after(request, done, form, _("A safety check at %(what)s") % {"what": queries.address_line(row)}, home)


def _check(form: forms.Form) -> dict[str, Any]:
    said = form.cleaned_data
    return {
        "check": said["check"], "checked_on": said["checked_on"], "satisfactory": said["satisfactory"] == "yes",
        "next_due_on": said["next_due_on"], "found": said["found"] or None,
    }  # fmt: skip


@for_staff("manage_tenancies")
def let_home(request: StaffRequest, home: str) -> HttpResponse:
    """Let a home to people who are found and chosen."""
    row = found(queries.home(home))
    picking = Picking(request, label=_("Who are the tenants?"), most=MOST_CHOSEN)
    form = picked_form(request, TenancyForm, picking)
    done, __ = told(
        form,
        lambda: letting.start_tenancy(
            home=home, tenants=picking.people, tenure=form.cleaned_data["tenure"],
            started_on=form.cleaned_data["started_on"], **_sent(request, form),
        ),
    )  # fmt: skip
    title, new = _("Let %(what)s") % {"what": queries.address_line(row)}, f"{reverse('new_person')}?then=let_home&of={home}"
    return _picked(request, done, form, picking, title, home, new, _("Let this home"))


@for_staff("manage_tenancies")
def join(request: StaffRequest, tenancy: str) -> HttpResponse:
    """Somebody comes to live in a home."""
    row = found(tenancies.tenancy(tenancy))
    picking = Picking(request, label=_("Who comes to live there?"))
    form = picked_form(request, JoinForm, picking)
    done, __ = told(
        form,
        lambda: letting.join_household(
            tenancy=tenancy, person=picking.people[0], role=form.cleaned_data["role"],
            since_on=form.cleaned_data["since_on"], **_sent(request, form),
        ),
    )  # fmt: skip
    new = f"{reverse('new_person')}?then=join_household&of={tenancy}"
    return _picked(request, done, form, picking, _("Somebody comes to live there"), row.home, new, _("Save"))


def _picked(
    request: StaffRequest, done: bool, form: forms.Form, picking: Picking, title: str, home: str, new: str, button: str
) -> HttpResponse:
    back = reverse("desk_home", args=[home])
    shown = new if "record_person" in request.me.may else None
    return (
        went(back)
        if done
        else page(
            request, "pick.html", form=form, picking=picking, title=title, back=back, new=shown, button=button, section="search"
        )
    )


@for_staff("manage_tenancies")
def leave(request: StaffRequest, tenancy: str, person: str) -> HttpResponse:
    """Somebody leaves a household; contact points that would tell one what is meant for the other end with it."""
    row = found(tenancies.tenancy(tenancy))
    leaver = found(people.person(person))
    household = tenancies.household(tenancy, london_date(request.now))
    if not may_see_person(request, person):
        raise Http404
    looked(request, person, "home", row.home)
    form = form_of(request, LeaveForm, reaches=_reaches([one.person for one in household]))
    done, __ = told(
        form,
        lambda: letting.leave_household(
            tenancy=tenancy, person=person, left_on=form.cleaned_data["left_on"], why=form.cleaned_data["why"] or None,
            end_reaches=form.cleaned_data["end_reaches"], **_sent(request, form),
        ),
    )  # fmt: skip
    return _after(request, done, form, _("%(leaver)s leaves") % {"leaver": people.full_name(leaver)}, row.home)


def _reaches(persons: list[str]) -> list[tuple[str, str]]:
    names = people.people(persons)
    return [
        (one.id, f"{people.full_name(names[person])}: {reach(one.how.value)}")
        for person in persons
        if person in names
        for one in people.reaches(person)
        if one.how is not None and one.how.state != "ended"
    ]


@for_staff("manage_tenancies")
def end_tenancy(request: StaffRequest, tenancy: str) -> HttpResponse:
    """End a tenancy."""
    row = found(tenancies.tenancy(tenancy))
    form = form_of(request, EndTenancyForm)
    done, __ = told(
        form,
        lambda: letting.end_tenancy(
            tenancy=tenancy, ended_on=form.cleaned_data["ended_on"], why=form.cleaned_data["why"] or None, **_sent(request, form)
        ),
    )
    return _after(request, done, form, _("End the tenancy"), row.home)


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _after(request: StaffRequest, done: bool, form: forms.Form, title: str, home: str) -> HttpResponse:
    back = reverse("desk_home", args=[home])
    return went(back) if done else _show(request, form, title, back)


def _show(request: StaffRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    return page(request, "form.html", form=form, title=title, back=back, section="search")
