"""On call: who is rung now, the turns to come, and the emergencies that nobody has accepted."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import plural
from lamplit.config.audience import for_staff
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
            "who": queries.full_name(names[shift.staff]) if shift.staff in names else "former staff",
            "from_at": shift.from_at, "until_at": shift.until_at, "as": "Lead" if shift.lead else "First",
            "now": shift.from_at <= request.now,
        }
        for shift in shifts
    ]  # fmt: skip
    waiting = [
        {
            "text": words.readable(row.title, "An emergency"), "href": reverse("act", args=[row.id, "accept"]),
            "hint": f"{row.reference}. Rung {plural(row.ring_count, 'round')}.", "status": "Nobody has it", "kind": "risk",
        }
        for row in repairs.to_ring()
    ]  # fmt: skip
    first, lead = (
        {"name": queries.full_name(row), "phone": words.reach(row.phone)} if row is not None else None
        for row in (now.first, now.lead)
    )
    return page(request, "on_call.html", first=first, lead=lead, rows=rows, waiting=waiting)


@for_staff("manage_on_call")
def new_shift(request: StaffRequest) -> HttpResponse:
    """Give somebody a turn on call."""
    form = form_of(request, ShiftForm, people=colleagues("accept_emergency"), initial=tonight(request.now))
    done, _ = told(form, lambda: actions.set_on_call(**form.turn(), by=request.by, at=request.now, command=form.command()))
    back = reverse("on_call")
    return went(back) if done else page(
        request, "form.html", form=form, title="A turn on call", back=back, button="Set the turn", section="on_call",
        note="Where two turns overlap, the one that was set last counts. That is how a turn is handed over.",
    )  # fmt: skip
