"""Homes that stand empty, and the rent that is lost by it."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import counted
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date
from lamplit.desk.pages import StaffRequest, page
from lamplit.desk.rents import HIDDEN, hidden_accounts
from lamplit.homes import queries as homes
from lamplit.rent import queries

SHOWN = 100


@for_staff("see_arrears")
def voids(request: StaffRequest) -> HttpResponse:
    """Show which homes stood empty in this rent year, the longest first."""
    today = london_date(request.now)
    this = queries.year_starts_on(today.year)
    first = this if this <= today else queries.year_starts_on(today.year - 1)
    found = queries.voids_between(queries.Span(from_on=first, to_on=today))
    shown = found[:SHOWN]
    places, hidden = (
        homes.homes(one.home for one in shown),
        hidden_accounts(request, [one.account for one in shown if one.account]),
    )
    rows = [_row(one, None if one.account in hidden else places[one.home], today) for one in shown]
    return page(
        request, "rent_voids.html", rows=rows, count=f"{len(found):,}",
        more=len(found) > SHOWN, first=full_date(first), lost=pounds(sum(one.lost_pence or 0 for one in found)),
        title=_("Empty homes"),
    )  # fmt: skip


def _row(void: queries.Void, home: Any, today: date) -> dict[str, str]:
    """Return a row for the page; without `home` it is one whose last tenants are kept for few."""
    return {
        "href": reverse("desk_home", args=[void.home]) if home is not None else "",
        "home": homes.address_line(home) if home is not None else HIDDEN,
        "from": full_date(void.from_on),
        "to": _("still empty") if void.to_on == today else full_date(void.to_on),
        "days": counted("%(count)s day", "%(count)s days", void.days),
        "lost": _("never let before") if void.lost_pence is None else pounds(void.lost_pence),
    }
