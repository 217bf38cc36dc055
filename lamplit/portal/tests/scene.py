"""What the portal's tests do again and again."""

import re

from django.test import Client

from lamplit.basics import who
from lamplit.people import actions as people
from lamplit.people.facts import Reach
from lamplit.portal.models import DemoCode
from tests import cast

RUTHS_NUMBER = "07700 900005"
TOMASZS_ADDRESS = "tomasz@home.example"
ME = who.staff(cast.PRIYA)


def last_code() -> str:
    found = re.match(r"\d{6}", DemoCode.objects.latest("id").words)
    assert found is not None
    return found[0]


def come_in(contact: str = RUTHS_NUMBER, client: Client | None = None) -> Client:
    """Sign in with a code."""
    client = client or Client()
    client.post("/sign-in", {"contact": contact})
    answer = client.post("/sign-in/code", {"code": last_code()})
    assert answer.status_code == 302, answer.content.decode()
    return client


def add_reach(person: str, value: str, *, channel: str = "email", safe: bool = True, command: str = "test:reach") -> None:
    how = Reach(channel=channel, value=value, state="works", safe=safe)
    people.set_reach(person=person, how=how, by=who.cli("import"), at=cast.AT, command=command)


def tomasz_comes_in() -> Client:
    """His neighbour from below: everything of Ruth's must be closed to him."""
    add_reach(cast.TOMASZ, TOMASZS_ADDRESS, command="test:tomasz")
    return come_in(TOMASZS_ADDRESS)
