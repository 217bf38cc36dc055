"""A scratch landlord for one case: the home as it is described, whoever lives there and above, and those who would be on call."""

import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from lamplit.basics import who
from lamplit.basics.plain import Plain
from lamplit.basics.who import By
from lamplit.basics.working_days import london_date
from lamplit.cli.replay.retold import Case
from lamplit.homes import actions as homes
from lamplit.people import actions as people
from lamplit.people.facts import PersonNote
from lamplit.repairs.queries import book_for
from lamplit.staff import actions as staff
from lamplit.tenancies import actions as tenancies

BY = who.cli("replay")
LIVED_THERE = timedelta(days=365)
TURN = timedelta(days=31)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "a": 1, "an": 1}
_TENURES = {"assured shorthold": "assured_shorthold", "secure": "secure", "assured": "assured", "starter": "starter"}
_NEEDS = {
    "mental health": "mental_health", "asthma": "respiratory", "wheelchair": "mobility", "disab": "mobility", "baby": "baby",
    "pregnan": "pregnant", "oxygen": "oxygen", "dialysis": "dialysis", "dementia": "dementia", "elderly": "over_75",
}  # fmt: skip


class Cast(Plain, frozen=True, kw_only=True):
    """Ids of everybody and everything in a case. `above` is the home above, if there is one, and `neighbour` who lives there."""

    home: str
    tenant: str
    household: str
    planner: str
    lead: str
    operative: str
    above: str | None = None
    neighbour: str | None = None


class Hand:
    """Takes actions at a time that is set, each with a command of its own."""

    def __init__(self, case: str) -> None:
        self.case, self._numbers = case, count()

    def do(self, action: Any, *, at: datetime, by: By = BY, **kwargs: Any) -> Any:
        return action(by=by, at=at, command=f"cli:replay:{self.case}:{next(self._numbers)}", **kwargs)


def settle(hand: Hand, case: Case) -> Cast:
    """Make the landlord, the home and the household, a year before the first event."""
    at = case.events[0].at - LIVED_THERE
    words = case.home.lower()
    block = hand.do(homes.record_block, at=at, name=f"House of case {case.case}", address=["1 Replay Road", "Lampton"])
    stands = re.search(r"flat|floor|above", words) is not None
    places = {"storey": 1, "stack": 1, "block": block} if stands else {}
    home = hand.do(homes.record_home, at=at, address=["Flat 1" if stands else "1", "Replay Road", "Lampton"], **places)
    tenant, household = _household(hand, home, "The tenant", words, at)
    above = neighbour = None
    if "above" in words or "above" in case.events[0].what.lower():
        above = hand.do(homes.record_home, at=at, address=["Flat 2", "Replay Road", "Lampton"], storey=2, stack=1, block=block)
        neighbour, _ = _household(hand, above, "The neighbour", "", at)
    planner, lead, operative = _staff(hand, at)
    return Cast(
        home=home,
        tenant=tenant,
        household=household,
        planner=planner,
        lead=lead,
        operative=operative,
        above=above,
        neighbour=neighbour,
    )


def _household(hand: Hand, home: str, name: str, words: str, at: datetime) -> tuple[str, str]:
    tenant = hand.do(people.record_person, at=at, name=name)
    tenure = next((code for spoken, code in _TENURES.items() if spoken in words), "other")
    since = london_date(at)
    tenancy = hand.do(tenancies.start_tenancy, at=at, home=home, tenants=[tenant], tenure=tenure, started_on=since)
    children = re.search(r"(\w+) child", words)
    for number in range(_NUMBERS.get(children[1], 1) if children else 0):
        child = hand.do(people.record_person, at=at, name=f"Child {number + 1}")
        hand.do(tenancies.join_household, at=at, tenancy=tenancy, person=child, role="child", since_on=since)
    for spoken, code in _NEEDS.items():
        if spoken in words:
            note = PersonNote(what="need", code=code, source="The case as it was published")
            hand.do(people.note_person, at=at, person=tenant, about=note)
    return tenant, tenancy


def _staff(hand: Hand, at: datetime) -> tuple[str, str, str]:
    trades = sorted({work.trade for work in book_for(None).catalogue.works.values()})
    firm = hand.do(staff.record_contractor, at=at, name="The repairs firm", trades=trades, phone="01632 960001")
    made = [("A planner", ["planner"], None), ("A lead", ["lead"], None), ("An operative", ["operative"], firm)]
    planner, lead, operative = (
        hand.do(
            staff.join_staff, at=at, name=name, roles=roles, contractor=contractor, phone="01632 960002",
            email=f"{name.split()[1]}.{hand.case}@landlord.example",
        )
        for name, roles, contractor in made
    )  # fmt: skip
    return planner, lead, operative


def put_on_call(hand: Hand, cast: Cast, at: datetime) -> None:
    """Somebody is on call on every day on which something happens."""
    begins = at - timedelta(hours=1)
    for member, leads in ((cast.planner, False), (cast.lead, True)):
        hand.do(staff.set_on_call, at=at, staff=member, from_at=begins, until_at=begins + TURN, lead=leads)
