"""Two clicks from anywhere: what was said, and what we promised."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.desk import words
from lamplit.desk.forms.contact import ContactForm, KeepForm
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import may_see_person
from lamplit.desk.talking import how_to_talk
from lamplit.homes import queries as homes
from lamplit.messages import actions, queries
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.staff import queries as staff
from lamplit.tenancies import queries as tenancies


@for_staff("record_contact")
def contact(request: StaffRequest) -> HttpResponse:
    """Record a contact with a person, about a home or a repair: `?person=`, `?home=`, `?repair=`."""
    about, title, back = _about(request)
    form = form_of(request, ContactForm, now=request.now, sees_restricted="see_restricted" in request.me.may)
    done, __ = told(form, lambda: actions.record_contact(**about, **_said(form, request), command=form.command()))
    return (
        went(back)
        if done
        else page(request, "contact.html", form=form, title=title, back=back, talking=how_to_talk(about.get("person"), request))
    )


def _said(form: ContactForm, request: StaffRequest) -> dict[str, Any]:
    said = form.cleaned_data
    promised = {
        "promise": said["promise"],
        "promise_due_at": said["promise_due_at"],
        "promise_owner": request.me.id if said["promise_mine"] else None,
    }
    return {
        "channel": said["channel"], "direction": said["direction"], "said": said["said"], "audience": said["audience"],
        "by": request.by, "at": form.happened_at, **(promised if said["promise"] else {}),
    }  # fmt: skip


def _about(request: StaffRequest) -> tuple[dict[str, Any], str, str]:
    """Return what a contact is about, in words, and where to go back to. 404 when it is about nothing that is there."""
    asked = {name: request.GET.get(name) for name in ("person", "home", "repair")}
    if asked["repair"]:
        case = found(repairs.repair(asked["repair"]))
        person = asked["person"] or case.reporter
        if person is not None and not may_see_person(request, person):
            person = None
        looked(request, person, "case", case.id)
        title = _("repair %(reference)s, %(title)s") % {"reference": case.reference, "title": words.readable(case.title)}
        return {"person": person, "home": case.home, "repair": case.id}, title, reverse("desk_repair", args=[case.id])
    if asked["person"]:
        who = found(people.person(asked["person"]))
        if not may_see_person(request, who.id):
            raise Http404
        looked(request, who.id, "page")
        return {"person": who.id, "home": asked["home"]}, people.full_name(who), reverse("person", args=[who.id])
    home = found(homes.home(asked["home"] or ""))
    return {"home": home.id}, homes.address_line(home), reverse("desk_home", args=[home.id])


@for_staff("record_contact")
def keep_promise(request: StaffRequest, promise: str) -> HttpResponse:
    """Say that a promise was kept, and how."""
    row = found(queries.promise(promise))
    hidden = row.person is not None and not may_see_person(request, row.person)
    if hidden or (queries.restricted_contacts([row.contact]) and "see_restricted" not in request.me.may):
        return page(request, "restricted.html", status=403)
    looked(request, row.person, "case")
    form = form_of(request, KeepForm, now=request.now)
    done, __ = told(
        form,
        lambda: actions.keep_promise(
            promise=promise, how=form.cleaned_data["how"], by=request.by, at=form.happened_at, command=form.command()
        ),
    )
    if done:
        return went(reverse("person", args=[row.person]) if row.person else reverse("queue"))
    owner = staff.member(row.owner) if row.owner else None
    names = Names([row.made_by, row.kept_by], may=request.me.may, persons=[row.person])
    return page(
        request, "promise.html", form=form, promise=row, owner=owner and staff.full_name(owner), names=names, read=_to_read(row),
        home=tenancies.homes_of([row.person], london_date(request.now)).get(row.person) if row.person else None,
    )  # fmt: skip


def _to_read(promise: Any) -> dict[str, Any] | None:
    """Return what somebody said that this promises to read; and its e-mail, if it was one."""
    said = queries.contact(promise.contact) if promise.contact else None
    email = queries.email_promised(promise)
    if (said is None or said.direction != "in") and email is None:
        return None
    return {"said": words.readable(said.said if said else email.said if email else None), "email": email.id if email else None}
