"""Her visits: choosing a time, changing or cancelling it, and saying that nobody came."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import add_working_days, london_date
from lamplit.config.audience import Request, for_tenant
from lamplit.config.forms import SentOnce, posted
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import as_recorded, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import slot
from lamplit.portal import words
from lamplit.portal.repairs import case_of, done
from lamplit.repairs import actions, queries

FIRST = 12  # times on the first page; the others stand behind a link
DAYS_TO_CHOOSE = 10
SLOTS = ((time(8), time(12)), (time(12), time(17)))
Choices = list[tuple[str, str]]


class VisitForm(SentOnce):
    """Another time, or none."""

    slot = forms.ChoiceField(
        label=lazy("When should we come?"),
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose a time"), "invalid_choice": lazy("Choose a time from the list")},
    )

    def __init__(self, slots: Choices, data: Any = None, *, booked: bool = True) -> None:
        super().__init__(data)
        self.fields["slot"].choices = [*slots, *([("cancel", _("Cancel this visit"))] if booked else [])]  # type: ignore[attr-defined]


def slots_from(now: datetime, *, but: datetime | None = None) -> Choices:
    """Return the mornings and afternoons of the next working days, as choices; not the one that begins at `but`.

    For a work of which nobody keeps a diary.
    """
    days = [add_working_days(london_date(now), count) for count in range(1, DAYS_TO_CHOOSE + 1)]
    spans = [(datetime.combine(day, a, LONDON), datetime.combine(day, b, LONDON)) for day in days for a, b in SLOTS]
    return [(start.isoformat(), slot(start, end)) for start, end in spans if start != but]


def _free(slots: list[Any], *, but: datetime | None = None) -> Choices:
    """Return free times as choices. One that is later than we promised says so: she may take it, and our clock runs on."""
    return [(one.code, _slot_words(one)) for one in slots if one.from_at != but]


def _slot_words(one: Any) -> str:
    said = slot(one.from_at, one.until_at)
    return _("%(slot)s (later than we promised)") % {"slot": said} if one.late else said


def _shown(request: Request, choices: Choices) -> tuple[Choices, bool]:
    """Return the times of this page, and whether there are later ones."""
    more = "later" not in request.GET and len(choices) > FIRST
    return (choices[:FIRST] if more else choices), more


@for_tenant
@require_http_methods(["GET", "POST"])
def book(request: Request, repair: str, work: str) -> HttpResponse:
    """Choose a time for a piece of work, from those that are free."""
    case = case_of(request, repair)
    found = next((one for one in queries.works_to_book(case.works, case.repair) if one.id == work), None)
    if found is None:
        raise Http404
    choices, more = _shown(request, _free(queries.slots_for(found, case.repair, at=request.now) or []))
    form, refused = VisitForm(choices, posted(request), booked=False), None
    if request.method == "POST" and form.is_valid():
        try:
            actions.book_slot(work=work, slot=form.cleaned_data["slot"], by=request.by, at=request.now, command=form.command())
            return done(case, "booked")
        except Refused as error:
            refused = tenant_words(error)
    context = {
        "case": case, "form": form, "refused": refused, "section": "repairs", "more": more, "none": not choices,
        "what": as_recorded(words.readable(found.what)), "title": _("Choose a time"), "visit": None,
    }  # fmt: skip
    return render(request, "portal/visit.html", context)


@for_tenant
@require_http_methods(["GET", "POST"])
def change(request: Request, repair: str, visit: str) -> HttpResponse:
    """Choose another time, or cancel. The repair stays open either way."""
    case = case_of(request, repair)
    found = next((one for one in case.visits if one.id == visit and one.state == "booked"), None)
    if found is None or case.repair.block:  # a visit to the shared parts is no single neighbour's to move or cancel
        raise Http404
    work = queries.work(found.work)
    free = queries.slots_for(work, case.repair, at=request.now, moving=visit) if work is not None else None
    every = slots_from(request.now, but=found.from_at) if free is None else _free(free, but=found.from_at)
    choices, more = _shown(request, every)
    form, refused = VisitForm(choices, posted(request)), None
    if request.method == "POST" and form.is_valid():
        try:
            return done(case, _change(request, found, form, kept=free is not None))
        except Refused as error:
            refused = tenant_words(error)
    context = {
        "case": case, "visit": found, "form": form, "refused": refused, "section": "repairs", "more": more, "none": False,
        "what": None, "title": _("Change a visit"),
    }  # fmt: skip
    return render(request, "portal/visit.html", context)


def _change(request: Request, visit: Any, form: VisitForm, *, kept: bool) -> str:
    """Do what she chose. `kept`: a diary is kept for the work, and she chose one of its times."""
    picked: str = form.cleaned_data["slot"]
    sent: dict[str, Any] = {"by": request.by, "at": request.now, "command": form.command()}
    if picked == "cancel":
        actions.cancel_visit(visit=visit.id, ours=False, **sent)
        return "cancelled"
    if kept:
        actions.book_slot(work=visit.work, visit=visit.id, slot=picked, **sent)
        return "visit"
    start = datetime.fromisoformat(picked)
    hours = timedelta(hours=4 if start.hour < 12 else 5)
    actions.book_visit(
        work=visit.work,
        visit=visit.id,
        from_at=start.astimezone(UTC),
        until_at=(start + hours).astimezone(UTC),
        contractor=visit.contractor,
        operative=visit.operative,
        **sent,
    )
    return "visit"


@for_tenant
@require_http_methods(["GET", "POST"])
def nobody_came(request: Request, repair: str, visit: str) -> HttpResponse:
    """Take her word that nobody came: one tap. It counts against us, and she chooses the next time at once."""
    case, form = case_of(request, repair), SentOnce(request.POST)
    if request.method == "GET":  # a phone that dropped the page asks for its address again
        return HttpResponseRedirect(f"/repairs/{case.repair.id}")
    found = next((one for one in case.visits if one.id == visit), None)
    if found is None or not form.is_valid():
        raise Http404
    try:
        actions.miss_visit(visit=visit, by=request.by, at=request.now, command=form.command())
    except Refused as error:
        if error.code != "repairs.visit_is_over":  # somebody said it meanwhile: her page says what
            raise
    return done(case, "nobody")
