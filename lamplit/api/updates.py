"""What happened to a job, as HACT has it: each line of its story is one message.

The standard's list of updates has few codes. What it cannot say goes out as 0 (other), with a word of ours in `OtherType` and
a sentence in `Comments`. No tenant's own words go out, and nothing that is erased.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from lamplit.api.appointments import name_of, window_of
from lamplit.api.writing import MAKER, moment, raise_repair, rates, readable, reference, schedule_repair
from lamplit.basics.refusal import Refused
from lamplit.basics.words import full_date, pounds, sentence, slot
from lamplit.repairs import queries

OTHER, NO_ACCESS, AGREED, INCOMPLETE, NEEDS_MATERIALS = "0", "70", "100-20", "120", "120-20"  # of the standard's list
DONE = ("mended", "inspected", "not_needed")  # outcomes after which a work is done
OF_PRICES = ("variation.decided",)
OUTCOMES = {
    "mended": "The work is done.", "inspected": "It was inspected.", "not_needed": "No work was needed.",
    "no_access": "There was no access.", "needs_parts": "It needs parts.", "temporary": "Mended for the time being.",
    "made_safe": "Made safe. It is not mended yet.", "other_trade": "Another trade goes on from here.",
}  # fmt: skip
CODES = {"no_access": NO_ACCESS, "needs_parts": NEEDS_MATERIALS} | dict.fromkeys(DONE, OTHER)


class Message(NamedTuple):
    """A message under the standard's name."""

    name: str
    said: dict[str, Any]


class Update(NamedTuple):
    """What an update says: its code, a word of ours where the code is 0, a sentence, and further parts."""

    code: str
    other: str | None
    comments: str
    more: dict[str, Any]


def names_offered(job: queries.Job) -> list[str]:
    """Return the messages that a job's state supports, in the order in which they follow."""
    names = ["RaiseRepair", "ScheduleRepair"]
    names += ["RequestAppointment"] if _booked(job) else []
    return [*names, "JobStatusUpdate", *(["WorkOrderComplete"] if job.work.state == "done" else [])]


def is_for(contractor: str, line: Any, job: queries.Job) -> bool:
    """Whether a firm is told of a line. One that only makes a visit to another's job learns nothing of its price."""
    return line.kind not in OF_PRICES or bool(job.work.contractor == contractor)


def message_named(name: str, job: queries.Job, contractor: str) -> dict[str, Any]:
    """Return one message of a job as it stands now, for a firm.

    Refused: api.no_such_message, api.no_visit_booked, api.not_done.
    """
    if name == "RaiseRepair":
        return raise_repair(job)
    if name == "ScheduleRepair":
        return schedule_repair(job)
    if name == "RequestAppointment":
        if (visit := _booked(job)) is None:
            raise Refused("api.no_visit_booked")
        return _request(visit.from_at, visit.until_at, job)
    lines = [line for line in queries.news_of_work(job.work) if is_for(contractor, line, job)]
    if name == "JobStatusUpdate" and lines:
        return _status_update(lines[-1], job)
    if name == "WorkOrderComplete":
        done = next((one for one in reversed(lines) if _ends(one)), None)
        if job.work.state != "done" or done is None:
            raise Refused("api.not_done")
        return _complete(done, job)
    raise Refused("api.no_such_message", named=name[:40])


def message_of(line: Any, job: queries.Job) -> Message:
    """Return what one line of a job's story is to whoever follows it."""
    if line.kind == "work.ordered":
        return Message("ScheduleRepair", schedule_repair(job))
    if line.kind == "visit.booked" and line.details.get("ours") is None:
        return Message("RequestAppointment", _request(*_times(line), job))
    if _ends(line):
        return Message("WorkOrderComplete", _complete(line, job))
    return Message("JobStatusUpdate", _status_update(line, job))


def _booked(job: queries.Job) -> Any | None:
    return next((one for one in job.visits if one.state == "booked"), None)


def _ends(line: Any) -> bool:
    return line.kind == "visit.attended" and line.details["outcome"] in DONE


def _times(line: Any) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(line.details["from_at"]), datetime.fromisoformat(line.details["until_at"])


def _request(from_at: datetime, until_at: datetime, job: queries.Job) -> dict[str, Any]:
    named = {"ID": name_of(from_at, until_at, job), "Description": slot(from_at, until_at), "AllocatedBy": MAKER}
    return {"WorkOrderReference": reference(job), "AppointmentReference": named}


def _status_update(line: Any, job: queries.Job) -> dict[str, Any]:
    return {"RelatedWorkOrderReference": reference(job)} | _update(line, job)


