"""How each fact of complaints changes one row."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.complaints.facts import ComplaintAcknowledged, ComplaintAssigned, ComplaintMade


def made(row: Any, fact: ComplaintMade, entry: Written) -> None:
    row.reference, row.status = fact.reference, "made"
    row.acknowledge_by_on, row.respond_by_on = fact.acknowledge_by_on, fact.respond_by_on
    row.made_at, row.recorded_at, row.made_by = entry.at, entry.recorded_at, entry.by
    row.person, row.home, row.repair, row.contact = fact.person, fact.home, fact.repair, fact.contact
    row.channel, row.words, row.wanted = fact.channel, fact.words, fact.wanted
    row.name, row.reach = fact.name, fact.reach


def assigned(row: Any, fact: ComplaintAssigned, entry: Written) -> None:
    row.owner, row.assigned_at, row.assigned_by = fact.owner, entry.at, entry.by


def acknowledged(row: Any, fact: ComplaintAcknowledged, entry: Written) -> None:
    row.status, row.acknowledged_at, row.acknowledged_by = "acknowledged", entry.at, entry.by
    row.respond_by_on, row.definition, row.acknowledged_how = fact.respond_by_on, fact.definition, fact.channel
