"""How facts about people change rows."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.people.facts import PersonCorrected, PersonNoted, PersonRecorded, PersonRepresented, ReachRecorded


def recorded(row: Any, fact: PersonRecorded, entry: Written) -> None:
    believed(row, fact, entry)
    row.reference = fact.reference  # stays, whatever is put right of her


def believed(row: Any, fact: PersonRecorded | PersonCorrected, entry: Written) -> None:
    row.name, row.known_as, row.title, row.born_on = fact.name, fact.known_as, fact.title, fact.born_on


def belief(row: Any, fact: PersonRecorded | PersonCorrected, entry: Written) -> None:
    believed(row, fact, entry)
    row.person, row.at, row.recorded_at, row.by = fact.person, entry.at, entry.recorded_at, entry.by
    row.why = fact.why if isinstance(fact, PersonCorrected) else None


def reach_recorded(row: Any, fact: ReachRecorded, entry: Written) -> None:
    row.person, row.at, row.by, row.how = fact.person, entry.at, entry.by, fact.how


def noted(row: Any, fact: PersonNoted, entry: Written) -> None:
    row.person, row.at, row.by, row.about = fact.person, entry.at, entry.by, fact.about


def represented(row: Any, fact: PersonRepresented, entry: Written) -> None:
    row.person, row.at, row.by, row.leave = fact.person, entry.at, entry.by, fact.leave
