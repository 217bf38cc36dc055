"""`python -m tests.journeys.settle`: the cast moves in, staff get their ways in. Prints who is who."""

import json
from datetime import timedelta
from typing import Any

PASSWORD = "three blue otters swim"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
RUTHS_ADDRESS, SHARED_ADDRESS = "ruth@home.example", "stairs@home.example"
OFFICE = ("contact_centre", "housing_officer", "planner", "surveyor", "complaints", "lead", "records", "admin")


def main() -> None:
    from lamplit.cli import start

    start.open_installation()
    from lamplit.basics.clock import now
    from lamplit.cli import demo_bank
    from tests import cast

    demo_bank.settle()
    at = now() - timedelta(days=60)
    cast.settle(at)
    reaches(at)
    mandate(at)
    tenant = a_tenant()
    unproved(tenant["id"], now())
    twice(now())
    a_way_in()
    photos(tenant["id"], now())
    summary(tenant["id"], now())
    beside(tenant["id"], now())
    a_visit(tenant["id"], now())
    diaries(tenant["id"], now())
    done = a_tenant("to_confirm", tenant)
    print(json.dumps({"staff": accounts(), "tenant": tenant, "done": done, "payer": a_payer(tenant), "welcome": a_link()}))


def reaches(at: Any) -> None:
    """Give Ruth an e-mail address; Tomasz and Otto share one, as people in one home do."""
    from lamplit.basics import who
    from lamplit.people import actions
    from lamplit.people.facts import Reach
    from tests import cast

    for person, address in ((cast.RUTH, RUTHS_ADDRESS), (cast.TOMASZ, SHARED_ADDRESS), (cast.OTTO, SHARED_ADDRESS)):
        how = Reach(channel="email", value=address, state="works", safe=True)
        actions.set_reach(person=person, how=how, by=who.job("moving_in"), at=at, command=f"in:{person}")


def mandate(at: Any) -> None:
    """Let Ruth's sister speak for her."""
    from lamplit.basics import who
    from lamplit.people import actions
    from lamplit.people.facts import Mandate
    from tests import cast

    leave = Mandate(name="Naomi Adeyemi", relation="sister", phone="+447700900006", scope=["repairs"])
    actions.represent_person(person=cast.RUTH, leave=leave, by=who.job("moving_in"), at=at, command="in:mandate")


def unproved(person: str, at: Any) -> None:
    """Give a tenant one address more, which she has not proved."""
    from lamplit.basics import who
    from lamplit.people import actions
    from lamplit.people.facts import Reach

    how = Reach(channel="email", value="newer@home.example", state="unproved", safe=True)
    actions.set_reach(person=person, how=how, by=who.job("moving_in"), at=at, command="in:unproved")


def twice(at: Any) -> None:
    """Record somebody twice, and show the two records as one."""
    from lamplit.basics import who
    from lamplit.people import actions, queries

    sent = {"by": who.job("moving_in"), "at": at}
    kept, gone = (actions.record_person(name=name, command=f"in:{name}", **sent) for name in ("Nia Twice", "N Twice"))
    actions.merge_people(kept=kept, gone=gone, stands=queries.believed(kept), why="Same passport", command="in:merge", **sent)


def a_visit(person: str, at: Any) -> None:
    """Book her a visit for tomorrow where none is to come: what the made-up landlord has booked may be over by this hour."""
    from lamplit.basics import who
    from lamplit.repairs import actions
    from lamplit.repairs.models import Repair, Visit, Work

    hers = list(Repair.objects.filter(reporter=person, live=True, status="open").order_by("id").values_list("id", flat=True))
    if Visit.objects.filter(repair__in=hers, state="booked", from_at__gt=at).exists():
        return
    work = Work.objects.filter(repair__in=hers, state="open").order_by("id").first()
    if work is not None:
        begins = at + timedelta(hours=20)
        slot = {"from_at": begins, "until_at": begins + timedelta(hours=4)}
        actions.book_visit(work=work.id, **slot, by=who.job("moving_in"), at=at, command="in:visit")


def diaries(person: str, at: Any) -> None:
    """Keep a diary for whatever a tenant waits for, so that she can choose a time."""
    from lamplit.basics import who
    from lamplit.basics.working_days import london_date
    from lamplit.repairs import actions
    from lamplit.repairs.models import Repair, Work

    hers = list(Repair.objects.filter(reporter=person).values_list("id", flat=True))
    for number, work in enumerate(Work.objects.filter(repair__in=hers, state__in=["open", "booked"]).order_by("id")):
        given = {"by": who.job("moving_in"), "at": at}
        kept = {"name": f"Team {number}", "trades": [work.trade], "contractor": work.contractor}
        diary = actions.record_diary(**kept, **given, command=f"in:diary:{number}")
        actions.set_capacity(
            diary=diary, parts=["am", "pm"], weekdays=[0, 1, 2, 3, 4], from_on=london_date(at), places=3, **given,
            command=f"in:capacity:{number}",
        )  # fmt: skip


