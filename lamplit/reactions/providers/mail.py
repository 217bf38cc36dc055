"""An e-mail as it leaves us: plain words and the same words as simple HTML, signed by our domain (DKIM, RFC 6376)."""

import html
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from lamplit.basics.plain import Plain
from lamplit.basics.words import london
from lamplit.reactions.providers.interface import NotSent, Outgoing

_SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"auto-submitted", b"mime-version", b"content-type",
)  # fmt: skip
_POLICY = SMTP.clone(max_line_length=76)


class Signer(Plain, frozen=True, kw_only=True):
    """What we sign with. `key` is the private key as PEM; its public half stands in the DNS at selector._domainkey.domain."""

    domain: str
    selector: str
    key: bytes


class Letterhead(Plain, frozen=True, kw_only=True):
    """Whom e-mail is from. `address` belongs to the domain that signs (or DMARC throws it away); replies go to `reply_to`."""

    name: str
    address: str
    reply_to: str | None = None


def written(message: Outgoing, head: Letterhead, signer: Signer | None) -> bytes:
    """Return the bytes of an e-mail. NotSent when its address cannot stand in one."""
    mail = EmailMessage(policy=_POLICY)
    try:
        mail["From"] = formataddr((head.name, head.address))
        mail["To"] = message.to
        mail["Subject"] = " ".join(message.subject.split())
        if not mail["To"].addresses or mail["To"].defects:
            raise ValueError("no address")
    except (ValueError, IndexError) as error:
        raise NotSent("This is no e-mail address.", final=True, dead=True) from error
    if head.reply_to:
        mail["Reply-To"] = head.reply_to
    mail["Date"] = format_datetime(london(message.at))
    mail["Message-ID"] = message_id(message.key, head)
    # RFC 3834: a machine wrote it, so no other machine answers. That is one half of why no two of them can talk for ever.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.body + "\n", cte="quoted-printable")
    mail.add_alternative(as_html(message.subject, message.body), subtype="html", cte="quoted-printable")
    mail.set_boundary(f"=_{message.key}")  # the same message twice is the same bytes
    if message.paper is not None:
        mail.add_attachment(message.paper, maintype="application", subtype="pdf", filename="paper.pdf")
        mail.set_boundary(f"=_{message.key}.paper")
    raw = mail.as_bytes()
    return raw if signer is None else _signature(raw, signer) + raw


def message_id(key: str, head: Letterhead) -> str:
    """Return the Message-ID of a message: whoever answers names it, and so we find what she answers."""
    return f"<{key}@{head.address.partition('@')[2]}>"


def as_html(subject: str, body: str) -> str:
    """Return the words as HTML that any reader shows: paragraphs, nothing fetched, nothing to click."""
    parts = [html.escape(part.strip()).replace("\n", "<br>\n") for part in re.split(r"\n{2,}", body.strip())]
    paragraphs = "\n".join(f"<p>{part}</p>" for part in parts if part)
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{html.escape(subject)}</title></head>\n'
        f'<body style="font: 19px/1.5 sans-serif; max-width: 34em">\n{paragraphs}\n</body></html>\n'
    )


def _signature(raw: bytes, signer: Signer) -> bytes:
    named = [line.partition(b":")[0].lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n") if line[:1].strip()]
    signed = [name for name in _SIGNED if name in named]
    import dkim  # noqa: PLC0415 - brings a resolver with it, and only who sends signs

    made: bytes = dkim.sign(
        raw, signer.selector.encode(), signer.domain.encode(), signer.key,
        canonicalize=(b"relaxed", b"relaxed"), include_headers=[*signed, b"from"],  # once too often: nobody adds a second From
    )  # fmt: skip
    return made
