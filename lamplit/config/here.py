"""Whether a service is here at all: asked by a page before it lets go of what somebody typed (scripts/reach.js)."""

from django.db import connection
from django.http import HttpRequest, HttpResponse

from lamplit.config import place
from lamplit.record.page import letter_here


def here(_: HttpRequest) -> HttpResponse:
    """Answer with the letter of the service (M: main, S: a standby) when its database answers, else with an error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(letter_here(), content_type="text/plain; charset=utf-8")


def standby_address() -> str:
    """Return the address of our standby's pages, or nothing where none is set up."""
    return next((address for address, _ in place.standbys()), "")
