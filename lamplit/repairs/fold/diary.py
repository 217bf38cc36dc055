"""Folds of diaries, and of the further homes that a repair concerns."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.repairs import facts


def recorded(row: Any, fact: facts.DiaryRecorded, entry: Written) -> None:
    row.contractor, row.name, row.trades, row.area = fact.contractor, fact.name, fact.trades, fact.area
    row.ended = bool(fact.ended)


def capacity_set(row: Any, fact: facts.CapacitySet, entry: Written) -> None:
    row.diary, row.part, row.weekdays, row.places = fact.diary, fact.part, fact.weekdays, fact.places
    row.from_on, row.until_on, row.recorded_at, row.by = fact.from_on, fact.until_on, entry.recorded_at, entry.by


def linked_keys(fact: facts.RepairHomeLinked) -> list[str]:
    return [f"{fact.repair}.{fact.home}"]


def linked(row: Any, fact: facts.RepairHomeLinked, entry: Written) -> None:
    row.repair, row.home, row.household, row.part = fact.repair, fact.home, fact.household, fact.part
    row.ended, row.says, row.since_at = bool(fact.ended), fact.says, row.since_at or entry.at


def word_keys(fact: facts.RepairConfirmed) -> list[str]:
    """The further home whose household says that it is mended."""
    return [f"{fact.repair}.{fact.home}"] if fact.home else []


def word_given(row: Any, fact: facts.RepairConfirmed, entry: Written) -> None:
    row.confirmed_at = entry.at
