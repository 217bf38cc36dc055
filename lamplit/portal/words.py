"""A repair in a tenant's words: where it stands in one sentence, and what comes next by when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lamplit.basics.fact import Unavailable
from lamplit.config.speaking import gettext as _
from lamplit.config.speaking import lazy, of_data, small, unmarked
from lamplit.config.when import before, listed, on_date, slot
from lamplit.repairs.queries import Case, ended_before

EMERGENCIES = ("immediate", "emergency")
LASTING = ("awaab.D2", "awaab.D3")
Names = Mapping[str | None, Any]

CLOCKS = {
    "awaab.A1": lazy("look into the danger"),
    "awaab.A2": lazy("make your home safe"),
    "awaab.A3": lazy("make your home safe"),
    "awaab.B1": lazy("look into it"),
    "awaab.B2": lazy("look at it again with you"),
    "awaab.B3": lazy("find the cause"),
    "awaab.C": lazy("write to you about what we found"),
    "awaab.D1": lazy("make your home safe"),
    "awaab.D2": lazy("begin the lasting work"),
    "awaab.D3": lazy("start the lasting work in your home"),
    "awaab.E": lazy("finish all the work"),
    "awaab.F": lazy("offer you somewhere safe to stay"),
    "awaab.G": lazy("tell you how it goes on"),
    "target.immediate": lazy("make your home safe"),
    "target.emergency": lazy("make your home safe"),
    "confirm": lazy("ask you whether it is mended"),
}


def readable(value: Any) -> str | None:
    """Return personal text, or None when there is none; a word for what was erased."""
    if isinstance(value, Unavailable):
        return f"({value})"
    return str(value) if value else None


def once(about: str | None, words: str | None) -> str | None:
    """Return what something is about and somebody's words of it; one alone where it says all that the other says."""
    said = [one for one in (about, words) if one]
    plain = [unmarked(one).rstrip(".… ").casefold() for one in said]
    if len(said) == 2 and plain[0] in plain[1]:
        return words
    return about if len(said) == 2 and plain[1] in plain[0] else ". ".join(said) or None


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
    title = readable(repair.title)
    said = of_data(f"fault.{readable(repair.fault)}", title) if title else _("A repair")
    return _("In your building: %(what)s") % {"what": small(said)} if repair.block else said


def clock_words(code: str) -> str:
    """Say what a clock asks of us, to complete "we said that we would …"."""
    return str(CLOCKS.get(".".join(code.split(".")[:2])) or _("mend it"))


def promises_to_come(case: Case, now: datetime) -> list[dict[str, Any]]:
    """Return what we have to do and have not done yet, soonest first, for the end of the timeline. One line a promise."""
    found: dict[tuple[str, datetime], None] = {}
    for one in case.promised:
        if one.state == "running" and one.what != "visit":
            found.setdefault((clock_words(one.what), one.due_at))
    grouped: dict[datetime, list[str]] = {}
    for words, due_at in found:
        grouped.setdefault(due_at, []).append(words)
    return [
        {"when": before(due_at, now), "what": _("We have to %(what)s") % {"what": listed(words)}, "kind": "plain"}
        for due_at, words in grouped.items()
    ]


def next_visit(case: Case, now: datetime) -> Any | None:
    """Return the next visit that is still to come, or None."""
    coming = [v for v in case.visits if v.state == "booked" and v.until_at is not None and v.until_at >= now]
    return min(coming, key=lambda v: v.from_at, default=None)


def stands(repair: Any, names: Names, now: datetime, visit: Any | None = None) -> str:
    """Say where a repair stands, in one sentence or two, with what comes next and by when."""
    if not repair.live:
        return _ended(repair, now)
    if repair.status == "received":
        return _("We have it, and we are ringing the person on call. Nobody has taken it yet.")
    if repair.status == "to_confirm" and any(code.startswith(LASTING) for code in repair.running):
        return _("The works so far are done. The lasting work is still to come.")
    if repair.status == "to_confirm":
        told = _("We have heard that it is mended. We close it when our last papers are done.")
        return told if repair.confirmed_at else _("Our work is done. Is it mended?")
    if visit is not None:
        return _("We come on %(slot)s.") % {"slot": slot(visit.from_at, visit.until_at)}
    if any(code.startswith("missed.") for code in repair.running):
        return _("We missed our visit. We are sorry. We will agree a new time with you. You may also ring us, or complain.")
    emergency = repair.priority in EMERGENCIES
    if emergency and not any(code.startswith("target.") for code in repair.running):
        return _("We have been. More work is still to come, and we will agree the time with you.")
    owner = names.get(repair.accepted_by) if emergency else None
    has = f"{_('%(name)s has it.') % {'name': owner}} " if owner else ""
    if repair.due_at < now:
        late = _("We said %(by_then)s, and we are late. We are sorry. Ring us if you have not heard.")
        return has + late % {"by_then": before(repair.due_at, now)}
    waits = f"{_('It has to wait for something.')} " if repair.status == "waiting" else ""
    comes = _("We come %(by_then)s.") if emergency else _("We mend it %(by_then)s.")
    return has + waits + comes % {"by_then": before(repair.due_at, now)}


def _ended(repair: Any, now: datetime) -> str:
    when = on_date(repair.closed_at, now) if repair.closed_at else _("before")
    before = ended_before(repair)
    if before == "cancelled":
        return _("It was cancelled %(when)s. If it is not mended, tell us and we open it again.") % {"when": when}
    if before == "completed":
        return _("It was done %(when)s. If it is not mended, tell us and we open it again.") % {"when": when}
    if repair.closed_how == "confirmed":
        return _("Mended. You told us %(when)s.") % {"when": when}
    if repair.closed_how == "not_confirmed":
        return _("We closed it %(when)s without your word. If it is not mended, tell us and we open it again.") % {"when": when}
    if repair.closed_how == "not_ours":
        return _("We closed it %(when)s, because it is not ours to mend. You may complain.") % {"when": when}
    return _("It goes on under another report.")
