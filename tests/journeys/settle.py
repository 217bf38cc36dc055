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
    from tests import cast

    at = now() - timedelta(days=60)
    cast.settle(at)
    reaches(at)
    mandate(at)
    tenant = a_tenant()
    unproved(tenant["id"], now())
    a_way_in()
    photos(tenant["id"], now())
    print(json.dumps({"staff": accounts(), "tenant": tenant, "done": a_tenant("to_confirm", tenant), "welcome": a_link()}))


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
    from lamplit.people import queries as people
    from lamplit.repairs.models import Repair, Visit

    booked = set(Visit.objects.filter(state="booked").values_list("repair", flat=True))
    found: dict[str, tuple[int, str]] = {}
    for row in Repair.objects.filter(live=True, reporter__isnull=False).order_by("id"):
        ways = [way for way in people.ways_to_reach(row.reporter, "code") if way.channel == "email"]
        if ways and len(people.reached_at(ways[0].value)) == 1 and status in (None, row.status):
            told = Repair.objects.filter(reporter=row.reporter).count()
            found[row.reporter] = (told + 100 * (row.id in booked), str(ways[0].value))
    person = max((key for key in found if other is None or key != other["id"]), key=lambda key: found[key])
    return {"id": person, "email": found[person][1]}


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
