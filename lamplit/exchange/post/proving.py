"""An e-mail that somebody doubts, as a file: its words, and whether our own domain signed it (DKIM, RFC 6376).

Only keys that we have kept count. The DNS is not asked: whoever attacks us may have that too.
"""

from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.policy import compat32
from typing import Any, NamedTuple

from lamplit.exchange.post.reading import read

MOST_INSIDE = 5  # mails that a mail may carry
MOST_SIGNATURES = 5


class Doubted(NamedTuple):
    """Its words, with its subject in the first line. `signed`: whole, from an address of the domain that signed."""

    said: str
    signed: bool


def doubted(raw: bytes, keys: Mapping[str, str]) -> Doubted:
    """Read the mail that somebody doubts: the one that we signed, else the innermost that was sent with it, else this one."""
    every = [raw, *_inside(raw)]
    signed = next((one for one in every if is_ours(one, keys)), None)
    chosen = signed or every[-1]
    letter = read(chosen)
    return Doubted(f"{letter.subject}\n\n{letter.said}".strip(), signed is not None)


def _inside(raw: bytes) -> Iterator[bytes]:
    """Yield the mails that a mail carries as files, as they came."""
    try:
        parts = list(message_from_bytes(raw, policy=compat32).walk())
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError, KeyError):
        return
    found = [part for part in parts if part.get_content_type() == "message/rfc822"]
    for part in found[:MOST_INSIDE]:
        inner: Any = part.get_payload()
        if isinstance(inner, list) and inner:
            yield inner[0].as_bytes()


def is_ours(raw: bytes, keys: Mapping[str, str]) -> bool:
    """Say whether one of our keys signed a mail, all of its words, as from an address of that key's own domain."""
    import dkim  # noqa: PLC0415 - brings a resolver with it, and only who checks an e-mail needs it

    domains = {name.partition("._domainkey.")[2].rstrip(".") for name in keys}
    mail = _crlf(raw)
    # Whoever may say for how much of a mail a signature stands could write more below it.
    if not domains or read(raw).sender.rpartition("@")[2].lower() not in domains:
        return False
    count = min(MOST_SIGNATURES, len(dkim.DKIM(mail).headers))
    return any(_signs(dkim.DKIM(mail), number, keys, read(raw).sender) for number in range(count))


def _signs(mail: Any, number: int, keys: Mapping[str, str], sender: str) -> bool:
    """Say whether the signature of that number holds. A mail with fewer, or with a broken one, proves nothing."""
    try:
        good = bool(mail.verify(idx=number, dnsfunc=lambda name, timeout=5: _key(keys, name)))  # noqa: ARG005 - as it is asked
        domain = (mail.domain or b"").decode().lower()
    except Exception:  # noqa: BLE001 - whatever is wrong with it
        return False
    return good and b"l" not in mail.signature_fields and domain == sender.rpartition("@")[2].lower()


def _key(keys: Mapping[str, str], name: bytes | str) -> bytes | None:
    wanted = (name.decode() if isinstance(name, bytes) else name).lower().rstrip(".") + "."
    found = keys.get(wanted)
    return found.encode() if found is not None else None


def _crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
