"""Limits on looking: who reached one, for whom one is lifted, and what the landlord allows."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.desk import words
from lamplit.desk.forms.staff import LiftForm, tonight
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, form_of, page, told, went
from lamplit.desk.troubles import in_a_span, reader_name
from lamplit.staff import actions, queries


@for_staff("lift_limits")
def limits(request: StaffRequest) -> HttpResponse:
    """Show who reached a limit, who has it lifted, and the landlord's policy."""
    found = queries.look_limits()
    names = Names([row.lifted_by for row in found], may=request.me.may)
    waiting = {row.id for row in queries.limits_reached(request.now)}
    rows = [_row(request, row, names, waiting=row.id in waiting) for row in found]
    policy = [(words.ROLES.get(role, _("A firm’s system")), f"{hour:,}", f"{day:,}")
              for role, hour, day in queries.policy_on_looking(london_date(request.now))]  # fmt: skip
    return page(request, "limits.html", rows=rows, policy=policy)


def _row(request: StaffRequest, row: Any, names: Names, *, waiting: bool) -> dict[str, Any]:
    return {
        "id": row.id, "name": reader_name(row.id), "mine": row.id == request.me.id, "waiting": waiting,
        "reached_at": row.reached_at, "allowed": row.span and in_a_span(row.most, row.span),
        "lifted_until": row.lifted_until, "lifted_by": names.of(row.lifted_by), "why": words.readable(row.why),
        "lifted": row.lifted_until is not None and row.lifted_until > request.now,
    }  # fmt: skip


@for_staff("lift_limits")
def lift(request: StaffRequest) -> HttpResponse:
    """Lift the limit for somebody, with a reason and an end."""
    initial = {"reader": request.GET.get("for", ""), **tonight(request.now)}
    form = form_of(request, LiftForm, own=request.me.id, initial=initial)
    done, __ = told(
        form,
        lambda: actions.lift_look_limit(**form.lifted(), by=request.by, at=request.now, command=form.command()),
    )
    back = reverse("look_limits")
    note = _("Ask them first what they need it for. Your reason stands in the record, with your name.")
    return went(back) if done else page(
        request, "form.html", form=form, title=_("Lift a limit on looking"), back=back, button=_("Lift the limit"), note=note,
        section="on_call",
    )  # fmt: skip
