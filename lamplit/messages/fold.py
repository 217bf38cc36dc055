"""How each fact of messages changes one row."""

from typing import Any

from lamplit.basics.fact import Written
from lamplit.messages.facts import (
    ContactMade,
    EmailFiled,
    EmailReceived,
    ForgeryReported,
    ForgerySeen,
    LetterAnswered,
    LettersHeld,
    LettersLetGo,
    MessageDelivered,
    MessageFailed,
    MessageHanded,
    MessageOrdered,
    MessagePrepared,
    MessagesDisowned,
    MessageSent,
    MessagesReleased,
    MessageUnheard,
    PostKept,
    PostOpened,
    PromiseKept,
    PromiseMade,
    SaidMoved,
    ScamEnded,
    ScamPublished,
    WordsLoaded,
)


def contact_made(row: Any, fact: ContactMade, entry: Written) -> None:
    row.voice, row.person, row.home, row.repair = fact.voice, fact.person, fact.home, fact.repair
    row.channel, row.direction, row.said, row.audience = fact.channel, fact.direction, fact.said, fact.audience
    row.proof = fact.proof
    row.by, row.happened_at, row.recorded_at = entry.by, entry.at, entry.recorded_at


def email_received(row: Any, fact: EmailReceived, entry: Written) -> None:
    row.voice, row.person, row.repair, row.contact = fact.voice, fact.person, fact.repair, fact.contact
    row.message, row.machine, row.original = fact.message, bool(fact.machine), fact.original
    row.sender, row.name, row.subject, row.said, row.attached = fact.sender, fact.name, fact.subject, fact.said, fact.attached
    row.received_at = entry.at
    if fact.contact is not None or fact.machine:
        row.filed_at, row.filed_by = entry.at, entry.by


def email_filed(row: Any, fact: EmailFiled, entry: Written) -> None:
    row.person, row.repair, row.contact, row.why = fact.person, fact.repair, fact.contact, fact.why
    row.filed_at, row.filed_by = entry.at, entry.by


def post_kept(row: Any, fact: PostKept, entry: Written) -> None:
    row.what, row.reference, row.sealed, row.kept_at = fact.what, fact.reference, fact.sealed, entry.at


def post_opened(row: Any, fact: PostOpened, entry: Written) -> None:
    row.opened_at, row.email, row.spoilt = entry.at, fact.email, fact.spoilt


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
    row.paper, row.format, row.mark, row.told = fact.paper, fact.format, fact.mark, fact.told
    row.status, row.tries, row.taken = "ordered", 0, 0
    row.by, row.command, row.ordered_at = entry.by, entry.command, entry.at


def message_prepared(row: Any, fact: MessagePrepared, entry: Written) -> None:
    row.prepared, row.kept, row.provider, row.form = fact.attempt, fact.blob, fact.provider, fact.form


def message_handed(row: Any, fact: MessageHanded, entry: Written) -> None:
    row.status, row.receipt, row.taken = "handed", fact.receipt, row.taken + 1


def message_sent(row: Any, fact: MessageSent, entry: Written) -> None:
    if row.status != "handed":  # it was counted when it was handed over
        row.taken += 1
    row.status, row.sent_at, row.receipt = "sent", entry.at, fact.receipt


def message_delivered(row: Any, fact: MessageDelivered, entry: Written) -> None:
    row.status, row.heard_at = "delivered", entry.at


def message_unheard(row: Any, fact: MessageUnheard, entry: Written) -> None:
    row.status, row.heard_at, row.why = "unheard", entry.at, fact.why


def message_failed(row: Any, fact: MessageFailed, entry: Written) -> None:
    row.status = "failed" if fact.final else "ordered"
    row.tries, row.tried_at, row.why = row.tries + 1, entry.at, fact.why


def moved(row: Any, fact: SaidMoved, entry: Written) -> None:
    row.person = fact.person


def words_loaded(row: Any, fact: WordsLoaded, entry: Written) -> None:
    row.loaded_at = entry.at


def disowned_keys(fact: MessagesDisowned) -> list[str]:
    return fact.messages


def disowned(row: Any, fact: MessagesDisowned, entry: Written) -> None:
    row.disowned_at = entry.at


def forgery_reported(row: Any, fact: ForgeryReported, entry: Written) -> None:
    row.report, row.channel, row.said, row.reported_at = fact.report, fact.channel, fact.said, entry.at


def forgery_seen(row: Any, fact: ForgerySeen, entry: Written) -> None:
    row.seen_at, row.seen_by = entry.at, entry.by


def scam_published(row: Any, fact: ScamPublished, entry: Written) -> None:
    row.published_at = row.published_at or entry.at
    row.says, row.by, row.said_at, row.ended_at = fact.says, entry.by, entry.at, None


def scam_ended(row: Any, fact: ScamEnded, entry: Written) -> None:
    row.ended_at = entry.at


def letter_keys(fact: LettersHeld | LettersLetGo) -> list[str]:
    """Return the row of each letter."""
    return [f"{fact.incident}.{letter}" for letter in fact.letters]


def answered_keys(fact: LetterAnswered) -> list[str]:
    """Return the row of the letter."""
    return [f"{fact.incident}.{fact.letter}"]


def letter_held(row: Any, fact: LettersHeld, entry: Written) -> None:
    row.incident, row.message, row.held_at = fact.incident, row.id.partition(".")[2], entry.at


def looked_through(row: Any, fact: LettersHeld, entry: Written) -> None:
    row.upto, row.letters = fact.upto, (row.letters or 0) + len(fact.letters)
    if fact.over:
        row.over_at = entry.at


def letter_answered(row: Any, fact: LetterAnswered, entry: Written) -> None:
    row.email, row.promise, row.answered_at = fact.email, fact.promise, entry.at


def released_keys(fact: MessagesReleased) -> list[str]:
    """Return the row of each message."""
    return list(fact.messages)


def message_released(row: Any, fact: MessagesReleased, entry: Written) -> None:
    row.released_at = entry.at


def letter_let_go(row: Any, fact: LettersLetGo, entry: Written) -> None:
    row.let_go_at, row.let_go_by = entry.at, entry.by
