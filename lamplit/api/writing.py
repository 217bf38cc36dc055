"""Writing a job as HACT's ScheduleRepair, strictly as the standard has it."""

from datetime import datetime
from typing import Any

from django.conf import settings

from lamplit.basics.fact import Unavailable
from lamplit.homes import queries as homes
from lamplit.people import queries as people
from lamplit.repairs import queries as repairs
from lamplit.staff import queries as staff

PRIORITY_CODES = {"immediate": "1", "emergency": "2", "urgent": "3", "routine": "4", "planned": "4"}
SPECIALIST = "SP"  # of the standard's trades; ours stands beside it under its own name
MAKER = "Lamplit"


def schedule_repair(job: repairs.Job) -> dict[str, Any]:
    """Return one job of a firm. What is erased or not ours to read is left out; a restricted person's number too."""
    work, repair = job.work, job.repair
    trade = work.trade.replace("_", " ")
    message = {
        "Reference": [{"ID": work.id, "Description": repair.reference, "AllocatedBy": MAKER}],
        "DescriptionOfWork": _text(work.what) or trade,
        "Priority": {
            "PriorityCode": PRIORITY_CODES[repair.priority], "PriorityDescription": repair.priority,
            "RequiredCompletionDateTime": moment(repair.due_at),
        },
        "WorkClass": {"WorkClassCode": "0", "WorkClassDescription": "Responsive repair"},
        "InstructedBy": {"Name": settings.LANDLORD["name"]},
        "AssignedToPrimary": _firm(work.contractor),
        "Site": {"Property": [_home(job)]},
        "WorkElement": [
            {
                "Trade": [{"Code": SPECIALIST, "CustomCode": work.trade, "CustomName": trade}],
                "RateScheduleItem": _rates(work.price),
            }
        ],
        "DateRaised": moment(work.ordered_at),
        "DateReported": moment(repair.reported_at),
    }  # fmt: skip
    if room := _text(repair.room):
        message["LocationOfRepair"] = room.replace("_", " ")
    if alerts := [{"Type": "0", "Comments": need.replace("_", " ")} for need in job.at_risk]:
        message["PersonAlert"] = alerts
    if hints := [{"Type": "0", "Comments": f"{note['what']}: {note['says']}"} for note in job.notes]:
        message["LocationAlert"] = hints
    if number := _telephone(repair):
        channel = {"Medium": "20", "Code": "60"}
        whom = {"Name": {"Full": "Tenant"}, "Communication": [{"Channel": channel, "Value": number}]}
        message["Customer"] = {"Person": whom}
    return message


def _rates(price: Any) -> list[dict[str, Any]]:
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
    if row is not None and (postcode := _text(row.postcode)):
        address["PostalCode"] = postcode
    return {"Address": address, "Unit": [{"Reference": [{"ID": job.work.home, "AllocatedBy": MAKER}]}]}


def _telephone(repair: Any) -> str | None:
    if not repair.reporter or people.is_restricted(repair.reporter):
        return None
    ways = people.ways_to_reach(repair.reporter, "call")
    return ways[0].value if ways else None


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, Unavailable) else str(value)


def moment(at: datetime) -> str:
    """Return a moment as the standard writes it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
