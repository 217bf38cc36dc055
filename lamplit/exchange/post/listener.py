"""Takes e-mail by SMTP, and says "250" only when it is kept: on main in the record, on a standby sealed in its own.

Until then whoever sends it has it and tries again for days: so nothing that was sent to us is lost while we are down, and what
comes twice is kept once. We pass nothing on, nobody signs in here, and nobody may keep the door busy.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection

from lamplit.basics.plain import Plain
from lamplit.config.limits import TooManyError
from lamplit.exchange.post.asked import asks, by_email
from lamplit.exchange.post.landing import land
from lamplit.exchange.post.reading import LONGEST
from lamplit.reactions.providers.smtp import key_of_bounce

log = logging.getLogger(__name__)
logging.getLogger("mail.log").setLevel(logging.ERROR)  # its library writes every line of a relay, addresses too
MOST_TO = 20  # recipients of one e-mail
PATIENCE = 60  # seconds in which a relay must say something
MOST_OPEN = 50  # connections at a time
LONGEST_TALK = 600  # seconds of one connection


class Came(Plain, frozen=True, kw_only=True):
    """An e-mail as it came. `returned`: the key of a message of ours, when it came to where such messages come back to."""

    raw: bytes
    mail_from: str
    to: Sequence[str]
    peer: str
    returned: str | None = None


def keep(mail: Came, at: datetime) -> str:
    """Answer what asks whether a message is ours, and land the rest in the record. What was only asked is not kept."""
    if any(map(asks, mail.to)):
        by_email(mail.raw, at, mail.mail_from)
    if all(map(asks, mail.to)):
        return "Answered"
    email = land(mail.raw, at, mail_from=mail.mail_from, returned=mail.returned)
    return f"Kept as {email}" if email is not None else "Kept before"


class Post:
    """What we say to each line of a relay. `addresses`: for which we take mail; `bounces`: where ours come back to.

    `take` keeps an e-mail, and only then returns what the relay is told.
    """

    def __init__(
        self, addresses: list[str], bounces: str | None, secret: bytes, clock: Callable[[], datetime],
        take: Callable[[Came, datetime], str] = keep,
    ) -> None:  # fmt: skip
        self._addresses = {one.lower() for one in addresses}
        self._bounces, self._secret, self._clock, self._keep = bounces, secret, clock, take
        self._one = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")  # one after the other, as they came
        self.trouble = ""

    def close(self) -> None:
        self._one.shutdown(wait=True)

    async def handle_RCPT(  # noqa: N802 - its library calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take mail for our addresses alone: we pass nothing on."""
        if len(envelope.rcpt_tos) >= MOST_TO:
            return "452 4.5.3 Too many recipients"
        if address.lower() not in self._addresses and self._key(address) is None:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        """Keep it, then say so."""
        content: Any = envelope.content
        raw = content if isinstance(content, bytes) else b""
        returned = next((key for one in envelope.rcpt_tos if (key := self._key(one)) is not None), None)
        where: Any = session.peer
        peer = str(where[0]) if where else ""
        mail = Came(raw=raw, mail_from=envelope.mail_from or "", to=list(envelope.rcpt_tos), peer=peer, returned=returned)
        try:
            said = await asyncio.get_running_loop().run_in_executor(self._one, self._take, mail)
        except TooManyError:
            return "451 4.7.1 You write very often. Try again later"
        except Exception as error:
            log.exception("an e-mail could not be kept; its relay has it and tries again")
            self.trouble = f"An e-mail could not be kept ({type(error).__name__}). Its relay tries again."
            return "451 4.3.0 It cannot be kept just now. Try again later"
        self.trouble = ""
        return f"250 2.0.0 {said}"

    def _key(self, address: str) -> str | None:
        return key_of_bounce(address, self._bounces, self._secret) if self._bounces else None

    def _take(self, mail: Came) -> str:
        try:
            return self._keep(mail, self._clock())
        finally:
            connection.close()  # hours may pass until the next one


class _Talk(SMTP):
    """One connection: turned away where there are too many, and ended when it goes on for too long."""

    def __init__(self, door: "Listener", *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._door = door
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        again = self._end is not None  # the same connection, after STARTTLS
        super().connection_made(transport)
        if again:
            return
        self._door.open += 1
        self._end = asyncio.get_running_loop().call_later(self._door.longest_talk, transport.abort)
        if self._door.open > self._door.most_open:
            transport.write(b"421 4.3.2 Too many connections. Try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if self._end is not None:
            self._end.cancel()
            self._door.open, self._end = self._door.open - 1, None
        super().connection_lost(error)


class Listener(Controller):
    """The open door. In a thread of its own, which ends with `stop`."""

    most_open, longest_talk = MOST_OPEN, LONGEST_TALK

    def __init__(self, post: Post, host: str, port: int, certificate: tuple[str, str] | None = None) -> None:
        self.open = 0
        self._tls: ssl.SSLContext | None = None
        if certificate is not None:
            self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._tls.load_cert_chain(*certificate)
        super().__init__(post, hostname=host, port=port, ready_timeout=60)  # a machine may be busy when it starts

    def factory(self) -> SMTP:
        """Say how we listen: no more than a photo's worth, with STARTTLS where we have a certificate."""
        more: dict[str, Any] = {"tls_context": self._tls, "require_starttls": self._tls is not None}
        return _Talk(
            self,
            self.handler,
            data_size_limit=LONGEST,
            hostname="lamplit",
            ident="post",
            timeout=PATIENCE,
            enable_SMTPUTF8=True,
            **more,
        )
