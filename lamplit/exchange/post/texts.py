"""A text that came in: whether a message is ours, the answer to "is it mended?", or words that a person reads."""

from datetime import datetime

from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.exchange.post.asked import by_text, is_code
from lamplit.messages import actions, queries
from lamplit.people import queries as people
from lamplit.repairs import actions as repairs

BY = job("texts")


def take_text(number: str, said: str, at: datetime, command: str) -> None:
    """Take a text. The same one twice is taken once. TooManyError when one number asks too often whether something is ours."""
    words = said.strip()
    if is_code(words) or words.lower().startswith(("check ", "check\n")):
        by_text(number, words, at, f"{command}:check")
        return
    try:
        repairs.answer_by_text(sender=number, said=words or "?", by=BY, at=at, command=f"{command}:answer")
    except Refused as refused:
        if refused.code != "repairs.no_question":
            raise
        _asked_or_told(number, words, at, command)


def _asked_or_told(number: str, words: str, at: datetime, command: str) -> None:
    """Answer words with a code of ours in them; of any others it is promised that somebody reads them."""
    if queries.check_message("", words).known:
        by_text(number, words, at, f"{command}:check")
        return
    owners = {way.person for way in people.reached_at(number)}
    person = owners.pop() if len(owners) == 1 else None
    actions.record_contact(
        channel="text", direction="in", said=f"From {number}:\n{words or '(no words)'}"[:8_000], person=person, audience="staff",
        promise="Read the text that came in, and answer it", promise_due_at=actions.Counted(at + queries.READ_WITHIN), by=BY,
        at=at, command=f"{command}:read",
    )  # fmt: skip
