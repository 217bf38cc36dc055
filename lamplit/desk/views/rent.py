"""The officers' caseload: whom to look at first, why each stands there, and what holds it."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from lamplit.basics.words import pounds
from lamplit.basics.working_days import london_date
from lamplit.config.audience import for_staff
from lamplit.config.speaking import Words, as_recorded
from lamplit.config.speaking import gettext as _
from lamplit.config.when import full_date, near_date
from lamplit.desk import rent_words, words
from lamplit.desk.looking import looked
from lamplit.desk.names import Names
from lamplit.desk.pages import StaffRequest, page
from lamplit.desk.rents import HIDDEN, hidden_accounts
from lamplit.homes import queries as homes
from lamplit.messages import queries as messages
from lamplit.reactions import chasing
from lamplit.reactions.caseload import GROUPS, Place, Ranking
from lamplit.rent import queries

SHOWN = 25
REVIEWS = 20  # holds to look at, the oldest first
RANKING = Ranking(timedelta(minutes=1))
FILTERS = Words({
    "all": "Everybody", "answer": "Wait for an answer", "benefit": "Benefit has not come", "step": "A step comes next",
    "held": "Held", "first": "Behind for the first time", "former": "Former tenants",
})  # fmt: skip


@for_staff("see_arrears")
def rent(request: StaffRequest) -> HttpResponse:
    """Show the accounts that a person looks at: harm and the chance to help first, never the sum alone."""
    every = RANKING.places(request.now)
    which = request.GET.get("f", "all")
    which = which if which in FILTERS else "all"
    listed = [one for one in every if which == "all" or which in one.groups]
    first = _number(request.GET.get("from"))
    shown = listed[first : first + SHOWN]
    seen = chasing.look([one.ranked.account for one in shown], request.now)
    hidden = hidden_accounts(request, seen)
    persons = [person for account, one in seen.items() if account not in hidden for person in one.living.tenants]
    looked(request, persons, "case")
    names = Names([], may=request.me.may, persons=persons)
    return page(
        request, "rent.html", rows=[_row(one, seen[one.ranked.account], names, request.now, hidden) for one in shown],
        filters=_filters(every, which),
        title=FILTERS[which],
        more=f"{reverse('caseload')}?f={which}&from={first + SHOWN}" if len(listed) > first + SHOWN else None,
        reviews=_reviews(request, every), stopped=queries.why_not(), which=which, waits=queries.waits(),
        unread=_unread(),
    )  # fmt: skip


def _unread() -> dict[str, int]:
    """Say what came in at a standby that nobody has opened, or has filed where it is about rent: till then no step goes."""
    sealed, emails = messages.standby_waits()
    return {"sealed": len(sealed), "emails": len(emails)}


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else 0


def _filters(every: list[Place], which: str) -> list[dict[str, Any]]:
    counts = {"all": len(every)} | {group: sum(group in one.groups for one in every) for group in GROUPS}
    return [
        {"text": text, "href": f"{reverse('caseload')}?f={key}", "count": counts[key], "current": key == which}
        for key, text in FILTERS.items()
    ]


def _row(one: Place, seen: chasing.Looked, names: Names, now: datetime, hidden: set[str]) -> dict[str, Any]:
    kept = one.ranked.account in hidden
    home = None if kept else homes.home(seen.living.home)
    since = seen.history.since
    return {
        "href": reverse("rent_account", args=[one.ranked.account]),
        "name": HIDDEN if kept else ", ".join(names.person(person) for person in seen.living.tenants) or _("Nobody named"),
        "where": words.short_address(home.address) if home is not None else "", "sum": pounds(seen.position.to_pay_pence),
        "since": _("since %(day)s") % {"day": full_date(since)} if since else "",
        "why": [_("Who may see them reads why")] if kept else [said for said, __ in one.ranked.why],
        "next": rent_words.next_step(seen.proposal, now),
    }  # fmt: skip


def _reviews(request: StaffRequest, every: list[Place]) -> list[dict[str, Any]]:
    """Holds that somebody must look at by today: those that people placed, and those that follow from something else."""
    placed = [(row.review_on, row.account, rent_words.hold(row)) for row in queries.holds_to_review(london_date(request.now))]
    other = [(one.review_on, place.ranked.account, as_recorded(one.words) or "") for place in every for one in place.due]
    listed = sorted(placed + other)[:REVIEWS]
    hidden = hidden_accounts(request, {account for _on, account, _said in listed})
    return [
        {
            "href": reverse("rent_account", args=[account]), "words": HIDDEN if account in hidden else said,
            "on": near_date(on, request.now),
        }
        for on, account, said in listed
    ]  # fmt: skip
