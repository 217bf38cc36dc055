"""Large print by a link that stays: the choice is kept in this browser; a person's record may ask for it as well."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

YEAR_SECONDS = 365 * 24 * 3600
LARGE_PRINT = "large print"  # the value of a person's `format` preference


def way_back_of(request: HttpRequest) -> str:
    """Return the page of ours that `?back=` names, or our first page."""
    back = request.GET.get("back", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if safe else "/"


def print_size(request: HttpRequest) -> HttpResponse:
    """Keep the size asked for (`?to=large` or anything else for usual) and go back to `?back=`, on this site only."""
    response = HttpResponseRedirect(way_back_of(request))
    if request.GET.get("to") == "large":
        remember_in_browser(response, request)
    else:
        response.delete_cookie("print_size", samesite="Lax")
    return response


def is_large(request: HttpRequest) -> bool:
    """Say whether this browser shows large print."""
    return request.COOKIES.get("print_size") == "large"


def remember_in_browser(response: HttpResponse, request: HttpRequest) -> None:
    """Show large print in this browser from now on."""
    response.set_cookie("print_size", "large", max_age=YEAR_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax")
