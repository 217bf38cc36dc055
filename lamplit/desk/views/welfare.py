"""The list of calls in an incident, made for whoever holds a phone in the other hand."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse

from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, near_moment
from lamplit.desk import words
from lamplit.desk.forms.welfare import OUTCOMES, CallForm
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, form_of, found, page, told, went
from lamplit.homes import queries as homes
from lamplit.incidents import actions, queries
from lamplit.reactions import welfare

SHOWN = 50
RANKING = welfare.Ranking(timedelta(minutes=1))
REASONS = Words({
    "emergency": "An emergency repair is open", "hazard": "A hazard is open",
    "alone_and_old": "Lives alone and is over 80",
})  # fmt: skip


@for_staff("ring_households")
def calls(request: StaffRequest, incident: str) -> HttpResponse:
    """Show whom to ring, the most urgent first."""
    row = found(queries.incident(incident))
    every = welfare.to_ring(row.id, request.now, RANKING.lines(request.now))
    on = london_date(request.now)
    waiting = [one.household for one in every if one.waits(on)]
    here = Paginator(waiting, SHOWN).get_page(request.GET.get("page"))
    shown = welfare.shown(row.id, here.object_list, request.now)
    looked(request, [one.person for one in shown], "case")
    return page(
        request, "calls.html", row=row, lines=[_line(row.id, one, request.now) for one in shown], waiting=len(waiting), here=here,
        every=len(every), late=sum(one.late for one in every), reached=sum(one.reached_at is not None for one in every),
    )  # fmt: skip


def _line(incident: str, one: welfare.ToRing, now: Any) -> dict[str, Any]:
    home = homes.home(one.home) if one.home else None
    last = f"{OUTCOMES.get(one.said, one.said)}, {near_moment(one.rung_at, now)}" if one.said and one.rung_at else None
    return {
        "hidden": one.person is None, "name": one.name or _("name not known"),
        "where": words.address(home.address) if home is not None else "", "last": last, "late": one.late,
        "ways": [(value, words.reach(value)) for __, value in one.ways],
        "reasons": [reason_words(code) for code in one.reasons],
        "href": reverse("call_household", args=[incident, one.household]),
    }  # fmt: skip


def reason_words(code: str) -> str:
    """Return a reason in words."""
    return REASONS.get(code) or str(words.need(code)["text"])


@for_staff("ring_households")
def call(request: StaffRequest, incident: str, household: str) -> HttpResponse:
    """Ring one household, and write down what came of it."""
    row = found(queries.incident(incident))
    line = next(iter(welfare.shown(row.id, [household], request.now)), None)
    if row.ended_at is not None or line is None or line.person is None:
        raise Http404
    looked(request, line.person, "case")
    tomorrow = london_date(request.now) + timedelta(days=1)
    form = form_of(request, CallForm, people=[(line.person, line.name or _("name not known"))], initial={"next_on": tomorrow})
    done, __ = told(
        form,
        lambda: actions.record_call(
            incident=incident, household=household,
            **{name: form.cleaned_data[name] for name in ("person", "outcome", "needs", "next_on")},
            by=request.by, at=request.now, command=form.command(),
        ),
    )  # fmt: skip
    back = reverse("calls", args=[incident])
    if done:
        return went(back)
    before = [
        f"{full_date(one.at)}: {OUTCOMES.get(str(one.outcome), _('not readable'))}. {words.readable(one.needs)}".strip()
        for one in queries.calls_of(incident, household)
    ]
    shown = _line(incident, line, request.now)
    return page(request, "call.html", form=form, line=shown, before=before, back=back, row=row)
