"""Is it ours? What somebody pasted against what we sent, word for word; or against the fixed words of our templates alone.

A sentence of hers is ours when we wrote it. Links, numbers and accounts in any other are named, since that is where the harm is.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lamplit.basics.plain import Plain
from lamplit.messages.rules.plainly import plain, sentences
from lamplit.messages.rules.templates import Pattern

CODE_LENGTH = 6
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-HJKMNP-TV-Z]{6}(?![0-9A-Za-z])", re.IGNORECASE)
_NAMED_CODE = re.compile(r"\bcode[ :]+([0-9A-Z]{6})\b", re.IGNORECASE)

_ENDINGS = "com|net|org|info|online|site|top|xyz|link|click|me|ly|co|uk|gov|help|support|app"
# What can be followed, rung or paid to. None of ours carries the first or the last of these.
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("link", re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,300}", re.IGNORECASE)),
    ("link", re.compile(r"\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}/[^\s<>\"]{0,300}", re.IGNORECASE)),
    ("link", re.compile(rf"\b[a-z0-9][a-z0-9.-]{{1,62}}\.(?:{_ENDINGS})\b", re.IGNORECASE)),
    ("bank", re.compile(r"(?<!\d)\d{2}[- ]\d{2}[- ]\d{2}(?!\d)(?![- ]\d{1,7}(?!\d))|\b[A-Z]{2}\d{2}[ ]?[A-Z]{4}\b[ 0-9]{0,24}")),
    ("bank", re.compile(r"(?<![\d-])\d{8}(?!\d)|(?<!\d)(?:\d{4}[ -]?){3,4}\d{1,4}(?!\d)")),
    ("phone", re.compile(r"(?<![\d-])\+?\(?\d[\d ()-]{8,18}\d(?!\d)")),
)  # fmt: skip
_ASKS = re.compile(r"£|\b(cash|cards?|bank|pay|paid|payment|money|fee|password|pin|gift|click|refund)\b", re.IGNORECASE)
_HEADER = re.compile(
    r"(from|to|sent|date|subject|cc|reply-to|received)\s*:.{0,300}|[-_ ]*(original|forwarded) message[-_ ]*"
    r"|(hello|hi|dear|good (morning|afternoon|evening))\b[^.!?]{0,60}[,!.]?",
    re.IGNORECASE,
)


class Mark(Plain, frozen=True, kw_only=True):
    """Something in a sentence that is not ours. `kind`: link, phone or bank."""

    kind: Literal["link", "phone", "bank"]
    said: str


class Compared(Plain, frozen=True, kw_only=True):
    """What came of comparing. `strange`: sentences that are not ours; `open_`: those that this place cannot compare.

    `kind`: `ours` word for word; `fixed`: its fixed words are ours, and no more is known here; `open`: nothing could be compared
    here; `part`: some of it is ours; `none`: nothing of it is.
    """

    kind: Literal["ours", "fixed", "open", "part", "none"]
    strange: tuple[str, ...] = ()
    open_: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    missing: bool = False


def codes_in(typed: str, pasted: str) -> list[str]:
    """Return the codes to look for, the likeliest first: what was typed, what stands behind "code", any other."""
    wanted = "".join(typed.split()).upper().removeprefix("CODE").strip(":")
    found = [wanted] if len(wanted) == CODE_LENGTH else []
    found += [code.upper() for code in _NAMED_CODE.findall(pasted)]
    found += [code.upper() for code in reversed(_CODE.findall(pasted)) if any(map(str.isdigit, code))]
    return list(dict.fromkeys(found))[:3]


def compare(pasted: str, ours: Sequence[str]) -> Compared:
    """Compare with the exact words that we sent: a subject and a body."""
    hers = _without_headers(sentences(pasted))
    body = [one for text in ours[1:] for one in sentences(text)]
    known = {*body, *(one for text in ours[:1] for one in sentences(text))}
    strange = tuple(one for one in hers if one not in known)
    mine = [one for one in hers if one in known and one not in set(sentences(ours[0])) - set(body)]
    if not strange and mine == body:
        return Compared(kind="ours")
    # A phone shows lines otherwise than we wrote them: the same words in one row are the same words.
    if " ".join(_words(pasted)) in {" ".join(_words(ours[-1])), " ".join(_words("\n\n".join(ours)))}:
        return Compared(kind="ours")
    return Compared(
        kind="part" if len(strange) < len(hers) else "none", strange=strange, marks=marks_in(strange), missing=not strange
    )


def _words(text: str) -> list[str]:
    lines = [line for line in plain(text).split("\n") if not _is_header(line)]
    return " ".join(lines).split()


def compare_fixed(pasted: str, patterns: Iterable[Pattern]) -> Compared:
    """Compare with what is the same in every message of a template, where the message itself cannot be read.

    A field can hold no link, no other phone number and no account: so what has one is not ours. A template with words that
    somebody writes by hand leaves the rest open; any other leaves nothing open.
    """
    every = list(patterns)
    if not every:
        return _of_nothing(pasted)
    free = any(pattern.free for pattern in every)
    fixed, strange, open_ = 0, list[str](), list[str]()
    for one in _without_headers(sentences(pasted)):
        if any(_fits(pattern, one) for pattern in every):
            fixed += 1
        elif free and not marks_in([one]) and not _ASKS.search(one):
            open_.append(one)
        else:
            strange.append(one)
    if strange:
        kind: Literal["part", "none"] = "part" if fixed > 1 else "none"
        return Compared(kind=kind, strange=tuple(strange), open_=tuple(open_), marks=marks_in(strange))
    return Compared(kind="fixed" if fixed > 1 else "none", open_=tuple(open_))


def _of_nothing(pasted: str) -> Compared:
    """Compare with a message that a person wrote, where it cannot be read: only what none of ours may carry is surely strange."""
    said = _without_headers(sentences(pasted))
    strange = tuple(one for one in said if any(mark.kind != "phone" for mark in marks_in([one])))
    return Compared(kind="part" if strange else "open", strange=strange, marks=marks_in(strange))


def _fits(pattern: Pattern, sentence: str) -> bool:
    found = pattern.regex.fullmatch(sentence)
    return found is not None and not marks_in(value for value in found.groups() if value)


def _without_headers(said: list[str]) -> list[str]:
    """Leave out what a mail program adds when it forwards, unless there is something in it to follow, ring or pay to."""
    return [one for one in said if not _is_header(one)]


def _is_header(line: str) -> bool:
    return _HEADER.fullmatch(line) is not None and not any(mark.kind != "phone" for mark in marks_in([line]))


def marks_in(said: Iterable[str]) -> tuple[Mark, ...]:
    """Return the links, phone numbers and numbers of accounts in some sentences."""
    found: dict[str, Mark] = {}
    for sentence in said:
        rest = sentence
        for kind, pattern in _MARKS:
            for hit in pattern.findall(rest):
                found.setdefault(hit.strip(), Mark(kind=kind, said=hit.strip()[:100]))  # type: ignore[arg-type]
            rest = pattern.sub(" ", rest)
    return tuple(found.values())[:20]


# What stands in clear of a message: nothing that tells anything without its code -----------------------------


class Told(Plain, frozen=True, kw_only=True):
    """What a message's code opens where nobody has its key: what it was about, and how it went."""

    template: str
    channel: str


