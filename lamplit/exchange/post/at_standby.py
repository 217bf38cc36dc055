"""E-mail and texts that come in at the standby: kept sealed in its own record, and only then answered with a number.

Once it has taken over they land as they do on main. Answers go by the standby's own providers, never by main's.
"""

import hashlib
import logging
from datetime import datetime

import msgspec
from django.conf import settings

from lamplit.config import limits, place, providers, standing_by
from lamplit.continuity import heir, intake
from lamplit.exchange.post import asked
from lamplit.exchange.post.listener import Came, keep
from lamplit.exchange.post.reading import read
from lamplit.exchange.post.texts import take_text
from lamplit.messages import queries
from lamplit.reactions.letters import write
from lamplit.reactions.providers.interface import NotSent, Outgoing
from lamplit.reactions.providers.plain import Folder

log = logging.getLogger(__name__)


def take_mail(mail: Came, at: datetime) -> str:
    """Keep an e-mail, then answer it. Returns what its relay is told. TooManyError: the relay has it, and tries again."""
    if has_taken_over():
        return keep(mail, at)
    limits.count(limits.MAILS_PER_PEER, mail.peer, at)
    if any(map(asked.asks, mail.to)):
        asked.by_email(mail.raw, at, mail.mail_from, _send)
        if all(map(asked.asks, mail.to)):
            return "Answered"
    command = intake.command_of(settings.SECRET_KEY, "mail", mail.raw)
    number = intake.keep_sealed("mail", mail.raw, heir.recipients(place.key_folder()), at=at, command=command)
    letter = read(mail.raw, mail.mail_from)
    if not letter.machine and letter.sender:
        _answer("email", letter.sender, number, at, command)
    return f"Kept as {number}"


def keep_text(number: str, said: str, ident: str, at: datetime) -> None:
    """Take a text: answer what asks whether a message is ours, keep any other sealed."""
    command = asked.command_of("text", ident.encode())
    if has_taken_over():
        take_text(number, said, at, f"text:{command}")
        return
    if asked.is_code(said) or queries.check_message("", said).known:
        asked.by_text(number, said, at, command, _send)
        return
    payload = msgspec.json.encode({"id": ident, "source_number": number, "message": said, "at": at})
    to = heir.recipients(place.key_folder())
    _answer("text", number, intake.keep_sealed("text", payload, to, at=at, command=f"text:{command}"), at, command)


def has_taken_over() -> bool:
    """Whether what comes in can be opened and worked here."""
    taken = standing_by.taken_over()
    return taken is not None and standing_by.ready(taken)


def _answer(channel: str, to: str, number: str, at: datetime, command: str) -> None:
    """Tell the sender the number. It is kept already, so whatever goes wrong here, she is not told that it failed."""
    subject, body = write("post_kept", at, reference=number)
    try:
        limits.count(limits.ANSWERS_PER_SENDER, to, at)
        _send(channel, to, subject, body, at, command)
    except (limits.TooManyError, NotSent) as trouble:
        log.warning("%s is kept, and its sender was not told: %s", number, trouble)


def _send(channel: str, to: str, subject: str, body: str, at: datetime, command: str) -> None:
    """Send by the provider that was chosen here; where none is, into the folder of messages. NotSent."""
    key = f"s-{hashlib.sha256(command.encode()).hexdigest()[:32]}"
    going = Outgoing(key=key, channel=channel, to=to, subject=subject, body=body, at=at)
    provider = providers.carriers().chosen(channel) or Folder(place.home() / "messages")
    provider.send(going, provider.form(going))
