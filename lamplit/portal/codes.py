"""One-time codes: six digits that let somebody in to her own person. A code is a secret, so it is never in the record.

Asking looks the same and does the same work whether or not we know the number or address: it tells nobody who lives where.
"""

import hashlib
import hmac
import logging
import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import F

from lamplit.basics.clock import now
from lamplit.basics.phone_email import read_email, read_phone
from lamplit.config.code_sender import sender
from lamplit.config.providers import carriers
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import unmarked
from lamplit.config.when import clock_time
from lamplit.people import queries as people
from lamplit.portal.models import DemoCode, SignInCode
from lamplit.reactions.providers.interface import Outgoing, Provider
from lamplit.record.search import spell

log = logging.getLogger(__name__)
LIVES = timedelta(minutes=15)
TRIES = 5
FORGOTTEN_AFTER = timedelta(days=1)


class Outbox:
    """The demo's sender: /demo/outbox shows what would have been sent."""

    def send(self, channel: str, to: str, words: str) -> None:
        DemoCode.objects.create(channel=channel, to=to, words=words, sent_at=now())


class Folder:
    """Writes each code as a file into $LAMPLIT_HOME/codes, for the landlord's own gateway to carry and remove."""

    def __init__(self) -> None:
        self._path = Path(settings.CODES_FOLDER)
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="codes")

    def send(self, channel: str, to: str, words: str) -> None:
        self._threads.submit(self._write, channel, to, words)

    def _write(self, channel: str, to: str, words: str) -> None:
        name = secrets.token_hex(8)
        part = self._path / f".{name}.part"
        try:
            descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(f"Channel: {channel}\nTo: {to}\n\n{words}\n")
            part.replace(self._path / f"{name}.txt")
        except OSError:
            log.exception("a sign-in code could not be handed on")


class Carried:
    """Gives codes to the provider that carries messages of that kind; where none is chosen, they go into the folder.

    It answers at once, so that nobody can tell by the time it takes whether a code was sent.
    """

    def __init__(self) -> None:
        self._folder, self._carriers = Folder(), carriers()
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="codes")

    def send(self, channel: str, to: str, words: str) -> None:
        provider = self._carriers.chosen(channel)
        if provider is None:
            self._folder.send(channel, to, words)
        else:
            self._threads.submit(self._give, provider, channel, to, words)

    def _give(self, provider: Provider, channel: str, to: str, words: str) -> None:
        key = f"code_{secrets.token_hex(10)}"
        subject = f"Your code for {settings.LANDLORD['name']}"
        message = Outgoing(key=key, channel=channel, to=to, subject=subject, body=words, at=now())
        try:
            provider.send(message, provider.form(message))
        except Exception as error:  # noqa: BLE001 - whatever is wrong, whoever waits asks for another one
            log.error("a code could not be handed on: %s", type(error).__name__)  # noqa: TRY400 - its words may hold the address


class Asked(NamedTuple):
    """What the next page needs: the id for the session, how it would be sent, and until when the code works."""

    id: str
    sent_by: str
    until_at: datetime


def contact_of(typed: str) -> str | None:
    """Return a telephone number or e-mail address in its one normal form, or None when it is neither."""
    return read_email(typed) if "@" in typed else read_phone(typed)


def ask_for_code(contact: str, at: datetime) -> Asked:
    """Make a code for a number or address in its normal form, and send it if somebody whom we know may get it there."""
    ident, code, until_at = secrets.token_urlsafe(18), f"{secrets.randbelow(1_000_000):06}", at + LIVES
    ways = people.reached_at(contact)
    asked_by = "email" if "@" in contact else "text"
    SignInCode.objects.filter(expires_at__lt=at - FORGOTTEN_AFTER).delete()
    SignInCode.objects.create(
        id=ident,
        code_hash=_hash(ident, code),
        people=sorted({way.person for way in ways}),
        sent_by=asked_by,
        expires_at=until_at,
    )
    if ways:
        sender().send(asked_by, ways[0].value, _words(code, until_at))
    return Asked(ident, asked_by, until_at)


def _words(code: str, until_at: datetime) -> str:
    """Say the code first, so that it can be read on a locked phone; no link, as in every message of ours.

    It is in the language of the page on which it was asked for.
    """
    said = _(
        "%(code)s is your code to sign in to %(landlord)s. It works until %(time)s. We never ask you for it."
        " If you did not ask for it, do nothing."
    )
    return unmarked(said % {"code": code, "landlord": settings.LANDLORD["name"], "time": clock_time(until_at)})


def _hash(ident: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{ident}\n{code}".encode(), hashlib.sha256).hexdigest()


def pending(ident: str | None, at: datetime) -> SignInCode | None:
    """Return a code that still works, or None."""
    if not ident:
        return None
    return SignInCode.objects.filter(id=ident, expires_at__gt=at, tries__lt=TRIES).first()


def try_code(ident: str, typed: str, at: datetime) -> list[str] | None:
    """Try a code. Returns whom it lets in, or None when it is wrong. Each try counts before it is looked at."""
    digits = "".join(c for c in typed if c.isdecimal())
    row = _count(ident, at, proved=False)
    if row is None or not hmac.compare_digest(row.code_hash, _hash(ident, digits)) or not row.people:
        return None
    SignInCode.objects.filter(id=ident).update(proved=True, tries=0)
    return list(row.people)


def try_name(ident: str, typed: str, at: datetime) -> str | None:
    """Tell apart people who share a number or address, once its code was right: by her name as we have it, or None."""
    row = _count(ident, at, proved=True)
    wanted = spell(typed)
    if row is None or not wanted:
        return None
    known = people.people(row.people)
    named = [key for key, one in known.items() if wanted in (spell(str(one.name or "")), spell(str(one.known_as or "")))]
    return named[0] if len(named) == 1 else None


def _count(ident: str, at: datetime, *, proved: bool) -> SignInCode | None:
    live = SignInCode.objects.filter(id=ident, expires_at__gt=at, tries__lt=TRIES, proved=proved)
    if live.update(tries=F("tries") + 1) != 1:
        return None
    return SignInCode.objects.get(id=ident)


def forget(ident: str) -> None:
    """A code that was used is used up."""
    SignInCode.objects.filter(id=ident).delete()
