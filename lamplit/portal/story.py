"""The whole story of her repair as one paper, with the proofs of every line in it."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from lamplit.basics.working_days import london_date
from lamplit.config import papers, proofs
from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.jinja import landlord
from lamplit.config.limits import PAPERS_PER_PERSON, count
from lamplit.config.photos.on_paper import on_paper
from lamplit.config.print_size import is_large
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import number
from lamplit.config.when import full_date, full_moment, listed
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.portal import timeline, words
from lamplit.portal.home import staff_names
from lamplit.portal.messages import WAYS
from lamplit.portal.repairs import case_of, references_of
from lamplit.repairs import queries
from lamplit.repairs.queries import Case
from lamplit.tenancies import queries as tenancies


@for_tenant
@require_http_methods(["GET"])
def story(request: Request, repair: str) -> HttpResponse:
    """Hand out the story as a PDF, in the language that she reads."""
    case = case_of(request, repair)
    count(PAPERS_PER_PERSON, her(request), request.now)
    return _paper(request, case)


def _paper(request: Request, case: Case) -> HttpResponse:
    names, reference = staff_names(case), listed(references_of(case, her(request)))
    proved = proofs.several([(line.id, line.recorded_at) for line in case.timeline])
    items = timeline.timeline(case, her(request), names, request.now)
    past, ahead = items[: len(case.lines)], items[len(case.lines) :]
    pictures, unshown = on_paper(case.photos, lambda one: _whose(one, her(request)))
    entries = [_entries(line.id, case, proved.entries) for line in case.lines]
    paper = papers.make("story", {
        "title": words.title_of(case.repair), "landlord": landlord().name, "phone": landlord().phone,
        "large": is_large(request), "reference": reference, "written": full_date(request.now),
        "where": _where(case, request),
        "stands": words.stands(case.repair, names, request.now, words.next_visit(case, request.now)),
        "lines": [_line(item, found) for item, found in zip(past, entries, strict=True)],
        "pictures": pictures, "unshown": unshown, "said": _said(case, her(request)),
        "ahead": [{"what": one["what"], "when": one["when"]} for one in ahead],
        "proofs": proved.files, "beyond": max(len(case.timeline) - proofs.MOST_PROVED, 0),
        "size": number(proved.size), "key": proved.key,
    })  # fmt: skip
    return papers.as_file(paper, f"repair-{case.repair.reference}")


@for_tenant
@require_http_methods(["GET"])
def summary(request: Request, repair: str, summary: str) -> HttpResponse:
    """Hand out what we wrote down for her of an investigation, as it was sent."""
    case = case_of(request, repair)
    row = next((one for one in queries.summaries_of(case.repair.id) if one.id == summary and one.person == her(request)), None)
    pdf = queries.summary_paper(row) if row is not None else None
    if pdf is None:
        raise Http404
    return papers.as_file(pdf, f"what-we-found-{case.repair.reference}")


def _where(case: Case, request: Request) -> str:
    """Return the address, if it is where she lives: the trouble may have begun in a neighbour's home."""
    living = {one.home for one in tenancies.living_of(her(request), london_date(request.now))}
    return homes.address_line(case.home) if case.home is not None and case.repair.home in living else ""


def _whose(photo: Any, person: str) -> str:
    return (_("Yours, %(moment)s") if photo.voice == person else _("Ours, %(moment)s")) % {"moment": full_moment(photo.at)}


def _said(case: Case, person: str) -> list[dict[str, Any]]:
    """Return what we sent her about it, and what she and we said to each other, the oldest first."""
    sent = [
        (one.ordered_at, f"{WAYS.get(str(one.channel), _('Message'))}: {one.subject}", one.body)
        for one in messages.messages_about(case.repair.id, voices=[person])
    ]
    heard = [
        (one.happened_at, str(WAYS.get(str(one.channel), _("Something that was said"))), one.said)
        for one in messages.contacts_of(audience=person, person=person, repair=case.repair.id)
    ]
    return [
        {"what": what, "when": full_moment(at), "more": str(said)}
        for at, what, said in sorted([*sent, *heard], key=lambda one: one[0])
    ]


def _entries(line: str, case: Case, proved: dict[str, int]) -> list[int]:
    """Return the number of a line's entry, and of those that say nothing but what it says: their proofs are in the paper too."""
    return sorted(proved[one.id] for one in case.timeline if one.id in proved and (one.id == line or line in one.told))


def _line(item: dict[str, Any], entries: list[int]) -> dict[str, Any]:
    at = datetime.fromisoformat(item["at"])
    when = full_date(at) if item["day_alone"] else full_moment(at)
    return {
        "what": item["what"], "when": when, "more": item.get("more"), "by": item.get("by"),
        "entries": [number(one) for one in entries], "listed": listed([number(one) for one in entries]),
    }  # fmt: skip
