"""Reads an e-mail that anybody may have sent: whatever it is, an answer comes out, and nothing is run, fetched or unpacked.

Only the standard library reads it. What it says of itself (who, when, what kind of file) is kept as its word, never believed.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Any, NamedTuple

from lamplit.basics.phone_email import read_email
from lamplit.config.photos.reading import MOST_BYTES, kind_of

LONGEST = 25 * 1024 * 1024  # bytes: a photo of 15 MB as e-mail writes it
MOST_PARTS, DEEPEST = 200, 20
LONGEST_WORDS, LONGEST_PAGE = 100_000, 500_000  # characters that are looked at
LONGEST_LINE = 300  # of a subject, a name, a file's name
MOST_HOPS = 50  # lines that relays left: more is a mail that goes round in circles
SMALLEST_PHOTO = 20_000  # bytes of a picture inside the words: less is the sign of a firm
_REFERENCE = re.compile(r"(?<![0-9A-Z])([A-Z])[- ]?([0-9A-Z]{4})[- ]([0-9A-Z]{4})(?![0-9A-Z])", re.IGNORECASE)
_OURS = re.compile(r"<(m_[0-9a-z]{20}(?:\.\d{1,4})?)@([^<>\s]{1,255})>")
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class File(NamedTuple):
    """A file that came with it. `kind` is of what it begins with, or what its name or the mail says, in words."""

    name: str
    kind: str
    data: bytes
    inside: bool  # shown within the words


class Return(NamedTuple):
    """What a relay says of a message that it could not deliver (RFC 3464)."""

    action: str
    status: str
    why: str


class Letter(NamedTuple):
    """What can be read of an e-mail. `answers`: keys of messages of ours that it names, with the domain beside each."""

    sender: str
    name: str
    subject: str
    said: str
    files: tuple[File, ...]
    machine: bool
    answers: tuple[tuple[str, str], ...]
    references: tuple[str, ...]
    returned: Return | None


def read(raw: bytes, mail_from: str = "") -> Letter:
    """Read an e-mail. `mail_from`: the address that its relay gave for what comes back; empty for what must never be answered."""
    try:
        mail: Any = message_from_bytes(raw, policy=default)
        parts = list(_parts(mail))
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError, KeyError):  # the parser gave up
        mail, parts = EmailMessage(policy=default), []
    sender, name = _sender(_header(mail, "From"))
    subject = _line(_header(mail, "Subject"))
    said = _words(parts)
    named = f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}"
    return Letter(
        sender=sender or (read_email(mail_from) or ""), name=name, subject=subject, said=said, files=tuple(_files(parts)),
        machine=is_machine(mail, mail_from), answers=tuple(dict.fromkeys(_OURS.findall(named)))[:20],
        references=_references(subject, said), returned=_returned(parts),
    )  # fmt: skip


def _header(mail: Any, name: str) -> str:
    """Return a header's words; nothing where it cannot be read. The library raises for some that nobody should have sent."""
    try:
        return str(mail.get(name) or "")
    except Exception:  # noqa: BLE001 - whatever stands there, the mail is read on
        return ""


def _line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", _whole(text)).split())[:LONGEST_LINE]


def _whole(text: str) -> str:
    """Leave out half characters, which no store can keep."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _sender(header: str) -> tuple[str, str]:
    """Return the address and the name that it says it is from. Two addresses are none: which of them would it be?"""
    try:
        found = [(name, address) for name, address in getaddresses([header[:2000]]) if address]
    except Exception:  # noqa: BLE001 - as of any header
        found = []
    if len(found) != 1:
        return "", ""
    return read_email(found[0][1]) or "", _line(found[0][0])


def is_machine(mail: Any, mail_from: str) -> bool:
    """Say whether a machine wrote it (RFC 3834 and what is done in practice): an answer by itself, a list, a bounce, a circle."""
    auto = _header(mail, "Auto-Submitted").strip().lower()
    bulk = _header(mail, "Precedence").strip().lower() in ("bulk", "junk", "auto_reply", "list")
    told = any(_header(mail, name) for name in ("X-Autoreply", "X-Autorespond", "X-Failed-Recipients", "List-Id"))
    hops = len(mail.get_all("Received") or []) if hasattr(mail, "get_all") else 0
    own = _OURS.match(_header(mail, "Message-ID").strip()) is not None
    return (
        (auto not in ("", "no") and not auto.startswith("no;")) or bulk or told or own or hops > MOST_HOPS
        or mail_from.strip("<> ") == "" or _kind(mail) == "multipart/report"
    )  # fmt: skip


def _kind(part: Any) -> str:
    try:
        return str(part.get_content_type())
    except Exception:  # noqa: BLE001 - as of any header
        return "application/octet-stream"


def _parts(mail: Any, depth: int = 0) -> Iterator[Message]:
    """Yield the parts that hold something, not those of a mail inside this one: its words are not this sender's."""
    waiting: list[tuple[Any, int]] = [(mail, 0)]
    count = 0
    while waiting and count < MOST_PARTS:
        part, depth = waiting.pop(0)
        count += 1
        inner = part.get_payload() if part.is_multipart() and not _kind(part).startswith("message/") else None
        if isinstance(inner, list) and depth < DEEPEST:
            waiting = [(one, depth + 1) for one in inner] + waiting
        else:
            yield part


