"""What tenants told us of their rent and a person has to answer: disputed lines, and payments to look for."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.fact import Unavailable
from lamplit.basics.words import pounds
from lamplit.config import owing
from lamplit.config.audience import for_staff
from lamplit.config.left import ago
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk.forms.rent_asked import AnswerForm, LookForm
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.desk.rents import closed_to, home_of
from lamplit.rent import actions, queries

WAYS = Words(
    {
        "bank": "from a bank account",
        "card": "by card",
        "shop": "at a shop or post office",
        "office": "at our office",
        "other": "another way",
    }
)


@for_staff("see_arrears")
def asked(request: StaffRequest) -> HttpResponse:
    """Show what waits for an answer, the oldest first. No step is taken on these accounts until then."""
    disputes, said = queries.open_disputes(), queries.said_open()
    names = Names([*(row.by for row in disputes), *(row.by for row in said)], may=request.me.may)
    return page(
        request, "rent_asked.html", title=_("What tenants told us of their rent"),
        disputes=[_shown(row, names, request) | {"href": reverse("answer_dispute", args=[row.id])} for row in disputes],
        said=[
            _shown(row, names, request) | {"href": reverse("look_for_payment", args=[row.id]), "paid": _paid(row)} for row in said
        ],
    )  # fmt: skip


def _shown(row: Any, names: Names, request: StaffRequest) -> dict[str, Any]:
    return {
        "sum": pounds(row.pence),
        "who": names.of(row.by),
        "home": home_of(request, row.account),
        "since": ago(row.at, request.now),
        "words": None if isinstance(row.words, Unavailable) else row.words,
    }


def _paid(row: Any) -> str:
    return f"{full_date(row.on)}, {WAYS[row.way]}"


@for_staff("take_step")
def answer(request: StaffRequest, dispute: str) -> HttpResponse:
    """Answer a dispute. She reads the answer beside the line; money that was wrong is moved on the account."""
    row = found(queries.dispute(dispute))
    if (closed := closed_to(request, row.account)) is not None:
        return closed
    if row.outcome is not None:
        raise Http404
    form = form_of(request, AnswerForm)
    done, __ = told(
        form,
        lambda: actions.answer_dispute(dispute=dispute, **form.asked(), by=request.by, at=request.now, command=form.command()),
    )
    back = reverse("rent_asked")
    if done:
        return went(back)
    note = f"{pounds(row.pence)}, {queries.address(row.account)}. {_of_line(row)}"
    return page(
        request, "form.html", form=form, title=_("Answer a dispute"), back=back, section="rent", button=_("Answer"), note=note
    )


def _of_line(row: Any) -> str:
    """Say which line it is about, and what she wrote."""
    item = next((one for one in owing.statement(queries.lines(row.account)) if one["id"] == row.line), None)
    about = (
        _("It is about %(item)s of %(day)s.") % {"item": item["name"], "day": item["day"]}
        if item
        else _("It is about the account as a whole.")
    )
    wrote = (
        ""
        if row.words is None or isinstance(row.words, Unavailable)
        else _(" In the tenant’s words: %(what)s") % {"what": row.words}
    )
    return about + wrote


@for_staff("take_step")
def look(request: StaffRequest, said: str) -> HttpResponse:
    """Note what was found of a payment that she told us of."""
    row = found(next((one for one in queries.said_open() if one.id == said), None))
    if (closed := closed_to(request, row.account)) is not None:
        return closed
    form = form_of(request, LookForm)
    sent: Any = {"by": request.by, "at": request.now}
    done, __ = told(form, lambda: actions.look_for_payment(said=said, **form.asked(), **sent, command=form.command()))
    back = reverse("rent_asked")
    if done:
        return went(back)
    note = f"{pounds(row.pence)}, {_paid(row)}. {queries.address(row.account)}."
    return page(
        request, "form.html", form=form, title=_("Look for a payment"), back=back, section="rent", button=_("Keep it"), note=note
    )
