"""Is it ours? What is known of a message by its code: its very words where they can be read, else what its code opens."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from django.db.models import Q
from django.db.models.functions import Right

from lamplit.basics.fact import Unavailable
from lamplit.basics.plain import Plain
from lamplit.messages import rules
from lamplit.messages.models import CODE_LENGTH, Forgery, Message, Scam, Wording
from lamplit.messages.rules import checking, templates
from lamplit.messages.rules.checking import Compared
from lamplit.messages.rules.plainly import sentences
from lamplit.record.blobs import read_blob

FEW = 20  # messages of one code, and templates of former times
_ORDER = {"ours": 0, "fixed": 1, "part": 2, "open": 3, "none": 4}


class Sent(Plain, frozen=True, kw_only=True):
    """A message of ours, as anybody may know of it who has its code. `asked`: nothing here says what it was about."""

    at: datetime
    channel: str
    template: str
    disowned: bool


class Answer(Plain, frozen=True, kw_only=True):
    """What a check says. `kind`: ours (word for word), fixed (its fixed words are), open (nothing could be compared here), part,
    none, or code: she must compare.

    `known`: the code, or the signature of an e-mail, is ours. `coded`: there was something that may be a code. `alike`: it has
    no code of ours, and uses our words.
    """

    kind: Literal["ours", "fixed", "open", "part", "none", "code"]
    sent: tuple[Sent, ...] = ()
    compared: Compared | None = None
    known: bool = False
    coded: bool = False
    alike: bool = False


def check_message(code: str, pasted: str, *, signed: bool = False) -> Answer:
    """Check a code, or a pasted text. `signed`: our own domain signed the e-mail whole.

    A code alone is never a yes. Of a stolen account's messages the answer says so, whatever else it finds.
    """
    codes = checking.codes_in(code, pasted)
    for wanted in codes:
        found = _by_code(wanted)
        if found:
            return _compared(wanted, found, pasted, signed=signed)
    if signed:
        return Answer(kind="ours", known=True)
    if not pasted.strip():
        return Answer(kind="none", coded=True)
    marks = checking.marks_in(sentences(pasted))
    alike = any(_alike(pasted, name) for name in wordings(limit=1))
    return Answer(kind="none", coded=bool(codes), alike=alike, compared=Compared(kind="none", marks=marks))


def _by_code(code: str) -> list[Message]:
    """Return the messages with this code, newest first. Two may have it by chance; none tells whom it went to."""
    ends = Message.objects.annotate(code=Right("body", CODE_LENGTH)).filter(code=code)
    marked = Message.objects.filter(mark=checking.mark_of(code))
    found = {row.id: row for rows in (ends, marked) for row in rows.order_by("-ordered_at")[:FEW]}
    return sorted(found.values(), key=lambda row: row.ordered_at, reverse=True)


def _compared(code: str, found: Sequence[Message], pasted: str, *, signed: bool) -> Answer:
    if any(row.disowned_at for row in found):
        found = [row for row in found if row.disowned_at]
        return Answer(kind="code", sent=tuple(_sent(row, code) for row in found), known=True)
    if signed:
        return Answer(kind="ours", sent=tuple(_sent(row, code) for row in found), known=True)
    if not pasted.strip():
        return Answer(kind="code", sent=tuple(_sent(row, code) for row in found), known=True)
    tried = [(_compare(row, code, pasted), row) for row in found]
    best = min((compared for compared, _ in tried), key=lambda one: _ORDER[one.kind])
    same = tuple(_sent(row, code) for compared, row in tried if compared.kind == best.kind)
    return Answer(kind=best.kind, sent=same, compared=best, known=True)


def _compare(row: Message, code: str, pasted: str) -> Compared:
    if isinstance(row.body, str) and isinstance(row.subject, str):
        return checking.compare(pasted, [row.subject, row.body])
    template = _sent(row, code).template
    tried = [checking.compare_fixed(pasted, _patterns(name, template)) for name in wordings() if _words(name) is not None]
    return min(tried, key=lambda one: (_ORDER[one.kind], len(one.strange)), default=checking.compare_fixed(pasted, []))


def _sent(row: Message, code: str) -> Sent:
    told = checking.reopen(code, row.told, row.id) if row.told else None
    template, channel = (None if isinstance(one, Unavailable) else one for one in (row.template, row.channel))
    return Sent(
        at=row.sent_at or row.ordered_at, disowned=row.disowned_at is not None,
        template=str(template or (told.template if told else "")), channel=str(channel or (told.channel if told else "")),
    )  # fmt: skip


def _alike(pasted: str, name: str) -> bool:
    words = _words(name)
    return words is not None and checking.fits_any(pasted, {one: _patterns(name, one) for one in words.texts}) is not None


def wordings(limit: int = FEW) -> list[str]:
    """Return the names of the blobs of templates that were in use, the newest first."""
    return list(Wording.objects.order_by("-loaded_at", "-id").values_list("id", flat=True)[:limit])


def name_of(words: templates.Words) -> str:
    """Return the name of the blob that these templates are."""
    return hashlib.sha256(templates.written(words)).hexdigest()


def lines_of_languages(phone: str) -> tuple[str, ...]:
    """Return the lines that tell people of other languages how to get help, and what stands between her language and ours."""
    helped = [f"{one.own_name}: {one.sentence.format(phone=phone)}" for one in rules.languages() if one.sentence]
    return (*helped, *(sentence for one in rules.languages() if one.waits for sentence in sentences(one.waits)), rules.IN_OURS)


def _words(name: str) -> templates.Words | None:
    """Return the templates of a blob; None when it is not here yet."""
    try:
        return _read(name)
    except LookupError:
        return None


@lru_cache(maxsize=FEW)
def _read(name: str) -> templates.Words:
    """A blob is named by what it is, so it never changes."""
    return templates.read(read_blob(name))


@lru_cache(maxsize=512)
def _patterns(name: str, template: str) -> list[templates.Pattern]:
    return templates.patterns(_read(name), template)


def keys_of_email() -> dict[str, str]:
    """Return the public keys that sign our e-mail, now and before: the name in the DNS and what stands there."""
    found: dict[str, str] = {}
    for words in map(_words, reversed(wordings())):
        found |= words.keys if words is not None else {}
    return found


def sent_by(actor: str, from_at: datetime, to_at: datetime, entries: Sequence[str]) -> list[str]:
    """Return what an account ordered in that time, or what followed from what it wrote, and is not disowned; sent again too."""
    ordered = Q(by=actor, ordered_at__gte=from_at, ordered_at__lte=to_at) | Q(because__in=list(entries))
    found: dict[str, Any] = {}
    rows = list(Message.objects.filter(ordered).order_by("id").values_list("id", "disowned_at"))
    while rows:
        found |= dict(rows)
        rows = [row for row in Message.objects.filter(because__in=[one for one, _ in rows]).values_list("id", "disowned_at")
                if row[0] not in found]  # fmt: skip
    return [ident for ident, disowned_at in found.items() if disowned_at is None]


def scams_now() -> list[Scam]:
    """Return the frauds that we warn of, the newest first."""
    return list(Scam.objects.filter(ended_at__isnull=True).order_by("-published_at", "-id")[:FEW])


def scam(ident: str) -> Scam | None:
    return Scam.objects.filter(id=ident).first()


def forgeries_to_see(limit: int = 100) -> list[Forgery]:
    """Return reports of messages that are not ours which nobody has read, the oldest first."""
    return list(Forgery.objects.filter(seen_at__isnull=True).order_by("reported_at", "id")[:limit])


def forgery(ident: str) -> Forgery | None:
    return Forgery.objects.filter(id=ident).first()