def photos(person: str, at: Any) -> None:
    """Give each repair of a tenant a photo of hers, one without words, and one that was taken before the work."""
    from lamplit.basics import who
    from lamplit.config.photos.reading import read
    from lamplit.repairs import actions
    from lamplit.repairs.models import Repair, Work
    from tests.pictures import photo

    picture, hers, ours = read(photo(size=(1_200, 900))), who.person(person), who.job("moving_in")
    for row in Repair.objects.filter(reporter=person, joined_into=None):
        given = {"repair": row.id, "picture": picture, "at": at}
        actions.add_photo(**given, shows="The ceiling over the bath", person=person, by=hers, command=f"in:photo:{row.id}")
        actions.add_photo(**given, person=person, by=hers, command=f"in:photo:{row.id}:bare")
        work = Work.objects.filter(repair=row.id).first()
        more = {"work": work.id, "stage": "before"} if work is not None else {}
        actions.add_photo(**given, shows="The joint", by=ours, command=f"in:photo:{row.id}:work", **more)


def summary(person: str, at: Any) -> None:
    """Write down for a tenant what was found: there was mould, and it waits to be sent."""
    from lamplit.basics import who
    from lamplit.basics.working_days import london_date
    from lamplit.repairs import actions
    from lamplit.tenancies import queries as tenancies

    home, by = tenancies.living_of(person, london_date(at))[0].home, who.job("moving_in")
    said = actions.Said(fault="damp_mould", room="bedroom")
    told = actions.report_repair(
        home=home, channel="phone", reporter=person, said=said, words_said="Black spots", by=by, at=at, command="in:mould"
    )
    step = {"repair": told.leads, "step": "concluded_significant", "says": "Mould over the window"}
    actions.take_hazard_step(**step, by=by, at=at, command="in:mould:found")
    papers = [actions.Addressed(person=person, pdf=b"%PDF-1.7")]
    actions.write_summary(
        repair=told.leads, found="Mould", no_work="It is dry now", papers=papers, by=by, at=at, command="in:mould:written"
    )


def beside(person: str, at: Any) -> None:
    """Give an open repair of a tenant a survey, something that is asked for and a place to stay; one trouble comes back."""
    from datetime import date

    from lamplit.basics import who
    from lamplit.repairs import actions
    from lamplit.repairs.models import Repair, Work
    from lamplit.staff import actions as staff
    from lamplit.staff import queries as staff_read

    surveyor, firm = staff_read.with_role("surveyor")[0].id, staff_read.contractors("plumber")[0].id
    row = Repair.objects.filter(reporter=person, live=True, joined_into=None).order_by("id")[0]
    sent = {"by": who.staff(surveyor), "at": at}
    rates = [actions.RateRow(line=2, code="PL-0101", says="Renew tap washer", trade="plumber", unit="item", pence=1840,
                             from_on=date(2020, 1, 1))]  # fmt: skip
    actions.import_rates(rows=rates, rehearse=False, by=who.cli("import:tests"), at=at, command="in:rates")
    washer = actions.Measured(code="PL-0101", hundredths=250)
    works = [actions.WorkFound(what="Renew the washers", trade="plumber", place="Bathroom", rate=washer, contractor=firm,
                               target_on=date(at.year + 1, 3, 1))]  # fmt: skip
    found = {"found": "The washers are worn", "readings": "Wall 22 %", "cause": "Hard water", "works": works}
    survey = actions.record_survey(repair=row.id, surveyor=surveyor, **found, **sent, command="in:survey")
    work = Work.objects.get(survey=survey)
    asked = {"more": "work", "what": "Renew the tap", "why": "It is worn out", "lines": [washer]}
    by_firm = {"by": who.By("contractor", firm), "at": at}
    actions.ask_variation(work=work.id, **asked, **by_firm, command="in:asked")
    actions.ask_variation(work=work.id, more="money", what="A lift", why="High wall", pence=90_000, **by_firm, command="in:more")
    place = {"who": "All of the household", "place": "Lamp Inn, 2 Quay Street", "from_on": at.date(), "suits": "Near the school"}
    actions.offer_stay(repair=row.id, **place, **sent, command="in:stay")
    patch = staff.record_patch(name="Ember Rise", blocks=[], postcodes=["ZZ1"], **sent, command="in:patch")
    staff.record_cover(contractor=firm, trade="plumber", patch=patch, from_on=at.date(), **sent, command="in:cover")
    _comes_back(person, row.home, at)


