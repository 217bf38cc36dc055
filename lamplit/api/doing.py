"""What a firm's message does: it becomes the same actions as on the desk, or a note where a person decides.

Nothing that a firm sends ends a case: no access (70) leaves the work open, a wish to cancel is a note for a planner, and
"completed" is a visit that mended, with the tenant's word still to come.
"""

from collections.abc import Callable
from datetime import datetime, time
from typing import Any, NamedTuple

from lamplit.api.appointments import day_in, window_named
from lamplit.api.more import More, more_of
from lamplit.api.reading import Heard
from lamplit.basics.clock import LONDON
from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.basics.words import day_that_ends, ends_a_day, full_date, full_moment, pounds, slot
from lamplit.basics.working_days import london_date
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Said
from lamplit.repairs.facts import Caller, Tried

NO_ACCESS, MORE, NEEDS_PARTS = "70", "80", ("120-20",)
WAYS = {"10": "called", "20": "called", "30": "texted"}  # of the standard's media: what was tried
ON_THE_WAY = "20"
KINDS_OF_UPDATE = {
    "0": "Note", "10": "Operatives assigned", "20": "On the way", "80": "More work asked for", "90": "More work waits for a yes",
    "100": "More work answered", "100-10": "More work acknowledged", "100-20": "More work agreed", "120": "Not finished",
    "125": "More work refused", "22": "Order refused", "23": "Order agreed",
}  # fmt: skip


class Sender(NamedTuple):
    """Which firm sent a message, when we had it, and the command that it is."""

    contractor: str
    firm: str
    at: datetime
    command: str

    @property
    def sent(self) -> dict[str, Any]:
        return {"by": By("contractor", self.contractor), "at": self.at, "command": self.command}

    def part(self, name: str) -> "Sender":
        """Return the same for one of several actions that a message leads to."""
        return self._replace(command=f"{self.command}.{name}")


def do(heard: Heard, sender: Sender) -> dict[str, Any]:
    """Do what a message asks for. Returns what was done, in words and by reference. Refused in the words of the desk."""
    return _DO[heard.name](heard.said, sender)


def job_named(named: str, contractor: str) -> queries.Job:
    """Return the firm's own job by our id of it, or by the number of its repair. Refused: api.no_such_job, api.which_job."""
    found = queries.job(named, staff="", contractor=contractor)
    if found is None and (repair := queries.by_reference(named)) is not None:
        theirs = queries.jobs_of_repair(repair.id, contractor=contractor)
        if len(theirs) > 1:
            raise Refused("api.which_job", named=named[:40], jobs=", ".join(one.work.id for one in theirs))
        found = theirs[0] if theirs else None
    if found is None:
        raise Refused("api.no_such_job", named=named[:40])
    return found


def _job_of(reference: Any, sender: Sender) -> queries.Job:
    return job_named(str((reference or {}).get("ID") or ""), sender.contractor)


def _once(action: Callable[..., Any], **said: Any) -> None:
    """Take an action, unless this very message took it before: its bytes are its command, so what is asked for is the same."""
    try:
        action(**said)
    except Refused as refused:
        if not refused.done_before:
            raise


def _update(said: dict[str, Any], sender: Sender) -> dict[str, Any]:
    job = _job_of(said.get("RelatedWorkOrderReference"), sender)
    return _answer(job, _one_update(job, said, sender))


def _one_update(job: queries.Job, said: dict[str, Any], sender: Sender) -> list[str]:
    code = said.get("TypeCode") or "0"
    if code == NO_ACCESS:
        return [_no_access(job, said, sender)]
    done = []
    if window := _window(said.get("RefinedAppointmentWindow") or {}):
        done.append(_book(job, *window, sender.part("booked")))
    if code == ON_THE_WAY and (visit := _to_set_out(job, sender)) is not None:
        _once(actions.set_out, visit=visit, **sender.part("set_out").sent)
        done.append("The household gets a text that you are on the way.")
    asked = more_of(said, london_date(sender.at)) if code == MORE or said.get("AdditionalWork") else None
    if asked is not None:
        done.append(_ask(job, asked, sender.part("more")))
    elif text := _words(code, said):
        _note(job, text, sender.part("note"))
        decides = code in ("90", "120", *NEEDS_PARTS)
        done.append("We wrote it down for the planner, who decides." if decides else "We wrote it down.")
    if not done:
        raise Refused("api.says_nothing")
    return done


def _ask(job: queries.Job, asked: More, sender: Sender) -> str:
    """Ask for more work or money. Small sums, and what makes a home safe, are agreed at once; else a person decides."""
    became = actions.ask_variation(work=job.work.id, **asked._asdict(), **sender.sent)
    if became.agreed:
        return f"It is agreed: {pounds(became.pence)}." if became.pence is not None else "It is agreed. Go on and make it safe."
    row = queries.variation(became.variation)
    by = f" by the end of {full_date(row.answer_by)}" if row is not None and row.answer_by else ""
    return f"A person here says yes or no to it{by}. Work that makes a home safe does not wait: say makeSafe as OtherType."


