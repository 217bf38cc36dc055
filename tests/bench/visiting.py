"""Ask for pages as somebody signed in: of the desk in each of its roles, of the portal as many tenants."""

import random
import time
from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from lamplit.basics.clock import now
from lamplit.desk.tests.scene import signed_in
from lamplit.homes.models import Home
from lamplit.people.models import Person
from lamplit.portal.sign_in import PERSON
from lamplit.repairs.models import Repair
from lamplit.staff.models import Staff
from lamplit.tenancies.models import Member

TIMES, WARM = 60, 5
ROLES = ("planner", "contact_centre", "housing_officer", "lead")
PAGES = ("/", "/repairs", "/messages", "/your-data")


def main(_processes: str) -> dict[str, Any]:
    """Return the seconds of each page, sorted."""
    dice = random.Random(1)  # noqa: S311 - the same pages in each run
    staff = [one.id for one in Staff.objects.filter(shut=False).order_by("id") if set(one.roles) & set(ROLES)]
    browsers = [signed_in(member) for member in dice.sample(staff, min(4, len(staff)))]
    lately = list(Repair.objects.filter(reported_at__gte=now() - timedelta(days=90)).values_list("id", "household", "reporter"))
    some = dice.sample(lately, min(TIMES + WARM, len(lately)))
    homes = dice.sample(list(Home.objects.values_list("id", flat=True)), len(some))
    people = dice.sample(list(Person.objects.values_list("id", flat=True)), len(some))
    found = {
        "floor: a page without the database": _ask([(Client(), "/signed-out")] * (TIMES + WARM)),
        "desk queue": _ask((browsers[n % len(browsers)], "/desk/") for n in range(TIMES + WARM)),
        "desk home": _ask((browsers[n % len(browsers)], f"/desk/homes/{home}") for n, home in enumerate(homes)),
        "desk person": _ask((browsers[n % len(browsers)], f"/desk/people/{one}") for n, one in enumerate(people)),
        "desk repair": _ask((browsers[n % len(browsers)], f"/desk/repairs/{one}") for n, (one, _, _) in enumerate(some)),
    }
    tenants = [reporter for _, _, reporter in some if reporter and Member.objects.filter(person=reporter, left_on=None).exists()]
    clients = [_tenant(person) for person in tenants]
    for page in PAGES:
        found[f"portal {page}"] = _ask((client, page) for client in clients)
    User.objects.filter(username__in=staff).delete()
    return {"times": found}


def _tenant(person: str) -> Client:
    """Return a browser in which a tenant is signed in, as the code by text would have done it."""
    client, engine = Client(), import_module(settings.SESSION_ENGINE)
    session = engine.SessionStore()
    session[PERSON] = person
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def _ask(asked: Iterable[tuple[Client, str]]) -> list[float]:
    taken = []
    for client, path in asked:
        begun = time.perf_counter()
        answer = client.get(path)
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 200, (path, answer.status_code, answer.get("Location"))
    return sorted(taken[WARM:])
