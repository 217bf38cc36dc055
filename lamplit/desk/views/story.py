"""The whole story of a repair as one paper, as staff see it, with the proof of every line: for an Ombudsman or a court."""

from typing import Any

from django.http import HttpResponse

from lamplit.config import papers, proofs
from lamplit.config.audience import for_staff
from lamplit.config.jinja import landlord
from lamplit.config.languages import said_in_ours
from lamplit.config.photos.on_paper import on_paper
from lamplit.config.print_size import is_large
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, full_moment, listed
from lamplit.desk import timeline, words
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, found
from lamplit.desk.views.photos import of_repair
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.repairs import queries


@for_staff("see_repair")
@said_in_ours
def story(request: StaffRequest, repair: str) -> HttpResponse:
    """Hand out the story as a PDF. What is restricted stands in it for those who may see it here."""
    case = found(queries.case(repair, now=request.now, restricted="see_restricted" in request.me.may))
    row = case.repair
    looked(request, [row.reporter, row.voice, *(one.reporter for one in case.reports)], "file", row.id)
    proved = proofs.several([(line.id, line.recorded_at) for line in case.timeline])
    told = [one for one in (row.reporter, *(one.reporter for one in case.reports)) if one]
    names = Names(timeline.actors(case.timeline), may=request.me.may, persons=told)
    lines = [
        _line(line, item, proved.entries.get(line.id))
        for line, item in zip(case.timeline, timeline.each_line(case.timeline, names, request.now), strict=True)
    ]
    pictures, unshown = on_paper(of_repair(request, case), lambda one: f"{names.of(one.by)}, {full_moment(one.at)}")
    paper = papers.make("story", {
        "title": words.readable(row.title, "A repair"), "landlord": landlord().name, "phone": landlord().phone,
        "large": is_large(request), "reference": listed([row.reference, *(one.reference for one in case.reports)]),
        "written": f"{full_date(request.now)} by {request.me.name}",
        "where": homes.address_line(case.home) if case.home is not None else "",
        "stands": f"{words.STATUSES[row.status]}. {words.PRIORITIES.get(row.priority, '')}.",
        "lines": lines, "pictures": pictures, "unshown": unshown, "said": _said(case, told, names, request), "ahead": [],
        "proofs": proved.files, "beyond": max(len(lines) - proofs.MOST_PROVED, 0), "size": f"{proved.size:,}", "key": proved.key,
    })  # fmt: skip
    return papers.as_file(paper, f"repair-{row.reference}")


def _said(case: queries.Case, told: list[str], names: Names, request: StaffRequest) -> list[dict[str, Any]]:
    """Return the messages that we sent about it, and what was said of it on the telephone or otherwise, the oldest first."""
    row = case.repair
    audience = "restricted" if "see_restricted" in request.me.may else "staff"
    sent = [
        (
            one.ordered_at,
            f"{words.CHANNELS.get(str(one.channel), 'Message')} that we sent: {words.readable(one.subject)}",
            one.body,
        )
        for one in messages.messages_about(row.id, voices={row.id, row.voice, *told} - {None})
        if one.person not in names.restricted
    ]
    heard = [
        (one.happened_at, _way(one), one.said)
        for one in messages.contacts_of(audience=audience, repair=row.id)
        if one.person not in names.restricted
    ]
    return [
        {"what": what, "when": full_moment(at), "more": words.readable(said)}
        for at, what, said in sorted([*sent, *heard], key=lambda one: one[0])
    ]


def _way(one: Any) -> str:
    return words.CHANNELS.get(str(one.channel), _("Contact"))


def _line(line: queries.Line, item: dict[str, Any], entry: int | None) -> dict[str, Any]:
    return {
        "what": item["what"], "when": words.full_time(line.by, line.at), "more": item.get("more") or None,
        "by": item.get("by") or None,
        "entries": [] if entry is None else [f"{entry:,}"],
    }  # fmt: skip
