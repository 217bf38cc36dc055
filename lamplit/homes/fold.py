"""How facts about homes change rows."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.homes.facts import (
    BlockRecorded,
    ComponentChecked,
    ComponentRecorded,
    HomeCorrected,
    HomeNoted,
    HomeRecorded,
)

_PARTICULARS = ("block", "storey", "stack", "uprn", "address", "postcode", "shape", "bedrooms")


def block_recorded(row: Any, fact: BlockRecorded, entry: Written) -> None:
    row.name, row.address, row.postcode, row.reference = fact.name, fact.address, fact.postcode, fact.reference


def recorded(row: Any, fact: HomeRecorded, entry: Written) -> None:
    believed(row, fact, entry)
    row.reference = fact.reference  # stays, whatever is put right of the home


def believed(row: Any, fact: HomeRecorded | HomeCorrected, entry: Written) -> None:
    for name in _PARTICULARS:
        setattr(row, name, getattr(fact, name))


def belief(row: Any, fact: HomeRecorded | HomeCorrected, entry: Written) -> None:
    believed(row, fact, entry)
    row.home, row.at, row.recorded_at, row.by = fact.home, entry.at, entry.recorded_at, entry.by
    row.why = fact.why if isinstance(fact, HomeCorrected) else None


def noted(row: Any, fact: HomeNoted, entry: Written) -> None:
    row.home, row.at, row.by, row.about = fact.home, entry.at, entry.by, fact.about


def component_recorded(row: Any, fact: ComponentRecorded, entry: Written) -> None:
    row.home, row.what = fact.home, fact.what
    row.installed_on, row.removed_on = fact.installed_on, fact.removed_on
    row.model, row.serial, row.place = fact.model, fact.serial, fact.place


def checked(row: Any, fact: ComponentChecked, entry: Written) -> None:
    row.component, row.home, row.what = fact.component, fact.home, fact.check
    row.checked_on, row.satisfactory, row.next_due_on = fact.checked_on, fact.satisfactory, fact.next_due_on
    row.found = fact.found
