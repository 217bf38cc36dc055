"""Her repairs: the list, one with its whole timeline, and what she can do about it."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from lamplit.basics.refusal import Refused
from lamplit.basics.working_days import london_date
from lamplit.config import proofs
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.forms import SentOnce, Typed
from lamplit.config.refusals import tenant_words
from lamplit.config.speaking import as_recorded, lazy
from lamplit.config.speaking import gettext as _
from lamplit.config.when import near_date
from lamplit.portal import timeline, words
from lamplit.portal.home import staff_names
from lamplit.repairs import actions, queries
from lamplit.staff import queries as staff

LONGEST = 4_000
DONE = {
    "note": lazy("We have your note. It stands in the list below."),
    "photo": lazy("We have your photo. It stands below, and no place or camera is kept with what we show."),
    "visit": lazy("Your visit is changed. It stands in the list below."),
    "booked": lazy("Your visit is booked. It stands in the list below."),
    "cancelled": lazy("Your visit is cancelled. The repair stays open. Choose another time when it suits you, or ring us."),
    "nobody": lazy("We are sorry that nobody came. We have written it down, and it counts against us."),
    "shared": lazy("We have it. Everybody in your building can see it, and nobody sees who told us."),
    "shared-later": lazy("We have it. It is saved here and still being copied. Nobody sees who told us."),
    "me-too": lazy("We have it from you too. It counts."),
    "mended": lazy("Thank you. We have written down that it is mended."),
    "not-yet": lazy("Thank you for telling us. The repair is open again."),
}


class NoteForm(SentOnce):
    """Something to add."""

    says = Typed(
        label=lazy("Add a note"),
        help_text=lazy("For example, it got worse, or a time when nobody is in."),
        needed=lazy("Write what you want to tell us"),
        longest=LONGEST,
        widget=forms.Textarea,
    )


class MendedForm(SentOnce):
    """Her word whether it is mended."""

    mended = forms.ChoiceField(
        label=lazy("Is it mended?"),
        choices=[("yes", lazy("Yes, it is mended")), ("no", lazy("No, not yet"))],
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose yes or no"), "invalid_choice": lazy("Choose yes or no")},
    )
    said = Typed(label=lazy("Do you want to add anything?"), longest=LONGEST, widget=forms.Textarea)


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
        "firm": staff.firm_name(visit.contractor) if visit is not None else None,
        "timeline": timeline.timeline(case, her(request), names, request.now),
        "photos": photos_of(request, case),
        "summaries": [one for one in queries.summaries_of(row.id) if one.person == her(request)],
        "note": NoteForm(),
        "mended": MendedForm() if row.status in ("to_confirm", "closed") else None,
        "early": row.status in ("open", "waiting"),
        "to_book": [
            (work.id, as_recorded(words.readable(work.what)) or _("the work")) for work in queries.works_to_book(case.works, row)
        ],
        "nobody": _not_kept(case, request),
        "me_too": SentOnce() if _may_say_me_too(case, her(request)) else None,
        "done": DONE.get(request.GET.get("done", "")),
        "form": None,
        "receipt": own_report(case, her(request)) is not None,
        "stay": _stay(request, case),
        "section": "repairs",
        **more,
    }
    return render(request, "portal/repair.html", context)


def _stay(request: Request, case: queries.Case) -> str | None:
    """Return how the newest place to stay stands, for the link to it; None where none was offered, or not to her household."""
    if not any(line.kind == "stay.offered" for line in case.timeline):
        return None
    offers = queries.stays_for(case.repair.id, her(request), on=london_date(request.now))
    return str(offers[-1].state) if offers else None


def _not_kept(case: queries.Case, request: Request) -> dict[str, Any] | None:
    """Return the visit whose time is over and of which we know nothing, with the form to say that nobody came."""
    over = [one for one in case.visits if one.state == "booked" and one.until_at is not None and one.until_at <= request.now]
    return {"visit": over[0], "form": SentOnce()} if over else None


def _may_say_me_too(case: queries.Case, person: str) -> bool:
    row = case.repair
    return bool(row.block and row.live) and person != row.reporter and not any(one.voice == person for one in case.reports)


def photos_of(request: Request, case: queries.Case) -> list[dict[str, Any]]:
    """Return the photos of a repair that are hers to see, for kit/photos.html."""
    at = f"/repairs/{case.repair.id}/photos"
    return [
        {
            "href": f"{at}/{one.id}/large" if queries.can_be_shown(one) else None,
            "src": f"{at}/{one.id}/small",
            "film": f"{at}/{one.id}/film" if one.film is not None else None,
            "shows": words.readable(one.shows),
            "about": f"{_('Yours') if one.voice == her(request) else _('Ours')}, {near_date(one.at, request.now)}",
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
        return _show(request, case, refused=f"{_('Your receipt is not ready yet.')} {as_recorded(proof.words)}")
    return proofs.as_file(proof)


def done(case: queries.Case, what: str) -> HttpResponse:
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
            return done(case, "note")
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
            return done(case, _take_word(request, case, form))
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
