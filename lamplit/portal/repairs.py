"""Her repairs: the list, one with its whole timeline, and what she can do about it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.basics.words import near_date, slot
from lamplit.basics.working_days import add_working_days, london_date
from lamplit.config import proofs
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, Typed, posted
from lamplit.config.refusals import tenant_words
from lamplit.portal import timeline, words
from lamplit.portal.home import staff_names
from lamplit.repairs import actions, queries

LONGEST = 4_000
DAYS_TO_CHOOSE = 10
SLOTS = ((time(8), time(12)), (time(12), time(17)))
DONE = {
    "note": "We have your note. It stands in the list below.",
    "photo": "We have your photo. It stands below, and no place or camera is kept with what we show.",
    "visit": "Your visit is changed. It stands in the list below.",
    "cancelled": "Your visit is cancelled. The repair stays open. Ring us to choose another time.",
    "mended": "Thank you. We have written down that it is mended.",
    "not-yet": "Thank you for telling us. The repair is open again.",
}


class NoteForm(SentOnce):
    """Something to add."""

    says = Typed(
        label="Add a note",
        help_text="For example, it got worse, or a time when nobody is in.",
        needed="Write what you want to tell us",
        longest=LONGEST,
        widget=forms.Textarea,
    )


class MendedForm(SentOnce):
    """Her word whether it is mended."""

    mended = forms.ChoiceField(
        label="Is it mended?",
        choices=[("yes", "Yes, it is mended"), ("no", "No, not yet")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no", "invalid_choice": "Choose yes or no"},
    )
    said = Typed(label="Do you want to add anything?", longest=LONGEST, widget=forms.Textarea)


class VisitForm(SentOnce):
    """Another time, or none."""

    slot = forms.ChoiceField(
        label="When should we come?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a time", "invalid_choice": "Choose a time from the list"},
    )

    def __init__(self, slots: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["slot"].choices = [*slots, ("cancel", "Cancel this visit")]  # type: ignore[attr-defined]


@for_tenant
def listed(request: Request) -> HttpResponse:
    """Show her open repairs first, then what is over."""
    rows = [row for row in queries.of_person(her(request)) if row.joined_into is None]
    shown = [
        {
            "title": words.title_of(row),
            "reference": row.reference,
            "href": f"/repairs/{row.id}",
            "stands": _stands(request, row),
            "kind": "quiet" if not row.live else "danger" if row.priority in words.EMERGENCIES else "plain",
            "live": row.live,
        }
        for row in rows
    ]
    context = {
        "open": [one for one in shown if one["live"]],
        "over": [one for one in shown if not one["live"]],
        "section": "repairs",
    }
    return render(request, "portal/repairs.html", context)


def _stands(request: Request, row: Any) -> str:
    """Say where a repair stands as its own page says it, with who has it and the next visit."""
    case = queries.tenant_case(row.id, her(request), now=request.now, on=london_date(request.now)) if row.live else None
    if case is None:
        return words.stands(row, {}, request.now)
    return words.stands(case.repair, staff_names(case), request.now, words.next_visit(case, request.now))


def case_of(request: Request, repair: str) -> queries.Case:
    """Return a repair that is hers to see. Anybody else's does not exist for her."""
    case = queries.tenant_case(repair, her(request), now=request.now, on=london_date(request.now))
    if case is None:
        raise Http404
    return case


@for_tenant
def one(request: Request, repair: str) -> HttpResponse:
    """Show a repair."""
    return _show(request, case_of(request, repair))


def _show(request: Request, case: queries.Case, **more: Any) -> HttpResponse:
    row, names = case.repair, staff_names(case)
    visit = words.next_visit(case, request.now)
    context = {
        "repair": row,
        "title": words.title_of(row),
        "stands": words.stands(row, names, request.now, visit),
        "references": references_of(case, her(request)),
        "kind": "danger" if row.priority in words.EMERGENCIES and row.live else "plain",
        "visit": visit,
        "timeline": timeline.timeline(case, her(request), names, request.now),
        "photos": photos_of(request, case),
        "note": NoteForm(),
        "mended": MendedForm() if row.status in ("to_confirm", "closed") else None,
        "early": row.status in ("open", "waiting"),
        "done": DONE.get(request.GET.get("done", "")),
        "form": None,
        "receipt": own_report(case, her(request)) is not None,
        "section": "repairs",
        **more,
    }
    return render(request, "portal/repair.html", context)


def photos_of(request: Request, case: queries.Case) -> list[dict[str, Any]]:
    """Return the photos of a repair that are hers to see, for kit/photos.html."""
    at = f"/repairs/{case.repair.id}/photos"
    return [
        {
            "href": f"{at}/{one.id}/large" if queries.can_be_shown(one) else None,
            "src": f"{at}/{one.id}/small",
            "shows": words.readable(one.shows),
            "about": f"{'Yours' if one.voice == her(request) else 'Ours'}, {near_date(one.at, request.now)}",
        }
        for one in case.photos
    ]


