"""Is it ours? The words that messages are checked against, messages disowned, forgeries reported, warnings of frauds."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lamplit.basics.refusal import Refused
from lamplit.basics.who import By
from lamplit.messages import queries, rules
from lamplit.messages.facts import (
    ForgeryReported,
    ForgerySeen,
    MessagesDisowned,
    ScamEnded,
    ScamPublished,
    WordsLoaded,
)
from lamplit.messages.models import Forgery, Scam, Wording
from lamplit.messages.rules.templates import Words, written
from lamplit.record.encode import clean
from lamplit.record.page import Page, action
from lamplit.record.tidy import tidy

AT_ONCE = 500  # messages in one fact


@action
def load_words(page: Page, *, words: Words, by: By, at: datetime, command: str) -> str:
    """Keep the templates that are in use, so that messages can be checked against them. Returns the name of their blob."""
    name = page.keep_blob(written(words))
    newest = queries.wordings(limit=1)
    if page.lock(Wording, name) is None or (newest and newest[0] != name):
        page.write(WordsLoaded(words=name))
    return name


@action
def disown_messages(
    page: Page, *, actor: str, from_at: datetime, to_at: datetime, agreed: list[str], entries: Iterable[str] = (),
    by: By, at: datetime, command: str,
) -> list[str]:  # fmt: skip
    """Say that what an account sent in that time was sent by somebody who had stolen it. Returns the messages.

    `actor` as the record names it (`staff:s_...`); `entries`: what it wrote then, so that messages which followed by themselves
    count too. `agreed`: two members of staff, neither of them that account. Nothing happens to messages disowned before.
    Refused: messages.needs_two, messages.no_such_time.
    """
    two = list(dict.fromkeys(agreed))
    if len(two) != 2 or actor.partition(":")[2] in two:
        raise Refused("messages.needs_two")
    if from_at > to_at:
        raise Refused("messages.no_such_time")
    found = queries.sent_by(actor, from_at, to_at, list(entries))
    for start in range(0, len(found), AT_ONCE):
        some = found[start : start + AT_ONCE]
        page.write(
            MessagesDisowned(
                disowning=page.new_id("d"), actor=actor, from_at=from_at, to_at=to_at, messages=some, agreed=sorted(two)
            )
        )
    return found


@action
def report_forgery(page: Page, *, channel: str | None = None, said: str | None = None, by: By, at: datetime, command: str) -> str:
    """Take the report of a message that is not ours. `said` only if she agreed that we keep it. Returns its id.

    Refused: messages.no_such_choice, messages.too_long.
    """
    if channel is not None and channel not in rules.CHANNELS:
        raise Refused("messages.no_such_choice", channel=channel)
    words = tidy(said)
    if words is not None and len(words) > rules.LONGEST:
        raise Refused("messages.too_long", longest=f"{rules.LONGEST:,}")
    report = page.new_id("n")
    page.write(ForgeryReported(report=report, channel=channel, said=words))
    return report


@action
def see_forgery(page: Page, *, report: str, by: By, at: datetime, command: str) -> None:
    """Say that a report was read. Read twice, it is written once. Refused: messages.no_such_report."""
    row: Any = page.lock(Forgery, report)
    if row is None:
        raise Refused("messages.no_such_report", report=report)
    if row.seen_at is None:
        page.write(ForgerySeen(report=report))


@action
def publish_scam(page: Page, *, says: str, scam: str | None = None, by: By, at: datetime, command: str) -> str:
    """Warn everybody of a fraud; with `scam` the words about one are changed. Returns its id.

    Refused: messages.nothing_said, messages.too_long, messages.has_link, messages.asks_for_money, messages.no_such_scam.
    """
    rules.check_body(says)
    if len(says) > rules.LONGEST_WARNING:
        raise Refused("messages.too_long", longest=f"{rules.LONGEST_WARNING:,}")
    if scam is not None and page.lock(Scam, scam) is None:
        raise Refused("messages.no_such_scam", scam=scam)
    made = scam or page.new_id("n")
    page.write(ScamPublished(scam=made, says=clean(says)))
    return made


@action
def end_scam(page: Page, *, scam: str, by: By, at: datetime, command: str) -> None:
    """Warn of a fraud no more. Refused: messages.no_such_scam."""
    row: Any = page.lock(Scam, scam)
    if row is None or row.ended_at is not None:
        raise Refused("messages.no_such_scam", scam=scam)
    page.write(ScamEnded(scam=scam))
