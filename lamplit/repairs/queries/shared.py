"""Reads of cases bigger than one home: in the shared parts of a block, or reaching further homes."""

from collections.abc import Iterable
from datetime import date, datetime

from lamplit.basics.working_days import london_date
from lamplit.homes import queries as homes
from lamplit.homes.models import Home
from lamplit.record.ready import Ready, ReadyColumns
from lamplit.repairs.models import Repair, RepairHome
from lamplit.tenancies import queries as tenancies
from lamplit.tenancies.models import Tenancy

_LINKED = Ready(lambda repair: RepairHome.objects.filter(repair=repair, ended=False).order_by("since_at", "id"))
_LINKED_TO = ReadyColumns(lambda households: RepairHome.objects.filter(household__any=households, ended=False), "repair")
_TO_HOME = ReadyColumns(lambda home: RepairHome.objects.filter(home=home, ended=False), "repair")
_BLOCKS = ReadyColumns(
    lambda tenancies: Home.objects.filter(
        id__in=Tenancy.objects.filter(id__any=tenancies, ended_on__isnull=True).values("home"), block__isnull=False
    ),
    "block",
)  # fmt: skip
_OPEN_SHARED = Ready(lambda block: Repair.objects.filter(block=block, live=True).order_by("next_at", "id"))
_OPEN_LINKED = Ready(lambda repairs: Repair.objects.filter(id__any=repairs, live=True).order_by("next_at", "id"))


def linked_homes(repair: str) -> list[RepairHome]:
    """Return the further homes that a repair concerns."""
    return _LINKED.all(repair=repair)


def linked_to(households: Iterable[str]) -> list[str]:
    """Return the repairs of other homes that concern these households."""
    wanted = list(households)
    return _LINKED_TO.column(households=wanted) if wanted else []


def blocks_of(tenancy_ids: list[str]) -> list[str]:
    """Return the blocks in which homes let under these tenancies stand."""
    return list(dict.fromkeys(_BLOCKS.column(tenancies=tenancy_ids))) if tenancy_ids else []


def lives_in_block(person: str, block: str, on: date) -> bool:
    """Say whether somebody, no child, lives in a home of a block on a day."""
    living = [one.home for one in tenancies.living_of(person, on) if one.role != "child"]
    return any(home.block == block for home in homes.homes(living).values())


def household_in_block(person: str, block: str, on: date) -> str | None:
    """Return the tenancy under which somebody lives in a block on a day, or None."""
    living = {one.home: one.tenancy for one in tenancies.living_of(person, on)}
    return next((living[home.id] for home in homes.homes(living).values() if home.block == block), None)


def needs_of_linked(repair: str, at: datetime) -> list[str]:
    """Return the needs on file of the households of further homes: each counts for how pressing the repair is."""
    on = london_date(at)
    return sorted({need.code for link in linked_homes(repair) for need in tenancies.household_needs(link.household, on)})


def open_shared(block: str) -> list[Repair]:
    """Return what is open in the shared parts of a block; what runs out first comes first."""
    return _OPEN_SHARED.all(block=block)


def open_reaching(home: str) -> list[Repair]:
    """Return the open repairs of other homes that concern this one."""
    found = _TO_HOME.column(home=home)
    return _OPEN_LINKED.all(repairs=found) if found else []


def words_missing(repair: str, mended_at: datetime | None) -> list[RepairHome]:
    """Return the further homes where somebody lives who has not said, since the work was done, that it is mended."""
    return [
        link
        for link in linked_homes(repair)
        if link.household != link.home and (link.confirmed_at is None or mended_at is None or link.confirmed_at < mended_at)
    ]
