"""What happened at the desk's small landlord, told in short: one emergency, one leak, a promise, a complaint, a message."""

from datetime import timedelta
from itertools import count
from typing import Any

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.basics.original import Original
from lamplit.basics.picture import Picture
from lamplit.basics.working_days import day_begins_at, london_date
from lamplit.complaints import actions as complaints
from lamplit.config.tokens import digest_of, new_secret
from lamplit.desk.tests.scene import Scene
from lamplit.desk.tests.story_debits import debits
from lamplit.incidents import actions as incidents
from lamplit.incidents import queries as incidents_read
from lamplit.messages import actions as messages
from lamplit.rent import actions as rent
from lamplit.rent import facts as rent_facts
from lamplit.rent.facts import Protection
from lamplit.repairs import actions as repairs
from lamplit.repairs import queries
from lamplit.staff import actions as staff
from tests import cast, money, rents

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
    do(messages.prepare_message, message=message, provider="outbox", form="text", data=b"We come tomorrow.")
    email = do(
        messages.receive_email,
        original=Original(b"From: a@b.example\r\n\r\nHello"),
        sender="a@b.example",
        subject="Hello",
        said="Hello",
    )
    scam = do(messages.publish_scam, says="Texts ask for a fee before a visit. We never do.")
    forgery = do(messages.report_forgery, channel="text", said="Pay the fee now.")
    diary = do(repairs.record_diary, name="Gutters", trades=["roofer"], contractor=cast.KINDLE)
    do(repairs.set_capacity, diary=diary, parts=["am"], weekdays=[0, 1, 2, 3, 4], from_on=now().date(), places=2)
    entry = queries.case(repair.repair, now=now()).timeline[0].id
    photo = do(
        repairs.add_photo,
        repair=repair.repair,
        picture=PICTURE,
        shows="A drip from the ceiling",
        by=who.person(cast.RUTH),
        person=cast.RUTH,
    )
    mould = report("damp_mould", room="bedroom", home=cast.EMPTY_HOME)
    do(repairs.take_hazard_step, repair=mould.leads, step="concluded_significant")
    written = {"found": "Mould", "no_work": "It is dry", "papers": [repairs.Addressed(person=cast.RUTH, pdf=b"%PDF")]}
    (summary,) = do(repairs.write_summary, repair=mould.leads, **written)
    return {
        "scam": scam, "report": forgery, "summary": summary, "mould": mould.leads,
        "block": cast.BLOCK, "of": "1", "photo": photo, "email": email,
        "repair": repair.repair, "work": work, "visit": visit, "promise": promise, **_beside(repair.repair, work, scene),
        "diary": diary, "planted": propose(scene),
        "complaint": complaint.complaint, "message": message, "entry": entry, "contact": said,
        **_incident(), "run": prepare_charges(), **_rent(), **_told_of_rent(),
        "rent_run": rents.change(cast.RUTHS_TENANCY), "days": _away(),
        **money.money_file(cast.RUTHS_TENANCY), "claim": money.claim(cast.RUTHS_TENANCY),
        **debits(do),
        "merge": _merged(), "other": cast.TOMASZ, "person": cast.RUTH, "home": cast.RUTHS_HOME, "tenancy": cast.RUTHS_TENANCY,
        "staff": scene.staff["planner"], "firm": cast.KINDLE, "token": give_token(), **_particulars(),
    }  # fmt: skip


def _away() -> str:
    """Days in a month for which Ruth is charged nothing."""
    first = london_date(now()) + timedelta(days=30)
    told = {"why": "decanted", "note": "She stays with her sister while the floor is laid."}
    return str(do(rent.leave_days_out, account=cast.RUTHS_TENANCY, from_on=first, to_on=first + timedelta(days=9), **told))


def _told_of_rent() -> dict[str, str]:
    """What a tenant told us of her rent and nobody has answered."""
    from lamplit.rent import actions as rent

    hers = who.person(cast.RUTH)
    dispute = do(rent.dispute_line, hers, account=cast.RUTHS_TENANCY, words="I was away")
    said = do(rent.say_paid, hers, account=cast.RUTHS_TENANCY, pence=11_847, on=london_date(now()), way="shop")
    return {"dispute": dispute, "said": said}


def prepare_charges(by: Any = None) -> str:
    """Ruth's rent is set, and a charge run of this week waits for a second person. Returns the run."""
    monday = now().date() - timedelta(days=now().date().weekday())
    lines = [rent_facts.Term(charge="rent", pence=11_847), rent_facts.Term(charge="service", pence=1_250, category="B")]
    do(rent.set_terms, account=cast.RUTHS_TENANCY, from_on=monday, frequency="weekly", terms=lines)
    return str(do(rent.prepare_charges, frequency="weekly", from_on=monday, by=by))