def _to_set_out(job: queries.Job, sender: Sender) -> str | None:
    """Return the visit to which somebody sets out now: one of today of which nobody said so yet."""
    booked = next((one for one in job.visits if one.state == "booked"), None)
    fits = booked is not None and booked.set_out_at is None and london_date(booked.from_at) == london_date(sender.at)
    return booked.id if booked is not None and fits else None


def _words(code: str, said: dict[str, Any]) -> str:
    """Return what an update says, in words: its kind, who comes, what more is asked for, and the comments."""
    who = [
        one.get("NameFull") or (one.get("Identification") or {}).get("Number") or ""
        for one in said.get("OperativesAssigned") or []
    ]
    more = [_rate(one) for one in (said.get("MoreSpecificSORCode") or {}).get("RateScheduleItem") or []]
    order = (said.get("AdditionalWork") or {}).get("AdditionalWorkOrder") or {}
    parts = [", ".join(filter(None, who)), "; ".join(filter(None, more)), order.get("DescriptionOfWork"), said.get("Comments")]
    text = ". ".join(part for part in parts if part)
    kind = KINDS_OF_UPDATE.get(code, f"Update {code}")
    return "" if not text and code == "0" else f"{kind}: {text}" if text and code != "0" else text or f"{kind}."


def _rate(item: dict[str, Any]) -> str:
    amount = next(iter((item.get("Quantity") or {}).get("Amount") or []), None)
    named = " ".join(filter(None, [item.get("M3NHFSORCode") or item.get("CustomCode"), item.get("CustomName")]))
    return f"{named} x {amount:g}" if named and amount is not None else named


def _complete(said: dict[str, Any], sender: Sender) -> dict[str, Any]:
    job = _job_of(said.get("WorkOrderReference"), sender)
    updates = said.get("JobStatusUpdates") or [{}]
    done: list[str] = []
    for number, one in enumerate(updates):
        part = sender.part(str(number))
        if (one.get("TypeCode") or "0") == NO_ACCESS:
            done.append(_no_access(job, one, part))
        elif (one.get("OtherType") or "").lower() == "cancel":
            _note(job, f"{sender.firm} asks to call this job off. {one.get('Comments') or ''}".strip(), part)
            done.append("We wrote it down. A planner decides whether the job is called off.")
        elif (one.get("TypeCode") or "0") != "0":
            done += _one_update(job, one, part)
        else:
            done.append(_mended(job, one, part))
    if said.get("FollowOnWorkOrderReference"):
        named = ", ".join(str(one.get("ID")) for one in said["FollowOnWorkOrderReference"])
        _note(job, f"{sender.firm} says that other work goes on from here: {named}", sender.part("follows"))
    return _answer(job, done)


def _mended(job: queries.Job, one: dict[str, Any], sender: Sender) -> str:
    text = one.get("Comments")
    if not text:
        raise Refused("api.say_what_was_done")
    _once(
        actions.attend_visit, work=job.work.id, visit=_visit_of(job), outcome="mended", arrived_at=_came(job, one, sender),
        did=text, evidence=[f"note: {text}"], **sender.sent,
    )  # fmt: skip
    return "The work is done. The repair stays open until the tenant says that it is mended, and nothing is missing."


def _no_access(job: queries.Job, one: dict[str, Any], sender: Sender) -> str:
    came, text = _came(job, one, sender), one.get("Comments")
    tried = _tried(one, came)
    if not tried:
        raise Refused("api.say_what_was_tried")
    if (later := _booked_after(job, came)) is not None:
        _note(job, f"{sender.firm} came unbooked and nobody let them in: {text or tried[0].said}", sender.part("unbooked"))
        return f"We wrote it down. The visit that is booked for {full_moment(later)} stands: come then, or move it."
    _once(
        actions.attend_visit, work=job.work.id, visit=_visit_of(job), outcome="no_access", arrived_at=came, found=text,
        evidence=[f"note: {text or tried[0].said}"], tried=tried, **sender.sent,
    )  # fmt: skip
    return "We wrote down that nobody let you in. The work stays open: book another visit."


def _tried(one: dict[str, Any], at: datetime) -> list[Tried]:
    """Return what was tried: another channel if one is named, and the comments as what happened at the door."""
    other = one.get("CustomerCommunicationChannelAttempted") or {}
    way = WAYS.get(str((other.get("Channel") or {}).get("Medium") or "")[:2], "called")
    tried = [Tried(way=way, at=at, said="Tried by the firm")] if other else []
    return [*tried, Tried(way="knocked", at=at, said=one["Comments"])] if one.get("Comments") else tried


def _appointment(said: dict[str, Any], sender: Sender) -> dict[str, Any]:
    job = _job_of(said.get("WorkOrderReference"), sender)
    return _answer(job, [_book(job, *window_named(_appointment_in(said), job), sender)])


