"""One box: people, homes, repairs and complaints, each with why it matched."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.complaints import queries as complaints
from lamplit.config import standing_by
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk import words
from lamplit.desk.finding import LIMIT, WHY, find_people, look_up, typed, why_found
from lamplit.desk.finding import Found as Looked
from lamplit.desk.pages import StaffRequest, page
from lamplit.desk.references import as_reference
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.rent import queries as rent
from lamplit.repairs import queries as repairs
from lamplit.tenancies import queries as tenancies

Found = dict[str, Any]


@for_staff("search")
def search(request: StaffRequest) -> HttpResponse:
    """Find by name, known-as name, telephone, e-mail, postcode, address (also both together), UPRN or reference."""
    text = typed(request)
    groups: list[tuple[str, list[Found]]] = []
    nearest = apart = False
    if text:
        found = look_up(text, request)
        nearest, apart = found.nearest, found.apart
        groups = [
            (_("People"), _people(text, found, request)),
            (_("Homes"), _homes(found.homes)),
            (_("Tenancies"), _tenancies(text)),
            (_("Rent accounts"), _accounts(text, request)),
            (_("Repairs"), _repairs(text)),
            (_("Complaints"), _complaints(text, request)),
            (_("Came in at the standby"), _post(text)),
        ]
    opened = standing_by.is_opened("home", "reach", "person", "repair")
    shown = [group for group in groups if group[1]]
    return page(request, "search.html", text=text, groups=shown, nearest=nearest, apart=apart, limit=LIMIT, opened=opened)


def _people(text: str, found: Looked, request: StaffRequest) -> list[Found]:
    return [
        {"text": one.name, "href": reverse("person", args=[one.person]), "why": one.why}
        for one in find_people(text, request, found)
    ]


def _homes(addresses: list[homes.HomeFound]) -> list[Found]:
    return [
        {
            "text": one.address,
            "href": reverse("desk_home", args=[one.home]),
            "why": WHY[one.why] if one.matched in one.address else why_found(one.why, one.matched),
        }
        for one in addresses
    ]


def _repairs(text: str) -> list[Found]:
    row = repairs.by_reference(as_reference(text)) or repairs.by_old_reference(text)
    if row is None:
        return []
    number = (
        _("number in the system before %(old_reference)s, now") % {"old_reference": row.old_reference}
        if row.reference != as_reference(text)
        else _("number")
    )
    why = _("%(number)s %(reference)s, told on %(day)s, %(status)s") % {
        "number": number,
        "reference": row.reference,
        "day": full_date(row.reported_at),
        "status": words.STATUSES[row.status].lower(),
    }
    return [{"text": words.readable(row.title, _("A repair")), "href": reverse("desk_repair", args=[row.id]), "why": why}]


def _tenancies(text: str) -> list[Found]:
    """Find the home of the tenancy that the system before calls so."""
    found = tenancies.called_before(text)
    there = homes.homes(row.home for row in found)
    return [
        {
            "text": homes.address_line(there[row.home]),
            "href": reverse("desk_home", args=[row.home]),
            "why": _("tenancy number in the system before: %(reference)s, began on %(day)s")
            % {"reference": row.reference, "day": full_date(row.started_on)},
        }
        for row in found
        if row.home in there
    ]


def _accounts(text: str, request: StaffRequest) -> list[Found]:
    """Find the account that people pay with this number, however it is spaced."""
    row = rent.account_of_reference("".join(text.split())) if "see_rent" in request.me.may else None
    if row is None:
        return []
    home = homes.home(row.home)
    where = homes.address_line(home) if home is not None else _("A rent account")
    return [{"text": where, "href": reverse("rent_account", args=[row.id]), "why": _("payment number")}]


def _post(text: str) -> list[Found]:
    """Find what the standby took in while it held no keys, by the number that its sender was told."""
    row = messages.post_by_reference(as_reference(text))
    if row is None or row.email is None:
        return []
    why = _("number %(reference)s, came in at the standby on %(day)s") % {
        "reference": row.reference,
        "day": full_date(row.kept_at),
    }
    return [{"text": _("What somebody sent to our standby service"), "href": reverse("email", args=[row.email]), "why": why}]


def _complaints(text: str, request: StaffRequest) -> list[Found]:
    row = complaints.by_reference(as_reference(text)) if "see_complaint" in request.me.may else None
    if row is None:
        return []
    why = _("number, made on %(day)s") % {"day": full_date(row.made_at)}
    return [
        {
            "text": _("Complaint %(reference)s") % {"reference": row.reference},
            "href": reverse("complaint", args=[row.id]),
            "why": why,
        }
    ]