def _incident() -> dict[str, str]:
    """An incident in which nothing works that anybody needs here, and the first line of it."""
    told = {
        "says": "Our phones do not work.",
        "next_at": now() + timedelta(days=1),
        "aware_at": now(),
        "drill": False,
        "kinds": ["services_down"],
    }
    incident = do(incidents.open_incident, **told)
    words = {"what": "everyone", "works": "Emergency repairs.", "number": "0303 100 0100", "next_at": now() + timedelta(days=1)}
    telling = do(incidents.prepare_telling, incident=incident, **words)
    line = incidents_read.lines_of(incident)[0].id
    both = {"main_kinds": ["repair.noted"], "standby_kinds": ["repair.noted"], "standby": "standby.example/record"}
    clash = do(incidents.note_clash, about=cast.RUTH, why="same_thing", **both)
    shown = {"household": _in_need(), "telling": telling, "sheet": "poster", "clash": clash}
    return shown | {"incident": incident, "duty": "insurer", "line": line}


def _rent() -> dict[str, str]:
    """An account that is charged something, held, and protected."""
    account, by = cast.RUTHS_TENANCY, who.cli("story")
    moved = {"debit": "recharge", "credit": "recharge_income", "what": "recharge", "why": "damage"}
    do(rent.move_money, by, account=account, pence=2_000, debit="rent", credit="rent_income", what="adjustment", why="agreed")
    budget = rent_facts.Budget(comes_in=100_000, goes_out=80_000)
    do(rent.agree_plan, account=account, each_pence=500, every="weekly", first_on=london_date(now()), budget=budget)
    line = do(rent.move_money, by, account=account, pence=4_500, **moved)
    hold = do(rent.place_hold, account=account, kind="pending_claim", words="She asked for it last week.")
    about = Protection(kind="standard", registered_on=london_date(now()))
    protection = do(rent.start_protection, by, account=account, about=about)
    return {
        "account": account, "hold": hold, "protection": protection,
        "posting": line.removeprefix(f"{account}.").replace(".", "-"),
    }  # fmt: skip


def _in_need() -> str:
    """A household that is rung in an incident."""
    from lamplit.people import actions as people
    from lamplit.people.facts import PersonNote

    need = PersonNote(what="need", code="heart", source="She told us")
    do(people.note_person, person=cast.TOMASZ, about=need)
    return cast.TOMASZS_TENANCY


def _merged() -> str:
    """Two records of somebody who is nobody else here, shown as one."""
    from lamplit.people import actions as people
    from lamplit.people import queries as known

    kept, gone = (do(people.record_person, name=name) for name in ("Nia Twice", "N Twice"))
    return do(people.merge_people, kept=kept, gone=gone, stands=known.believed(kept), why="Same passport")


def _beside(repair: str, work: str, scene: Scene) -> dict[str, str]:
    """Make one of each thing that stands beside a repair: what is asked for, a place to stay, a review; a patch and a cover."""
    by, today = who.cli("story"), london_date(now())
    survey = {"surveyor": scene.staff["surveyor"], "found": "The seal of the bath is worn", "cause": "Age"}
    found = repairs.WorkFound(what="Renew the seal", trade="plumber", target_on=today + timedelta(days=9))
    do(repairs.record_survey, who.staff(scene.staff["surveyor"]), repair=repair, works=[found], **survey)
    more = {"more": "money", "what": "A second seal", "why": "Both are worn", "pence": 90_000}
    asked = do(repairs.ask_variation, who.By("contractor", cast.KINDLE), work=work, **more)
    stay = do(repairs.offer_stay, repair=repair, who="Ruth and Mia", place="Lamp Inn", from_on=today)
    told = report("heating_off", room="hall", at=now() - timedelta(days=40))
    for days in (30, 20):
        do(repairs.close_repair, repair=told.leads, how="not_ours", why="A story", at=now() - timedelta(days=days))
        told = report("heating_off", room="hall", at=now() - timedelta(days=days - 1))
    patch = do(staff.record_patch, by, name="Ember Rise", blocks=[cast.BLOCK], postcodes=["ZZ1"])
    cover = do(staff.record_cover, by, contractor=cast.KINDLE, trade="plumber", patch=patch, from_on=today)
    review = queries.reviews_due()[0][0].id
    return {"variation": asked.variation, "stay": stay, "review": review, "patch": patch, "cover": cover}


def propose(scene: Scene, **said: Any) -> str:
    """Somebody who does not exist is proposed. Returns the planted record's id."""
    from lamplit.people import actions as people
    from lamplit.people import queries as known

    made_up = people.MadeUp(
        name="Tess Gorman", phone="07700 900987", email="tess.gorman@post.example", address="Flat 91\nEmber Rise", **said
    )
    salt = known.salt_of(f"story {next(_numbers)}")
    return do(people.propose_planted, who.staff(scene.staff["records"]), who=made_up, salt=salt)


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
