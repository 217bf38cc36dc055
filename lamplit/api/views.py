"""Addresses of the door: a firm's jobs, and one address for each message."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from lamplit.api import doing, openapi
from lamplit.api.feed import mark_of, read_on
from lamplit.api.reading import Unreadable, read_message
from lamplit.api.shapes import MESSAGES
from lamplit.api.updates import message_named, names_offered
from lamplit.api.writing import moment, place_of, schedule_repair
from lamplit.basics.refusal import Refused
from lamplit.config import looks
from lamplit.config.audience import Request, for_everyone, for_system
from lamplit.config.limits import MESSAGES_PER_FIRM, count
from lamplit.config.refusals import staff_words
from lamplit.record.commands import first_answer
from lamplit.repairs import queries
from lamplit.staff import queries as staff
from lamplit.staff.actions import keep_answer

STATES = ("open", "booked", "waiting")
NOT_THERE = ("api.no_such_job", "api.no_such_home", "api.no_such_message", "api.no_visit_booked", "api.not_done")


def _problem(status: int, detail: str) -> JsonResponse:
    """Answer as RFC 9457 has it: `detail` is a sentence for a person."""
    return JsonResponse({"status": status, "detail": detail}, status=status, content_type="application/problem+json")


def _wrong_way(right: str, detail: str) -> JsonResponse:
    """Answer a method that an address does not know, and name the one that it does (RFC 9110, 15.5.6)."""
    answer = _problem(405, detail)
    answer["Allow"] = right
    return answer


@for_system
def jobs(request: Request) -> JsonResponse:
    """List what the firm still has to do, oldest first."""
    if request.method != "GET":
        return _wrong_way("GET", "This address is read with GET.")
    listed = [
        queries.job(one.work.id, staff="", contractor=request.contractor)
        for one in queries.works_of_contractor(request.contractor, states=STATES)
    ]
    seen = [one for one in listed if one is not None]
    return _note(request, seen) or JsonResponse({"workOrders": [_job(one, request.contractor) for one in seen]})


@for_system
def job(request: Request, work: str) -> JsonResponse:
    """Show one job of the firm."""
    if request.method != "GET":
        return _wrong_way("GET", "This address is read with GET.")
    try:
        seen = doing.job_named(work, request.contractor)
    except Refused as refused:
        return _refused(refused, [])
    return _note(request, [seen]) or JsonResponse(_job(seen, request.contractor))


def _note(request: Request, jobs: list[queries.Job]) -> JsonResponse | None:
    """Note whose names and numbers the firm's system is given. Past the limit on looking it returns what it gets instead."""
    people = [(one.repair.reporter, one.repair.id) for one in jobs if one.repair.reporter]
    seen: list[looks.Seen] = [(person, "system", repair) for person, repair in people]
    if stopped := looks.stop(request.by, (), seen, request.now):
        span = "an hour" if stopped.span == "hour" else "a day"
        return _problem(429, f"Your system may see {stopped.most} people in {span}. Ring us: a lead can lift the limit.")
    looks.note(request.by, seen, request.now)
    return None


@for_system
def appointments(request: Request, work: str) -> JsonResponse:
    """List the free times of the diary that is kept for a job, as a RequestAppointment names them."""
    if request.method != "GET":
        return _wrong_way("GET", "This address is read with GET.")
    try:
        seen = doing.job_named(work, request.contractor)
    except Refused as refused:
        return _refused(refused, [])
    slots = queries.slots_for(seen.work, seen.repair, at=request.now)
    free = [
        {"ID": f"{one.day.isoformat()}/{one.part.upper()}", "from": moment(one.from_at), "until": moment(one.until_at),
         "free": one.free, "late": one.late}
        for one in slots or ()
    ]  # fmt: skip
    return JsonResponse({"kept": slots is not None, "appointments": free})


def _job(one: queries.Job, firm: str) -> dict[str, Any]:
    """Return a job as a firm's system reads it. What another firm is paid for it, or asked for, is no business of this one."""
    visits = [
        {"from": moment(v.from_at), "until": moment(v.until_at), "state": v.state} for v in one.visits if v.from_at and v.until_at
    ]
    ours = one.work.contractor == firm
    return {
        "state": one.work.state, "repair": one.repair.reference, "visits": visits, "message": schedule_repair(one),
        "pence": _pence(one.work) if ours else None, "until": one.work.target_on.isoformat() if one.work.target_on else None,
        "place": place_of(one), "messages": names_offered(one),
        "askedFor": [_asked(row) for row in queries.variations_of_work(one.work.id)] if ours else [],
    }  # fmt: skip


@for_system
def job_message(request: Request, work: str, name: str) -> JsonResponse:
    """Write one message of a job as it stands now. 404 with a sentence where the job is not so far."""
    if request.method != "GET":
        return _wrong_way("GET", "This address is read with GET.")
    try:
        seen = doing.job_named(work, request.contractor)
        written = message_named(next((one for one in MESSAGES if route_of(one) == name), name), seen, request.contractor)
    except Refused as refused:
        return _refused(refused, [])
    return _note(request, [seen]) or JsonResponse(written)


@for_system
def messages(request: Request) -> JsonResponse:
    """Tell what happened to the firm's jobs since `after`, oldest first. Without it: from where to read on from now."""
    if request.method != "GET":
        return _wrong_way("GET", "This address is read with GET.")
    try:
        after = mark_of(request.GET.get("after"))
    except Refused as refused:
        return _refused(refused, [])
    told = read_on(request.contractor, after, request.now)
    return _note(request, told.jobs) or JsonResponse({"messages": told.messages, "next": told.next, "more": told.more})


def route_of(name: str) -> str:
    """Return a message's name as it stands in addresses."""
    return name[0].lower() + name[1:]


def _pence(work: Any) -> int | None:
    """Return what the firm is paid for a work: its price by the schedule, and what was agreed since. Whole pence."""
    return None if work.pence is None and work.more_pence is None else (work.pence or 0) + (work.more_pence or 0)


def _asked(row: Any) -> dict[str, Any]:
    return {
        "id": row.id, "more": row.more, "what": str(row.what), "state": row.state, "pence": row.pence,
        "answerBy": moment(row.answer_by) if row.answer_by and row.state == "waiting" else None,
        "said": None if row.decided_why is None else str(row.decided_why), "workOrder": row.led_to,
    }  # fmt: skip


@for_system
def message(request: Request, *, name: str) -> JsonResponse:
    """Take a message. The same bytes sent again get the first answer; what differs from the standard is told."""
    if request.method != "POST":
        return _wrong_way("POST", "A message is sent with POST.")
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
    whole = sender.part("answer")
    try:
        kept = first_answer(whole.command, str)
        if kept is not None:
            doing.check_still_so(heard, sender)
        else:
            kept = keep_answer(answer=json.dumps(doing.do(heard, sender)), **whole.sent)
        return JsonResponse(json.loads(kept) | {"differences": differences})
    except Refused as refused:
        return _refused(refused, differences)


def _refused(refused: Refused, differences: list[dict[str, Any]]) -> JsonResponse:
    status = 404 if refused.code in NOT_THERE else 422
    answer = {"status": status, "code": refused.code, "detail": staff_words(refused), "differences": differences}
    return JsonResponse(answer, status=status, content_type="application/problem+json")


@for_everyone
def description(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django passes it
    """Describe the door as OpenAPI has it."""
    return JsonResponse(openapi.document(), json_dumps_params={"indent": 1})
