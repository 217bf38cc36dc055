"""Every page of staff: who she is as the record has it now, that she took both steps, and that she is still there."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from allauth.account.authentication import get_authentication_records
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from lamplit.config.audience import Request, audience_of
from lamplit.desk import accounts, looking
from lamplit.staff import queries as staff
from lamplit.staff.queries import Colleague

Next = Callable[[HttpRequest], HttpResponse]
SECOND_STEP = "desk_second_step"  # in the session: when she set up her second step in it (seconds since 1970)
BEGAN, SEEN = "desk_began", "desk_seen"  # in the session: seconds since 1970
IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 3600
SEEN_EVERY_SECONDS = 60


class StaffRequest(Request):
    """A request for a page of staff. `me` is who asks."""

    me: Colleague


V = TypeVar("V", bound=Callable[..., Any])


def before_second_step(view: V) -> V:
    """Declare a page of staff that may be seen before the second step is there."""
    cast(Any, view).before_second_step = True
    return view


class StaffSession:
    """Ends the session of whoever is shut out, was away too long or has signed in too long ago; asks for the second step.

    Notes whom a page showed, once it is made.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return looking.note(request, self.get_response(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, looking.UnexplainedError):
            return None
        answer = HttpResponseRedirect(reverse("explain_look", args=[error.person]))
        answer.status_code = 303
        return answer

    def process_view(self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any) -> HttpResponse | None:
        declared = audience_of(view)
        if declared is None or declared.kind != "staff" or not request.user.is_authenticated:
            return None
        me = staff.colleague(request.user.get_username())
        if me is None:
            return _end(request, "shut")
        cast(StaffRequest, request).me = me
        if _away_too_long(request):
            return _end(request, "idle")
        if not getattr(view, "before_second_step", False) and not took_second_step(request):
            return HttpResponseRedirect(reverse("mfa_activate_totp"))
        return None


def took_second_step(request: HttpRequest) -> bool:
    """Say whether this session was begun with a code or a passkey, or has just set up codes or a passkey."""
    records = get_authentication_records(request, request.user)
    return bool(request.session.get(SECOND_STEP)) or any(record["method"] == "mfa" for record in records)


def _away_too_long(request: Request) -> bool:
    """Note when she began and was last here; that is written once a minute at most."""
    now = int(request.now.timestamp())
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is not None and seen is not None and (now - seen > IDLE_SECONDS or now - began > LONGEST_SECONDS):
        return True
    if began is None or seen is None or now - seen >= SEEN_EVERY_SECONDS:
        request.session[BEGAN], request.session[SEEN] = began or now, now
        accounts.seen(request.user.get_username(), request.now)
    return False


def _end(request: Request, why: str) -> HttpResponse:
    logout(request)
    told = {"why": why}
    if why == "idle" and request.method == "GET":
        told["next"] = request.get_full_path()
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode(told)}")
