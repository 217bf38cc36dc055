"""E-mail that came in: what nobody has filed yet, each as it can be read, and whose it is."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy
from lamplit.config.when import full_moment, near_moment
from lamplit.desk import words
from lamplit.desk.finding import Picking, picked_form
from lamplit.desk.forms.post import AsideForm, FileForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import hidden_people
from lamplit.exchange.post.landing import keep_photos
from lamplit.exchange.post.reading import read
from lamplit.messages import actions, queries
from lamplit.people import queries as people

UNPROVED = lazy("An e-mail may say of itself whatever it likes. Change nothing, and tell nothing, on its word alone.")


@for_staff("record_contact")
def emails(request: StaffRequest) -> HttpResponse:
    """List the e-mails of which nobody has said whose they are, the oldest first."""
    rows = [
        {
            "href": reverse("email", args=[row.id]),
            "subject": words.readable(row.subject, _("No subject")),
            "sender": _sender(row),
            "when": near_moment(row.received_at, request.now),
        }
        for row in queries.to_file()
    ]
    return page(request, "emails.html", rows=rows, section="messages")


def _sender(row: Any) -> str:
    said = words.readable(row.sender, _("no address"))
    name = words.readable(row.name, "")
    return f"{name} ({said})" if name else said


@for_staff("record_contact")
def email(request: StaffRequest, email: str) -> HttpResponse:
    """Show an e-mail as words. Files that came with it are named, and not opened here."""
    row = found(queries.email(email))
    if row.person is not None and hidden_people(request, [row.person]):
        return page(request, "restricted.html", status=403)
    contact = queries.contact(row.contact) if row.contact else None
    person = people.person(row.person) if row.person else None
    attached = row.attached if isinstance(row.attached, list) else []
    return page(
        request,
        "email.html",
        row=row,
        said=words.readable(contact.said if contact else row.said, _("Nothing in it can be read.")),
        subject=words.readable(row.subject, _("No subject")),
        sender=_sender(row),
        attached=attached,
        person=person,
        name=people.full_name(person) if person else None,
        names=Names([row.filed_by], may=request.me.may),
        note=UNPROVED,
        when=full_moment(row.received_at),
        why=words.readable(row.why),
        answers=_answered(request, row),
        section="messages",
    )


def _answered(request: StaffRequest, row: Any) -> str | None:
    """Return the page of the message that it answers, if whoever asks may read that."""
    message = queries.message(row.message) if row.message else None
    if message is None or "send_message" not in request.me.may or message.voice.startswith("k_"):
        return None
    hidden = hidden_people(request, [message.person or message.voice])
    return None if hidden else reverse("message", args=[message.id])


@for_staff("record_contact")
def file_email(request: StaffRequest, email: str) -> HttpResponse:
    """Say whose an e-mail is, or which case a stranger's is about. Her pictures go to the repair, by the gate of every photo."""
    row = found(queries.email(email))
    if row.filed_at is not None and request.method != "POST":
        return went(reverse("email", args=[email]))
    picking = Picking(request, label=_("Whose is it?"))
    form = picked_form(request, FileForm, picking, optional=True)
    person = next(iter(picking.people), None)
    if picking.sending and person is None and form.is_valid() and form.cleaned_data["repair"] is None:
        form.add_error(None, _("Choose whose it is. When we do not know them, give the number of the repair that it is about."))
    done, __ = told(form, lambda: _file(request, row, form, person))
    if done:
        return went(reverse("person", args=[person]) if person else reverse("desk_repair", args=[form.cleaned_data["repair"]]))
    title = _("Whose is this e-mail? %(subject)s") % {"subject": words.readable(row.subject, _("No subject"))}
    return page(
        request,
        "pick.html",
        form=form,
        picking=picking,
        title=title,
        back=reverse("email", args=[email]),
        new=None,
        note=_("It says that it is from %(sender)s. %(unproved)s") % {"sender": _sender(row), "unproved": UNPROVED},
        button=_("File it"),
        section="messages",
    )


def _file(request: StaffRequest, row: Any, form: FileForm, person: str | None) -> None:
    repair = form.cleaned_data["repair"]
    actions.file_email(email=row.id, person=person, repair=repair, by=request.by, at=request.now, command=form.command())
    original = queries.as_it_came(row)
    if repair is not None and person is not None and isinstance(original, bytes):  # a stranger's pictures stay in the e-mail
        keep_photos(read(original), repair, person, request.by, request.now, row.id)


@for_staff("record_contact")
def set_aside(request: StaffRequest, email: str) -> HttpResponse:
    """Say that an e-mail is nobody's. It is kept all the same."""
    row = found(queries.email(email))
    if row.filed_at is not None and request.method != "POST":
        return went(reverse("email", args=[email]))
    form = form_of(request, AsideForm)
    done, __ = told(
        form,
        lambda: actions.file_email(
            email=row.id, why=form.cleaned_data["why"], by=request.by, at=request.now, command=form.command()
        ),
    )
    if done:
        return went(reverse("emails"))
    title = _("This e-mail is nobody’s: %(subject)s") % {"subject": words.readable(row.subject, _("No subject"))}
    return page(
        request,
        "form.html",
        form=form,
        title=title,
        back=reverse("email", args=[email]),
        button=_("Set it aside"),
        section="messages",
    )
