"""Whether a service is here at all: asked by a page before it lets go of what somebody typed (scripts/reach.js)."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from lamplit.config import place
from lamplit.record.page import letter_here


def here(_: HttpRequest) -> HttpResponse:
    """Answer with what `us` says when the database answers, else with an error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(us(), content_type="text/plain; charset=utf-8")


@cache
def us() -> str:
    """Return which service this is: M of main, S of a standby, then a mark of the one that holds what was begun here.

    One that was made again after a loss has other keys: it knows nobody who was signed in, and no report that was begun.
    """
    return f"{letter_here()}-{sha256(settings.SECRET_KEY.encode()).hexdigest()[:12]}"


@cache
def standby_address() -> str:
    """Return the address of our standby's pages, or nothing where none is set up. Every page asks, so it is read once."""
    return next((address for address, _ in place.standbys()), "")
