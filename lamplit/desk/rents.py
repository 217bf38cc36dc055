"""Who may see which rent account: tenants whose record is kept for few are nobody's to read in a list either."""

from collections.abc import Iterable

from django.http import HttpResponse

from lamplit.basics.working_days import london_date
from lamplit.config.speaking import lazy
from lamplit.desk.looking import looked
from lamplit.desk.pages import StaffRequest, found, page
from lamplit.desk.seeing import ask_why
from lamplit.people import queries as people
from lamplit.rent import queries
from lamplit.tenancies import queries as tenancies

HIDDEN = lazy("A home that is kept for few")


def hidden_accounts(request: StaffRequest, accounts: Iterable[str]) -> set[str]:
    """Return which of these accounts are of somebody whom this reader may not see.

    Everybody who ever lived there counts: an account goes on telling where somebody lived when her tenancy has ended.
    """
    if "see_restricted" in request.me.may:
        return set()
    living = tenancies.everyone_ever(accounts)
    restricted = people.restricted_among({one.person for lives in living.values() for one in lives})
    return {account for account, lives in living.items() if any(one.person in restricted for one in lives)}


def homes_of(request: StaffRequest, accounts: Iterable[str]) -> dict[str, str]:
    """Return where the homes of accounts are, for whoever may know it."""
    listed = list(accounts)
    hidden = hidden_accounts(request, listed)
    return {one: HIDDEN if one in hidden else queries.address(one) for one in listed}


def tenants_of(request: StaffRequest, account: str) -> list[str]:
    """Return the tenants of an account; of one that ended, those who were there to its last day."""
    on = london_date(request.now)
    row = tenancies.tenancy(account)
    last = on if row is None or row.ended_on is None else min(on, row.ended_on)
    return [one.person for one in tenancies.household(account, last) if one.role == "tenant"]


def home_of(request: StaffRequest, account: str) -> str:
    """Return where an account's home is, for whoever may know it."""
    return homes_of(request, [account])[account]


def closed_to(request: StaffRequest, account: str) -> HttpResponse | None:
    """Return what whoever may not see an account gets instead of its page; None when she may. That she looked is kept."""
    found(queries.account(account))
    if hidden_accounts(request, [account]):
        return page(request, "restricted.html", status=403)
    explained(request, account)
    looked(request, tenants_of(request, account), "case")
    return None


def explained(request: StaffRequest, account: str) -> None:
    """Lead whoever opens the account of somebody kept for few to where she says why, unless she has said it lately."""
    for one in tenancies.everyone_ever([account]).get(account, []):
        ask_why(request, one.person)
