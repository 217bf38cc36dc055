"""Short ways to tell a repair's story in tests: each call is one action with a command of its own."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from lamplit.basics import who
from lamplit.basics.who import By
from lamplit.repairs import actions, queries
from lamplit.repairs.actions import Reported, Said
from lamplit.repairs.models import Repair, Work
from lamplit.staff import actions as staff
from tests import cast

AT = cast.AT
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_numbers = count()

DRIPPING = Said(fault="leak_fitting", room="kitchen")
PHOTO = "blob:" + "0" * 64


def do(action: Any, *, by: By = cast.BY_PRIYA, at: datetime = AT, **kwargs: Any) -> Any:
    """Take an action with a fresh command."""
    return action(by=by, at=at, command=f"form:story{next(_numbers)}", **kwargs)


def begin() -> None:
    """The cast, with Priya on call and Dele to ring when she does not answer, and a firm that does every trade."""
    cast.settle(AT - DAY)
    do(
        staff.record_contractor, at=AT - DAY, contractor=cast.KINDLE, name="Kindle Works", phone="01632 960005",
        trades=["plumber", "electrician", "surveyor", "builder", "heating_engineer", "multi_trade", "roofer", "damp_specialist"],
    )  # fmt: skip
    turns = [
        (cast.PRIYA, "Priya Nair", ["housing_officer", "planner"], False),
        (cast.DELE, "Dele Okafor", ["contact_centre", "lead"], True),
    ]
    for ident, name, roles, lead in turns:
        email = f"{name.split()[0].lower()}@landlord.example"
        do(
            staff.change_staff,
            by=who.cli("ann"),
            at=AT - DAY,
            staff=ident,
            roles=roles,
            name=name,
            email=email,
            phone="07700 900010",
        )
        do(staff.set_on_call, at=AT - DAY, staff=ident, from_at=AT - DAY, until_at=AT + 5 * DAY, lead=lead)


def report(said: Said = DRIPPING, *, by: By = cast.BY_DELE, **kwargs: Any) -> Reported:
    """Ruth tells us about something in her home, by telephone unless said otherwise."""
    told = {"home": cast.RUTHS_HOME, "channel": "phone", "reporter": cast.RUTH, "words_said": "Water drips from the ceiling."}
    return do(actions.report_repair, by=by, said=said, **{**told, **kwargs})


def row(report: Reported | str) -> Repair:
    return Repair.objects.get(id=report if isinstance(report, str) else report.leads)


def works(report: Reported) -> list[Work]:
    return list(Work.objects.filter(repair=report.leads).order_by("ordered_at", "id"))


def mend(work: Work, *, at: datetime, **kwargs: Any) -> str:
    """Col mends one piece of work and shows everything that it wants."""
    proof = [f"{kind}: seen" for kind in work.needs if kind not in ("cause", "test_or_isolation")] or ["note: seen"]
    given = {"cause": "A worn joint" if "cause" in work.needs else None}
    given["electrics"] = "tested" if "test_or_isolation" in work.needs else None
    told = {"outcome": "mended", "arrived_at": at, "did": "Mended it", "evidence": [PHOTO, *proof], **given, **kwargs}
    return do(actions.attend_visit, work=work.id, by=cast.BY_COL, at=at, **told)


def mend_all(report: Reported, *, at: datetime, **kwargs: Any) -> None:
    for work in works(report):
        if work.state in ("open", "booked", "waiting"):
            mend(work, at=at, **kwargs)


def timeline(report: Reported, *, now: datetime = AT + 30 * DAY) -> list[str]:
    found = queries.case(report.leads, now=now)
    assert found is not None
    return [line.kind for line in found.timeline]
