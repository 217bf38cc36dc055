"""Who looked at whose record, for a lead; and the reason that is asked before a record that is kept for few is opened."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.desk import words
from lamplit.desk.forms.people import ExplainForm
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.seeing import ask_why, may_see_person, remember_explained
from lamplit.people import actions, queries


@for_staff("see_looks")
def looks(request: StaffRequest, person: str) -> HttpResponse:
    """Show who looked at a person's record, when, and through what."""
    row = found(queries.person(person))
    if not may_see_person(request, person):
        raise Http404
    ask_why(request, person)
    looked(request, person, "page")
    seen = queries.looks_at(person)
    names = Names([_actor(one.reader) for one in seen], may=request.me.may)
    rows = [
        {
            "at": one.at, "who": names.of(_actor(one.reader)), "team": one.team, "how": words.LOOKS.get(one.via, _("a page")),
            "href": _address(one.about), "why": one.why,
        }
        for one in seen
    ]  # fmt: skip
    return page(request, "looks.html", person=row, name=queries.full_name(row), rows=rows)


def _actor(reader: str) -> str:
    return f"contractor:{reader}" if reader.startswith("f_") else f"staff:{reader}"


def _address(about: str | None) -> str | None:
    names = {"r_": "desk_repair", "h_": "desk_home"}
    name = names.get((about or "")[:2])
    return reverse(name, args=[about]) if name else None


@for_staff("see_restricted")
def explain_look(request: StaffRequest, person: str) -> HttpResponse:
    """Ask why a record is opened that is kept for few. What is said stands in the record, with who said it."""
    found(queries.person(person))
    form, back = form_of(request, ExplainForm), reverse("person", args=[person])
    sent: Any = {"by": request.by, "at": request.now}
    done, __ = told(
        form, lambda: actions.explain_look(person=person, why=form.cleaned_data["why"], command=form.command(), **sent)
    )
    if done:
        remember_explained(request, person)
        return went(back)
    note = _("This record is kept for few. Say why you open it; what you write is kept with your name, and lasts for an hour.")
    return page(
        request, "form.html", form=form, title=_("Why do you open this record?"), back=reverse("search"), note=note,
        button=_("Open it"), section="search",
    )  # fmt: skip