def _appointment_in(said: dict[str, Any]) -> str:
    return str((said.get("AppointmentReference") or {}).get("ID") or "")


def check_still_so(heard: Heard, sender: Sender) -> None:
    """Do not say again that a visit is booked when it was moved since. Refused: api.moved_since."""
    if heard.name == "RequestAppointment":
        job = _job_of(heard.said.get("WorkOrderReference"), sender)
        from_at, _ = window_named(_appointment_in(heard.said), job)
        if any(one.state == "booked" and one.from_at != from_at for one in job.visits):
            raise Refused("api.moved_since")


def _window(said: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """Return the window of a visit that a message names, or None. Refused: api.no_such_appointment."""
    day, times = day_in(str(said.get("Date") or "")), said.get("TimeOfDay") or {}
    if day is None:
        return None
    try:
        begins = time.fromisoformat(times.get("EarliestArrivalTime") or "08:00").replace(tzinfo=None)
        ends = time.fromisoformat(times.get("LatestArrivalTime") or times.get("LatestCompletionTime") or "18:00").replace(
            tzinfo=None
        )
    except ValueError as error:
        raise Refused("api.no_such_appointment", named=str(times)[:40]) from error
    return datetime.combine(day, begins, LONDON), datetime.combine(day, ends, LONDON)


def _book(job: queries.Job, from_at: datetime, until_at: datetime, sender: Sender) -> str:
    _once(
        actions.book_visit, work=job.work.id, visit=_visit_of(job), from_at=from_at, until_at=until_at,
        contractor=sender.contractor, **sender.sent,
    )  # fmt: skip
    moved = any(one.state == "booked" and one.from_at != from_at for one in job.visits)
    done = "was moved to" if moved else "is booked for"
    booked, limit = f"The visit {done} {slot(from_at, until_at)}.", queries.law_limit(job.repair, sender.at)
    if limit is not None and until_at > limit[1]:
        ends = _end_of(limit[1])
        _note(job, f"{sender.firm} comes later than the law allows: its time limit is {ends}.", sender.part("late"))
        return f"{booked} The law allows until {ends}: come sooner if you can. The planner knows."
    if until_at > job.repair.due_at:
        ends = _end_of(job.repair.due_at)
        return f"{booked} It stands, and is later than what the tenant was promised: {ends}. Come sooner if you can."
    return booked


def _end_of(time_limit: datetime) -> str:
    """Say when a time is over; of one that ends with a day, the day."""
    return full_date(day_that_ends(time_limit)) if ends_a_day(time_limit) else full_moment(time_limit)


def _raise(said: dict[str, Any], sender: Sender) -> dict[str, Any]:
    """Report what a firm found in a home where it has a job."""
    units = [*(said.get("SitePropertyUnit") or [])]
    for one in (said.get("Site") or {}).get("Property") or []:
        units += one.get("Unit") or []
    named = [str(ref.get("ID")) for unit in units for ref in unit.get("Reference") or []]
    theirs = {one.work.home for one in queries.works_of_contractor(sender.contractor)}
    home = next((one for one in named if one in theirs), None)
    if home is None:
        raise Refused("api.no_such_home")
    text = said.get("DescriptionOfWork")
    if not text:
        raise Refused("api.says_nothing")
    told = actions.report_repair(
        home=home, channel="staff", said=Said(fault="something_else", unsure=True), words_said=text,
        caller=Caller(name=sender.firm), **sender.sent,
    )  # fmt: skip
    return {"did": [f"We have it. Its number is {told.reference}."], "repair": told.reference}


def _note(job: queries.Job, text: str, sender: Sender) -> None:
    _once(actions.note_repair, repair=job.repair.id, says=text, audience="staff", **sender.sent)


def _came(job: queries.Job, one: dict[str, Any], sender: Sender) -> datetime:
    """Return when the firm says that it happened, if that can be; else when we heard of it. Both times stand in the record."""
    said: datetime | None = one.get("EventTime")
    return said if said is not None and job.work.ordered_at <= said <= sender.at else sender.at


def _booked_after(job: queries.Job, came: datetime) -> datetime | None:
    """Return when a visit is booked for a later day than this. Nobody in today says nothing of that one."""
    booked = (one.from_at for one in job.visits if one.state == "booked" and one.from_at is not None)
    return next((from_at for from_at in booked if london_date(from_at) > london_date(came)), None)


def _visit_of(job: queries.Job) -> str | None:
    return next((one.id for one in job.visits if one.state == "booked"), None)


def _answer(job: queries.Job, did: list[str]) -> dict[str, Any]:
    return {"did": did, "workOrder": job.work.id, "repair": job.repair.reference}


_DO = {
    "JobStatusUpdate": _update, "WorkOrderComplete": _complete, "RequestAppointment": _appointment, "RaiseRepair": _raise,
    "ScheduleRepair": _raise,
}  # fmt: skip