def mark_of(code: str) -> str:
    """Return under what a message is found by its code. Slow on purpose, so that nobody tries all codes in an afternoon."""
    return _stretched(code)[:16].hex()


def close(code: str, told: Told, message: str) -> str:
    """Seal what a message was under its code alone."""
    words = f"{told.template}\n{told.channel}".encode().ljust(48)  # all are as long, but for a longer name
    return AESGCM(_stretched(code)[16:]).encrypt(_nonce(message), words, None).hex()


def reopen(code: str, sealed: str, message: str) -> Told | None:
    """Open that again; None when it is not what was sealed."""
    try:
        words = AESGCM(_stretched(code)[16:]).decrypt(_nonce(message), bytes.fromhex(sealed), None).decode()
    except (InvalidTag, ValueError):
        return None
    template, _, channel = words.rstrip().partition("\n")
    return Told(template=template, channel=channel)


def _nonce(message: str) -> bytes:
    """Two messages may have one code by chance: each has a nonce of its own, from its id."""
    return hashlib.sha256(message.encode()).digest()[:12]


@lru_cache(maxsize=64)  # a message needs it twice
def _stretched(code: str) -> bytes:
    spelt = "".join(code.split()).upper().encode()
    return hashlib.scrypt(spelt, salt=b"lamplit check code 1", n=1 << 10, r=8, p=1, dklen=48)


def fits_any(pasted: str, by_template: Mapping[str, Sequence[Pattern]]) -> str | None:
    """Return the template whose fixed words stand most often in a text, if two or more do: it pretends to be one of ours."""
    said = _without_headers(sentences(pasted))
    counts = {name: sum(any(_fits(one, hers) for one in own) for hers in said) for name, own in by_template.items()}
    best = max(counts, key=lambda name: counts[name], default=None)
    return best if best is not None and counts[best] > 1 else None
