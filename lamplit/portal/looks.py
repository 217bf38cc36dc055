"""Who looked at her record: when, which team, and why. Never the name of a member of staff."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from lamplit.config.audience import Request, for_tenant, her
from lamplit.config.speaking import as_recorded, lazy
from lamplit.config.speaking import gettext as _
from lamplit.people import queries
from lamplit.repairs import queries as repairs
from lamplit.staff import queries as staff

OURS = lazy("Our office")
WHY = {
    "page": lazy("They opened your page"), "case": lazy("Work on something of yours"), "home": lazy("They looked at your home"),
    "photo": lazy("They looked at a photo"), "file": lazy("A paper was made"), "system": lazy("They work on a repair of yours"),
}  # fmt: skip


@for_tenant
def looks(request: Request) -> HttpResponse:
    """Show the newest looks. One a line for each minute and team, so that a busy hour does not hide the rest."""
    person = her(request)
    seen = [one for one in queries.looks_at(person) if one.why is None]
    # On a page that somebody else may read, no team may tell why her record is kept for few.
    plain = queries.is_restricted(person)
    firms = {one.reader: _firm(one.reader) for one in seen if one.reader.startswith("f_")}
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in seen:
        who = firms.get(one.reader) or (OURS if plain or not one.team else as_recorded(one.team))
        row = {
            "at": one.at,
            "who": who,
            "why": WHY.get(one.via, _("They opened a page")),
            "about": _about(one.about, person),
        }
        rows.setdefault((one.at, who, row["why"]), row)
    return render(request, "portal/looks.html", {"rows": list(rows.values()), "section": "data"})


def _firm(reader: str) -> str:
    row = staff.contractor(reader)
    return staff.full_name(row) if row is not None else _("A firm that works for us")


def _about(about: str | None, person: str) -> str | None:
    """Return the repair of hers through which it was opened."""
    row = repairs.repair(about) if about and about.startswith("r_") else None
    return str(row.id) if row is not None and row.reporter == person else None
