"""Who works here: accounts, firms, links for choosing a password. What changes who may do what asks for the password again."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.forms import SentOnce
from lamplit.config.speaking import gettext as _
from lamplit.desk import accounts as ways_in
from lamplit.desk import words
from lamplit.desk.forms.staff import FirmForm, ShutForm, StaffForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.signing_in import password_again
from lamplit.staff import actions, queries


@for_staff("manage_staff")
def accounts(request: StaffRequest) -> HttpResponse:
    """Show everybody, with when she was last here."""
    seen = ways_in.last_seen()
    firms = {firm.id: queries.full_name(firm) for firm in queries.contractors()}
    rows = [
        {
            "id": row.id, "name": queries.full_name(row), "email": words.readable(row.email), "shut": row.shut,
            "roles": ", ".join(words.ROLES.get(role, role) for role in row.roles), "firm": firms.get(row.contractor or ""),
            "seen_at": seen.get(row.id),
        }
        for row in queries.everyone(shut=True)
    ]  # fmt: skip
    return page(request, "accounts.html", rows=rows)


@for_staff("manage_staff")
@password_again
def new_account(request: StaffRequest) -> HttpResponse:
    """Open an account; then a link for the first password."""
    form = form_of(request, StaffForm)
    done, ident = told(form, lambda: actions.join_staff(**form.particulars(), **_sent(request, form)))
    return (
        went(reverse("account", args=[ident]))
        if done
        else _show(request, form, _("Somebody new"), reverse("accounts"), _("Open the account"))
    )


@for_staff("manage_staff")
def account(request: StaffRequest, staff: str) -> HttpResponse:
    """Show one account."""
    row = found(queries.member(staff))
    firm = queries.contractor(row.contractor) if row.contractor else None
    return page(
        request, "account.html", row=row, name=queries.full_name(row), firm=firm and queries.full_name(firm), words=words,
        seen_at=ways_in.last_seen().get(staff),
    )  # fmt: skip


@for_staff("manage_staff")
@password_again
def change_account(request: StaffRequest, staff: str) -> HttpResponse:
    """Change roles, team or particulars."""
    row = found(queries.member(staff))
    names = ("name", "email", "phone", "roles", "team", "contractor")
    form = form_of(request, StaffForm, initial={name: getattr(row, name) or "" for name in names})
    done, __ = told(form, lambda: actions.change_staff(staff=staff, **form.particulars(), **_sent(request, form)))
    return _after(request, done, form, _("Change %(name)s") % {"name": queries.full_name(row)}, staff, _("Save"))


@for_staff("manage_staff")
@password_again
def shut_account(request: StaffRequest, staff: str) -> HttpResponse:
    """Shut an account: its sessions end with the next click."""
    row = found(queries.member(staff))
    form = form_of(request, ShutForm)
    done, __ = told(form, lambda: actions.shut_out(staff=staff, because=form.cleaned_data["because"], **_sent(request, form)))
    return _after(request, done, form, _("Shut out %(name)s") % {"name": queries.full_name(row)}, staff, _("Shut the account"))


@for_staff("manage_staff")
@password_again
def open_account(request: StaffRequest, staff: str) -> HttpResponse:
    """Let somebody in again."""
    row = found(queries.member(staff))
    form = form_of(request, SentOnce)
    done, __ = told(form, lambda: actions.let_in(staff=staff, **_sent(request, form)))
    return _after(request, done, form, _("Let %(name)s in again?") % {"name": queries.full_name(row)}, staff, _("Let them in"))


@for_staff("manage_staff")
@password_again
def account_link(request: StaffRequest, staff: str) -> HttpResponse:
    """Make a first link, shown once to be handed over; where she had a way in already, ask for one that somebody else makes."""
    row = found(queries.member(staff))
    first, form = not ways_in.has_way_in(staff), form_of(request, SentOnce)
    if first:
        return _make_link(request, form, row, first=True)
    done, __ = told(form, lambda: actions.ask_link(staff=staff, **_sent(request, form)))
    if done:
        return went(reverse("confirm_links"))
    note = _(
        "Their passkeys, codes and password stop working when they use it."
        " So a second person must make the link: a lead or another admin."
    )
    title, back = _("A new way in for %(name)s") % {"name": queries.full_name(row)}, reverse("account", args=[staff])
    return page(request, "form.html", form=form, title=title, back=back, note=note, button=_("Ask for a link"), section="staff")


@for_staff("confirm_link")
def confirm_links(request: StaffRequest) -> HttpResponse:
    """Show the links that wait for a second person."""
    since = request.now - queries.LINK_WAITS
    waiting = [row for row in queries.everyone() if row.link_asked_at is not None and row.link_asked_at > since]
    names = Names([row.link_asked_by for row in waiting], may=request.me.may)
    rows = [
        {"id": row.id, "name": queries.full_name(row), "asked_at": row.link_asked_at, "asked_by": names.of(row.link_asked_by),
         "mine": row.link_asked_by == str(request.by) or row.id == request.me.id}
        for row in waiting
    ]  # fmt: skip
    return page(request, "confirm_links.html", rows=rows)


@for_staff("confirm_link")
@password_again
def confirm_link(request: StaffRequest, staff: str) -> HttpResponse:
    """Make a link that somebody else asked for. It is shown once, to be handed over."""
    return _make_link(request, form_of(request, SentOnce), found(queries.member(staff)), first=False)


def _make_link(request: StaffRequest, form: Any, row: Any, *, first: bool) -> HttpResponse:
    name, back = queries.full_name(row), reverse("account", args=[row.id]) if first else reverse("confirm_links")
    done, given_at = told(form, lambda: actions.give_link(staff=row.id, first=first, **_sent(request, form)))
    if done and given_at != request.now:
        form.add_error(None, _("This link was made and shown already. Ask for a new one if it is lost."))
    elif done:
        secret = ways_in.make_link(row.id, made_by=request.me.id, at=request.now)
        link = request.build_absolute_uri(reverse("welcome", args=[secret]))
        return page(request, "account_link.html", name=name, link=link, back=back)
    note = _("They choose a password and set up a passkey or codes. It works once, for 24 hours. Hand it over yourself.")
    title = _("A link for %(name)s") % {"name": name}
    return page(request, "form.html", form=form, title=title, back=back, note=note, button=_("Make the link"), section="staff")


@for_staff("manage_contractors")
def firms(request: StaffRequest) -> HttpResponse:
    """Show the firms."""
    rows = [
        {"id": row.id, "name": queries.full_name(row), "trades": ", ".join(words.trade(one).lower() for one in row.trades),
         "phone": words.reach(row.phone), "email": words.readable(row.email)}
        for row in queries.contractors()
    ]  # fmt: skip
    return page(request, "firms.html", rows=rows)


@for_staff("manage_contractors")
def firm(request: StaffRequest, firm: str | None = None) -> HttpResponse:
    """Record a firm, or put one right."""
    row = found(queries.contractor(firm)) if firm else None
    initial = {}
    if row is not None:
        trades = ", ".join(row.trades).replace("_", " ")
        initial = {"name": row.name, "trades": trades, "phone": row.phone or "", "email": row.email or ""}
    form = form_of(request, FirmForm, initial=initial)
    done, __ = told(form, lambda: actions.record_contractor(contractor=firm, **_firm(form), **_sent(request, form)))
    return went(reverse("firms")) if done else _show(request, form, _("A firm"), reverse("firms"), _("Save"))


def _firm(form: Any) -> dict[str, Any]:
    said = form.cleaned_data
    return {"name": said["name"], "trades": said["trades"], "phone": said["phone"] or None, "email": said["email"] or None}


def _sent(request: StaffRequest, form: Any) -> dict[str, Any]:
    return {"by": request.by, "at": request.now, "command": form.command()}


def _after(request: StaffRequest, done: bool, form: Any, title: str, staff: str, button: str) -> HttpResponse:
    back = reverse("account", args=[staff])
    return went(back) if done else _show(request, form, title, back, button)


def _show(request: StaffRequest, form: Any, title: str, back: str, button: str) -> HttpResponse:
    return page(request, "form.html", form=form, title=title, back=back, button=button, section="staff")
