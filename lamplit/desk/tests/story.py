"""What happened at the desk's small landlord, told in short: one emergency, one leak, a promise, a complaint, a message."""

from datetime import timedelta
from itertools import count
from typing import Any

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.picture import Picture
from lamplit.basics.working_days import day_begins_at, london_date
from lamplit.complaints import actions as complaints
from lamplit.config.tokens import digest_of, new_secret
from lamplit.desk.tests.scene import Scene
from lamplit.messages import actions as messages
from lamplit.repairs import actions as repairs
from lamplit.repairs import queries
from lamplit.staff import actions as staff
from tests import cast

_numbers = count()
PICTURE = Picture(kind="jpeg", original=b"as it came", large=b"for showing", small=b"for a list")
TRADES = [
    "plumber",
    "electrician",
    "surveyor",
    "builder",
    "heating_engineer",
    "multi_trade",
    "roofer",
    "damp_specialist",
    "gas_engineer",
]


def do(action: Any, by: Any = None, **kwargs: Any) -> Any:
    """Take an action now, with a fresh command, as Dele unless somebody else is named."""
    kwargs.setdefault("at", now())
    return action(by=by or cast.BY_DELE, command=f"story:{next(_numbers)}", **kwargs)


def open_firm() -> None:
    """Kindle Works does every trade here."""
    do(staff.record_contractor, contractor=cast.KINDLE, name="Kindle Works", phone="01632 960005", trades=TRADES)


def report(fault: str = "leak_fitting", **kwargs: Any) -> Any:
    """Ruth tells us of something in her home."""
    said = repairs.Said(fault=fault, room=kwargs.pop("room", "kitchen"), flags=tuple(kwargs.pop("flags", ())))
    told = {"home": cast.RUTHS_HOME, "channel": "phone", "reporter": cast.RUTH, "words_said": "Water drips from the ceiling."}
    return do(repairs.report_repair, said=said, **{**told, **kwargs})


def works(repair: str) -> list[Any]:
    return list(queries.case(repair, now=now()).works)


def book(work: str, *, days: int = 0, **kwargs: Any) -> str:
    begun = max(now() - timedelta(hours=1), day_begins_at(london_date(now())))  # also in the first hour of a day it is today
    start = begun + timedelta(days=days)
    return do(repairs.book_visit, work=work, from_at=start, until_at=start + timedelta(hours=4), **kwargs)


def everything(scene: Scene) -> dict[str, str]:
    """Make one of each thing that a page shows. Returns their ids by name, as the addresses of pages ask for them."""
    open_firm()
    repair = report()
    work = works(repair.repair)[0].id
    visit = book(work, contractor=cast.KINDLE, operative=scene.staff["operative"])
    contact = {
        "channel": "call",
        "direction": "in",
        "said": "She asked when we come.",
        "person": cast.RUTH,
        "home": cast.RUTHS_HOME,
    }
    said = do(messages.record_contact, **contact, promise="Ring her back", promise_due_at=now() + timedelta(days=1))
    promise = _open_promises()[0].id
    complaint = do(complaints.make_complaint, channel="call", words="Nobody came.", person=cast.RUTH, repair=repair.repair)
    message = do(messages.order_message, template="test", subject="Your repair", body="We come tomorrow.", person=cast.RUTH)
    entry = queries.case(repair.repair, now=now()).timeline[0].id
    photo = do(
        repairs.add_photo,
        repair=repair.repair,
        picture=PICTURE,
        shows="A drip from the ceiling",
        by=who.person(cast.RUTH),
        person=cast.RUTH,
    )
    return {
        "photo": photo, "repair": repair.repair, "work": work, "visit": visit, "promise": promise,
        "complaint": complaint.complaint, "message": message, "entry": entry, "contact": said,
        "person": cast.RUTH, "home": cast.RUTHS_HOME, "tenancy": cast.RUTHS_TENANCY,
        "staff": scene.staff["planner"], "firm": cast.KINDLE, "token": give_token(), **_particulars(),
    }  # fmt: skip


def give_token() -> str:
    """Let a system of Kindle Works in. Returns the token's id; nobody keeps its secret."""
    until = now().date() + timedelta(days=30)
    digest = digest_of(new_secret())
    return do(staff.give_token, contractor=cast.KINDLE, digest=digest, label="Job planner", expires_on=until)


def _open_promises() -> Any:
    from lamplit.messages import queries as read

    return read.open_promises()


def _particulars() -> dict[str, str]:
    from lamplit.homes import actions as homes
    from lamplit.homes.facts import HomeNote
    from lamplit.people import actions as people
    from lamplit.people import queries as people_read
    from lamplit.people.facts import Mandate, PersonNote

    by = who.staff(cast.PRIYA)
    part = do(homes.record_component, by, home=cast.RUTHS_HOME, what="boiler", model="Ember 24")
    do(
        homes.record_check,
        by,
        component=part,
        check="gas_safety",
        checked_on=now().date() - timedelta(days=400),
        satisfactory=True,
    )
    asbestos = HomeNote(what="asbestos", says="Textured coating on the hall ceiling", source="Survey of 2 May 2019")
    need = PersonNote(what="need", code="respiratory", source="She said so", changes="Air the room after work")
    mandate = do(people.represent_person, by, person=cast.RUTH, leave=Mandate(name="Ife Adeyemi", scope=["repairs"]))
    return {
        "part": part,
        "home_note": do(homes.note_home, by, home=cast.RUTHS_HOME, about=asbestos),
        "note": do(people.note_person, by, person=cast.RUTH, about=need),
        "mandate": mandate,
        "reach": people_read.reaches(cast.RUTH)[0].id,
    }
