"""E-mail by SMTP to the landlord's own mail relay, always over TLS (RFC 3207, RFC 8314).

SMTP knows no key: a relay that took a message and died before we wrote that down cannot be asked. Such a message goes a second
time, with the same bytes and the same Message-ID, by which most mailboxes show it once. So this is at least once, and we say so.
"""

import hashlib
import hmac
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial

from lamplit.basics.plain import Plain
from lamplit.reactions.providers.interface import Form, Heard, NotSent, Outgoing, Taken
from lamplit.reactions.providers.mail import Letterhead, Signer, written

PATIENCE = 30.0  # seconds for each answer of the relay
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")  # RFC 3463


class Relay(Plain, frozen=True, kw_only=True):
    """The landlord's mail relay. `security`: `starttls` on 587, `tls` on 465, or `none`, which only this machine may have."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str | None = None
    password: str | None = None
    certificates: str | None = None  # a file with the authority of a relay that has its own


class Smtp:
    """Gives e-mail to a relay. `bounces` is where what cannot be delivered comes back to: each message has its own."""

    name = "smtp"
    tells = False

    def __init__(
        self, relay: Relay, head: Letterhead, signer: Signer | None, bounces: str, secret: bytes,
        patience: float = PATIENCE,
    ) -> None:  # fmt: skip
        self._relay, self._head, self._signer, self._patience = relay, head, signer, patience
        self._bounces, self._secret = bounces, secret

    def form(self, message: Outgoing) -> Form | None:
        return Form(kind="email", data=written(message, self._head, self._signer))

    def send(self, message: Outgoing, form: Form | None) -> Taken:
        if form is None:
            raise NotSent("An e-mail without its bytes cannot be sent.", final=True)
        back = bounce_address(self._bounces, message.key, self._secret)
        said = self._with_relay(lambda relay: _give(relay, back, message.to, form.data))
        return Taken(receipt=f"relay {self._relay.host}: {said}"[:500])

    def find(self, key: str) -> Taken | None:
        return None

    def hear(self, keys: Iterable[str], at: datetime) -> list[Heard]:
        return []  # what cannot be delivered comes back as e-mail (lamplit/exchange/post)

    def check(self, at: datetime) -> list[str]:
        """Say whether the relay lets us in."""
        try:
            self._with_relay(lambda relay: str(relay.noop()[0]))
        except NotSent as trouble:
            return [str(trouble)]
        return []

    def _with_relay(self, do: Callable[[smtplib.SMTP], str]) -> str:
        try:
            relay = self._open()
            try:
                return do(relay)
            finally:
                with suppress(smtplib.SMTPException, OSError):  # it has taken it, or said why not
                    relay.quit()
        except smtplib.SMTPAuthenticationError as error:
            raise NotSent(
                f"The mail relay {self._relay.host} does not let us in: its name or password is wrong.", final=False
            ) from error
        except ssl.SSLError as error:
            raise NotSent(f"The mail relay {self._relay.host} shows no good certificate.", final=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"The mail relay {self._relay.host} does not answer ({type(error).__name__}).", final=False) from error

    def _open(self) -> smtplib.SMTP:
        host, port, context = self._relay.host, self._relay.port, ssl.create_default_context(cafile=self._relay.certificates)
        relay: smtplib.SMTP
        if self._relay.security == "tls":
            relay = smtplib.SMTP_SSL(host, port, timeout=self._patience, context=context)
        else:
            relay = smtplib.SMTP(host, port, timeout=self._patience)
            if self._relay.security == "starttls":
                relay.starttls(context=context)
        if self._relay.user is not None:
            relay.login(self._relay.user, self._relay.password or "")
        return relay


def _give(relay: smtplib.SMTP, back: str, to: str, data: bytes) -> str:
    """Say MAIL, RCPT and DATA. Returns the relay's own words for having it."""
    relay.ehlo_or_helo_if_needed()
    for ask in (partial(relay.mail, back), partial(relay.rcpt, to), partial(_data, relay, data)):
        code, said = ask()
        if code not in (250, 251):
            raise refusal(code, said)
    return said.decode("utf-8", "replace")


def _data(relay: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
    try:
        return relay.data(data)
    except smtplib.SMTPDataError as error:  # it would not begin to listen
        said = error.smtp_error
        return error.smtp_code, said if isinstance(said, bytes) else said.encode()


def refusal(code: int, said: bytes) -> NotSent:
    """Return what a relay's no means: 4xx may pass, 5xx never will; 5.1.x says that the address is none (RFC 3463)."""
    words = " ".join(said.decode("utf-8", "replace").split())[:300]
    return NotSent(f"The mail relay said: {code} {words}", final=code >= 500, dead=code >= 500 and is_dead(words))


def is_dead(status: str) -> bool:
    """Say whether a status (RFC 3463) tells that the address itself does not work: 5.1.x, or 5.2.1, a mailbox that was shut."""
    found = _ENHANCED.search(status)
    return found is not None and found[1] == "5" and (found[2] == "1" or (found[2], found[3]) == ("2", "1"))


def bounce_address(bounces: str, key: str, secret: bytes) -> str:
    """Return where one message comes back to: only we can make it, so nobody can say of a stranger's message that it failed."""
    name, _, domain = bounces.partition("@")
    return f"{name}+{key}={_mark(key, secret)}@{domain}"


def key_of_bounce(address: str, bounces: str, secret: bytes) -> str | None:
    """Return the key of the message that came back to this address, or None when it is none of ours."""
    name, _, domain = bounces.partition("@")
    local, _, at = address.rpartition("@")
    found = re.fullmatch(re.escape(name) + r"\+([a-z0-9_.]{1,40})=([0-9a-f]{16})", local, re.IGNORECASE)
    if found is None or at.lower() != domain.lower():
        return None
    key = found[1].lower()
    return key if hmac.compare_digest(found[2].lower(), _mark(key, secret)) else None


def _mark(key: str, secret: bytes) -> str:
    return hmac.new(secret, f"bounce\n{key}".encode(), hashlib.sha256).hexdigest()[:16]
