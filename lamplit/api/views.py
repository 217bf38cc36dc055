"""Addresses of the door: a firm's jobs, and one address for each message."""

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from lamplit.api import doing, openapi
from lamplit.api.reading import Unreadable, read_message
from lamplit.api.writing import moment, schedule_repair
from lamplit.basics.refusal import Refused
from lamplit.config.audience import Request, for_everyone, for_system
from lamplit.config.limits import MESSAGES_PER_FIRM, count
from lamplit.config.refusals import staff_words
from lamplit.repairs import queries
from lamplit.staff import queries as staff

STATES = ("open", "booked", "waiting")


def _problem(status: int, detail: str) -> JsonResponse:
    """Answer as RFC 9457 has it: `detail` is a sentence for a person."""
    return JsonResponse({"status": status, "detail": detail}, status=status, content_type="application/problem+json")


@for_system
def jobs(request: Request) -> JsonResponse:
    """List what the firm still has to do, oldest first."""
    if request.method != "GET":
        return _problem(405, "This address is read with GET.")
    listed = [
        queries.job(one.work.id, staff="", contractor=request.contractor)
        for one in queries.works_of_contractor(request.contractor, states=STATES)
    ]
    return JsonResponse({"workOrders": [_job(one) for one in listed if one is not None]})


@for_system
def job(request: Request, work: str) -> JsonResponse:
    """Show one job of the firm."""
    if request.method != "GET":
        return _problem(405, "This address is read with GET.")
    seen = queries.job(work, staff="", contractor=request.contractor)
    return _problem(404, "No job of yours has this reference.") if seen is None else JsonResponse(_job(seen))


def _job(one: queries.Job) -> dict[str, Any]:
    visits = [
        {"from": moment(v.from_at), "until": moment(v.until_at), "state": v.state} for v in one.visits if v.from_at and v.until_at
    ]
    return {"state": one.work.state, "repair": one.repair.reference, "visits": visits, "message": schedule_repair(one)}


@for_system
def message(request: Request, *, name: str) -> JsonResponse:
    """Take a message. The same bytes sent again get the first answer; what differs from the standard is told."""
    if request.method != "POST":
        return _problem(405, "A message is sent with POST.")
    count(MESSAGES_PER_FIRM, request.contractor, request.now)
    if len(request.body) > settings.LONGEST_MESSAGE:
        return _problem(413, f"A message has at most {settings.LONGEST_MESSAGE // 1024} kB.")
    try:
        heard = read_message(name, request.body)
    except Unreadable as error:
        return _problem(400, str(error))
    differences = [one._asdict() for one in heard.differences]
    firm = staff.contractor(request.contractor)
    digest = hashlib.sha256(name.encode() + b"\n" + request.body).hexdigest()
    sender = doing.Sender(
        request.contractor, str(firm.name if firm else "A firm"), request.now, f"api:{request.contractor}:{digest}"
    )
    try:
        return JsonResponse(doing.do(heard, sender) | {"differences": differences})
    except Refused as refused:
        status = 404 if refused.code in ("api.no_such_job", "api.no_such_home") else 422
        answer = {"status": status, "code": refused.code, "detail": staff_words(refused), "differences": differences}
        return JsonResponse(answer, status=status, content_type="application/problem+json")


@for_everyone
def description(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """Describe the door as OpenAPI has it."""
    return JsonResponse(openapi.document(), json_dumps_params={"indent": 1})
