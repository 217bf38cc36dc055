"""How each fact of messages changes one row."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.messages.facts import (
    ContactMade,
    MessageFailed,
    MessageOrdered,
    MessageSent,
    PromiseKept,
    PromiseMade,
)


def contact_made(row: Any, fact: ContactMade, entry: Written) -> None:
    row.voice, row.person, row.home, row.repair = fact.voice, fact.person, fact.home, fact.repair
    row.channel, row.direction, row.said, row.audience = fact.channel, fact.direction, fact.said, fact.audience
    row.by, row.happened_at, row.recorded_at = entry.by, entry.at, entry.recorded_at


def promise_made(row: Any, fact: PromiseMade, entry: Written) -> None:
    row.voice, row.person, row.home, row.repair = fact.voice, fact.person, fact.home, fact.repair
    row.contact, row.owner, row.what, row.due_at = fact.contact, fact.owner, fact.what, fact.due_at
    row.made_at, row.made_by = entry.at, entry.by


def promise_kept(row: Any, fact: PromiseKept, entry: Written) -> None:
    row.how, row.kept_at, row.kept_by = fact.how, entry.at, entry.by


def message_ordered(row: Any, fact: MessageOrdered, entry: Written) -> None:
    row.voice, row.person, row.because = fact.voice, fact.person, fact.because
    row.channel, row.to, row.name = fact.channel, fact.to, fact.name
    row.template, row.subject, row.body, row.about = fact.template, fact.subject, fact.body, fact.about
    row.format = fact.format
    row.status, row.tries = "ordered", 0
    row.by, row.command, row.ordered_at = entry.by, entry.command, entry.at


def message_sent(row: Any, fact: MessageSent, entry: Written) -> None:
    row.status, row.sent_at, row.receipt = "sent", entry.at, fact.receipt


def message_failed(row: Any, fact: MessageFailed, entry: Written) -> None:
    row.status = "failed" if fact.final else "ordered"
    row.tries, row.tried_at, row.why = row.tries + 1, entry.at, fact.why
