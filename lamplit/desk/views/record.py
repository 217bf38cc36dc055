"""The record behind a page: who, when, what, its proof, what followed from it; and how far all is sealed and copied."""

from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from lamplit.config import proofs
from lamplit.config.audience import for_staff
from lamplit.config.speaking import gettext as _
from lamplit.config.when import by_then, full_moment
from lamplit.desk import behind, words
from lamplit.desk.behind import Behind
from lamplit.desk.pages import StaffRequest, page
from lamplit.desk.seeing import hidden_people
from lamplit.messages import queries as messages

Followed = list[dict[str, Any]]


@for_staff("see_record")
def record(request: StaffRequest) -> HttpResponse:
    """Show how long the log is and how far each store has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size FROM record.checkpoint")
        row = cursor.fetchone()
        cursor.execute("SELECT store, size, published_at FROM record.published ORDER BY store")
        stores = [{"name": name, "size": size, "at": at} for name, size, at in cursor.fetchall()]
        cursor.execute("SELECT name, alive_at, trouble FROM record.loop ORDER BY name")
        loops = [{"name": name, "alive_at": alive_at, "trouble": trouble} for name, alive_at, trouble in cursor.fetchall()]
    return page(request, "record.html", size=row[0] if row else 0, stores=stores, loops=loops)


@for_staff("see_repair")
def entry(request: StaffRequest, entry: str) -> HttpResponse:
    """Show one line of a repair's timeline as the record has it."""
    return _show(request, behind.of_repair(request, entry))


@for_staff("see_repair")
def entry_proof(request: StaffRequest, entry: str) -> HttpResponse:
    """Hand out the proof of a line as a file that others can check without us."""
    return _hand_out(request, behind.of_repair(request, entry))


@for_staff("see_repair")
def other(request: StaffRequest, kind: str, about: str) -> HttpResponse:
    """Show a contact, promise, message or complaint as the record has it."""
    return _show(request, behind.other(request, kind, about))


@for_staff("see_repair")
def other_proof(request: StaffRequest, kind: str, about: str) -> HttpResponse:
    """Hand out the proof of a contact, promise, message or complaint."""
    return _hand_out(request, behind.other(request, kind, about))


def _prove(request: StaffRequest, line: Behind) -> proofs.Shown | proofs.NoProof:
    return proofs.proof_of(line.name, line.kinds, line.recorded_at, request.now)


def _show(request: StaffRequest, line: Behind) -> HttpResponse:
    proof = _prove(request, line)
    shown = None if isinstance(proof, proofs.NoProof) else proof
    return page(
        request, "entry.html", line=line, shown=shown, trouble=proof if shown is None else None,
        followed=_followed(request, line, shown) if shown else [], proof_at=f"{request.path}/proof",
        reacted=shown is not None and proofs.reacted_to(shown.index),
    )  # fmt: skip


def _hand_out(request: StaffRequest, line: Behind) -> HttpResponse:
    proof = _prove(request, line)
    return _show(request, line) if isinstance(proof, proofs.NoProof) else proofs.as_file(proof)


def _followed(request: StaffRequest, line: Behind, shown: proofs.Shown) -> Followed:
    """Return what followed from an entry: clocks begun and stopped, what was written with it, messages ordered."""
    begun = [_clock(line, one) for one in getattr(shown.clear, "starts", None) or []]
    stopped = [
        {"text": _("Clock stopped: %(code)s") % {"code": words.clock_duty(code)}}
        for code in getattr(shown.clear, "stops", None) or []
    ]
    return [*begun, *stopped, *_beside(line, shown), *_messages(request, shown)]


def _clock(line: Behind, begun: Any) -> dict[str, Any]:
    now = next((one for one in line.clocks if one.code == begun.code), None)
    text = _("Clock begun: %(code)s, %(when)s") % {"code": words.clock_duty(begun.code), "when": by_then(begun.due_at)}
    if now is None or now.stopped_at is None:
        return {"text": text}
    kept = now.ran_out_at is None and now.stopped_at <= now.due_at
    return {
        "text": text,
        "more": (_("Kept: stopped %(when)s") if kept else _("Missed: stopped %(when)s")) % {"when": full_moment(now.stopped_at)},
    }


def _beside(line: Behind, shown: proofs.Shown) -> Followed:
    """Return what the same action wrote. What is not on the reader's timeline is named by its kind alone."""
    return [
        {"text": line.lines[one.id]["what"], "href": line.lines[one.id]["href"], "more": _("Written with it")}
        if one.id in line.lines
        else {"text": words.plain(one.kind), "more": _("Written with it")}
        for one in shown.beside
    ]


def _messages(request: StaffRequest, shown: proofs.Shown) -> Followed:
    rows = messages.ordered_because([shown.header.id])
    hidden = hidden_people(request, [row.person or row.voice for row in rows])
    return [
        {
            "text": _("Message: %(subject)s") % {"subject": words.readable(row.subject)},
            "href": reverse("message", args=[row.id]),
            "more": words.MESSAGE_STATES[row.status],
        }
        for row in rows
        if (row.person or row.voice) not in hidden and "send_message" in request.me.may
    ]