def _text(part: Any) -> str:
    """Return a part's words, in the alphabet that it names, or as good as it goes."""
    data = _data(part)
    try:
        charset = str(part.get_content_charset() or "utf-8")
        return data.decode(charset, "replace")
    except (LookupError, ValueError, UnicodeError):
        return data.decode("utf-8", "replace")


def _data(part: Any) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - a body that cannot be decoded is empty
        data = None
    return data if isinstance(data, bytes) else b""


def _is_file(part: Any) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except Exception:  # noqa: BLE001 - as of any header
        return True


def _words(parts: list[Message]) -> str:
    """Return what it says: its plain words, or where there are none the words of its page."""
    plain = [_text(part) for part in parts if _kind(part) == "text/plain" and not _is_file(part)]
    said = "\n\n".join(text.strip() for text in plain if text.strip())
    if not said:
        pages = [_text(part) for part in parts if _kind(part) == "text/html" and not _is_file(part)]
        said = "\n\n".join(of_page(page) for page in pages)
    lines = [line.rstrip() for line in _whole(said)[:LONGEST_WORDS].replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Page(HTMLParser):
    """Takes the words out of a page. Nothing of it is kept but words."""

    HIDDEN = ("script", "style", "head", "title", "template", "noscript")
    ENDS = ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self.HIDDEN
        if tag in self.ENDS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self.HIDDEN))
        if tag in self.ENDS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def of_page(page: str) -> str:
    """Return the words of a page of HTML."""
    reader = _Page()
    try:
        reader.feed(page[:LONGEST_PAGE])
        reader.close()
    except (AssertionError, ValueError, RecursionError):  # what was read until then counts
        pass
    text = "\n".join(" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _files(parts: list[Message]) -> Iterator[File]:
    """Yield what came with the words. An archive is a file like any other: nobody opens it."""
    for part in parts:
        kind = _kind(part)
        if kind in ("text/plain", "text/html") and not _is_file(part):
            continue
        data = _data(part) if not kind.startswith("message/") else b""
        if data or _is_file(part) or kind.startswith("message/"):
            yield File(_file_name(part), _file_kind(kind, data), data, _header(part, "Content-ID") != "")


def _file_name(part: Any) -> str:
    try:
        name = str(part.get_filename() or "")
    except Exception:  # noqa: BLE001 - as of any header
        name = ""
    return _line(re.split(r"[/\\]", name)[-1]) or "without a name"


def _file_kind(told: str, data: bytes) -> str:
    seen = kind_of(data)
    if seen is not None:
        return f"photo ({seen})"
    for begins, said in ((b"PK\x03\x04", "archive or office file"), (b"%PDF-", "PDF"), (b"\x78\x9f\x3e\x22", "winmail")):
        if data.startswith(begins):
            return said
    return "an e-mail" if told.startswith("message/") else _line(told)[:80]


def photos(letter: Letter, most: int = 10) -> list[File]:
    """Return the pictures worth keeping as photos: by what they begin with, and no small signs inside the words."""
    kept = [
        file for file in letter.files
        if kind_of(file.data) and len(file.data) <= MOST_BYTES and not (file.inside and len(file.data) < SMALLEST_PHOTO)
    ]  # fmt: skip
    return kept[:most]


def _references(subject: str, said: str) -> tuple[str, ...]:
    """Return the numbers of ours that it names, those of its subject first."""
    found = [f"{a}-{b}-{c}".upper() for a, b, c in _REFERENCE.findall(f"{subject}\n{said[:20_000]}")]
    return tuple(dict.fromkeys(found))[:5]


def _returned(parts: list[Message]) -> Return | None:
    """Read what a relay reports of a message that came back. The first report that says something counts."""
    for part in parts:
        if _kind(part) != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            action = _header(block, "Action").strip().lower()
            if action:
                status = _STATUS.search(_header(block, "Status"))
                return Return(action, status[0] if status else "", _line(_header(block, "Diagnostic-Code")))
    return None
