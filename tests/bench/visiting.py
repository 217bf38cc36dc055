"""Ask for pages as somebody signed in: of the desk in each of its roles, of the portal as many tenants."""

import random
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from lamplit.basics.clock import now
from lamplit.desk.tests.scene import signed_in
from lamplit.homes.models import Home
from lamplit.people.models import Person, Reach
from lamplit.portal.models import ReportDraft
from lamplit.portal.sign_in import PERSON
from lamplit.repairs.models import Repair
from lamplit.staff.models import Staff
from lamplit.tenancies.models import Member

TIMES, WARM = 60, 5
ROLES = ("planner", "contact_centre", "housing_officer", "lead")
PAGES = ("/", "/repairs", "/messages", "/your-data", "/report", "/complain")


class Asked(NamedTuple):
    """A page that somebody asks for; with `sent`, a form that she sends."""

    browser: Client
    path: str
    sent: dict[str, str] | None = None


def main(_processes: str) -> dict[str, Any]:
    """Return the seconds of each page, sorted."""
    dice = random.Random(1)  # noqa: S311 - the same pages in each run
    lately = list(Repair.objects.filter(reported_at__gte=now() - timedelta(days=90)).values_list("id", "reporter"))
    some = dice.sample(lately, min(TIMES + WARM, len(lately)))
    asked = {"floor: a page without the database": [Asked(Client(), "/signed-out")] * (TIMES + WARM)}
    staff = [one.id for one in Staff.objects.filter(shut=False).order_by("id") if set(one.roles) & set(ROLES)]
    tenants = {repair: reporter for repair, reporter in some if Member.objects.filter(person=reporter, left_on=None).exists()}
    try:
        asked |= _of_the_desk(dice, staff, [repair for repair, _ in some])
        asked |= _of_the_portal(tenants)
        return {"times": {name: ask(pages) for name, pages in asked.items()}}
    finally:
        User.objects.filter(username__in=staff).delete()
        ReportDraft.objects.filter(person__in=tenants.values()).delete()


def _of_the_desk(dice: random.Random, staff: list[str], repairs: list[str]) -> dict[str, list[Asked]]:
    browsers = [signed_in(member) for member in dice.sample(staff, min(8, len(staff)))]
    homes = dice.sample(list(Home.objects.values_list("id", flat=True)), len(repairs))
    people = dice.sample(list(Person.objects.values_list("id", flat=True)), len(repairs))
    paths = {
        "desk queue": ["/desk/"] * len(repairs),
        "desk home": [f"/desk/homes/{home}" for home in homes],
        "desk person": [f"/desk/people/{person}" for person in people],
        "desk repair": [f"/desk/repairs/{repair}" for repair in repairs],
    }
    pages = {name: [Asked(browsers[n % len(browsers)], path) for n, path in enumerate(listed)] for name, listed in paths.items()}
    searches = [Asked(browsers[n % len(browsers)], "/desk/search", {"q": text}) for n, text in enumerate(_typed(homes, people))]
    return pages | {"desk search": searches}


def _typed(homes: list[str], people: list[str]) -> Iterator[str]:
    """Yield what staff type: a name, a part of one, a postcode, a part of an address, a telephone number."""
    for n, (home, person) in enumerate(zip(homes, people, strict=True)):
        at, who = Home.objects.get(id=home), Person.objects.get(id=person)
        reach = Reach.objects.filter(person=person, value_key__startswith="+44").first()
        number = f"0{reach.value_key[3:]}" if reach is not None else str(who.name)
        yield (str(who.name), str(who.name)[:4], str(at.postcode), str(at.address[0]), number)[n % 5]


def _of_the_portal(tenants: dict[str, str]) -> dict[str, list[Asked]]:
    browsers = {repair: tenant(person) for repair, person in tenants.items()}
    pages = {f"portal {page}": [Asked(browser, page) for browser in browsers.values()] for page in PAGES}
    pages["portal /repairs/…"] = [Asked(browser, f"/repairs/{repair}") for repair, browser in browsers.items()]
    writing = [tenant(person) for person in tenants.values()]
    pages["portal /report: begin"] = [Asked(browser, "/report", {}) for browser in writing]
    pages["portal /report/1"] = [Asked(browser, "/report/1") for browser in writing]
    return pages


def tenant(person: str) -> Client:
    """Return a browser in which a tenant is signed in, as the code by text would have done it."""
    client, engine = Client(), import_module(settings.SESSION_ENGINE)
    session = engine.SessionStore()
    session[PERSON] = person
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def ask(pages: Iterable[Asked]) -> list[float]:
    taken = []
    for browser, path, sent in pages:
        begun = time.perf_counter()
        answer = browser.get(path) if sent is None else browser.post(path, sent)
        taken.append(time.perf_counter() - begun)
        where = answer.get("Location", "")
        assert answer.status_code == 200 or where.startswith("/report/"), (path, answer.status_code, where)
    return sorted(taken[WARM:])