def _comes_back(person: str, home: str, at: Any) -> None:
    """Let somebody tell three times of the same trouble, so that it is reviewed."""
    from lamplit.basics import who
    from lamplit.repairs import actions

    by = who.job("moving_in")
    said = actions.Said(fault="heating_off", room="hall")
    for days in (60, 40, 20):
        told = actions.report_repair(home=home, channel="phone", reporter=person, said=said, words_said="Cold again",
                                     by=by, at=at - timedelta(days=days), command=f"in:again:{days}")  # fmt: skip
        if days > 20:
            actions.close_repair(repair=told.leads, how="not_ours", why="It was the meter", by=who.staff("s_0nobody"),
                                 at=at - timedelta(days=days - 1), command=f"in:over:{days}")  # fmt: skip


def accounts() -> dict[str, dict[str, str]]:
    """Return somebody of each office role, and one of the people of each firm, all with a password and a second step."""
    from lamplit.desk.accounts import make_account
    from lamplit.staff import queries as staff

    chosen = {role: staff.with_role(role)[0] for role in OFFICE}
    chosen |= {f"firm:{row.contractor}": row for row in staff.with_role("contractor")}
    chosen["operative"] = next(row for row in staff.with_role("operative") if row.contractor is None)
    for row in chosen.values():
        make_account(row.id, str(row.email), PASSWORD, SECRET)
    return {role: {"id": row.id, "name": str(row.name), "email": str(row.email)} for role, row in chosen.items()}


def a_tenant(status: str | None = None, other: dict[str, str] | None = None) -> dict[str, str]:
    """Return a made-up tenant with much going on and a visit to come, or with a repair that stands so. Not `other`."""
    from lamplit.basics.clock import now
    from lamplit.repairs.models import Repair, Visit

    # To come, and not over before the journeys are: late in a day, today's visits are booked and behind us.
    booked = set(Visit.objects.filter(state="booked", from_at__gt=now()).values_list("repair", flat=True))
    found: dict[str, tuple[int, str]] = {}
    for row in Repair.objects.filter(live=True, reporter__isnull=False).order_by("id"):
        address = _address(row.reporter) if status in (None, row.status) else None
        if address is not None:
            told = Repair.objects.filter(reporter=row.reporter).count()
            found[row.reporter] = (told + 100 * (row.id in booked), address)
    person = max((key for key in found if other is None or key != other["id"]), key=lambda key: found[key])
    return {"id": person, "email": found[person][1]}


def a_payer(other: dict[str, str]) -> dict[str, str]:
    """Return a made-up tenant who can set up a Direct Debit by herself and has something to pay. Not `other`."""
    from lamplit.basics.clock import now
    from lamplit.basics.refusal import Refused
    from lamplit.basics.working_days import london_date
    from lamplit.portal.direct_debit import account_of
    from lamplit.rent import queries
    from lamplit.repairs.models import Repair

    today = london_date(now())
    begins = queries.first_possible("monthly", 1, today)
    for person in sorted(set(Repair.objects.filter(reporter__isnull=False).values_list("reporter", flat=True)) - {other["id"]}):
        account, address = account_of(person, today), _address(person)
        if account is None or address is None:
            continue
        try:
            queries.check_by_herself(account, person, today)
        except Refused:
            continue
        usual = queries.usual_sum(account, "monthly", begins)
        if usual is not None and usual.pence:
            return {"id": person, "email": address}
    raise AssertionError("nobody here could set up a Direct Debit")


def _address(person: str) -> str | None:
    """Return the e-mail address by which she alone comes in, when her pages are in English."""
    from lamplit.basics.clock import now
    from lamplit.basics.working_days import london_date
    from lamplit.config import languages
    from lamplit.people import queries as people

    ways = [way for way in people.ways_to_reach(person, "code") if way.channel == "email"]
    english = languages.named(people.preferences(person, london_date(now())).language) in (None, languages.OURS)
    return str(ways[0].value) if english and ways and len(people.reached_at(ways[0].value)) == 1 else None


def a_way_in() -> None:
    """Let a system of the first firm in, so that there is a page on which to shut it out."""
    from datetime import timedelta

    from lamplit.basics import who
    from lamplit.basics.clock import now
    from lamplit.config.tokens import digest_of, new_secret
    from lamplit.staff import actions
    from lamplit.staff import queries as staff

    firm = min(row.id for row in staff.contractors())
    actions.give_token(
        contractor=firm, digest=digest_of(new_secret()), label="Job planner", expires_on=now().date() + timedelta(days=30),
        by=who.cli("tests"), at=now(), command="in:token",
    )  # fmt: skip


def a_link() -> dict[str, str]:
    """Return the secret of a link for somebody who has no way in yet, and her e-mail address."""
    from lamplit.basics.clock import now
    from lamplit.desk.accounts import make_link
    from lamplit.staff import queries as staff

    newcomer = staff.with_role("planner")[-1]
    return {"secret": make_link(newcomer.id, made_by="cli:tests", at=now()), "email": str(newcomer.email)}


if __name__ == "__main__":
    main()
