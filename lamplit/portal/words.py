"""A repair in a tenant's words: where it stands in one sentence, and what comes next by when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lamplit.basics.fact import Unavailable
from lamplit.basics.words import before, on_date, slot
from lamplit.repairs.queries import Case

EMERGENCIES = ("immediate", "emergency")
Names = Mapping[str | None, Any]

CLOCKS = {
    "awaab.A1": "look into the danger", "awaab.A2": "make your home safe", "awaab.A3": "make your home safe",
    "awaab.B1": "look into it", "awaab.B2": "look at it again with you", "awaab.B3": "find the cause",
    "awaab.C": "write to you about what we found", "awaab.D1": "make your home safe", "awaab.D2": "begin the lasting work",
    "awaab.D3": "start the lasting work in your home", "awaab.E": "finish all the work",
    "awaab.F": "offer you somewhere safe to stay", "awaab.G": "tell you how it goes on",
    "target.immediate": "make your home safe", "target.emergency": "make your home safe",
    "confirm": "ask you whether it is mended",
}  # fmt: skip


def readable(value: Any) -> str | None:
    """Return personal text, or None when there is none; a word for what was erased."""
    if isinstance(value, Unavailable):
        return f"({value})"
    return str(value) if value else None


def shown(contact: str) -> str:
    """Return a number as people say it, "07700 900123"; anything else as it is."""
    digits = "0" + contact.removeprefix("+44")
    if not contact.startswith("+44") or not digits.isdigit() or len(digits) != 11:
        return contact
    return f"{digits[:5]}\N{NO-BREAK SPACE}{digits[5:]}"


def whole_postcode(address: str) -> str:
    """Return an address of which no line breaks inside the postcode."""
    before_it, space, end = address.rpartition(" ")
    return f"{before_it}\N{NO-BREAK SPACE}{end}" if space else address


def title_of(repair: Any) -> str:
    """Return what the repair is about, in the tenant's words of our questions."""
    return readable(repair.title) or "A repair"


def clock_words(code: str) -> str:
    """Say what a clock asks of us, to complete "we said that we would …"."""
    return CLOCKS.get(".".join(code.split(".")[:2]), "mend it")


def next_visit(case: Case, now: datetime) -> Any | None:
    """Return the next visit that is still to come, or None."""
    coming = [v for v in case.visits if v.state == "booked" and v.until_at is not None and v.until_at >= now]
    return min(coming, key=lambda v: v.from_at, default=None)


def stands(repair: Any, names: Names, now: datetime, visit: Any | None = None) -> str:
    """Say where a repair stands, in one sentence or two, with what comes next and by when."""
    if not repair.live:
        return _ended(repair, now)
    if repair.status == "received":
        return "We have it, and we are ringing the person on call. Nobody has taken it yet."
    if repair.status == "to_confirm":
        told = "We have heard that it is mended. We close it when our last papers are done."
        return told if repair.confirmed_at else "Our work is done. Is it mended?"
    if visit is not None:
        return f"We come on {slot(visit.from_at, visit.until_at)}."
    if any(code.startswith("missed.") for code in repair.running):
        return "We missed our visit. We are sorry. We will agree a new time with you. You may also ring us, or complain."
    emergency = repair.priority in EMERGENCIES
    has = f"{names[repair.accepted_by]} has it. " if emergency and names.get(repair.accepted_by) else ""
    if repair.due_at < now:
        return f"{has}We said {before(repair.due_at, now)}, and we are late. We are sorry. Ring us if you have not heard."
    waits = "It has to wait for something. " if repair.status == "waiting" else ""
    return f"{has}{waits}We {'come' if emergency else 'mend it'} {before(repair.due_at, now)}."


def _ended(repair: Any, now: datetime) -> str:
    when = on_date(repair.closed_at, now) if repair.closed_at else "before"
    if repair.closed_how == "confirmed":
        return f"Mended. You told us {when}."
    if repair.closed_how == "not_confirmed":
        return f"We closed it {when} without your word. If it is not mended, tell us and we open it again."
    if repair.closed_how == "not_ours":
        return f"We closed it {when}, because it is not ours to mend. You may complain."
    return "It goes on under another report."
