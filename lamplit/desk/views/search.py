"""One box: people, homes, repairs and complaints, each with why it matched."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import full_date
from lamplit.basics.working_days import london_date
from lamplit.complaints import queries as complaints
from lamplit.config.audience import for_staff
from lamplit.config.limits import SEARCHES_PER_STAFF, count
from lamplit.desk import words
from lamplit.desk.pages import StaffRequest, page
from lamplit.desk.references import as_reference
from lamplit.desk.seeing import hidden_people
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies

LIMIT = 20
WHY = {
    "name": "name", "phone": "telephone number", "email": "e-mail address", "post": "postal address", "reference": "number",
    "address": "address", "postcode": "postcode", "uprn": "UPRN",
}  # fmt: skip

Found = dict[str, Any]


@for_staff("search")
def search(request: StaffRequest) -> HttpResponse:
    """Find by name, known-as name, telephone, e-mail, postcode, address, UPRN or reference."""
    text = request.POST.get("q", "").replace("\x00", "").strip()[:200]
    groups: list[tuple[str, list[Found]]] = []
    if text:
        count(SEARCHES_PER_STAFF, request.me.id, request.now)
        addresses = homes.search(text, LIMIT)
        groups = [
            ("People", _people(text, addresses, request)),
            ("Homes", _homes(addresses)),
            ("Repairs", _repairs(text)),
            ("Complaints", _complaints(text, request)),
        ]
    return page(request, "search.html", text=text, groups=[group for group in groups if group[1]], limit=LIMIT)


def _people(text: str, addresses: list[homes.HomeFound], request: StaffRequest) -> list[Found]:
    known = people.search(text, LIMIT)
    living = tenancies.people_at(addresses, london_date(request.now), LIMIT)
    hidden = hidden_people(request, [*(one.person for one in known), *(one.person for one in living)])
    named = [
        {
            "text": one.name,
            "href": reverse("person", args=[one.person]),
            # Of somebody restricted nothing is told but that she is: not even what matched, unless it was her name.
            "why": "Restricted: ring the safeguarding lead"
            if one.person in hidden
            else _why(one.why, one.matched, ended=one.ended),
        }
        for one in known
        if one.person not in hidden or one.why in ("name", "reference")
    ]
    there = {one.person for one in known} | hidden
    at_home = [
        {
            "text": one.name,
            "href": reverse("person", args=[one.person]),
            "why": f"{words.plain(one.role)} at {one.address} ({WHY.get(one.why, one.why)})",
        }
        for one in living
        if one.person not in there
    ]
    return [*named, *at_home][:LIMIT]


def _homes(addresses: list[homes.HomeFound]) -> list[Found]:
    return [
        {
            "text": one.address,
            "href": reverse("desk_home", args=[one.home]),
            "why": WHY[one.why] if one.matched in one.address else _why(one.why, one.matched),
        }
        for one in addresses
    ]


def _repairs(text: str) -> list[Found]:
    row = repairs.by_reference(as_reference(text))
    if row is None:
        return []
    why = f"number {row.reference}, told on {full_date(row.reported_at)}, {words.STATUSES[row.status].lower()}"
    return [{"text": words.readable(row.title, "A repair"), "href": reverse("desk_repair", args=[row.id]), "why": why}]


def _complaints(text: str, request: StaffRequest) -> list[Found]:
    row = complaints.by_reference(as_reference(text)) if "see_complaint" in request.me.may else None
    if row is None:
        return []
    why = f"number, made on {full_date(row.made_at)}"
    return [{"text": f"Complaint {row.reference}", "href": reverse("complaint", args=[row.id]), "why": why}]


def _why(why: str, matched: str, *, ended: bool = False) -> str:
    return f"{WHY.get(why, why)}: {words.reach(matched)}{' (no longer used)' if ended else ''}"
