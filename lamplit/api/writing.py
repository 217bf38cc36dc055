"""Writing a job as HACT's ScheduleRepair, and its report as RaiseRepair, strictly as the standard has them."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from lamplit.basics.fact import Unavailable
from lamplit.basics.working_days import day_ends_at
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.staff import queries as staff

PRIORITY_CODES = {"immediate": "1", "emergency": "2", "urgent": "3", "routine": "4", "planned": "4"}
SPECIALIST = "SP"  # of the standard's trades; ours stands beside it under its own name
MAKER = "Lamplit"


def schedule_repair(job: repairs.Job) -> dict[str, Any]:
    """Return one job of a firm. What is erased or not ours to read is left out; a restricted person's number too."""
    message = _work(job, readable(job.work.what)) | {
        "Reference": [reference(job)],
        "InstructedBy": {"Name": settings.LANDLORD["name"]},
        "AssignedToPrimary": _firm(job.work.contractor),
        "Site": {"Property": [_home(job)]},
        "DateRaised": moment(job.work.ordered_at),
    }  # fmt: skip
    if number := _telephone(job.repair):
        channel = {"Medium": "20", "Code": "60"}
        whom = {"Name": {"Full": "Tenant"}, "Communication": [{"Channel": channel, "Value": number}]}
        message["Customer"] = {"Person": whom}
    return message


def raise_repair(job: repairs.Job) -> dict[str, Any]:
    """Return the report that a job belongs to, in the short form: what is wrong, where and how urgent. It names nobody."""
    in_own_home = job.work.home == job.repair.home
    home = _home(job)
    unit = {"Address": home["Address"], "Reference": home["Unit"][0]["Reference"]}
    message = _work(job, readable(job.repair.title if in_own_home else job.work.what)) | {"SitePropertyUnit": [unit]}
    urgent = {name: message["Priority"][name] for name in ("PriorityCode", "RequiredCompletionDateTime")}
    return message | {"Priority": urgent}  # the short form has no words for it


def reference(job: repairs.Job) -> dict[str, str]:
    """Return the name of a job in every message: our id, with the number that the tenant knows."""
    return {"ID": job.work.id, "Description": job.repair.reference, "AllocatedBy": MAKER}


def place_of(job: repairs.Job) -> str | None:
    """Return where in the home the work is to be done. The report's room is no follow-on's, and no neighbour's."""
    work = job.work
    if own := readable(work.place):
        return own
    later = work.follows is not None or work.survey is not None
    return None if later or work.home != job.repair.home else readable(job.repair.room).replace("_", " ") or None


def _work(job: repairs.Job, what: str) -> dict[str, Any]:
    """Return what the long and the short form share."""
    work, repair = job.work, job.repair
    trade = work.trade.replace("_", " ")
    named = {"Code": SPECIALIST, "CustomCode": work.trade, "CustomName": trade}
    message = {
        "DescriptionOfWork": what or trade,
        "Priority": _priority(work, repair),
        "WorkClass": {"WorkClassCode": "0", "WorkClassDescription": "Responsive repair"},
        "WorkElement": [{"Trade": [named], "RateScheduleItem": rates(work.price)}],
        "DateReported": moment(repair.reported_at),
    }  # fmt: skip
    if place := place_of(job):
        message["LocationOfRepair"] = place
    if alerts := [{"Type": "0", "Comments": need.replace("_", " ")} for need in job.at_risk]:
        message["PersonAlert"] = alerts
    if hints := [{"Type": "0", "Comments": f"{note['what']}: {note['says']}"} for note in job.notes]:
        message["LocationAlert"] = hints
    return message


def _priority(work: Any, repair: Any) -> dict[str, str]:
    """Return how urgent a work is. One with a day of its own has until the end of that day; the standard asks for a time."""
    due_at = repair.due_at if work.target_on is None else day_ends_at(work.target_on) - timedelta(seconds=1)
    said = {
        "PriorityCode": PRIORITY_CODES[repair.priority], "PriorityDescription": repair.priority,
        "RequiredCompletionDateTime": moment(due_at),
    }  # fmt: skip
    if work.target_on is None and (work.follows is not None or work.survey is not None):
        said["Comments"] = "This work has no time limit of its own. The time is that of the whole repair."
    return said


def rates(price: Any) -> list[dict[str, Any]]:
    """Return what the work is priced by. The standard asks for one item at least."""
    lines = price if isinstance(price, list) else []
    return [
        {"CustomCode": line["code"], "CustomName": line["says"], "Quantity": {"Amount": [line["hundredths"] / 100]}}
        for line in lines
    ] or [{"CustomName": "Not priced by the schedule of rates"}]


def _firm(contractor: str | None) -> dict[str, Any]:
    row = staff.contractor(contractor) if contractor else None
    return {"Organization": {"Name": str(row.name), "Reference": [{"ID": row.id, "AllocatedBy": MAKER}]}} if row else {}


def _home(job: repairs.Job) -> dict[str, Any]:
    row = homes.home(job.work.home)
    address: dict[str, Any] = {"AddressLine": job.address if isinstance(job.address, list) else []}
    if row is not None and (postcode := readable(row.postcode)):
        address["PostalCode"] = postcode
    return {"Address": address, "Unit": [{"Reference": [{"ID": job.work.home, "AllocatedBy": MAKER}]}]}


def _telephone(repair: Any) -> str | None:
    if not repair.reporter or people.is_restricted(repair.reporter):
        return None
    ways = people.ways_to_reach(repair.reporter, "call")
    return ways[0].value if ways else None


def readable(value: Any) -> str:
    return "" if value is None or isinstance(value, Unavailable) else str(value)


def moment(at: datetime) -> str:
    """Return a moment as the standard writes it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
