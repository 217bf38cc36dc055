"""Whom a page is for. Every view says so; one that does not is shown to nobody.

@for_everyone                  anybody, signed in or not
@for_tenant                    a tenant who signed in, to her own person
@for_system                    a firm's own system, which shows a token
@for_staff("see_repair")       staff who may do that (lamplit/staff/rules.py), or "" for any who may come in
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar, cast

from django.http import HttpRequest

from lamplit.basics.who import By

V = TypeVar("V", bound=Callable[..., Any])
PERSON = "person"  # the one thing that a tenant's session holds: the id of her person
ANY_STAFF = "see_desk"


class Audience(NamedTuple):
    """Whom a view is for; `permission` is set for staff."""

    kind: Literal["everyone", "tenant", "staff", "system"]
    permission: str = ""


class Request(HttpRequest):
    """A request that has passed `middleware.Audience`. `person` is the tenant who signed in, or None.

    `contractor` is the firm whose system shows a token; empty on pages for people.
    """

    by: By
    now: datetime
    person: str | None
    contractor: str


def _say(view: V, audience: Audience) -> V:
    cast(Any, view).audience = audience
    return view


def for_everyone(view: V) -> V:
    """Declare a page that anybody may open."""
    return _say(view, Audience("everyone"))


def for_tenant(view: V) -> V:
    """Declare a page of somebody who signed in to her own person."""
    return _say(view, Audience("tenant"))


def for_system(view: V) -> V:
    """Declare an address for firms' own systems, which show a token and no cookie: so there is nothing to forge."""
    cast(Any, view).csrf_exempt = True
    return _say(view, Audience("system"))


def for_staff(permission: str = ANY_STAFF) -> Callable[[V], V]:
    """Declare a page of staff who have a permission of `staff.rules.PERMISSIONS`."""
    return lambda view: _say(view, Audience("staff", permission))


def audience_of(view: Callable[..., Any]) -> Audience | None:
    """Return what a view declares, or None when it declares nothing."""
    return getattr(view, "audience", None)


def her(request: Request) -> str:
    """Return the person who signed in, in a view for tenants."""
    assert request.person is not None, "only a view for tenants asks who she is"  # noqa: S101 - the middleware saw to it
    return request.person
