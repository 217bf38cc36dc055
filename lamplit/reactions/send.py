"""Sending what was ordered: outside any transaction, then the answer as a fact. At least once, with the same key."""

import logging
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from lamplit.basics.who import job
from lamplit.complaints import queries as complaints
from lamplit.messages import actions, queries
from lamplit.messages.queries import Message

log = logging.getLogger(__name__)
BATCH = 50
BY = job("sender")


class NotSent(Exception):  # noqa: N818 - it is an answer
    """A provider could not take a message. `final`: it never will, so another way must be tried."""

    def __init__(self, why: str, *, final: bool) -> None:
        super().__init__(why)
        self.final = final


class Provider(Protocol):
    """Whoever carries messages. `send` returns the receipt or raises NotSent; the same `key` twice sends once."""

    def send(self, message: Message, key: str) -> str: ...


class Outbox:
    """The demo's provider: a message is sent when it stands in the outbox, a page that shows what was ordered."""

    def send(self, message: Message, key: str) -> str:
        return f"outbox {key}"


class Folder:
    """Writes each message as a file named by its key, for another program to carry."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def send(self, message: Message, key: str) -> str:
        lines = [f"Channel: {message.channel}", f"To: {message.to}", f"Name: {message.name or ''}"]
        lines += [f"Format: {message.format}"] if message.format else []
        text = "\n".join([*lines, f"Subject: {message.subject}", "", str(message.body), ""])
        part = self._path / f".{key}.part"
        try:
            with part.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path / f"{key}.txt")
        except OSError as error:
            raise NotSent(f"The folder for messages cannot be written: {error.strerror}.", final=False) from error
        return f"file {key}.txt"


def send_waiting(
    provider: Provider, at: datetime, clock: Callable[[], datetime], stopping: Callable[[], bool] = lambda: False
) -> int:
    """Give what waits at `at` to the provider, at most BATCH, until `stopping`. Returns how many were tried.

    `clock` times each answer.
    """
    count = 0
    for message in queries.to_send(at, BATCH):
        if stopping():
            break
        _send(provider, message, clock)
        count += 1
    return count


def _send(provider: Provider, message: Message, clock: Callable[[], datetime]) -> None:
    # A message whose key was destroyed meanwhile can reach nobody.
    readable = isinstance(message.to, str) and isinstance(message.body, str)
    try:
        if not readable:
            raise NotSent("It was erased, or cannot be read here.", final=True)
        receipt = _give(provider, message)
    except NotSent as failure:
        log.warning("message %s was not sent: %s", message.id, failure)
        actions.record_failed(
            message=message.id,
            why=str(failure),
            final=failure.final,
            reach=_whose_ways(message),
            by=BY,
            at=clock(),
            command=f"job:failed:{message.id}:{message.tries + 1}",
        )
        return
    actions.record_sent(message=message.id, receipt=receipt, by=BY, at=clock(), command=f"job:sent:{message.id}")


def _give(provider: Provider, message: Message) -> str:
    """Give a message to the provider. NotSent also where the provider breaks: the others do not wait behind it."""
    try:
        return provider.send(message, message.id)
    except NotSent:
        raise
    except Exception as error:
        log.exception("the provider broke on message %s", message.id)
        raise NotSent(f"The provider broke ({type(error).__name__}).", final=False) from error


def _whose_ways(message: Message) -> str | None:
    """Return the person to try another way, also where the message does not name her: one about a complaint."""
    if message.person is not None:
        return message.person  # type: ignore[no-any-return]  # the column is text
    complaint = complaints.complaint(message.voice)
    return complaint.person if complaint and isinstance(complaint.person, str) else None
