"""How facts about people change rows."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.people.facts import (
    LookExplained,
    MergeConfirmed,
    PersonCorrected,
    PersonMerged,
    PersonNoted,
    PersonRecorded,
    PersonRepresented,
    PersonUnmerged,
    PlantedNoted,
    ReachRecorded,
    RecordsRead,
)


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


def look_keys(fact: RecordsRead) -> list[str]:
    return [f"{fact.batch}.{number}" for number in range(len(fact.looks))]


def looked(row: Any, fact: RecordsRead, entry: Written) -> None:
    look = fact.looks[int(row.id.removeprefix(f"{fact.batch}."))]
    row.person, row.via, row.about, row.count = look.person, look.via, look.about, look.count or 1
    row.reader, row.team, row.at, row.why = fact.reader, fact.team, fact.looked_at, None


def explained(row: Any, fact: LookExplained, entry: Written) -> None:
    row.person, row.via, row.about, row.count = fact.person, "page", None, 0
    row.reader, row.team, row.at, row.why = fact.reader, None, entry.at, fact.why


def merged(row: Any, fact: PersonMerged, entry: Written) -> None:
    row.kept, row.gone, row.at, row.by, row.why = fact.kept, fact.gone, entry.at, entry.by, fact.why


def merge_confirmed(row: Any, fact: MergeConfirmed, entry: Written) -> None:
    row.confirmed_at, row.confirmed_by, row.how = entry.at, entry.by, fact.how


def unmerged(row: Any, fact: PersonUnmerged, entry: Written) -> None:
    row.ended_at, row.ended_by, row.why_ended = entry.at, entry.by, fact.why


def planted_noted(row: Any, fact: PlantedNoted, entry: Written) -> None:
    row.trap, row.box, row.at = fact.trap, fact.box, entry.at
