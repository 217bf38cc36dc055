"""The people and homes of every test: always the same few, so that a reader knows them.

Ember Rise is a block of three homes above each other. Ruth is a tenant at number 5 and lives there with her daughter Mia.
Tomasz lives below her, at number 2. Priya is their housing officer, Dele takes calls, Col mends things for Kindle Works.
Otto is nobody's tenant: whatever is not public must be closed to him.
"""

from datetime import UTC, date, datetime

from lamplit.basics import who
from lamplit.basics.fact import Fact
from lamplit.basics.who import By
from lamplit.homes.facts import BlockRecorded, HomeRecorded
from lamplit.people.facts import PersonRecorded, Reach, ReachRecorded
from lamplit.record.page import Page, action
from lamplit.staff.facts import ContractorRecorded, StaffJoined
from lamplit.tenancies.facts import HouseholdJoined, TenancyStarted


def _id(letter: str, name: str) -> str:
    """An id of the usual shape that a reader recognises: `p_ruth0000000000000000`."""
    return f"{letter}_{name}".ljust(22, "0")


AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
BLOCK = _id("b", "ember")
RUTHS_HOME, TOMASZS_HOME, EMPTY_HOME = _id("h", "ember5"), _id("h", "ember2"), _id("h", "ember8")
RUTH, MIA, TOMASZ, OTTO = _id("p", "ruth"), _id("p", "mia"), _id("p", "tomasz"), _id("p", "otto")
RUTHS_TENANCY, TOMASZS_TENANCY = _id("t", "ruth"), _id("t", "tomasz")
KINDLE = _id("f", "kindle")
PRIYA, DELE, COL = _id("s", "priya"), _id("s", "dele"), _id("s", "col")

BY_RUTH, BY_TOMASZ, BY_OTTO = who.person(RUTH), who.person(TOMASZ), who.person(OTTO)
BY_PRIYA, BY_DELE, BY_COL = who.staff(PRIYA), who.staff(DELE), who.staff(COL)


def opening() -> list[Fact]:
    """Everything that happened before a test begins, in order."""
    return [
        BlockRecorded(block=BLOCK, name="Ember Rise", address=["Ember Rise", "Lampton"], postcode="ZZ1 1AA"),
        *_homes(),
        *_people(),
        TenancyStarted(tenancy=RUTHS_TENANCY, home=RUTHS_HOME, tenants=[RUTH], tenure="assured", started_on=date(2019, 6, 3)),
        TenancyStarted(
            tenancy=TOMASZS_TENANCY, home=TOMASZS_HOME, tenants=[TOMASZ], tenure="secure", started_on=date(2004, 11, 1)
        ),
        HouseholdJoined(tenancy=RUTHS_TENANCY, person=MIA, role="child", since_on=date(2019, 6, 3)),
        *_staff(),
    ]


def _homes() -> list[Fact]:
    storeys = [(TOMASZS_HOME, 2, 0), (RUTHS_HOME, 5, 1), (EMPTY_HOME, 8, 2)]
    return [
        HomeRecorded(
            home=home, block=BLOCK, storey=storey, stack=1, uprn=f"99900000000{number}",
            address=[f"{number} Ember Rise", "Lampton"], postcode="ZZ1 1AA", shape="flat", bedrooms=2,
        )
        for home, number, storey in storeys
    ]  # fmt: skip


def _people() -> list[Fact]:
    names = [(RUTH, "Ruth Adeyemi"), (MIA, "Mia Adeyemi"), (TOMASZ, "Tomasz Wolski"), (OTTO, "Otto Finch")]
    reach = Reach(channel="text", value="+447700900005", state="works", safe=True)  # a number kept for stories
    return [
        *(PersonRecorded(person=person, name=name) for person, name in names),
        ReachRecorded(reach=_id("a", "ruthtext"), person=RUTH, how=reach),
    ]


def _staff() -> list[Fact]:
    return [
        ContractorRecorded(contractor=KINDLE, trades=["plumbing", "heating"], name="Kindle Works", phone="01632 960005"),
        StaffJoined(staff=PRIYA, roles=["housing_officer"], team="east", name="Priya Nair", email="priya@landlord.example"),
        StaffJoined(staff=DELE, roles=["contact_centre"], name="Dele Okafor", email="dele@landlord.example"),
        StaffJoined(staff=COL, roles=["operative"], contractor=KINDLE, name="Col Barrow", email="col@kindle.example"),
    ]


@action
def open_story(page: Page, *, by: By, at: datetime, command: str) -> None:
    """Write everything that happened before a test begins."""
    for fact in opening():
        page.write(fact)


def settle(at: datetime = AT) -> None:
    """Make the cast known to the landlord of a test: needs the `landlord` fixture."""
    open_story(by=who.job("cast"), at=at, command="cast:opening")