def _complete(line: Any, job: queries.Job) -> dict[str, Any]:
    """Return that a work is done: by which rates, with what was said, and which works go on from it."""
    message = {
        "WorkOrderReference": reference(job),
        "CompletedWorkElements": [{"RateScheduleItem": rates(job.work.price)}],
        "JobStatusUpdates": [_update(line, job)],
    }
    if later := queries.follow_ons(job.work):
        message["FollowOnWorkOrderReference"] = [{"ID": ident, "AllocatedBy": MAKER} for ident in later]
    return message


def _update(line: Any, job: queries.Job) -> dict[str, Any]:
    """Return an update as it also stands within another message."""
    at, visit = line.at, next((one for one in job.visits if one.id == line.visit), None)
    if line.kind == "visit.attended":
        said, at = _attended(line, visit), visit.arrived_at if visit is not None else at
    else:
        said = _SAYS[line.kind](line)
    named = {"OtherType": said.other} if said.other else {}
    return {
        "Reference": {"ID": line.id, "AllocatedBy": MAKER}, "EventTime": moment(at), "TypeCode": said.code,
        "Comments": said.comments,
    } | named | said.more  # fmt: skip


def _ordered(line: Any) -> Update:
    return Update(OTHER, "ordered", _after("Ordered", line.text), {})


def _waiting(line: Any) -> Update:
    again = date.fromisoformat(line.details["look_again_on"])
    return Update(OTHER, "onHold", _after("The work waits", line.text, f"We look again on {full_date(again)}."), {})


def _cancelled(line: Any) -> Update:
    return Update(OTHER, "cancel", _after("The work is not needed after all", line.text), {})


def _visit_booked(line: Any) -> Update:
    from_at, until_at = _times(line)
    moved = line.details.get("ours") is not None
    says = f"The visit {'was moved to' if moved else 'is booked for'} {slot(from_at, until_at)}."
    return Update(OTHER, "moved" if moved else "booked", says, {"RefinedAppointmentWindow": window_of(from_at, until_at)})


def _visit_cancelled(line: Any) -> Update:
    """Why we call a visit off is told. Why a household does is its own affair."""
    says = _after("We called the visit off", line.text) if line.details["ours"] else "The household called the visit off."
    return Update(OTHER, "visitCancelled", says, {})


def _visit_missed(line: Any) -> Update:
    unsaid = " Nobody said that somebody came. Say what came of it." if line.details.get("unsaid") else " Book another."
    return Update(OTHER, "missed", f"Nobody came in the time that was promised.{unsaid}", {})


def _attended(line: Any, visit: Any | None) -> Update:
    outcome = line.details["outcome"]
    told = [readable(text) for text in (visit.found, visit.did)] if visit is not None else []
    says = " ".join([OUTCOMES[outcome], *(_whole(text) for text in told if text)])
    return Update(CODES.get(outcome, INCOMPLETE), "completed" if outcome in DONE else None, says, {})


def _decided(line: Any) -> Update:
    if not line.details["agreed"]:
        return Update(OTHER, "variationRefused", _after("What was asked for is refused", line.text), {})
    asked, pence = queries.variation(line.details["variation"]), line.details.get("pence")
    says = "It is agreed." if pence is None else f"It is agreed: {pounds(pence)}."
    if asked is None:
        return Update(AGREED, None, says, {})
    reason = [_whole(why)] if (why := readable(line.text)) else []
    says = " ".join([says, *([f"It is a job of its own: {asked.led_to}."] if asked.led_to else []), *reason])
    priced = isinstance(asked.price, list) and sum(one["pence"] for one in asked.price) == pence
    more = {"MoreSpecificSORCode": {"RateScheduleItem": rates(asked.price)}} if priced else {}
    return Update(AGREED, None, says, more)


_SAYS = {
    "work.ordered": _ordered, "work.waiting": _waiting, "work.cancelled": _cancelled, "visit.booked": _visit_booked,
    "visit.cancelled": _visit_cancelled, "visit.missed": _visit_missed, "variation.decided": _decided,
}  # fmt: skip


def _after(says: str, why: Any, more: str = "") -> str:
    """Return a sentence with the reason behind it, if it can be read, and what follows."""
    reason = readable(why)
    return " ".join(filter(None, [_whole(f"{says}: {reason}" if reason else says), more]))


def _whole(words: str) -> str:
    return sentence(words) if words.endswith((".", "!", "?")) else f"{sentence(words)}."