def references_of(case: queries.Case, person: str) -> list[str]:
    """Return every number that we gave her for it: reports of the same trouble go on under one, and each has its own."""
    told = [row for row in (case.repair, *case.reports) if row.voice == person]
    return [str(row.reference) for row in told] or [str(case.repair.reference)]


def own_report(case: queries.Case, person: str) -> queries.Line | None:
    """Return the line of her own report, or None when somebody else reported it."""
    return next((line for line in case.timeline if line.kind == "repair.reported" and line.voice == person), None)


@for_tenant
@require_http_methods(["GET"])
def receipt(request: Request, repair: str) -> HttpResponse:
    """Hand out the proof that her report is in the record, as a file that others can check without us."""
    case = case_of(request, repair)
    line = own_report(case, her(request))
    if line is None:
        raise Http404
    proof = proofs.proof_of(line.id, (), line.recorded_at, request.now)
    if isinstance(proof, proofs.NoProof):
        return _show(request, case, refused=f"Your receipt is not ready yet. {proof.words}")
    return proofs.as_file(proof)


def _done(case: queries.Case, what: str) -> HttpResponse:
    return HttpResponseRedirect(f"/repairs/{case.repair.id}?done={what}")


@for_tenant
@require_http_methods(["GET", "POST"])
def add_note(request: Request, repair: str) -> HttpResponse:
    """Add her words to it."""
    case, form = case_of(request, repair), NoteForm(request.POST)
    refused = None
    if request.method == "GET":  # a phone that dropped the page asks for its address again
        return HttpResponseRedirect(f"/repairs/{case.repair.id}")
    if form.is_valid():
        try:
            actions.add_to_repair(
                repair=case.repair.id,
                says=form.cleaned_data["says"],
                person=her(request),
                by=request.by,
                at=request.now,
                command=form.command(),
            )
            return _done(case, "note")
        except Refused as error:
            refused = tenant_words(error)
    return _show(request, case, note=form, form=form, refused=refused)


@for_tenant
@require_http_methods(["GET", "POST"])
def say_mended(request: Request, repair: str) -> HttpResponse:
    """Take her word. Yes ends it, unless we still owe something; no opens it again at once."""
    case, form = case_of(request, repair), MendedForm(request.POST)
    refused = None
    if request.method == "GET":  # as above
        return HttpResponseRedirect(f"/repairs/{case.repair.id}")
    if form.is_valid():
        try:
            return _done(case, _take_word(request, case, form))
        except Refused as error:
            refused = tenant_words(error)
    return _show(request, case, mended=form, form=form, refused=refused)


def _take_word(request: Request, case: queries.Case, form: MendedForm) -> str:
    yes = form.cleaned_data["mended"] == "yes"
    act = actions.confirm_mended if yes else actions.reopen_repair
    act(
        repair=case.repair.id,
        channel="portal",
        person=her(request),
        said=form.cleaned_data["said"] or None,
        by=request.by,
        at=request.now,
        command=form.command(),
    )
    return "mended" if yes else "not-yet"


def slots_from(now: datetime, *, but: datetime | None = None) -> list[tuple[str, str]]:
    """Return the mornings and afternoons of the next working days, as choices; not the one that begins at `but`."""
    days = [add_working_days(london_date(now), count) for count in range(1, DAYS_TO_CHOOSE + 1)]
    spans = [(datetime.combine(day, a, LONDON), datetime.combine(day, b, LONDON)) for day in days for a, b in SLOTS]
    return [(start.isoformat(), slot(start, end)) for start, end in spans if start != but]


@for_tenant
@require_http_methods(["GET", "POST"])
def change_visit(request: Request, repair: str, visit: str) -> HttpResponse:
    """Choose another time, or cancel. The repair stays open either way."""
    case = case_of(request, repair)
    found = next((one for one in case.visits if one.id == visit and one.state == "booked"), None)
    if found is None:
        raise Http404
    form = VisitForm(slots_from(request.now, but=found.from_at), posted(request))
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            return _done(case, _change(request, found, form))
        except Refused as error:
            refused = tenant_words(error)
    context = {"case": case, "visit": found, "form": form, "refused": refused, "section": "repairs"}
    return render(request, "portal/visit.html", context)


def _change(request: Request, visit: Any, form: VisitForm) -> str:
    picked = form.cleaned_data["slot"]
    if picked == "cancel":
        actions.cancel_visit(visit=visit.id, ours=False, by=request.by, at=request.now, command=form.command())
        return "cancelled"
    start = datetime.fromisoformat(picked)
    hours = timedelta(hours=4 if start.hour < 12 else 5)
    actions.book_visit(
        work=visit.work,
        visit=visit.id,
        from_at=start.astimezone(UTC),
        until_at=(start + hours).astimezone(UTC),
        contractor=visit.contractor,
        operative=visit.operative,
        by=request.by,
        at=request.now,
        command=form.command(),
    )
    return "visit"
