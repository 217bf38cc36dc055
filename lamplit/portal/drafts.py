"""What somebody has answered of a report and not sent yet. Kept here for a week, so that nothing is lost when the phone dies.

Found by a signed cookie, and by her person once she has signed in. Somebody else's is never found.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec
from django.core import signing
from django.http import HttpResponse

from lamplit.config.audience import Request
from lamplit.portal.models import ReportDraft
from lamplit.record.ready import Ready

COOKIE = "report"
KEPT = timedelta(days=7)
_SIGNER = signing.Signer(salt="lamplit.report")


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer to a question of the tree: the option chosen, or what she wrote. What she saw is kept as `Answer` keeps it."""

    question: str
    option: str | None = None
    said: str | None = None
    language: str | None = None
    asked: str | None = None
    shown: str | None = None

    def answers_as(self, other: "Given") -> bool:
        """Whether both answer a question in the same way, in whatever language she read it."""
        return (self.question, self.option, self.said) == (other.question, other.option, other.said)


class Answers(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Everything answered so far. What is None has not been asked yet.

    `home` is an id, of the homes at `postcode`; `address` is what she wrote when she did not find hers among them.
    """

    edition: str = ""
    given: list[Given] = []
    words: str | None = None
    for_whom: Literal["me", "other"] | None = None
    postcode: str | None = None
    home: str | None = None
    address: str | None = None
    for_name: str | None = None
    relation: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    needs: list[str] | None = None


class Sent(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What we said when a report was sent, for its receipt page. `command` tells whether it is kept by now.

    `call_by` is set when the home is not in our list: then a person rings, and there is no repair yet.
    """

    command: str
    repair: str | None = None
    reference: str | None = None
    due_at: datetime | None = None
    emergency: bool = False
    joined: bool = False
    period: str | None = None
    advice: list[str] = []
    edition: str = ""
    call_by: datetime | None = None


class Draft:
    """One draft: its row, and its answers as they are meant."""

    def __init__(self, row: ReportDraft) -> None:
        self.row = row
        self.answers = msgspec.convert(row.answers, Answers)
        self.sent = msgspec.convert(row.sent, Sent) if row.sent is not None else None

    @property
    def command(self) -> str:
        """The command id of the report: a draft is sent once, however often the button is pressed."""
        return f"form:report-{self.row.id}"

    def keep(self, request: Request) -> None:
        """Keep the answers as they stand now."""
        self.row.answers = _plain(self.answers)
        self.row.changed_at = request.now
        self.row.person = request.person or self.row.person
        self.row.save()

    def finish(self, request: Request, sent: Sent) -> None:
        """It was sent: keep what the receipt says, and drop the answers."""
        self.answers, self.sent = Answers(), sent
        self.row.sent = _plain(sent)
        self.keep(request)


def _plain(value: msgspec.Struct) -> Any:
    return msgspec.to_builtins(value)


_OF_BROWSER = Ready(lambda ident, since: ReportDraft.objects.filter(id=ident, changed_at__gt=since))
_WRITTEN = Ready(
    lambda person, since: ReportDraft.objects.filter(person=person, sent__isnull=True, changed_at__gt=since).order_by(
        "-changed_at"
    )[:1]
)
_SENT = Ready(
    lambda person, since: ReportDraft.objects.filter(person=person, sent__isnull=False, changed_at__gt=since).order_by(
        "-changed_at"
    )[:1]
)


def current(request: Request) -> Draft | None:
    """Return the draft that this browser or this person is writing, or None."""
    found = _of_browser(request)
    if (found is None or found.sent is not None) and request.person is not None:
        found = _WRITTEN.first(person=request.person, since=request.now - KEPT) or found
    return Draft(found) if found is not None else None


def last_sent(request: Request) -> Draft | None:
    """Return the report that this browser or this person sent last, for its receipt."""
    found = _of_browser(request)
    if (found is None or found.sent is None) and request.person is not None:
        found = _SENT.first(person=request.person, since=request.now - KEPT)
    return Draft(found) if found is not None and found.sent is not None else None


def _of_browser(request: Request) -> ReportDraft | None:
    try:
        ident = _SIGNER.unsign(request.COOKIES.get(COOKIE, ""))
    except signing.BadSignature:
        return None
    row = _OF_BROWSER.first(ident=ident, since=request.now - KEPT)
    return row if row is not None and row.person in (None, request.person) else None


def begin(request: Request, edition: str) -> Draft:
    """Start a fresh draft. Old ones of everybody are dropped on the way."""
    ReportDraft.objects.filter(changed_at__lt=request.now - KEPT).delete()
    answers = _plain(Answers(edition=edition))
    ident = secrets.token_urlsafe(18)
    row = ReportDraft.objects.create(id=ident, person=request.person, answers=answers, changed_at=request.now)
    return Draft(row)


def remember(response: HttpResponse, request: Request, draft: Draft) -> None:
    """Give the browser the draft's name, signed."""
    response.set_cookie(
        COOKIE,
        _SIGNER.sign(draft.row.id),
        max_age=int(KEPT.total_seconds()),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def belongs_to(request: Request, person: str) -> None:
    """She signed in while she was writing: it is hers now."""
    row = _of_browser(request)
    if row is not None and row.person is None:
        ReportDraft.objects.filter(id=row.id).update(person=person)


def drop(draft: Draft) -> None:
    """She wants to start again."""
    draft.row.delete()


def leave_device(response: HttpResponse) -> None:
    """Forget on this device which draft it was writing."""
    response.delete_cookie(COOKIE, samesite="Lax")
