"""What a standby kept sealed, once it is opened: each kind stands where it would have, had it come in here."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from lamplit.basics.plain import Plain
from lamplit.basics.refusal import Refused
from lamplit.basics.who import job
from lamplit.config.limits import TooManyError
from lamplit.continuity import intake
from lamplit.exchange.post.landing import land
from lamplit.exchange.post.reading import read
from lamplit.exchange.post.texts import take_text
from lamplit.messages import actions, queries

T = TypeVar("T")
BY = job("post")
URGENT_WITHIN = timedelta(hours=1)
NOBODY = "nobody@invalid"  # of whoever wrote without an address: a person, all the same


class Text(Plain, frozen=True, kw_only=True):
    """A text as the standby kept it."""

    id: str
    source_number: str
    message: str
    at: datetime


class Forgery(Plain, frozen=True, kw_only=True):
    """A report of a message that is not ours, as the standby kept it."""

    channel: str | None
    said: str | None


def work(what: str, payload: bytes, kept_at: datetime, post: str) -> str | None:
    """Do with what was kept as if it had come in here. Returns the e-mail that it stands as, if any. ValueError: it is spoilt.

    Done again for the same post, here or where it was done already, it is done once.
    """
    command = f"post:{post}"
    try:
        return _work(what, payload, kept_at, command, post)
    except Refused as refused:
        if not refused.done_before:  # the standby did it before it was closed, and we took its entries over
            raise
        return None


def _work(what: str, payload: bytes, kept_at: datetime, command: str, post: str) -> str | None:
    if what == "text":
        text = _read(payload, Text)
        with suppress(TooManyError):  # she asked very often whether something is ours, and was answered then
            take_text(text.source_number, text.message, kept_at, command)
        return None
    if what == "not_ours":
        told = _read(payload, Forgery)
        actions.report_forgery(channel=told.channel, said=told.said, by=BY, at=kept_at, command=command)
        return None
    # What its relay gave as the sender is not kept. Whether a machine wrote it, its own lines say.
    letter = read(payload, NOBODY)
    within = _read_within(letter.subject) if what == "report" else None
    return land(payload, kept_at, mail_from=letter.sender or NOBODY, read_within=within, post=post)


def _read_within(subject: str) -> timedelta:
    """Say how soon a report at the standby is read: she may have waited for its opening, and the time ran all the while."""
    return URGENT_WITHIN if subject.endswith((intake.URGENT, intake.MAYBE_URGENT)) else queries.READ_WITHIN


def _read(payload: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
