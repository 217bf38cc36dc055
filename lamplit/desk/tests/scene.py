"""A small landlord at work, for tests of the desk."""

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from lamplit.basics import who
from lamplit.basics.clock import now
from lamplit.desk import accounts, middleware
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote, Reach
from lamplit.staff import actions as staff
from tests import cast

PASSWORD = "three blue otters swim"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BY = who.cli("test")
OFFICE = (
    "contact_centre",
    "housing_officer",
    "planner",
    "surveyor",
    "complaints",
    "income",
    "finance",
    "lead",
    "records",
    "admin",
)
OUTSIDE = ("operative", "contractor")
ROLES = (*OFFICE, *OUTSIDE)


@dataclass
class Scene:
    """Who is there. `staff` by role; `other_firm` has nothing to do here, and `stranger` works for it."""

    staff: dict[str, str]
    other_firm: str
    stranger: str
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, role: str) -> Client:
        """Return a browser of somebody with a role, who took both steps."""
        if role not in self.browsers:
            self.browsers[role] = signed_in(self.stranger if role == "stranger" else self.staff[role])
        return self.browsers[role]


def signed_in(staff_id: str) -> Client:
    if not User.objects.filter(username=staff_id).exists():
        user = User.objects.create(username=staff_id, password="!")
        accounts.Account.objects.create(staff=staff_id, user=user)
    client = Client()
    client.force_login(User.objects.get(username=staff_id))
    session = client.session
    session[middleware.SECOND_STEP] = int(now().timestamp())
    session.save()
    return client


def open_scene() -> Scene:
    at = now() - timedelta(days=30)
    cast.settle(at)
    ids = {role: _join(role, at, contractor=cast.KINDLE if role in OUTSIDE else None) for role in ROLES}
    other = staff.record_contractor(name="Other Firm", trades=["roofer"], by=BY, at=at, command="scene:other")
    stranger = _join("contractor", at, contractor=other, name="Sam Stranger")
    return Scene(ids, other, stranger)


def _join(role: str, at: datetime, *, contractor: str | None, name: str | None = None) -> str:
    called = name or f"Jo {role.replace('_', ' ').title()}"
    return staff.join_staff(
        name=called, email=f"{called.replace(' ', '.').lower()}@landlord.example", roles=[role], phone="01632 960100",
        contractor=contractor, by=BY, at=at, command=f"scene:join:{called}",
    )  # fmt: skip


def restrict(person: str, at: datetime | None = None) -> None:
    """Mark a person as one whom only few may see."""
    about = PersonNote(what="restricted", code="abuse", source="She said so")
    people.note_person(person=person, about=about, by=BY, at=at or now(), command=f"scene:restrict:{person}")


def give_reach(person: str, value: str, channel: Any = "phone") -> None:
    how = Reach(channel=channel, value=value, state="works", safe=True)
    people.set_reach(person=person, how=how, by=BY, at=now(), command=f"scene:reach:{person}:{value}")


def day_parts(name: str, at: datetime) -> dict[str, str]:
    """Return a day as its three boxes are sent."""
    return {f"{name}_day": str(at.day), f"{name}_month": str(at.month), f"{name}_year": str(at.year)}


START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def send(client: Client, path: str, **fields: Any) -> Any:
    """Open a page, fill in its form and send it."""
    shown = client.get(path).content.decode()
    nonce = re.search(r'name="nonce"[^>]*value="([^"]+)"', shown)
    assert nonce is not None, shown[-2000:]
    return client.post(path, {"nonce": nonce[1], **fields})


def sent(client: Client, path: str, **fields: Any) -> None:
    """Send a form that must be taken."""
    answer = send(client, path, **fields)
    assert answer.status_code == 303, re.sub(
        r"<[^>]+>|\s+", " ", answer.content.decode()[answer.content.decode().find("<main") :]
    )


def refused(client: Client, path: str, **fields: Any) -> str:
    """Send a form that must not be taken; return what the page says at its top."""
    answer = send(client, path, **fields)
    assert answer.status_code == 200, (answer.status_code, answer.get("Location"))
    found = re.search(r"error-summary__list.*?</ul>", answer.content.decode(), re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0].split(">", 1)[1]).split())


def words_of(client: Client, path: str, looking_for: str | None = None) -> str:
    """Return a page's text, or that of the answer when something is looked for on it."""
    answer = client.get(path) if looking_for is None else client.post(path, {"q": looking_for})
    assert answer.status_code == 200, (path, answer.status_code)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())
