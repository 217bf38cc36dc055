"""Somebody asks by e-mail or by text whether a message is ours. What she sent is compared and kept nowhere; she gets an answer.

This is the one thing that answers by itself: never a machine, once for each question, and seldom to one sender.
"""

import hmac
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from django.conf import settings

from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.config import limits
from lamplit.config.checked import in_short
from lamplit.exchange.post.proving import doubted
from lamplit.exchange.post.reading import read
from lamplit.messages import actions, queries
from lamplit.reactions.letters import write

BY = job("check")
LOCAL = "check"  # the name of the address that answers
Tell = Callable[[str, str, str, str, datetime, str], None]  # channel, to, subject, body, at, command


def asks(address: str) -> bool:
    """Say whether mail to this address asks whether a message is ours."""
    return address.partition("@")[0].lower() == LOCAL


def by_email(raw: bytes, at: datetime, mail_from: str = "", tell: Tell | None = None) -> bool:
    """Answer an e-mail. False when a machine wrote it or nobody can be answered. TooManyError when one sender asks too often."""
    letter = read(raw, mail_from)
    if letter.machine or not letter.sender:
        return False
    limits.count(limits.CHECKS_PER_SENDER, letter.sender, at)
    found = doubted(raw, queries.keys_of_email())
    said = in_short(queries.check_message("", found.said, signed=found.signed))
    _tell(tell, "email", letter.sender, said, at, command_of("email", raw))
    return True


def by_text(number: str, said: str, at: datetime, command: str, tell: Tell | None = None) -> None:
    """Answer a text: a code, or the words of a message. TooManyError when the same number asks too often."""
    limits.count(limits.CHECKS_PER_SENDER, number, at)
    words = said.strip()
    code = is_code(words)
    _tell(tell, "text", number, in_short(queries.check_message(code or "", "" if code else words)), at, command)


def is_code(said: str) -> str | None:
    """Return the code when a text holds nothing else but one, and the word "check" or "code" before it."""
    words = said.upper().replace(":", " ").split()
    while words and words[0] in ("CHECK", "CODE"):
        words = words[1:]
    spelt = "".join(words)
    return spelt if len(spelt) == queries.CODE_LENGTH and spelt.isalnum() else None


def command_of(channel: str, raw: bytes) -> str:
    """Return the command id of a question: keyed, so that nobody can guess from it what she sent."""
    return f"check:{channel}:{hmac.new(settings.SECRET_KEY.encode(), raw, sha256).hexdigest()[:40]}"


def _tell(tell: Tell | None, channel: str, to: str, said: list[str], at: datetime, command: str) -> None:
    subject, body = write("check_answer", at, said=said)
    (tell or _by_message)(channel, to, subject, body, at, command)


def _by_message(channel: str, to: str, subject: str, body: str, at: datetime, command: str) -> None:
    try:
        actions.order_message(
            template="check_answer", subject=subject, body=body, channel=channel, to=to, by=BY, at=at, command=command
        )
    except Refused as refused:
        if not refused.done_before:  # she was answered, and since then we know more
            raise
