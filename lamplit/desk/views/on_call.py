"""On call: who is rung now, the turns to come, and the emergencies that nobody has accepted."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse

from lamplit.config.audience import for_staff
from lamplit.config.speaking import counted
from lamplit.config.speaking import gettext as _
from lamplit.desk import words
from lamplit.desk.forms.repairs import colleagues
from lamplit.desk.forms.staff import ShiftForm, tonight
from lamplit.desk.pages import StaffRequest, form_of, page, told, went
from lamplit.repairs import queries as repairs
from lamplit.staff import actions, queries

AHEAD = timedelta(days=28)


@for_staff("see_queue")
def on_call(request: StaffRequest) -> HttpResponse:
    """Show who is on call now, and the emergencies that wait for a name."""
    now = queries.on_call(request.now)
    shifts = queries.shifts(request.now, request.now + AHEAD)
    names = queries.members({shift.staff for shift in shifts})
    rows = [
        {
            "who": queries.full_name(names[shift.staff]) if shift.staff in names else _("former staff"),
            "from_at": shift.from_at, "until_at": shift.until_at, "as": _("Lead") if shift.lead else _("First"),
            "now": shift.from_at <= request.now,
        }
        for shift in shifts
    ]  # fmt: skip
    waiting = [
        {
            "text": words.readable(row.title, _("An emergency")),
            "href": reverse("act", args=[row.id, "accept"]),
            "hint": counted(
                "%(reference)s. Rung %(count)s round.",
                "%(reference)s. Rung %(count)s rounds.",
                row.ring_count,
                reference=row.reference,
            ),
            "status": _("Nobody has it"),
            "kind": "risk",
        }
        for row in repairs.to_ring()
    ]
    first, lead = (
        {"name": queries.full_name(row), "phone": words.reach(row.phone)} if row is not None else None
        for row in (now.first, now.lead)
    )
    return page(request, "on_call.html", first=first, lead=lead, rows=rows, waiting=waiting)


@for_staff("manage_on_call")
def new_shift(request: StaffRequest) -> HttpResponse:
    """Give somebody a turn on call."""
    form = form_of(request, ShiftForm, people=colleagues("accept_emergency"), initial=tonight(request.now))
    done, __ = told(form, lambda: actions.set_on_call(**form.turn(), by=request.by, at=request.now, command=form.command()))
    back = reverse("on_call")
    return went(back) if done else page(
        request, "form.html", form=form, title=_("A turn on call"), back=back, button=_("Set the turn"), section="on_call",
        note=_("Where two turns overlap, the one that was set last counts. That is how a turn is handed over."),
    )  # fmt: skip
